"""Corrections: a person's word on a label of a mention, and what is said of the mention besides.

The sentiment is toward the mention's brand; topics and spam are of its whole item. A word wins over models and rules
at once, stands on the other copies of the story too (`words`), and outlives new models, new queries and edits. Every
act is a row (`tables.Correction`); those in force are lessons for training.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypedDict

from sqlalchemy import func, select
from sqlmodel import Session, col

from watch.model import Sentiment
from watch.store import settled, tallies
from watch.store.tables import Brand, Correction, Item, ItemTopic, Mention, Overruled, Source, Story
from watch.store.words import LABELS, Label

Status = Literal["new", "to_answer", "answered", "ignored"]


class Changes(TypedDict, total=False):
    """What is to change; what is not in it stays. None takes a person's word on a label back."""

    sentiment: Sentiment | None
    topics: tuple[str, ...] | None
    spam: bool | None
    status: Status
    owner: str | None
    note: str | None
    tags: tuple[str, ...]


def change(session: Session, mention_id: int, changes: Changes, *, by: str, now: datetime) -> bool:
    """Change a mention; False when there is none of that id. What is so already changes nothing and leaves no trace."""
    items = _lock(session, mention_id)
    mention = session.get(Mention, mention_id)
    item = session.get(Item, mention.item_id) if mention else None
    if mention is None or item is None:
        return False
    act = {"item_id": item.id, "by": by, "at": now, "model_version": mention.model_version, "digest": item.digest}
    corrected = [_correct(session, mention, label, changes[label], act) for label in LABELS if label in changes]
    for field in ("status", "owner", "note", "tags"):
        if field in changes:
            _set(session, mention, field, changes[field], act)
    session.flush()
    if any(corrected):
        tallies.recount(session, settled.settle(session, items))
    return True


def _lock(session: Session, mention_id: int) -> list[int]:
    """The items of the mention's story, locked; and the story, so that labelling adds no copy to it meanwhile."""
    own = select(col(Mention.item_id)).where(col(Mention.id) == mention_id).scalar_subquery()
    story = select(col(Item.story_id)).where(col(Item.id) == own).scalar_subquery()
    rows = select(col(Item.id)).where((col(Item.id) == own) | (col(Item.story_id) == story)).order_by(col(Item.id))
    # In the order in which labelling locks them: items by id, then stories.
    session.execute(rows.with_for_update())
    session.execute(select(col(Story.id)).where(col(Story.id) == story).with_for_update())
    return [item for item in session.scalars(rows.with_for_update()) if item is not None]


def _correct(session: Session, mention: Mention, label: Label, value: Any, act: Mapping[str, Any]) -> bool:
    """Note a person's word on a label; False when it is their word already."""
    brand = mention.brand_id if label == "sentiment" else None
    value = sorted(set(value)) if label == "topics" and value is not None else value
    last = settled.said_of(session, mention.item_id).get((mention.item_id, label, brand or 0))
    if value == (last.now if last else None):
        return False
    beneath = session.get(Overruled, (mention.item_id, label, brand or 0))
    was, said = _standing(session, mention, label), beneath.said if beneath else None
    # What a model said of topics comes with scores, of a sentiment with a confidence; a lesson wants the label.
    said = was if said is None else _bare(label, said)
    session.add(Correction(**act, brand_id=brand, label=label, was=was, now=value, said=said))
    return True


def _standing(session: Session, mention: Mention, label: Label) -> Any:
    if label == "sentiment":
        return mention.sentiment
    if label == "spam":
        return mention.spam
    rows = select(ItemTopic).where(col(ItemTopic.item_id) == mention.item_id)
    best = sorted(session.scalars(rows), key=lambda row: (-row.score, row.topic))
    return [row.topic for row in best]


def _bare(label: str, said: Any) -> Any:
    if label == "sentiment":
        return said["sentiment"]
    return [name for name, _, _ in said] if label == "topics" else said


def _set(session: Session, mention: Mention, field: str, value: Any, act: Mapping[str, Any]) -> None:
    value = list(dict.fromkeys(value)) if field == "tags" else value
    was = getattr(mention, field)
    if value != was:
        setattr(mention, field, value)
        session.add(Correction(**act, brand_id=mention.brand_id, label=field, was=was, now=value))


@dataclass(frozen=True, slots=True)
class Lesson:
    """A correction in force, as a model may learn from it: a person's own act, no copy that inherited it.

    `now` is the person's word and `said` what model or rule had said: a sentiment toward `brand`, topics (a tuple of
    names), or whether it is spam. `spans` are [start, end) of the brand in title, newline, text; brand and spans are
    empty but for a sentiment. Lessons of one `story_id` are of texts that tell the same thing. `edited`: the words
    have changed since; `by` made it `at` (UTC).
    """

    id: int
    label: Label
    now: str | bool | tuple[str, ...]
    said: str | bool | tuple[str, ...] | None
    title: str
    text: str
    lang: str | None
    brand: str | None
    spans: tuple[tuple[int, int], ...]
    model_version: str
    item_id: int
    story_id: int | None
    source: str
    kind: str
    at: datetime
    by: str
    edited: bool


def lessons(session: Session) -> list[Lesson]:
    """The corrections in force, oldest first. A sentiment toward a brand that its item no longer names is left out."""
    of = (col(Correction.item_id), col(Correction.label), col(Correction.brand_id))
    last = select(func.max(col(Correction.id))).where(col(Correction.label).in_(LABELS)).group_by(*of)
    named = (col(Mention.item_id) == col(Correction.item_id)) & (col(Mention.brand_id) == col(Correction.brand_id))
    rows = session.execute(
        select(Correction, Item, Source, col(Brand.name), Mention)
        .join(Item, col(Item.id) == col(Correction.item_id))
        .join(Source, col(Source.id) == col(Item.source_id))
        .outerjoin(Brand, col(Brand.id) == col(Correction.brand_id))
        .outerjoin(Mention, named)
        .where(col(Correction.id).in_(last), col(Correction.now).is_not(None))
        .order_by(col(Correction.id))
    )
    return [_lesson(*row) for row in rows if row.Mention is not None or row.Correction.brand_id is None]


def _lesson(said: Correction, item: Item, source: Source, brand: str | None, mention: Mention | None) -> Lesson:
    assert said.id is not None
    assert item.id is not None
    return Lesson(
        id=said.id,
        label=said.label,  # type: ignore[arg-type]  # `lessons` asks for labels only
        now=tuple(said.now) if isinstance(said.now, list) else said.now,
        said=tuple(said.said) if isinstance(said.said, list) else said.said,
        title=item.title,
        text=item.text,
        lang=item.lang,
        brand=brand,
        spans=tuple((start, end) for start, end in mention.spans) if mention else (),
        model_version=said.model_version,
        item_id=item.id,
        story_id=item.story_id,
        source=source.name,
        kind=source.kind,
        at=said.at,
        by=said.by,
        edited=said.digest != item.digest,
    )
