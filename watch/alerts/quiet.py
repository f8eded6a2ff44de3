"""When a message may leave: now, or when the quiet hours are over (pure)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from watch.model import Severity


def due_at(quiet: str | None, severity: Severity, now: datetime, zone: ZoneInfo) -> datetime:
    """`now`, unless it falls into `quiet` ("22:00-07:00", local): then their end. Critical does not wait."""
    if not quiet or severity == "critical":
        return now
    start, end = (time.fromisoformat(part) for part in quiet.split("-"))
    local = now.astimezone(zone)
    if not _within(local.time(), start, end):
        return now
    day = local.date() + timedelta(days=local.time() >= end)
    return datetime.combine(day, end, tzinfo=zone).astimezone(now.tzinfo)


def _within(at: time, start: time, end: time) -> bool:
    return start <= at < end if start <= end else at >= start or at < end
