"""Dates of the wild to UTC, or None. Pure."""

from __future__ import annotations

import calendar
import re
import time
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)
_LATEST = datetime(2200, 1, 1, tzinfo=UTC)

_CLOCK = r"(?:[^\d+]{1,4}(?P<hour>\d{1,2})\s?[:h]\s?(?P<minute>\d{2}))?"
_DAY_FIRST = re.compile(
    r"\b(?P<day>\d{1,2})(?:er)?[ .-]+(?P<month>[a-zéûè]{3,10})\.?[ ,.-]+(?P<year>\d{4}|\d{2})\b" + _CLOCK
)
_MONTH_FIRST = re.compile(r"\b(?P<month>[a-zéûè]{3,10})\.? (?P<day>\d{1,2}),? (?P<year>\d{4})\b" + _CLOCK)
_ZONE = re.compile(r"([+-])(\d{2}):?(\d{2})\b")
_NAMES = (
    ("jan", "janv"), ("feb", "fev"), ("mar", "mars"), ("apr", "avr"), ("may", "mai"), ("jun", "juin"),
    ("jul", "juil"), ("aug", "aou"), ("sep", "sept"), ("oct",), ("nov",), ("dec",),
)  # fmt: skip
_MONTHS = {name: number for number, names in enumerate(_NAMES, 1) for name in names}


def parse(text: object) -> datetime | None:
    """An ISO 8601 or RFC 5322 date; None for what is none, or lies outside 1980 to 2200."""
    if not isinstance(text, str) or not 8 <= len(text := text.strip()) <= 64:
        return None
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return plausible(read(text))
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def parse_words(text: object) -> datetime | None:
    """A date with the month in French or English words, `lundi 4 mars 2024 09:15`, `Nov 20, 2026`; or None."""
    if not isinstance(text, str) or not 8 <= len(text) <= 100:
        return None
    found = _DAY_FIRST.search(text.lower()) or _MONTH_FIRST.search(text.lower())
    month = _MONTHS.get(_plain(found["month"])[:4]) or _MONTHS.get(_plain(found["month"])[:3]) if found else None
    if found is None or month is None:
        return None
    year = int(found["year"]) + (2000 if len(found["year"]) == 2 else 0)
    hour, minute = int(found["hour"] or 0), int(found["minute"] or 0)
    try:
        local = datetime(year, month, int(found["day"]), hour, minute, tzinfo=UTC)
        return plausible(local - _offset(text))
    except (ValueError, OverflowError):
        return None


def _offset(text: str) -> timedelta:
    found = _ZONE.search(text)
    if not found:
        return timedelta()
    minutes = int(found[2]) * 60 + int(found[3])
    return timedelta(minutes=-minutes if found[1] == "-" else minutes)


def _plain(word: str) -> str:
    return word.replace("é", "e").replace("û", "u").replace("è", "e")


def of_struct(value: time.struct_time | None) -> datetime | None:
    """feedparser's time, which is UTC; None when absurd."""
    if value is None:
        return None
    try:
        return plausible(datetime.fromtimestamp(calendar.timegm(value), UTC))
    except (ValueError, OverflowError, OSError, TypeError):
        return None


def plausible(value: datetime) -> datetime | None:
    """`value` in UTC (a naive one is taken as UTC), or None when nobody can have published then."""
    try:
        aware = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return aware if _EARLIEST <= aware < _LATEST else None
