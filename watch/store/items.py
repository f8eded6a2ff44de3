"""Items: stored once, found again, waiting for labels, indexed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, text, update
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from watch.store.dialect import insert, is_postgresql
from watch.store.tables import Item, Sighting


@dataclass(frozen=True, slots=True)
class Known:
    """What tells whether an entry is new, changed, or another one under the same name."""

    id: int
    key: str
    source_id: int
    title: str
    digest: str
    engagement: int | None


_KNOWN = [col(column) for column in (Item.id, Item.key, Item.source_id, Item.title, Item.digest, Item.engagement)]


def seen(session: Session, source_id: int, guids: Sequence[str]) -> dict[str, Known]:
    """The items that this source has carried under these names, by name."""
    rows = session.execute(
        select_columns(col(Sighting.guid), *_KNOWN)
        .join(Item, col(Item.id) == col(Sighting.item_id))
        .where(col(Sighting.source_id) == source_id, col(Sighting.guid).in_(guids))
    )
    return {row[0]: Known(*row[1:]) for row in rows}


def by_key(session: Session, keys: Sequence[str]) -> dict[str, Known]:
    """The items that stand under these keys, whoever carried them, by key."""
    rows = session.execute(select_columns(*_KNOWN).where(col(Item.key).in_(keys)))
    return {row.key: Known(*row) for row in rows}


def add_new(session: Session, rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Insert items; those whose key stands already are left alone. The ids of what came in, by key."""
    if not rows:
        return {}
    statement = insert(session, Item).on_conflict_do_nothing(index_elements=["key"])
    added = session.execute(statement.returning(col(Item.id), col(Item.key)), [dict(row) for row in rows])
    return {key: item_id for item_id, key in added}


def saw(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Note under which name a source carried an item: `source_id`, `guid`, `item_id`, `first_seen` a row."""
    if rows:
        statement = insert(session, Sighting).on_conflict_do_nothing(index_elements=["source_id", "guid"])
        session.connection().execute(statement, [dict(row) for row in rows])


def edit(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write new words over old ones, so that the item is labelled again; when it was published stays.

    A row holds `b_id` and `b_<column>`, the same columns in each.
    """
    again = {"labels_version": None, "attempts": 0, "quarantined": None}
    _update(session, rows, again)


def count(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write a new engagement (`b_engagement`) to items (`b_id`); their labels stand."""
    _update(session, rows, {})


def _update(session: Session, rows: Sequence[Mapping[str, Any]], more: Mapping[str, Any]) -> None:
    if not rows:
        return
    values: dict[str, Any] = {name[2:]: bindparam(name) for name in rows[0] if name != "b_id"}
    statement = update(Item).where(col(Item.id) == bindparam("b_id")).values(values | dict(more))
    session.connection().execute(statement.execution_options(synchronize_session=False), [dict(row) for row in rows])


def to_label(session: Session, version: str, limit: int) -> list[Item]:
    """Items without labels, newest first; then those with labels of another version than `version`.

    Three looks into the index, since no database answers `IS DISTINCT FROM` from one.
    """
    found: list[Item] = []
    unlabelled, column = col(Item.labels_version).is_(None), col(Item.labels_version)
    for condition in (unlabelled, column < version, column > version):
        if len(found) < limit:
            rows = select(Item).where(condition, col(Item.quarantined).is_(None))
            newest = rows.order_by(column.desc(), col(Item.id).desc()).limit(limit - len(found))
            found += session.exec(newest)
    return found


def index(session: Session, rows: Sequence[tuple[int, str]]) -> None:
    """Put items into the full-text index, or put their new words there: (item id, `query.index_text`) each.

    Of a text with more different words than an index takes, the first ones are kept: some 100,000 of them. It is then
    found by these alone, on both databases.
    """
    if not rows:
        return
    rows = [(item_id, _within(tokens)) for item_id, tokens in rows]
    if is_postgresql(session):
        # Each word once: where it stands is never asked there (`query.narrow.to_tsquery`), and takes room.
        rows = [(item_id, " ".join(dict.fromkeys(tokens.split(" ")))) for item_id, tokens in rows]
        statement = (
            "INSERT INTO item_index (item_id, tokens) VALUES (:id, to_tsvector('simple', :tokens)) "
            "ON CONFLICT (item_id) DO UPDATE SET tokens = excluded.tokens"
        )
    else:
        statement = "INSERT OR REPLACE INTO item_index (rowid, tokens) VALUES (:id, :tokens)"
    session.connection().execute(text(statement), [{"id": item, "tokens": tokens} for item, tokens in rows])


# PostgreSQL refuses a tsvector whose different words, with where they stand, take more than 1,048,575 bytes.
_INDEXED = 1_000_000
_ASIDE = 5  # bytes beside a word: to an even address, how many positions, one position


def _within(tokens: str) -> str:
    if 4 * len(tokens) <= _INDEXED:
        return tokens
    left, kept = _INDEXED, set[str]()
    for term in dict.fromkeys(tokens.split(" ")):
        left -= len(term) + _ASIDE
        if left < 0:
            break
        kept.add(term)
    return " ".join(term for term in tokens.split(" ") if term in kept)
