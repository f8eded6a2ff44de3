"""What a feed says of when to ask again. Pure."""

from __future__ import annotations

import re
from typing import Any

from watch.model import Rests

_HOURS = {"hourly": 1.0, "daily": 24.0, "weekly": 168.0, "monthly": 720.0, "yearly": 8760.0}
_DAYS = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
_SKIPPED = re.compile(r"<skip(Hours|Days)\s*>(.{0,3000}?)</skip\1\s*>", re.IGNORECASE | re.DOTALL)
_HOUR = re.compile(r"<hour\s*>\s*(\d{1,2})\s*</hour\s*>", re.IGNORECASE)
_DAY = re.compile(r"<day\s*>\s*([a-z]{3})[a-z]{0,9}\s*</day\s*>", re.IGNORECASE)


def hint(feed: Any) -> float | None:
    """The feed's own rhythm in seconds: `ttl` (minutes), `sy:updatePeriod` over `sy:updateFrequency`."""
    ttl = str(feed.get("ttl") or "").strip()
    if ttl.isascii() and ttl.isdigit() and len(ttl) < 8:
        return int(ttl) * 60.0
    hours = _HOURS.get(str(feed.get("sy_updateperiod") or "").strip().lower())
    times = str(feed.get("sy_updatefrequency") or "1").strip()
    if hours is None or not (times.isascii() and times.isdigit() and 0 < len(times) < 6 and int(times)):
        return None
    return hours * 3600 / int(times)


def rests(document: str) -> Rests | None:
    """The hours and days in which the publisher writes nothing (`skipHours`, `skipDays`; in GMT); None without any.

    All hours or all days are no rest: such a feed would never be asked.
    """
    if "<skip" not in document and "<SKIP" not in document:
        return None
    found = {name.lower(): inside for name, inside in _SKIPPED.findall(document)}
    # Of RSS 0.91: 24 is midnight.
    hours = {int(hour) % 24 for hour in _HOUR.findall(found.get("hours", "")) if int(hour) <= 24}
    days = {_DAYS[name.lower()] for name in _DAY.findall(found.get("days", "")) if name.lower() in _DAYS}
    kept = Rests(tuple(sorted(hours)) if len(hours) < 24 else (), tuple(sorted(days)) if len(days) < 7 else ())
    return kept if kept.hours or kept.days else None
