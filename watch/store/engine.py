"""Connections: SQLite tuned for one writer and many readers, PostgreSQL through psycopg."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from watch.errors import StoreError

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    # A power cut must not take back what we said was stored (bar E29); one commit a source keeps it cheap.
    "PRAGMA synchronous=FULL",
    "PRAGMA busy_timeout=10000",
    "PRAGMA foreign_keys=ON",
    "PRAGMA temp_store=MEMORY",
)


def connect(url: str) -> Engine:
    """An engine for `url`; nothing is written yet. Raises StoreError for an address we cannot use."""
    address = _address(url)
    if address.get_backend_name() == "sqlite":
        return _sqlite(address)
    return create_engine(address, pool_pre_ping=True, pool_size=10)


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except (ArgumentError, ValueError) as error:
        # The address is not repeated: it may hold a password.
        raise StoreError("this is no database address; write sqlite:///hune.db or postgresql://…") from error
    if address.drivername not in ("sqlite", "postgresql", "postgresql+psycopg"):
        raise StoreError(f"{address.drivername} is not a database Hune knows: sqlite, postgresql")
    return address.set(drivername="postgresql+psycopg") if address.drivername == "postgresql" else address


def _sqlite(address: URL) -> Engine:
    folder = Path(address.database or ".").resolve().parent
    if address.database and not folder.is_dir():
        raise StoreError(f"cannot open the database {address.database}: the folder {folder} does not exist")
    engine = create_engine(address, connect_args={"timeout": 10})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: object) -> None:
    # The driver's own transaction handling begins them late; ours begins them itself, in _begin.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin(connection: Any) -> None:
    # IMMEDIATE: two writers queue at the start, instead of failing when the second upgrades its lock.
    mode = connection.get_execution_options().get("begin", "IMMEDIATE")
    connection.exec_driver_sql(f"BEGIN {mode}")


def explain(url: str, error: DBAPIError) -> str:
    """One sentence for a person: which database, and what it said."""
    reason = str(error.orig).strip().splitlines()[0] if error.orig else type(error).__name__
    return f"cannot use the database {make_url(url).render_as_string(hide_password=True)}: {reason}"
