"""Mentions, page by page, and one mention with everything known of it.

A page is found in two steps: the ids, by filters, order and position (and the matcher, where there is a query);
then the rows of those ids. Positions are keys, not counts, so that page 1,000 costs what page 1 costs, and
nothing is doubled or lost when new mentions come in between.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlmodel import Session, col

from watch.store import search
from watch.store.filters import Sort, Wanted, conditions
from watch.store.mentioned import Mentioned, load
from watch.store.tables import Brand, Item, Mention, Source

SORTS: tuple[Sort, ...] = ("-published", "published", "-engagement")
LARGEST = 200
# A query whose words are everywhere but which fits nowhere must not read the whole store in one request.
_MOST_READ = 20_000

_ENGAGEMENT: ColumnElement[Any] = func.coalesce(col(Item.engagement), -1)
_PUBLISHED: ColumnElement[Any] = col(Mention.published)  # type: ignore[assignment]  # an attribute stands for its column
Key = datetime | int


@dataclass(frozen=True, slots=True)
class Position:
    """The last mention of a page: its sort key and id."""

    key: Key
    id: int


@dataclass(frozen=True, slots=True)
class MentionPage:
    """`mentions` in order; `next` is where the following page begins, None at the end.

    A page may hold fewer than asked although more follow, when a query had to look at very many.
    """

    mentions: tuple[Mentioned, ...]
    next: Position | None


def page(
    session: Session,
    wanted: Wanted,
    *,
    sort: Sort = "-published",
    limit: int = 50,
    after: Position | None = None,
) -> MentionPage:
    """The mentions that are wanted, after a position. Raises QueryError for a `q` that cannot be read."""
    narrowed = search.narrowed(session, wanted.q) if wanted.q else None
    found: list[Position] = []
    read = 0
    step = limit + 1 if narrowed is None else max(limit + 1, 200)
    while len(found) <= limit and read < _MOST_READ:
        rows = list(session.execute(_candidates(session, wanted, sort, after, step, narrowed)))
        read += len(rows)
        keep = narrowed.fits if narrowed is not None else lambda _row: True
        found += [Position(row.key, row.id) for row in rows if keep(row)]
        if len(rows) < step:
            return _filled(session, found, limit, None)
        after, step = Position(rows[-1].key, rows[-1].id), min(step * 2, 2_000)
    return _filled(session, found, limit, after)


def _filled(session: Session, found: list[Position], limit: int, after: Position | None) -> MentionPage:
    shown = found[:limit]
    more = shown[-1] if len(found) > limit else after
    return MentionPage(tuple(load(session, [position.id for position in shown])), more)


def every(session: Session, wanted: Wanted, *, sort: Sort = "-published") -> Iterator[Mentioned]:
    """All mentions that are wanted, a page at a time."""
    after: Position | None = None
    while True:
        part = page(session, wanted, sort=sort, limit=LARGEST, after=after)
        yield from part.mentions
        if part.next is None:
            return
        after = part.next


def _candidates(
    session: Session,
    wanted: Wanted,
    sort: Sort,
    after: Position | None,
    limit: int,
    narrowed: search.Narrowed | None,
) -> Select[Any]:
    key: ColumnElement[Any] = _ENGAGEMENT if sort == "-engagement" else _PUBLISHED
    columns = narrowed.columns if narrowed is not None else ()
    statement = (
        select(col(Mention.id).label("id"), key.label("key"), *columns)
        .join(Item, col(Item.id) == col(Mention.item_id))
        .join(Source, col(Source.id) == col(Item.source_id))
        .where(*conditions(wanted, session.get_bind().dialect.name))
        .limit(limit)
    )
    if narrowed is not None and narrowed.condition is not None:
        statement = statement.where(narrowed.condition)
    if after is not None:
        statement = statement.where(_beyond(key, after, sort))
    return statement.order_by(*_order(key, sort))


def _order(key: ColumnElement[Any], sort: Sort) -> Sequence[ColumnElement[Any]]:
    identity = col(Mention.id)
    return (key.asc(), identity.asc()) if sort == "published" else (key.desc(), identity.desc())


def _beyond(key: ColumnElement[Any], after: Position, sort: Sort) -> ColumnElement[bool]:
    identity = col(Mention.id)
    # The first half lets an index on the key serve; a row comparison would hide it from SQLite's planner.
    if sort == "published":
        return and_(key >= after.key, or_(key > after.key, identity > after.id))
    return and_(key <= after.key, or_(key < after.key, identity < after.id))


def brand_names(session: Session) -> list[str]:
    """The names of all brands there ever were, for suggestions."""
    return list(session.scalars(select(col(Brand.name)).order_by(col(Brand.name))))
