"""SQLAlchemy's engine: SQLite tuned for one writer and many readers, PostgreSQL through psycopg."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from watch.errors import StoreError
from watch.store.connections import BUSY, PRAGMAS


def connect(url: str) -> Engine:
    """An engine for `url`; nothing is written yet. Raises StoreError for an address we cannot use."""
    try:
        address = make_url(url)
    except (ArgumentError, ValueError) as error:
        # The address is not repeated: it may hold a password.
        raise StoreError("this is no database address; write sqlite:///hune.db or postgresql://…") from error
    if address.get_backend_name() == "postgresql":
        return create_engine(address.set(drivername="postgresql+psycopg"), pool_pre_ping=True, pool_size=10)
    engine = create_engine(address, connect_args={"timeout": BUSY / 1_000})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: object) -> None:
    # The driver's own transaction handling begins them late; ours begins them itself, in _begin.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin(connection: Any) -> None:
    # IMMEDIATE: two writers queue at the start, instead of failing when the second upgrades its lock.
    mode = connection.get_execution_options().get("begin", "IMMEDIATE")
    connection.exec_driver_sql(f"BEGIN {mode}")
