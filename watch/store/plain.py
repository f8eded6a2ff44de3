"""Plain SQL for the hot path: what a sweep of thousands of sources reads and writes.

Everything else speaks through SQLModel. Polling does not, for two reasons that were measured: rows written through the
driver itself cost a quarter, and a `hune poll` that finds nothing new is over before SQLAlchemy would be imported.

Statements are written with `?`. Times are aware datetimes here and what `types.UtcDateTime` makes of them there.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlmodel import Session

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_AT_ONCE = 250  # rows of one INSERT: SQLite takes 32,766 values in a statement


class Plain:
    """One transaction, on a connection of `sqlite3` or psycopg."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.is_postgresql = not isinstance(connection, sqlite3.Connection)

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """What a SELECT (or RETURNING) gives."""
        found: list[tuple[Any, ...]] = self._cursor(statement, values).fetchall()
        return found

    def run(self, statement: str, values: Sequence[Any] = ()) -> int:
        """Change rows; how many."""
        count: int = self._cursor(statement, values).rowcount
        return count

    def many(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """The same change for each of `rows`."""
        self.connection.cursor().executemany(self._spelled(statement), rows)

    def insert(self, into: str, rows: Sequence[Sequence[Any]], after: str) -> list[tuple[Any, ...]]:
        """INSERT `rows` `into` a table, given with its columns; what the RETURNING of `after` gives, if it has one."""
        found: list[tuple[Any, ...]] = []
        for start in range(0, len(rows), _AT_ONCE):
            some = rows[start : start + _AT_ONCE]
            marks = ",".join(["(" + ",".join("?" * len(some[0])) + ")"] * len(some))
            statement = f"INSERT INTO {into} VALUES {marks} {after}"
            cursor = self._cursor(statement, [value for row in some for value in row])
            found += cursor.fetchall() if cursor.description else []
        return found

    def among(self, column: str, values: Sequence[Any]) -> tuple[str, Any]:
        """A condition that `column` is one of `values`, and the one value to give for its `?`."""
        if self.is_postgresql:
            return f"{column} = ANY(?)", list(values)
        return f"{column} IN (SELECT value FROM json_each(?))", json.dumps(list(values))

    def table(self, name: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        """A whole table, for small ones: its columns, and its rows by id."""
        cursor = self._cursor(f"SELECT * FROM {name} ORDER BY id", ())
        return [column[0] for column in cursor.description], cursor.fetchall()

    def alone(self, what: str) -> None:
        """Until the transaction ends, nobody else does `what`; SQLite has one writer at a time anyway."""
        if self.is_postgresql:
            self.rows("SELECT pg_advisory_xact_lock(hashtext(?))", [what])

    def value(self, value: Any) -> Any:
        """A value on its way to a column of its type: times, days, and lists and mappings as JSON."""
        if isinstance(value, list | tuple | dict):
            return json.dumps(value)
        if isinstance(value, datetime):
            return self.time(value)
        if isinstance(value, date) and not self.is_postgresql:
            return value.isoformat()
        return value

    def time(self, value: datetime | None) -> Any:
        """A time on its way to the database. Raises ValueError for a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone: {value!r}")
        return value if self.is_postgresql else (value - _EPOCH) // _MICROSECOND

    def moment(self, value: Any) -> datetime | None:
        """A time that came from the database: aware, UTC."""
        if value is None:
            return None
        return value.astimezone(UTC) if isinstance(value, datetime) else _EPOCH + value * _MICROSECOND

    def _cursor(self, statement: str, values: Sequence[Any]) -> Any:
        return self.connection.cursor().execute(self._spelled(statement), values)

    def _spelled(self, statement: str) -> str:
        return statement.replace("?", "%s") if self.is_postgresql else statement


def decoded(value: Any) -> Any:
    """A JSON column: text from SQLite, decoded already from PostgreSQL."""
    return json.loads(value) if isinstance(value, str | bytes) else value


def plain_of(within: Session | Plain) -> Plain:
    """Plain SQL in the transaction of a session."""
    return within if isinstance(within, Plain) else Plain(within.connection().connection.driver_connection)
