"""Rows that may be written by two processes at once and must exist once: the unique key decides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel


def add_once(session: Session, table: type[SQLModel], rows: Sequence[dict[str, Any]], *key: str) -> list[Any]:
    """Insert `rows`, leaving out those whose `key` columns stand already; the primary keys of those that came in."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    added: list[Any] = []
    for row in rows:
        statement = dialect.insert(table).values(**row).on_conflict_do_nothing(index_elements=list(key))
        added += session.execute(statement.returning(*inspect(table).primary_key)).scalars()
    return added
