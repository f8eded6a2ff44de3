"""Dates of the wild to UTC, or None. Pure."""

from __future__ import annotations

import calendar
import re
import time
from datetime import UTC, datetime, timedelta
from unicodedata import normalize

_EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)
_LATEST = datetime(2200, 1, 1, tzinfo=UTC)

_MONTH = r"(?P<month>[a-z]{3,12})\b\.?"
_DAY = r"(?<!\d)(?P<day>\d{1,2})(?:er|st|nd|rd|th|o|a)?"
_NUMBERED = re.compile(
    r"\s*(?P<year>\d{4})(?P<sep>[-/.]?)(?:(?P<month>\d\d?)(?P=sep)(?P<day>\d\d?)|(?P<ordinal>\d{3})"
    r"|W(?P<week>\d\d)(?P=sep)(?P<weekday>[1-7]))(?!\d)",
    re.IGNORECASE,
)
_IN_WORDS = (
    re.compile(rf"{_DAY}[ .,-]+(?:de )?{_MONTH}[ ,.-]*(?:del? )?(?<=[ ,.-])(?P<year>\d{{4}}|\d\d)\b", re.IGNORECASE),
    re.compile(rf"\b{_MONTH} {{1,3}}{_DAY},? {{1,3}}(?P<year>\d{{4}})\b", re.IGNORECASE),
    # As `date` and asctime write it: the clock is in the middle.
    re.compile(rf"\b{_MONTH} {{1,3}}{_DAY} .{{5,30}} (?P<year>\d{{4}})\s*$", re.IGNORECASE),
    # Dots are not written by those who write the month first.
    re.compile(r"(?<![\d.])(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})\b"),
)
_CLOCK = re.compile(
    r"(?<![\d+-])(?P<hour>\d{1,2}) ?[:h.] ?(?P<minute>\d\d)(?:[:.](?P<second>\d\d)(?:[.,]\d{1,9})?)?(?!\d)"
    r"(?: ?(?P<half>[ap])\.?m\b\.?)?",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"T(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?(?P<half>)(?!\d)", re.IGNORECASE)
# In capitals: `est` is a word.
_ZONE = re.compile(
    r"\s?\(?(?:(?:GMT|UTC?)?\s?(?P<sign>[+-])(?P<hours>\d\d?)(?::?(?P<minutes>\d\d))?(?!\d)|(?P<name>[A-Z]{1,5})\b)"
)
_MONTHS = {
    "jan": 1, "ene": 1, "gen": 1, "feb": 2, "fev": 2, "mar": 3, "maa": 3, "mrt": 3, "apr": 4, "avr": 4, "abr": 4,
    "may": 5, "mai": 5, "mag": 5, "mei": 5, "maj": 5, "jun": 6, "juin": 6, "giu": 6, "jul": 7, "juil": 7, "lug": 7,
    "aug": 8, "aou": 8, "ago": 8, "sep": 9, "set": 9, "oct": 10, "okt": 10, "ott": 10, "out": 10, "nov": 11,
    "dec": 12, "dez": 12, "dic": 12, "des": 12,
}  # fmt: skip
# Hours east of Greenwich. BST is British, IST Indian; of other names that several places use, those in America.
_ZONES = {
    "WEST": 1, "BST": 1, "CET": 1, "CEST": 2, "MET": 1, "MEST": 2, "MEZ": 1, "MESZ": 2, "EET": 2, "EEST": 3, "MSK": 3,
    "SAST": 2, "IST": 5.5, "HKT": 8, "SGT": 8, "AWST": 8, "JST": 9, "KST": 9, "ACST": 9.5, "ACDT": 10.5, "AEST": 10,
    "AEDT": 11, "NZST": 12, "NZDT": 13, "BRT": -3, "NST": -3.5, "NDT": -2.5, "AST": -4, "ADT": -3, "EST": -5,
    "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10,
}  # fmt: skip


def parse(text: object) -> datetime | None:
    """An ISO 8601, RFC 5322 or written date (`parse_words`); None for what is none, or lies outside 1980 to 2200."""
    if not isinstance(text, str) or not 8 <= len(text := text.strip()) <= 64:
        return None
    try:
        return plausible(datetime.fromisoformat(text))
    except ValueError:
        found = _NUMBERED.match(text)
    return _clocked(found, text[found.end() :]) if found else parse_words(text)


def is_numbered(text: object) -> bool:
    """Whether `text` is written as ISO 8601 writes: where `parse` makes nothing of it, nobody should guess."""
    return isinstance(text, str) and _NUMBERED.match(text) is not None


def parse_words(text: object) -> datetime | None:
    """A date with its month in words, as in `lundi 4 mars 2024 09:15`, `Di, 03 Dez 2024 04:05:06 +0100`; or None.

    Months are known in English, French, German, Spanish, Italian, Dutch and Portuguese. Without a zone, it is UTC.
    """
    if not isinstance(text, str) or not 8 <= len(text) <= 100:
        return None
    plain = _plain(text)
    for form in _IN_WORDS:
        if (found := form.search(plain)) and _month(found["month"]):
            # The year of asctime stands last.
            return _clocked(found, plain[found.end("month") if found.end() == len(plain) else found.end() :])
    return None


def _clocked(found: re.Match[str], rest: str) -> datetime | None:
    clock = _CLOCK.search(rest) or _COMPACT.match(rest)
    try:
        return plausible(_day(found) + (_time(clock) - _offset(rest[clock.end() :]) if clock else timedelta()))
    except (ValueError, OverflowError):
        return None


def _day(found: re.Match[str]) -> datetime:
    parts = found.groupdict()
    year = int(parts["year"])
    if parts.get("week"):
        return datetime.fromisocalendar(year, int(parts["week"]), int(parts["weekday"])).replace(tzinfo=UTC)
    if parts.get("ordinal"):
        return datetime(year, 1, 1, tzinfo=UTC) + timedelta(days=int(parts["ordinal"]) - 1)
    if len(parts["year"]) == 2:
        year += 1900 if year >= 70 else 2000
    return datetime(year, _month(parts["month"]), int(parts["day"]), tzinfo=UTC)


def _month(word: str) -> int:
    if word.isdigit():
        return int(word)
    name = word.lower()
    return _MONTHS.get(name[:4]) or _MONTHS.get(name[:3], 0)


def _time(clock: re.Match[str]) -> timedelta:
    hour, minute, second = int(clock["hour"]), int(clock["minute"]), int(clock["second"] or 0)
    if clock["half"]:
        hour = hour % 12 + (12 if clock["half"] in "pP" else 0)
    # 24:00 is the end of the day, and a leap second the next minute.
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and minute + second):
        raise ValueError("no time of day")
    return timedelta(hours=hour, minutes=minute, seconds=second)


def _offset(rest: str) -> timedelta:
    found = _ZONE.match(rest)
    if not found or found["name"]:
        return timedelta(hours=_ZONES.get(found["name"], 0) if found else 0)
    hours = int(found["hours"]) + int(found["minutes"] or 0) / 60
    if hours > 24:
        raise ValueError("no zone")
    return timedelta(hours=-hours if found["sign"] == "-" else hours)


def _plain(text: str) -> str:
    if text.isascii():
        return text
    return "".join(letter for letter in normalize("NFKD", text) if not "\u0300" <= letter <= "\u036f")


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
