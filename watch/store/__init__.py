"""The store: the only room that knows SQL.

`Store.open(url)` gives a store on SQLite (a file, WAL) or PostgreSQL; `with store.session() as session` is one
transaction: committed at the end, rolled back on an exception; `with store.plain() as plain` is one too, for polling,
which SQLAlchemy would slow down (see `store.plain`). Queries are functions with a domain name in the modules beside
this one; each takes the session, or the plain transaction, first.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Literal, Self

from watch.errors import StoreError
from watch.store import schema
from watch.store.address import Address
from watch.store.connections import BUSY, Connections
from watch.store.plain import Plain

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlmodel import Session


class Store:
    """A database that is open and at the newest schema."""

    def __init__(self, url: str, *, busy: int = BUSY) -> None:
        self.url = url
        self.address = Address.read(url)
        self._connections = Connections(self.address, busy=busy)

    @classmethod
    def open(cls, url: str, *, upgrade: bool = True, busy: int = BUSY) -> Self:
        """Open `url` (`sqlite:///file` or `postgresql://…`), creating and upgrading it unless told not to.

        `busy` is in milliseconds: how long SQLite waits for another writer. Raises StoreError with one sentence when it
        cannot be reached, written or upgraded.
        """
        store = cls(url, busy=busy)
        if not store.is_newest():
            if not upgrade:
                raise StoreError("the database needs `hune db upgrade`")
            store._upgrade()
        return store

    def is_newest(self) -> bool:
        """Whether the schema is the one this version needs; asked without waiting for a writer. Raises StoreError."""
        try:
            with self.plain(reading=True) as plain:
                return schema.is_newest(plain)
        except StoreError:
            raise
        except Exception as error:
            raise StoreError(self.address.explain(error)) from error

    def _upgrade(self) -> None:
        from watch.store.creation import create

        with self.plain() as plain:
            if create(plain):
                return
        from sqlalchemy.exc import DBAPIError

        from watch.store.upgrade import to_head

        try:
            to_head(self.engine)
        except DBAPIError as error:
            raise StoreError(self.address.explain(error.orig or error)) from error

    @cached_property
    def engine(self) -> Engine:
        """SQLAlchemy's way to the database."""
        from watch.store.engine import connect

        return connect(self.url)

    def plain(self, *, reading: bool = False) -> AbstractContextManager[Plain]:
        """One transaction in plain SQL. Raises StoreError, `passing`, when the database is locked, full or away."""
        return self._connections.transaction(reading=reading)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """One transaction. Raises StoreError, `passing`, when the database is locked, full or away."""
        from sqlmodel import Session

        with self._explained(), Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads: it sees one state of the store and never waits for a writer."""
        from sqlmodel import Session

        deferred = self.engine.execution_options(begin="DEFERRED")
        with self._explained(), Session(deferred, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def _explained(self) -> Iterator[None]:
        from sqlalchemy.exc import OperationalError

        try:
            yield
        except OperationalError as error:
            raise self.address.refusal(error.orig or error) from error

    def close(self) -> None:
        """Give the connections back."""
        self._connections.close()
        if "engine" in self.__dict__:
            self.engine.dispose()

    @property
    def dialect(self) -> Literal["sqlite", "postgresql"]:
        """Which database it is."""
        return self.address.kind
