"""When the demo ticks the pipeline: coarse while all is calm, hour by hour in the crisis (pure)."""

from __future__ import annotations

from datetime import datetime

from watch.demo.rhythm import DAYS, plot_moment

# From how many days back, until how many, at which local hours. The digest leaves at 07:30, so that the tick after it
# sends it; nights are skipped where nothing happens.
_STRETCHES: tuple[tuple[int, int, tuple[int, ...]], ...] = (
    (DAYS, 36, (8,)),
    (35, 34, (8, 12, 16, 20)),  # the prize: many at once, and no reason for an alert
    (33, 22, (8,)),
    (21, 18, (8, 14, 20)),  # the forum goes dark and comes back
    (17, 5, (8, 20)),
    (4, 4, (8, 14, 20)),
    (3, 3, (8, 11, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23)),
    (2, 2, (0, 2, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23)),
    (1, 1, (0, 2, 5, *range(7, 24))),
    (0, 0, (0, 2, 5, *range(7, 24))),
)
# A little after the hour, when what was published on the hour is there, and after the digest's half hour.
_MINUTE = 35


def moments(now: datetime) -> list[datetime]:
    """The ticks of the demo (UTC, rising), the last one at `now`; some 130 of them."""
    ticks = [
        plot_moment(f"-{day}d{hour:02}h{_MINUTE}m", now)
        for first, last, hours in _STRETCHES
        for day in range(first, last - 1, -1)
        for hour in hours
    ]
    return [*(tick for tick in ticks if tick < now), now]
