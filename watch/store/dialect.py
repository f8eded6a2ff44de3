"""Where SQLite and PostgreSQL write the same thing in two ways."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from sqlalchemy import inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

Insert: TypeAlias = "postgresql.Insert | sqlite.Insert"


def insert(session: Session, table: type[SQLModel]) -> Insert:
    """An INSERT of the session's dialect, which knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return postgresql.insert(table) if is_postgresql(session) else sqlite.insert(table)


def add_once(session: Session, table: type[SQLModel], rows: Sequence[dict[str, Any]], *key: str) -> list[Any]:
    """Insert `rows`, leaving out those whose `key` columns stand already; the primary keys of those that came in.

    For rows that two processes may write at once and that must exist once: the unique key decides.
    """
    added: list[Any] = []
    for row in rows:
        statement = insert(session, table).values(**row).on_conflict_do_nothing(index_elements=list(key))
        added += session.execute(statement.returning(*inspect(table).primary_key)).scalars()
    return added


def is_postgresql(session: Session) -> bool:
    """Whether the session speaks to PostgreSQL (else: to SQLite)."""
    return session.get_bind().dialect.name == "postgresql"
