"""Small marks ("last used", "last seen"), written at once or not at all: none is worth making somebody wait."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from watch.store import Store

log = logging.getLogger(__name__)


def mark(store: Store, write: Callable[[Session], None]) -> bool:
    """Let `write` change a row or two; False, and nothing written, when another holds the lock or it cannot be had."""
    # Deferred: the lock is asked for by the first change, when the patience is already short.
    engine = store.engine.execution_options(begin="DEFERRED")
    try:
        with engine.connect() as connection, _impatient(connection), Session(connection) as session, session.begin():
            if store.dialect == "postgresql":
                session.execute(text("SET LOCAL lock_timeout = '100ms'"))
            write(session)
    except DBAPIError as error:
        log.info("mark outcome=skipped reason=%s", type(error).__name__)
        return False
    return True


@contextmanager
def _impatient(connection: Connection) -> Iterator[None]:
    """In the block, SQLite does not wait for a lock; then as before, since the connection goes back to its pool."""
    if connection.dialect.name != "sqlite":
        yield
        return
    usual = int(connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one())
    connection.exec_driver_sql("PRAGMA busy_timeout = 0")
    connection.rollback()  # the session of the block begins its own transaction
    try:
        yield
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {usual}")
