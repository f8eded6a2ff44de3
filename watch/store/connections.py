"""Connections for plain SQL: opened when needed, kept for the next transaction."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from watch.store.address import Address
from watch.store.plain import Plain

BUSY = 10_000
"""Milliseconds for which SQLite waits for another writer."""
PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    # A power cut must not take back what we said was stored (bar E29); few and large commits keep it cheap.
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA temp_store=MEMORY",
)
_KEPT = 4


class Connections:
    """To one database. May be shared between threads; a connection is in one transaction at a time."""

    def __init__(self, address: Address, *, busy: int = BUSY) -> None:
        self._address = address
        self._busy = busy
        self._idle: list[Any] = []
        self._lock = threading.Lock()

    @contextmanager
    def transaction(self, *, reading: bool = False) -> Iterator[Plain]:
        """One transaction: committed at the end, rolled back on an exception.

        One that is `reading` never waits for a writer. Raises StoreError, `passing` when the database is locked, full
        or away.
        """
        try:
            connection = self._taken()
            with self._begun(connection, reading):
                yield Plain(connection)
            self._put_back(connection)
        except self._operational() as error:
            raise self._address.refusal(error) from error

    @contextmanager
    def _begun(self, connection: Any, reading: bool) -> Iterator[None]:
        try:
            if self._address.kind == "sqlite":
                # IMMEDIATE: two writers queue at the start, instead of failing when the second upgrades its lock.
                connection.execute("BEGIN DEFERRED" if reading else "BEGIN IMMEDIATE")
            yield
            connection.commit()
        except BaseException:
            # Whatever it was, nobody must meet this connection again.
            with suppress(Exception):
                connection.rollback()
            connection.close()
            raise

    def _taken(self) -> Any:
        with self._lock:
            connection = self._idle.pop() if self._idle else None
        if connection is None:
            return self._opened()
        return connection if self._lives(connection) else self._opened()

    def _opened(self) -> Any:
        if self._address.kind == "postgresql":
            import psycopg

            return psycopg.connect(self._address.target)
        connection = sqlite3.connect(
            self._address.target, timeout=self._busy / 1_000, isolation_level=None, check_same_thread=False
        )
        for pragma in PRAGMAS:
            connection.execute(pragma)
        return connection

    def _lives(self, connection: Any) -> bool:
        """A server may have started again since; a file is always there."""
        if self._address.kind == "sqlite":
            return True
        try:
            connection.execute("SELECT 1")
        except self._operational():
            connection.close()
            return False
        return True

    def _put_back(self, connection: Any) -> None:
        with self._lock:
            if len(self._idle) < _KEPT:
                self._idle.append(connection)
                return
        connection.close()

    def _operational(self) -> type[Exception]:
        if self._address.kind == "sqlite":
            return sqlite3.OperationalError
        import psycopg

        return psycopg.OperationalError

    def close(self) -> None:
        """Give all of them back."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()
