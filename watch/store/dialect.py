"""Where SQLite and PostgreSQL write the same thing in two ways."""

from __future__ import annotations

from typing import TypeAlias

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

Insert: TypeAlias = "postgresql.Insert | sqlite.Insert"


def insert(session: Session, table: type[SQLModel]) -> Insert:
    """An INSERT of the session's dialect, which knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return postgresql.insert(table) if is_postgresql(session) else sqlite.insert(table)


def is_postgresql(session: Session) -> bool:
    """Whether the session speaks to PostgreSQL (else: to SQLite)."""
    return session.get_bind().dialect.name == "postgresql"
