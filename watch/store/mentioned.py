"""A mention as people and programs see it: with its item, source, brand and topics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlmodel import Session, col

from watch.store import labelling, overruled
from watch.store.departments import by_topic
from watch.store.overruled import Word
from watch.store.tables import Brand, Correction, Item, ItemTopic, Mention, Source, Story


@dataclass(frozen=True, slots=True)
class Mentioned:
    """One mention. `department` is that of its best topic that has one; `topics` are (name, score), best first.

    `corrected`: the labels (sentiment, topics, spam) on which a person's word stands.
    """

    id: int
    item_id: int
    brand: str
    url: str | None
    title: str
    snippet: str
    author: str | None
    source: str
    kind: str
    lang: str | None
    published: datetime
    collected: datetime
    sentiment: str
    confidence: float
    sure: bool
    scores: Mapping[str, float]
    topics: tuple[tuple[str, float], ...]
    department: str | None
    spam: bool
    story: int | None
    reprint: bool
    engagement: int | None
    status: str
    owner: str | None
    note: str | None
    tags: tuple[str, ...]
    model_version: str
    corrected: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Copy:
    """An item of the same story."""

    item_id: int
    title: str
    url: str | None
    source: str
    published: datetime


@dataclass(frozen=True, slots=True)
class Detail:
    """One mention with its evidence, the versions of its labels, its story and what people changed.

    `labels_version` is None while the item waits to be labelled again; `toxic` and `spam_score` are
    probabilities. `evidence` are `model.Evidence` as dicts, of the model's label. `words` are the corrections that
    stand, `corrections` everything people changed, oldest first.
    """

    mention: Mentioned
    evidence: tuple[Mapping[str, Any], ...]
    words: tuple[Word, ...]
    labels_version: str | None
    toxic: float | None
    spam_score: float | None
    updated: datetime | None
    comments_url: str | None
    copies: tuple[Copy, ...]
    corrections: tuple[Correction, ...]


def load(session: Session, ids: Sequence[int]) -> list[Mentioned]:
    """The mentions of `ids`, in that order; those that are gone are left out."""
    rows = {row.Mention.id: row for row in session.execute(_statement(ids))} if ids else {}
    topics = _topics(session, {row.Mention.item_id for row in rows.values()})
    departments = by_topic(session) if topics else {}
    corrected = overruled.labels(session, {row.Mention.item_id for row in rows.values()})
    return [_mentioned(rows[key], topics, departments, corrected) for key in ids if key in rows]


def _statement(ids: Sequence[int]) -> Any:
    item = (Item.url, Item.title, Item.author, Item.lang, Item.story_id, Item.engagement)
    return (
        select(
            Mention,
            col(Brand.name).label("brand"),
            col(Source.name).label("source"),
            col(Source.kind).label("kind"),
            *(col(attribute) for attribute in item),
        )
        .join(Item, col(Item.id) == col(Mention.item_id))
        .join(Source, col(Source.id) == col(Item.source_id))
        .join(Brand, col(Brand.id) == col(Mention.brand_id))
        .where(col(Mention.id).in_(ids))
    )


def _topics(session: Session, items: set[int]) -> dict[int, list[tuple[str, float]]]:
    found: dict[int, list[tuple[str, float]]] = {}
    rows = session.scalars(
        select(ItemTopic)
        .where(col(ItemTopic.item_id).in_(items))
        .order_by(col(ItemTopic.score).desc(), col(ItemTopic.topic))
    )
    for row in rows if items else ():
        found.setdefault(row.item_id, []).append((row.topic, row.score))
    return found


def _mentioned(
    row: Any,
    topics: Mapping[int, list[tuple[str, float]]],
    departments: Mapping[str, str],
    corrected: Mapping[tuple[int, int], Sequence[str]],
) -> Mentioned:
    mention: Mention = row.Mention
    assert mention.id is not None
    about = tuple(topics.get(mention.item_id, ()))
    return Mentioned(
        id=mention.id,
        item_id=mention.item_id,
        brand=row.brand,
        url=row.url,
        title=row.title,
        snippet=mention.snippet,
        author=row.author,
        source=row.source,
        kind=row.kind,
        lang=row.lang,
        published=mention.published,
        collected=mention.collected,
        sentiment=mention.sentiment,
        confidence=mention.confidence,
        sure=mention.sure,
        scores=mention.scores,
        topics=about,
        department=next((departments[name] for name, _ in about if name in departments), None),
        spam=mention.spam,
        story=row.story_id,
        reprint=mention.reprint,
        engagement=row.engagement,
        status=mention.status,
        owner=mention.owner,
        note=mention.note,
        tags=tuple(mention.tags),
        model_version=mention.model_version,
        corrected=(*corrected.get((mention.item_id, mention.brand_id), ()), *corrected.get((mention.item_id, 0), ())),
    )


def detail(session: Session, mention_id: int) -> Detail | None:
    """Everything about one mention; None when there is none of that id."""
    shown = load(session, [mention_id])
    mention = session.get(Mention, mention_id)
    item = session.get(Item, mention.item_id) if mention else None
    if not shown or mention is None or item is None:
        return None
    return Detail(
        mention=shown[0],
        evidence=tuple(mention.evidence),
        words=overruled.words(session, mention),
        labels_version=item.labels_version if item.labels_version != labelling.AGAIN else None,
        toxic=item.toxic,
        spam_score=item.spam,
        updated=item.updated,
        comments_url=item.comments_url,
        copies=_copies(session, item),
        corrections=tuple(
            session.scalars(
                select(Correction)
                .where(col(Correction.item_id) == mention.item_id)
                .where(or_(col(Correction.brand_id) == mention.brand_id, col(Correction.brand_id).is_(None)))
                .order_by(col(Correction.at), col(Correction.id))
            )
        ),
    )


def _copies(session: Session, item: Item) -> tuple[Copy, ...]:
    if item.story_id is None or session.get(Story, item.story_id) is None:
        return ()
    rows = session.execute(
        select(col(Item.id), col(Item.title), col(Item.url), col(Source.name), col(Item.published))
        .join(Source, col(Source.id) == col(Item.source_id))
        .where(col(Item.story_id) == item.story_id, col(Item.id) != item.id)
        .order_by(col(Item.published), col(Item.id))
        .limit(50)
    )
    return tuple(Copy(*row) for row in rows)
