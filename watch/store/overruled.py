"""Where a person's word stands on a label, and what lies beneath it, as people and programs see it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from watch.store.tables import Correction, ItemTopic, Mention, Overruled
from watch.store.words import LABELS


@dataclass(frozen=True, slots=True)
class Word:
    """A person's word that stands on a label: `by` whom, when (UTC), and what the model `said`.

    `said` and `now` are a sentiment, topics (a list of names) or whether it is spam; `sure` is the model's confidence
    in a sentiment, `doubtful` whether that is told as "not sure". `origin` is the mention where it was said, when that
    is another copy of the story; a word whose origin was erased has neither `by` nor `at`.
    """

    label: str
    now: Any
    said: Any
    sure: float | None
    by: str | None
    at: datetime | None
    inherited: bool
    origin: int | None
    doubtful: bool = False


def labels(session: Session, items: Collection[int]) -> Mapping[tuple[int, int], Sequence[str]]:
    """(item, brand; 0 for what is of the whole item) → the labels on which a person's word stands."""
    found: dict[tuple[int, int], list[str]] = defaultdict(list)
    rows = session.scalars(select(Overruled).where(col(Overruled.item_id).in_(items))) if items else ()
    for row in sorted(rows, key=lambda row: LABELS.index(row.label)):
        found[row.item_id, row.brand_id].append(row.label)
    return found


def words(session: Session, mention: Mention) -> tuple[Word, ...]:
    """The words that stand on the labels of a mention: on its sentiment, and on the topics and spam of its item."""
    rows = session.execute(
        select(Overruled, Correction)
        .outerjoin(Correction, col(Correction.id) == col(Overruled.correction_id))
        .where(col(Overruled.item_id) == mention.item_id, col(Overruled.brand_id).in_((0, mention.brand_id)))
    )
    found = sorted(rows, key=lambda pair: LABELS.index(pair[0].label))
    return tuple(_word(session, mention, row, said) for row, said in found)


def _word(session: Session, mention: Mention, row: Overruled, said: Correction | None) -> Word:
    inherited = said is None or said.item_id != mention.item_id
    sentiment, topics = row.label == "sentiment", row.label == "topics"
    return Word(
        label=row.label,
        now=_now(session, mention, row.label),
        said=row.said["sentiment"] if sentiment else [name for name, _, _ in row.said] if topics else row.said,
        sure=row.said["confidence"] if sentiment else None,
        by=said.by if said else None,
        at=said.at if said else None,
        inherited=inherited,
        origin=_origin(session, mention, said.item_id) if said and inherited else None,
        doubtful=sentiment and not row.said.get("sure", True),
    )


def _now(session: Session, mention: Mention, label: str) -> Any:
    if label == "sentiment":
        return mention.sentiment
    if label == "spam":
        return mention.spam
    return sorted(session.scalars(select(col(ItemTopic.topic)).where(col(ItemTopic.item_id) == mention.item_id)))


def _origin(session: Session, mention: Mention, item: int) -> int | None:
    """The mention of that item where the word was said: of the same brand, if it names it."""
    rows = select(col(Mention.id), col(Mention.brand_id)).where(col(Mention.item_id) == item)
    found = sorted((brand != mention.brand_id, mention_id) for mention_id, brand in session.execute(rows))
    return found[0][1] if found else None
