"""Mentions as labelling writes them and alerts read them; pages of them are in listing.py."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, delete, insert, select, update
from sqlmodel import Session, col

from watch.model import Spike
from watch.store.tables import Item, ItemTopic, Mention, Source
from watch.store.tallies import Cell, cell

# Columns that a new labelling may change; what a person or the first hearing decided stays.
_RELABELLED = ("snippet", "spans", "sentiment", "confidence", "sure", "scores", "evidence", "spam", "model_version")


@dataclass(frozen=True, slots=True)
class Heard:
    """A counted mention as an alert rule sees it."""

    mention_id: int
    at: datetime
    sentiment: str


@dataclass(frozen=True, slots=True)
class Carrier:
    """The source an item came from, as queries see it."""

    name: str
    tags: tuple[str, ...]


def carriers(session: Session, batch: Iterable[Item]) -> dict[int, Carrier]:
    """Source id → the source, for all sources of these items."""
    ids = {item.source_id for item in batch}
    rows = session.scalars(select(Source).where(col(Source.id).in_(ids)))
    return {row.id: Carrier(row.name, tuple(row.tags)) for row in rows if row.id is not None}


def of_items(session: Session, item_ids: Iterable[int]) -> dict[tuple[int, int], Mention]:
    """(item, brand) → the mention that stands."""
    rows = session.scalars(select(Mention).where(col(Mention.item_id).in_(set(item_ids))))
    return {(row.item_id, row.brand_id): row for row in rows}


def write(
    session: Session,
    rows: Sequence[dict[str, Any]],
    standing: dict[tuple[int, int], Mention],
    asked: Collection[int],
    spoken: Collection[tuple[int, int]] = (),
) -> set[Cell]:
    """Store the mentions of freshly labelled items, in one transaction with their labels.

    `rows` are full rows; where a mention stands already only its labels change, to what the model says:
    `settled.settle` lays people's words over it. Mentions of these items that are not in `rows` go, if their brand is
    one of those `asked` about (a brand that is no longer listened for keeps its past) and they are not among the
    (item, brand) that a person has `spoken` of. The tally cells touched come back.
    """
    wanted = {(row["item_id"], row["brand_id"]): row for row in rows}
    fresh = [row for key, row in wanted.items() if key not in standing]
    unnamed = [key for key in standing.keys() - wanted.keys() if standing[key].brand_id in asked]
    gone = [standing[key].id for key in unnamed if key not in spoken]
    if fresh:
        session.execute(insert(Mention), fresh)
    if gone:
        session.execute(delete(Mention).where(col(Mention.id).in_(gone)))
    _relabel(session, [(standing[key].id, wanted[key]) for key in wanted.keys() & standing.keys()])
    touched = {cell(row["brand_id"], row["published"]) for row in rows}
    return touched | {cell(mention.brand_id, mention.published) for mention in standing.values()}


def _relabel(session: Session, rows: Sequence[tuple[int | None, dict[str, Any]]]) -> None:
    """Set the labels of mentions, by id. What the session holds of them is old then."""
    if not rows:
        return
    statement = (
        update(Mention)
        .where(col(Mention.id) == bindparam("b_id"))
        .values({column: bindparam(f"b_{column}") for column in _RELABELLED})
        .execution_options(synchronize_session=False)
    )
    values = [{"b_id": key, **{f"b_{column}": row[column] for column in _RELABELLED}} for key, row in rows]
    session.connection().execute(statement, values)


def heard(
    session: Session,
    brand_id: int,
    *,
    since: datetime,
    until: datetime,
    topic: str | None = None,
    source_tag: str | None = None,
    lang: str | None = None,
) -> list[Heard]:
    """The mentions of a brand that alerts count, heard in (since, until], in that order."""
    query = (
        select(col(Mention.id), col(Mention.heard_at), col(Mention.sentiment))
        .where(col(Mention.brand_id) == brand_id, col(Mention.counted).is_(True))
        .where(col(Mention.heard_at) > since, col(Mention.heard_at) <= until)
        .order_by(col(Mention.heard_at), col(Mention.id))
    )
    if topic:
        query = query.where(
            col(Mention.item_id).in_(select(col(ItemTopic.item_id)).where(col(ItemTopic.topic) == topic))
        )
    if lang or source_tag:
        query = query.join(Item, col(Item.id) == col(Mention.item_id))
    if lang:
        query = query.where(col(Item.lang) == lang)
    if source_tag:
        tagged = [row.id for row in session.scalars(select(Source)) if source_tag in row.tags]
        query = query.where(col(Item.source_id).in_(tagged))
    return [Heard(mention_id, at, sentiment) for mention_id, at, sentiment in session.execute(query)]


@dataclass(frozen=True, slots=True)
class Weighty:
    """A mention that moved a decision, as a message shows it."""

    mention_id: int
    snippet: str
    source: str
    url: str | None


def weightiest(session: Session, brand_id: int, spike: Spike, kind: str, limit: int) -> list[Weighty]:
    """The mentions within a spike's window that weigh most: the surest negatives, or the newest for a volume rule."""
    query = (
        _weighty()
        .where(col(Mention.brand_id) == brand_id, col(Mention.counted).is_(True))
        .where(col(Mention.heard_at) > spike.until - timedelta(hours=spike.window))
        .where(col(Mention.heard_at) <= spike.until)
    )
    if kind == "negative_spike":
        query = query.where(col(Mention.sentiment) == "negative").order_by(col(Mention.confidence).desc())
    query = query.order_by(col(Mention.heard_at).desc(), col(Mention.id))
    return [Weighty(*row) for row in session.execute(query.limit(limit))]


def quoted(session: Session, mention_ids: Iterable[int]) -> list[Weighty]:
    """These mentions, newest first; those that were erased are left out."""
    query = _weighty().where(col(Mention.id).in_(set(mention_ids))).order_by(col(Mention.heard_at).desc())
    return [Weighty(*row) for row in session.execute(query)]


def _weighty() -> Select[int | None, str, str, str | None]:
    return (
        select(col(Mention.id), col(Mention.snippet), col(Source.name), col(Item.url))
        .join(Item, col(Item.id) == col(Mention.item_id))
        .join(Source, col(Source.id) == col(Item.source_id))
    )


def listening_since(session: Session) -> datetime | None:
    """When the first source first answered: before that, silence says nothing."""
    first = col(Source.first_success_at)
    return session.scalar(select(first).where(first.is_not(None)).order_by(first).limit(1))
