"""When a digest is due, and what period it tells of (pure).

A digest belongs to a local day and is due at an hour on the wall. The rules of the changes of hour: an hour that does
not exist that day (02:30 in spring) becomes the first moment that does (03:00); an hour that exists twice is the first
of the two. A period goes from where the last one ended to the newest hour that has come, so that after three days of
silence one late digest covers all of them, and no moment is in two digests or in none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from watch.config import DigestConfig

LATE = timedelta(minutes=30)
"""A digest built this long after its hour says that it is late."""
AHEAD = timedelta(days=2)
"""A mark further in the future than this was left by a clock that was wrong, and is not believed (bar E19)."""
_WRITTEN = datetime(2026, 1, 1, tzinfo=UTC)  # Hune is younger: a clock from before has not been set yet


@dataclass(frozen=True, slots=True)
class Period:
    """[`since`, `until`) in UTC, told on the local `day`; `late`: the hour had come a while ago."""

    day: date
    since: datetime
    until: datetime
    late: bool = False


def due(
    plan: DigestConfig, zone: str, told_until: datetime, now: datetime, *, last_day: date | None = None
) -> Period | None:
    """The period to tell now, or None.

    `told_until` is where the last period ended; `last_day` the newest local day that has its digest, which keeps a
    day single when the hour or the zone of the plan changes. A clock that was wrong once, ahead or in 1970, silences
    nothing: see AHEAD.
    """
    if now < _WRITTEN:
        return None
    day, until = latest(plan, zone, now)
    if told_until > now + AHEAD:
        told_until = now - timedelta(days=1)
    if last_day is not None and last_day > believed(now):
        last_day = None
    if until <= told_until or (last_day is not None and day <= last_day):
        return None
    return Period(day=day, since=told_until, until=until, late=now - until > LATE)


def believed(now: datetime) -> date:
    """The last day that may have its digest at `now`, in any zone."""
    return (now + AHEAD).date()


def window(plan: DigestConfig, zone: str, day: date, now: datetime) -> Period:
    """The period a digest of `day` tells of: up to its hour, or up to `now` where that has not come yet."""
    until = min(instant(day, plan.at, zone), now)
    _, since = latest(plan, zone, until - timedelta(microseconds=1))
    return Period(day=day, since=since, until=until)


def latest(plan: DigestConfig, zone: str, now: datetime) -> tuple[date, datetime]:
    """The newest (local day, instant) of the plan that is not after `now`."""
    # One day ahead: an hour that a change of hour moved may fall on the eve or the morrow.
    day = now.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
    days = plan.days or frozenset(range(7))
    while day.weekday() not in days or instant(day, plan.at, zone) > now:
        day -= timedelta(days=1)
    return day, instant(day, plan.at, zone)


def instant(day: date, at: time, zone: str) -> datetime:
    """The moment, in UTC, when clocks of `zone` first show `at` or more on `day`."""
    wall = datetime.combine(day, at, tzinfo=ZoneInfo(zone))
    moment = wall.astimezone(UTC)
    if moment.astimezone(wall.tzinfo).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return moment
    # PEP 495: a time in a gap maps to after it with fold 0, and to before it with fold 1.
    return _jump(wall.replace(fold=1).astimezone(UTC), moment, ZoneInfo(zone))


def _jump(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The second at which the offset of `zone` changes between the two."""
    offset = after.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after
