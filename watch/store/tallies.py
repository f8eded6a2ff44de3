"""Counts by brand and hour, always equal to the mentions they count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, insert, or_, select, text
from sqlmodel import Session, col

from watch.model import SENTIMENTS
from watch.store.dialect import is_postgresql
from watch.store.tables import Mention, Tally

Cell = tuple[int, datetime]
_HOUR = timedelta(hours=1)
_AT_ONCE = 200  # cells a statement: SQLite bounds the depth of an expression


def cell(brand_id: int, published: datetime) -> Cell:
    """The (brand, hour) that a mention published then is counted in."""
    return brand_id, published.replace(minute=0, second=0, microsecond=0)


def recount(session: Session, cells: Iterable[Cell]) -> None:
    """Count these cells again from the mentions: right after any change, however often it is run."""
    todo = sorted(set(cells))
    if todo and is_postgresql(session):
        # Two that count one cell at once would both insert it, or count past each other (SQLite has one writer).
        session.execute(text("SELECT pg_advisory_xact_lock(hashtext('tally'))"))
    for start in range(0, len(todo), _AT_ONCE):
        part = todo[start : start + _AT_ONCE]
        session.execute(delete(Tally).where(or_(*(_is(key) for key in part))))
        if rows := _count(session, or_(*(_within(key) for key in part))):
            session.execute(insert(Tally), rows)


def differences(session: Session) -> list[Cell]:
    """Cells that a full recount would change; an empty list is health."""
    true = {(row["brand_id"], row["hour"]): row for row in _count(session)}
    kept = {(row.brand_id, row.hour): row.model_dump() for row in session.scalars(select(Tally))}
    return sorted(key for key in {*true, *kept} if true.get(key) != kept.get(key))


def _count(session: Session, where: ColumnElement[bool] | None = None) -> list[dict[str, Any]]:
    columns = (col(Mention.brand_id), col(Mention.published), col(Mention.sentiment), col(Mention.reprint))
    query = select(*columns).where(col(Mention.spam).is_(False))
    counts: dict[Cell, Counter[str]] = {}
    for brand_id, published, sentiment, reprint in session.execute(query if where is None else query.where(where)):
        counter = counts.setdefault(cell(brand_id, published), Counter())
        counter[sentiment] += 1
        counter[f"{sentiment}_once"] += not reprint
    return [_row(key, counter) for key, counter in sorted(counts.items())]


def _row(key: Cell, counter: Counter[str]) -> dict[str, Any]:
    columns = [*SENTIMENTS, *(f"{sentiment}_once" for sentiment in SENTIMENTS)]
    return {"brand_id": key[0], "hour": key[1], **{column: counter[column] for column in columns}}


def _is(key: Cell) -> ColumnElement[bool]:
    return and_(col(Tally.brand_id) == key[0], col(Tally.hour) == key[1])


def _within(key: Cell) -> ColumnElement[bool]:
    published = col(Mention.published)
    return and_(col(Mention.brand_id) == key[0], published >= key[1], published < key[1] + _HOUR)
