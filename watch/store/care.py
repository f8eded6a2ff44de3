"""Looking after the database itself: is it whole, how large is it, a copy of it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import func, select, text
from sqlmodel import Session, SQLModel

from watch.errors import StoreError
from watch.store import Store
from watch.store.dialect import is_postgresql


def damage(session: Session) -> list[str]:
    """What the database finds wrong with itself; an empty list is health. PostgreSQL checks itself as it reads."""
    if is_postgresql(session):
        return []
    said = session.execute(text("PRAGMA integrity_check")).scalars().all()
    return [] if said == ["ok"] else [str(line) for line in said]


def size(session: Session) -> int:
    """Bytes that the database takes on disk."""
    if not is_postgresql(session):
        pages = session.execute(text("PRAGMA page_count")).scalar_one()
        return int(pages * session.execute(text("PRAGMA page_size")).scalar_one())
    return int(session.execute(text("SELECT pg_database_size(current_database())")).scalar_one())


def rows(session: Session) -> dict[str, int]:
    """Table → its number of rows, largest first."""
    counts = {
        table.name: int(session.execute(select(func.count()).select_from(table)).scalar_one())
        for table in SQLModel.metadata.sorted_tables
    }
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def copy(store: Store, file: Path) -> None:
    """A consistent copy of an SQLite store while others write. Raises StoreError when it cannot be written."""
    source = store.engine.raw_connection()
    try:
        with closing(sqlite3.connect(file)) as target:
            source.driver_connection.backup(target)  # type: ignore[union-attr]  # sqlite3's own connection
    except sqlite3.Error as error:
        raise StoreError(f"cannot write {file}: {error}") from error
    finally:
        source.close()
