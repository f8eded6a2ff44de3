"""The small notations of sources.toml: durations, hours, days, budgets of false alarms."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from ipaddress import ip_network
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BeforeValidator, Field, PlainSerializer

from watch.errors import QueryError
from watch.query import parse as parse_query
from watch.query import phrase

_UNITS = {
    "m": timedelta(minutes=1),
    "min": timedelta(minutes=1),
    "minute": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "hour": timedelta(hours=1),
    "d": timedelta(days=1),
    "day": timedelta(days=1),
    "w": timedelta(weeks=1),
    "week": timedelta(weeks=1),
    "month": timedelta(days=365.25 / 12),
    "year": timedelta(days=365.25),
}
_FLOOR = timedelta(minutes=15)
_DURATION = re.compile(r"\s*(\d{1,5})\s*([a-z]+?)s?\s*", re.ASCII)
_HOUR = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)
_BUDGET = re.compile(r"(\d{1,3})/(week|month|quarter|year)", re.ASCII)
_A_MONTH = {"week": 365.25 / 12 / 7, "month": 1.0, "quarter": 1 / 3, "year": 1 / 12}
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def duration(value: object) -> timedelta:
    """`"30m"`, `"4h"`, `"13 months"` → timedelta; ValueError for anything else."""
    if isinstance(value, timedelta):
        return value
    found = _DURATION.fullmatch(value) if isinstance(value, str) else None
    unit = _UNITS.get(found[2]) if found else None
    if not found or not unit:
        raise ValueError(f'{value!r} is no duration; write "30m", "4h", "2 days" or "13 months"')
    return int(found[1]) * unit


def hour(value: object) -> time:
    """`"07:30"` → time of day on the wall; ValueError for anything else."""
    if isinstance(value, time):
        return value
    found = _HOUR.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise ValueError(f'{value!r} is no hour; write "07:30"')
    return time(int(found[1]), int(found[2]))


def quiet_hours(value: object) -> str:
    """`"22:00-07:00"`, checked and kept as text; ValueError for anything else."""
    start, dash, end = value.partition("-") if isinstance(value, str) else ("", "", "")
    if not dash:
        raise ValueError(f'{value!r} are no quiet hours; write "22:00-07:00"')
    return f"{hour(start.strip()):%H:%M}-{hour(end.strip()):%H:%M}"


def weekdays(value: object) -> frozenset[int]:
    """`"mon-fri"`, `"mon,thu"`, `"daily"` → weekdays, Monday 0; ValueError for anything else."""
    if isinstance(value, (set, frozenset)):
        return frozenset(value)
    if value in ("daily", "every day"):
        return frozenset(range(7))
    days: set[int] = set()
    for part in str(value).split(","):
        days |= _stretch(*part.strip().partition("-"))
    return frozenset(days)


def _stretch(first: str, dash: str, last: str) -> set[int]:
    try:
        start = WEEKDAYS.index(first)
        end = WEEKDAYS.index(last) if dash else start
    except ValueError:
        raise ValueError(f'{first + dash + last!r} are no days; write "mon-fri", "mon,thu" or "daily"') from None
    return {(start + step) % 7 for step in range((end - start) % 7 + 1)}


def false_alarms(value: object) -> float:
    """`"1/month"`, `"1/week"` …, or a number a month → accepted false alarms a month; ValueError otherwise."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0.001 <= value <= 1000:
        return float(value)
    found = _BUDGET.fullmatch(value) if isinstance(value, str) else None
    if not found or int(found[1]) == 0:
        raise ValueError(f'{value!r} is no budget; write "1/week", "2/month", "1/month", "1/quarter" or "1/year"')
    return int(found[1]) * _A_MONTH[found[2]]


def zone(value: object) -> str:
    """The name of a time zone that exists; ValueError for anything else."""
    if not isinstance(value, str) or value not in available_timezones():
        raise ValueError(f'{value!r} is no time zone; write "Europe/Paris", "America/Montreal", "UTC"')
    return ZoneInfo(value).key


def query(value: object) -> str:
    """A query that can be read, kept as text; ValueError with the position for anything else."""
    if not isinstance(value, str):
        raise ValueError("a query is a text")
    try:
        parse_query(value)
    except QueryError as error:
        raise ValueError(str(error)) from error
    return value


def word(value: object) -> str:
    """A word or phrase, maybe with a star at the end, kept as text; ValueError with the position for anything else."""
    try:
        phrase(str(value))
    except QueryError as error:
        raise ValueError(str(error)) from error
    return str(value)


def allowed(value: object) -> str:
    """An address or network, with a port if wanted: `10.0.0.5:8080`, `192.168.1.0/24`; ValueError otherwise."""
    text = str(value)
    host, _, port = text.rpartition(":") if text.count(":") == 1 or "]:" in text else (text, "", "")
    try:
        ip_network(host.strip("[]"))
        if port and not 0 < int(port) < 65536:
            raise ValueError(port)
    except ValueError:
        raise ValueError(f'{text!r} is no address; write "10.0.0.5:8080" or "192.168.1.0/24"') from None
    return text


def day(value: object) -> date:
    """A date as TOML writes it, 2026-12-31; ValueError for anything else."""
    if type(value) is not date:
        raise ValueError(f"{value!r} is no date; write 2026-12-31 without quotes")
    return value


Duration = Annotated[timedelta, BeforeValidator(duration)]
Hour = Annotated[time, BeforeValidator(hour)]
QuietHours = Annotated[str, BeforeValidator(quiet_hours)]
Weekdays = Annotated[frozenset[int], BeforeValidator(weekdays), PlainSerializer(sorted)]
FalseAlarms = Annotated[float, BeforeValidator(false_alarms)]
Zone = Annotated[str, BeforeValidator(zone)]
Query = Annotated[str, BeforeValidator(query)]
Word = Annotated[str, Field(max_length=200), BeforeValidator(word)]
Allowed = Annotated[str, BeforeValidator(allowed)]
Day = Annotated[date, BeforeValidator(day)]


def not_under_the_floor(value: timedelta) -> timedelta:
    """An interval of polling as it is; raises ValueError for one under the floor."""
    if value < _FLOOR:
        raise ValueError("sources are asked every 15 minutes at most; write 15m or more")
    return value
