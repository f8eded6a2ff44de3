"""The store: the only room that knows SQL.

`Store.open(url)` gives a store on SQLite (a file, WAL) or PostgreSQL; `with store.session() as session` is one
transaction: committed at the end, rolled back on an exception. Queries are functions with a domain name in the
modules beside this one; each takes the session first.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import Session

from watch.errors import StoreError
from watch.store import engine as engines
from watch.store import upgrade as upgrades


@dataclass(frozen=True, slots=True)
class Store:
    """A database that is open and at the newest schema."""

    engine: Engine
    url: str

    @classmethod
    def open(cls, url: str, *, upgrade: bool = True) -> Self:
        """Open `url` (`sqlite:///file` or `postgresql://…`), creating and upgrading it unless told not to.

        Raises StoreError with one sentence when it cannot be reached, written or upgraded.
        """
        engine = engines.connect(url)
        try:
            if upgrade:
                upgrades.to_head(engine)
            else:
                upgrades.check(engine)
        except DBAPIError as error:
            raise StoreError(engines.explain(url, error)) from error
        return cls(engine=engine, url=url)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """One transaction. Raises StoreError, `passing`, when the database is locked, full or away."""
        with self._explained(), Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads: it sees one state of the store and never waits for a writer."""
        deferred = self.engine.execution_options(begin="DEFERRED")
        with self._explained(), Session(deferred, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OperationalError as error:
            # Class 54 of PostgreSQL: this very row is too much for it, and will be at every try.
            too_much = str(getattr(error.orig, "sqlstate", None)).startswith("54")
            raise StoreError(engines.explain(self.url, error), passing=not too_much) from error

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.engine.dialect.name
