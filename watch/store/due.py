"""Sources as polling sees them: what is due, whose claim it is, what is to be left alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any, Protocol

from watch.errors import Refused
from watch.store.plain import Plain, decoded

LEASE = timedelta(minutes=30)
"""A claim that is older belongs to a process that died."""
MOVES_BELIEVED = 3
"""A permanent redirect is believed once it was seen on so many days (bar P20)."""
# No honest wait is longer (the cap on hints is 7 days, jitter included): a later time was written by a wrong clock.
_LONGEST_WAIT = timedelta(days=8)


@dataclass(frozen=True, slots=True)
class Due:
    """A row of `tables.Source`, as far as polling needs it; see there what its columns mean."""

    name: str
    id: int = 0
    kind: str = "feed"
    url: str | None = None
    lang: str | None = None
    every: int = 3600
    enabled: bool = True
    etag: bytes | None = None
    last_modified: bytes | None = None
    moved_to: str | None = None
    moved_days: int = 0
    failures: int = 0
    last_outcome: str | None = None
    last_failure: str | None = None
    last_message: str | None = None
    brands: Sequence[str] = ()
    tags: Sequence[str] = ()
    options: dict[str, Any] = field(default_factory=dict)
    page: dict[str, Any] | None = None
    created_at: datetime | None = None
    next_poll_at: datetime | None = None
    not_before: datetime | None = None
    moved_at: datetime | None = None
    first_success_at: datetime | None = None
    last_success_at: datetime | None = None
    last_new_at: datetime | None = None


_NAMES = tuple(one.name for one in fields(Due))
_COLUMNS = ", ".join(_NAMES)
_JSON = slice(_NAMES.index("brands"), _NAMES.index("page") + 1)
_TIMES = slice(_NAMES.index("created_at"), None)


class Asked(Protocol):
    """What tells which address is asked: a `Due`, or a row of the table."""

    @property
    def url(self) -> str | None: ...  # noqa: D102 - see tables.Source
    @property
    def moved_to(self) -> str | None: ...  # noqa: D102
    @property
    def moved_days(self) -> int: ...  # noqa: D102


def asked_address(source: Asked) -> str | None:
    """The address that is asked: where the source has moved to, once that is believed, else its own."""
    return source.moved_to if source.moved_days >= MOVES_BELIEVED and source.moved_to else source.url


def claim(
    plain: Plain,
    now: datetime,
    token: str,
    *,
    all: bool = False,
    only: str | None = None,
    after: int = 0,
    limit: int = 1_000,
) -> list[Due]:
    """Make due sources ours for a while, in the order of their ids from `after` on, and return them.

    `all` ignores due times, though never a Retry-After; `only` is the name of the one source that is meant. What has
    the address of a due source comes along, due or not: one request serves them all (bar P34).
    """
    may, values = _may(plain, now)
    condition, wanted = f"{may} AND id > ?", [*values, after]
    if not all:
        past, times = _past("next_poll_at", plain, now)
        condition, wanted = f"{condition} AND {past}", [*wanted, *times]
    if only is not None:
        condition, wanted = f"{condition} AND name = ?", [*wanted, only]
    taken = _take(plain, f"{condition} ORDER BY id LIMIT ?", [*wanted, limit], token, now)
    if taken and not all and only is None:
        twins = "url IN (SELECT url FROM source WHERE claim = ? AND url IS NOT NULL)"
        _take(plain, f"{may} AND id > ? AND {twins}", [*values, after, token], token, now)
    return _found(plain, "claim = ? AND id > ? ORDER BY id", [token, after])


def _take(plain: Plain, condition: str, values: Sequence[Any], token: str, now: datetime) -> int:
    # Two processes on PostgreSQL take different rows; SQLite has one writer at a time.
    apart = " FOR UPDATE SKIP LOCKED" if plain.is_postgresql else ""
    return plain.run(
        f"UPDATE source SET claim = ?, claimed_until = ? WHERE id IN (SELECT id FROM source WHERE {condition}{apart})",
        [token, plain.time(now + LEASE), *values],
    )


def waiting(plain: Plain, now: datetime, *, all: bool = False, only: str | None = None) -> list[Due]:
    """Active sources that a poll would skip: held, claimed, disabled or, unless `all` are meant, not due at `now`."""
    ready, values = _may(plain, now)
    if not all:
        past, times = _past("next_poll_at", plain, now)
        ready, values = f"{ready} AND {past}", [*values, *times]
    named, name = ("", []) if only is None else (" AND name = ?", [only])
    return _found(plain, f"active AND NOT ({ready}){named} ORDER BY name", [*values, *name])


def require(plain: Plain, name: str) -> None:
    """Raise Refused when there neither is nor was a source of this name."""
    if not plain.rows("SELECT 1 FROM source WHERE name = ?", [name]):
        raise Refused(f"there is no source {name!r}; `hune sources list` names them")


def switched_on(plain: Plain) -> list[Due]:
    """Every source that is declared and not switched off, by name."""
    return _found(plain, "active AND enabled ORDER BY name", [])


def _found(plain: Plain, condition: str, values: Sequence[Any]) -> list[Due]:
    rows = plain.rows(f"SELECT {_COLUMNS} FROM source WHERE {condition}", values)
    return [_due(plain, list(row)) for row in rows]


def _due(plain: Plain, row: list[Any]) -> Due:
    row[_JSON] = map(decoded, row[_JSON])
    row[_TIMES] = map(plain.moment, row[_TIMES])
    return Due(*row)


def _may(plain: Plain, now: datetime) -> tuple[str, list[Any]]:
    held, until = _past("not_before", plain, now)
    claimed, end = _past("claimed_until", plain, now)
    return f"active AND enabled AND {held} AND {claimed}", until + end


def _past(column: str, plain: Plain, now: datetime) -> tuple[str, list[Any]]:
    times = [plain.time(now), plain.time(now + _LONGEST_WAIT)]
    return f"({column} IS NULL OR {column} <= ? OR {column} > ?)", times


def held(plain: Plain, token: str, ids: Sequence[int]) -> set[int]:
    """Those of `ids` that are still ours; the others were taken over, and are not ours to write."""
    among, value = plain.among("id", ids)
    apart = " FOR UPDATE" if plain.is_postgresql else ""
    return {row[0] for row in plain.rows(f"SELECT id FROM source WHERE claim = ? AND {among}{apart}", [token, value])}


def give_back(plain: Plain, ids: Sequence[int], token: str) -> None:
    """End our claim on sources that were not polled after all."""
    among, value = plain.among("id", ids)
    plain.run(f"UPDATE source SET claim = NULL, claimed_until = NULL WHERE claim = ? AND {among}", [token, value])


def claims(plain: Plain) -> list[str]:
    """The tokens of all claims that stand."""
    return [row[0] for row in plain.rows("SELECT DISTINCT claim FROM source WHERE claim IS NOT NULL")]


def free(plain: Plain, tokens: Sequence[str]) -> None:
    """End these claims, whose owners are known to be dead."""
    among, value = plain.among("claim", tokens)
    plain.run(f"UPDATE source SET claim = NULL, claimed_until = NULL WHERE {among}", [value])


def hold(plain: Plain, ids: Sequence[int], until: datetime) -> None:
    """Do not ask these before `until`: their host asked for rest (bar P38)."""
    among, value = plain.among("id", ids)
    past, times = _past("not_before", plain, until)
    plain.run(f"UPDATE source SET not_before = ? WHERE {among} AND {past}", [plain.time(until), value, *times])


def addresses(plain: Plain) -> list[tuple[int, str]]:
    """(id, address that is asked) of every active source."""
    rows = _found(plain, "active AND url IS NOT NULL", [])
    return [(source.id, address) for source in rows if (address := asked_address(source))]
