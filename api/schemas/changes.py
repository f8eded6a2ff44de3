"""What may be changed of a mention."""

from __future__ import annotations

from typing import Annotated, Any, cast

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from api.schemas.mentions import Status
from watch.model import Sentiment
from watch.store.corrections import Changes


def _line(text: str) -> str:
    text = text.strip()
    if not text.isprintable():
        raise ValueError("a line of printable characters is wanted")
    return text


def _plain(text: str) -> str:
    text = text.strip().replace("\r\n", "\n")
    if not all(char.isprintable() or char in "\n\t" for char in text):
        raise ValueError("no control characters but line ends and tabs")
    return text


_Owner = Annotated[str, Field(max_length=100), AfterValidator(_line)]
_Note = Annotated[str, Field(max_length=10_000), AfterValidator(_plain)]
_Tag = Annotated[str, Field(min_length=1, max_length=50), AfterValidator(_line)]


def _may_be_left_out() -> Any:
    """No value: only what was given counts (`given`), and the description shows no default."""
    return None


class ChangeIn(BaseModel):
    """What is to change of a mention; what is left out stays as it is."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    sentiment: Sentiment | None = Field(
        default_factory=_may_be_left_out,
        description="Toward the brand of this mention. Null takes your word back: the model's label stands again.",
    )
    topics: Annotated[list[str], Field(max_length=20)] | None = Field(
        default_factory=_may_be_left_out,
        description="Of the whole item: names of declared topics or of those that the models know; an empty list says "
        "that it has none. Null takes your word back.",
    )
    spam: bool | None = Field(
        default_factory=_may_be_left_out,
        description="Of the whole item: hide its mentions as spam, or restore them. Null takes your word back.",
    )
    status: Status = Field(default_factory=_may_be_left_out, description="Where the answer to it stands.")
    owner: _Owner | None = Field(default_factory=_may_be_left_out, description="Who looks after it; null: nobody.")
    note: _Note | None = Field(default_factory=_may_be_left_out, description="For colleagues; null: none.")
    tags: Annotated[list[_Tag], Field(max_length=50)] = Field(
        default_factory=_may_be_left_out, description="All its tags: those that stood are replaced."
    )

    def given(self) -> Changes:
        """Only what is to change."""
        changes: dict[str, Any] = {name: getattr(self, name) for name in self.model_fields_set}
        for name in ("topics", "tags"):
            if changes.get(name) is not None:
                changes[name] = tuple(dict.fromkeys(changes[name]))
        for name in ("owner", "note"):
            if name in changes:
                changes[name] = changes[name] or None
        return cast(Changes, changes)  # the fields of both are the same; a test holds it


EXAMPLES: dict[str, Any] = {
    "sentiment": {
        "summary": "Correct the sentiment",
        "description": "It wins over the model at once, on the other copies of the story too.",
        "value": {"sentiment": "neutral"},
    },
    "topics": {"summary": "Correct the topics", "value": {"topics": ["delivery", "support"]}},
    "spam": {"summary": "Hide it as spam", "value": {"spam": True}},
    "withdraw": {
        "summary": "Take a correction back",
        "description": "What the model says stands again.",
        "value": {"sentiment": None, "topics": None, "spam": None},
    },
    "answer": {
        "summary": "Who answers, and how far",
        "value": {"status": "to_answer", "owner": "Claire", "note": "Rappeler lundi", "tags": ["fuite"]},
    },
}
