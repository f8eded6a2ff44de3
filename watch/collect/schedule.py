"""When a source is polled again. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import blake2b

from watch.model import Rests

FLOOR = 15 * 60.0
"""No source is asked more often than this, in seconds, whoever wishes it."""
USUAL_FLOOR = 30 * 60.0
"""Nor more often than this, unless the operator's own interval is shorter; jitter does not go below either."""
MAX_SERVER_HINT = 7 * 86_400.0
MAX_FEED_HINT = 86_400.0
MAX_BACK_OFF = 86_400.0
LONG_DEAD = timedelta(days=30)
MAX_QUIET = 6 * 3_600.0
_QUIET = 24
_JITTER = 0.10


def next_poll(
    name: str,
    now: datetime,
    *,
    every: float = 3_600.0,
    quiet_for: timedelta = timedelta(),
    failures: int = 0,
    fresh_for: float | None = None,
    poll_hint: float | None = None,
    rests: Rests | None = None,
    retry_after: float | None = None,
    failing_for: timedelta = timedelta(),
) -> datetime:
    """The time of the next poll of the source `name`, which was polled at `now`; all spans in seconds.

    `every` is the operator's interval, not under 15 minutes. A source that has brought nothing new for `quiet_for`
    is asked at a 24th of that, if it is longer, up to every 6 hours: its own rhythm, until it speaks again.
    `fresh_for` (Cache-Control, Expires) and `retry_after` are the server's wishes, heeded up to 7 days; `poll_hint`
    (ttl, sy:) and `rests` (skipHours, skipDays) the feed's, up to 24 h.
    After `failures` in a row: `every` x 2^(failures-1), up to 24 h, or to 7 days when `failing_for` is over 30
    days. Jitter is ±10 %, fixed by the name, and never goes below a wish or a back-off.
    """
    base = max(every, FLOOR)
    jitter = _jitter(name)
    wishes = [
        min(base, USUAL_FLOOR),
        max(base, min(quiet_for.total_seconds() / _QUIET, MAX_QUIET)) * (1 + jitter),
        min(max(fresh_for or 0, 0), MAX_SERVER_HINT),
        min(max(poll_hint or 0, 0), MAX_FEED_HINT),
        min(max(retry_after or 0, 0), MAX_SERVER_HINT),
    ]
    if failures:
        wishes.append(_back_off(base, failures, failing_for, abs(jitter)))
    at = now + timedelta(seconds=min(max(wishes), MAX_SERVER_HINT))
    return _after_rest(at, rests, now + timedelta(seconds=MAX_FEED_HINT)) if rests else at


def _after_rest(at: datetime, rests: Rests, latest: datetime) -> datetime:
    """`at`, or the first full hour after it in which the feed does not rest; `latest` (or `at`) when there is none."""
    awake = at
    while awake.hour in rests.hours or awake.weekday() in rests.days:
        awake = awake.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        if awake >= latest:
            return max(at, latest)
    return awake


def _back_off(base: float, failures: int, failing_for: timedelta, jitter: float) -> float:
    most = MAX_SERVER_HINT if failing_for > LONG_DEAD else max(MAX_BACK_OFF, base)
    wait = most if failing_for > LONG_DEAD else base * 2.0 ** min(failures - 1, 20)
    # Spread upwards while it grows, downwards at the end: who is asked daily is asked every day.
    return min(wait * (1 + jitter), most * (1 - jitter))


def _jitter(name: str) -> float:
    """-0.1 to 0.1, the same for the same name on every machine."""
    number = int.from_bytes(blake2b(name.encode(), digest_size=4).digest(), "big")
    return _JITTER * (number / 0xFFFFFFFF * 2 - 1)
