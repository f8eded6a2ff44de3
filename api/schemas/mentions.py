"""Mentions as the API gives them."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field

from api.schemas.common import Answer, Time
from watch.model import Sentiment
from watch.store.mentioned import Detail, Mentioned

Status = Literal["new", "to_answer", "answered", "ignored"]
Label = Literal["sentiment", "topics", "spam"]
Said = bool | str | list[str]


class TopicScore(Answer):
    """A topic of the item; 1.0 where a person or a person's rule said so."""

    name: str = Field(examples=["livraison"])
    score: float = Field(examples=[0.87])


class MentionOut(Answer):
    """An item naming a brand."""

    id: int = Field(examples=[4711])
    item_id: int = Field(examples=[1203])
    brand: str = Field(examples=["Aubrac Mobilier"])
    url: str | None = Field(examples=["https://example.org/avis/42"])
    title: str = Field(examples=["Deux mois pour un canapé"])
    snippet: str = Field(examples=["… Aubrac Mobilier m’a livré avec six semaines de retard …"])
    author: str | None = Field(examples=["lucie"])
    source: str = Field(description="The source that carried it first.", examples=["Forum déco"])
    kind: str = Field(description="The kind of that source.", examples=["feed"])
    lang: str | None = Field(examples=["fr"])
    published: Time = Field(examples=["2026-11-20T07:12:00Z"])
    collected: Time = Field(examples=["2026-11-20T07:30:04Z"])
    sentiment: Sentiment = Field(description="Toward this brand, in this text.", examples=["negative"])
    confidence: float = Field(description="The probability of that sentiment; 1 for a person's word.", examples=[0.91])
    sure: bool = Field(
        description="Whether the sentiment is likely enough to be told; where not, people read “not sure”. It counts "
        "all the same. True for a person's word.",
        examples=[True],
    )
    scores: dict[Sentiment, float] = Field(
        description="Probabilities, as the model sees them; they sum to 1.",
        examples=[{"negative": 0.91, "neutral": 0.07, "positive": 0.02}],
    )
    topics: list[TopicScore] = Field(description="Best first.")
    department: str | None = Field(description="Of the best topic that has one.", examples=["support"])
    spam: bool = Field(examples=[False])
    story: int | None = Field(description="Items telling the same thing share it.", examples=[88])
    reprint: bool = Field(description="Its story had named this brand before.", examples=[False])
    engagement: int | None = Field(examples=[12])
    status: Status = Field(examples=["new"])
    owner: str | None = Field(examples=[None])
    note: str | None = Field(examples=[None])
    tags: list[str] = Field(examples=[[]])
    model_version: str = Field(description="The model that gave the sentiment.", examples=["sentiment-1"])
    corrected: list[Label] = Field(
        description="Labels on which a person's word stands, said of this text or of another copy of its story.",
        examples=[["sentiment"]],
    )

    @classmethod
    def of(cls, mention: Mentioned) -> Self:
        """From the store's value."""
        fields = {name: getattr(mention, name) for name in cls.model_fields if name != "topics"}
        return cls(topics=[TopicScore(name=name, score=score) for name, score in mention.topics], **fields)


class MentionPageOut(Answer):
    """A page of mentions."""

    items: list[MentionOut]
    next: str | None = Field(
        description="Ask again with `cursor` set to this for the next page; null at the end. A page may hold fewer "
        "than `limit` although more follow.",
        examples=[None],
    )


class EvidenceOut(Answer):
    """A piece of the text that moved the label."""

    text: str = Field(examples=["retard"])
    start: int = Field(description="In title, newline, text.", examples=[31])
    end: int = Field(description="Exclusive.", examples=[37])
    weight: float = Field(description="Positive: for the label given; negative: against.", examples=[1.4])


class LabelsOut(Answer):
    """The versions behind the labels, and whether a person's word stands."""

    model_version: str
    labels_version: str | None = Field(description="Null while the item waits to be labelled again.")
    corrected: bool
    toxic: float | None
    spam: float | None


class CopyOut(Answer):
    """An item of the same story."""

    item_id: int
    title: str
    url: str | None
    source: str
    published: Time


class ChangeOut(Answer):
    """What a person changed."""

    at: Time = Field(examples=["2026-11-20T09:15:00Z"])
    by: str = Field(examples=["Claire"])
    label: Literal[Label, "status", "owner", "note", "tags"] = Field(examples=["sentiment"])
    was: Said | None = Field(description="What stood before.", examples=["negative"])
    now: Said | None = Field(description="What was said; null for a label: taken back.", examples=["neutral"])
    model_version: str = Field(description="Of the labels at that time.", examples=["sentiment-1"])


class WordOut(Answer):
    """A person's word that stands on a label."""

    label: Label = Field(examples=["sentiment"])
    now: Said = Field(examples=["neutral"])
    said: Said = Field(description="What the model or a rule says; it comes back with null.", examples=["negative"])
    by: str | None = Field(description="Null when the copy where it was said was erased.", examples=["Claire"])
    at: Time | None = Field(examples=["2026-11-20T09:15:00Z"])
    inherited: bool = Field(description="Said of another copy of the story.", examples=[False])
    origin: int | None = Field(description="Then: the mention where it was said.", examples=[None])


class MentionDetailOut(MentionOut):
    """A mention with everything known of it."""

    evidence: list[EvidenceOut]
    labels: LabelsOut
    copies: list[CopyOut] = Field(description="Other items of its story, oldest first, at most 50.")
    corrections: list[WordOut] = Field(description="The words of people that stand.")
    history: list[ChangeOut] = Field(description="Everything people changed, oldest first.")
    updated: Time | None
    comments_url: str | None

    @classmethod
    def whole(cls, detail: Detail) -> Self:
        """From the store's value."""
        return cls(
            **MentionOut.of(detail.mention).model_dump(),
            evidence=[EvidenceOut.model_validate(dict(piece)) for piece in detail.evidence],
            labels=LabelsOut(
                model_version=detail.mention.model_version,
                labels_version=detail.labels_version,
                corrected=bool(detail.words),
                toxic=detail.toxic,
                spam=detail.spam_score,
            ),
            copies=[CopyOut.model_validate(copy) for copy in detail.copies],
            corrections=[WordOut.model_validate(word, extra="ignore") for word in detail.words],
            history=[ChangeOut.model_validate(change, extra="ignore") for change in detail.corrections],
            updated=detail.updated,
            comments_url=detail.comments_url,
        )
