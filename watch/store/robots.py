"""The robots.txt of sites, kept for as long as they may be believed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from watch.store.plain import Plain


@dataclass(frozen=True, slots=True)
class Kept:
    """What a site said when it was last asked; `status` None: it could not be reached. See `tables.Robots`."""

    origin: str
    status: int | None
    text: str
    asked_at: datetime


_SELECT = "SELECT origin, status, text, asked_at FROM robots WHERE"


def get(plain: Plain, origin: str) -> Kept | None:
    """What `origin` (`https://host:port`) said when it was last asked."""
    found = plain.rows(f"{_SELECT} origin = ?", [origin])
    return _kept(plain, found[0]) if found else None


def naming(plain: Plain, word: str) -> list[Kept]:
    """Those that hold `word` (lower case), of whatever age."""
    return [_kept(plain, row) for row in plain.rows(f"{_SELECT} lower(text) LIKE ?", [f"%{word}%"])]


def put(plain: Plain, origin: str, *, status: int | None, text: str, asked_at: datetime) -> None:
    """Keep what `origin` said: `status` None when it could not be reached, `text` the file."""
    plain.run(
        "INSERT INTO robots (origin, status, text, asked_at) VALUES (?, ?, ?, ?) ON CONFLICT (origin) "
        "DO UPDATE SET status = excluded.status, text = excluded.text, asked_at = excluded.asked_at",
        [origin, status, text, plain.time(asked_at)],
    )


def _kept(plain: Plain, row: tuple[Any, ...]) -> Kept:
    asked_at = plain.moment(row[3])
    assert asked_at is not None
    return Kept(row[0], row[1], row[2], asked_at)
