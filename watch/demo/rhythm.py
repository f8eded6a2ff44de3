"""When the texts of the demo appear: the plot at its hours, the rest as people write (pure)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from math import ceil
from random import Random
from zoneinfo import ZoneInfo

from watch.demo.written import Text

ZONE = ZoneInfo("Europe/Paris")
DAYS = 60

_WHEN = re.compile(r"-(\d+)d(\d\d)h(\d\d)m")
_HOUR = timedelta(hours=1)
_DESK = ("press", "trade", "blog")
# Weights of the 24 local hours: newsrooms start early, people write at noon and after dinner.
_DESK_HOURS = (0, 0, 0, 0, 0, 1, 4, 6, 7, 8, 8, 6, 4, 4, 5, 5, 5, 5, 3, 2, 1, 1, 0, 0)
_HOME_HOURS = (1, 0, 0, 0, 0, 0, 1, 3, 4, 4, 4, 4, 6, 5, 4, 4, 4, 5, 7, 7, 8, 9, 6, 3)
_DESK_WEEKEND, _HOME_WEEKEND = 0.4, 1.1
# How far, in places of the queue, a text strays from the place that would spread all evenly.
_STRAY = 0.45
_BEFORE_THE_END = 1 - 1e-9  # a share of what is written; 1 would be an hour in which nobody writes


def midnight(now: datetime, *, days: int = 0) -> datetime:
    """00:00 in Paris, `days` before the local day of `now`, as UTC."""
    day = now.astimezone(ZONE).date() - timedelta(days=days)
    return datetime(day.year, day.month, day.day, tzinfo=ZONE).astimezone(UTC)


def plot_moment(when: str, now: datetime) -> datetime:
    """ "-3d14h20m" → 14:20 in Paris, three days before the local day of `now`, as UTC."""
    found = _WHEN.fullmatch(when)
    if not found:
        raise ValueError(f"{when!r} is no moment of the plot; write -3d14h20m")
    days, hours, minutes = (int(part) for part in found.groups())
    day = now.astimezone(ZONE).date() - timedelta(days=days)
    return datetime(day.year, day.month, day.day, hours, minutes, tzinfo=ZONE).astimezone(UTC)


def schedule(texts: Sequence[Text], now: datetime) -> list[tuple[datetime, Text]]:
    """Each text with its moment (UTC, before `now`), oldest first; the same for the same `now`."""
    plot = [(plot_moment(text.when, now), text) for text in texts if text.when]
    calm = [pair for group in _groups(texts) for pair in _spread(group, now)]
    return sorted([*plot, *calm], key=lambda pair: (pair[0], pair[1].id))


def _groups(texts: Iterable[Text]) -> list[list[Text]]:
    """Texts alike in brand and tone: each group is spread evenly, so that calm days stay calm."""
    groups: dict[tuple[str, str], list[Text]] = defaultdict(list)
    for text in texts:
        if not text.when:
            brand = "own" if text.brand == "several" else text.brand
            groups[brand, text.tone].append(text)
    return [groups[key] for key in sorted(groups)]


def _spread(group: list[Text], now: datetime) -> list[tuple[datetime, Text]]:
    # Seeded by what is in it: a text added to one group leaves the others where they were.
    random = Random(f"hune demo {group[0].id}")  # noqa: S311 - a stage needs no secrets
    queue = random.sample(group, len(group))
    rhythms = {at_desk: _hours(now, at_desk=at_desk) for at_desk in (True, False)}
    pairs = []
    for place, text in enumerate(queue):
        hours, reached = rhythms[text.kind in _DESK]
        share = min(max(random.gauss(place + 0.5, _STRAY) / len(queue), 0.0), _BEFORE_THE_END)
        hour = min(bisect_right(reached, share * reached[-1]), len(hours) - 1)
        pairs.append((_within(hours[hour], now, random), text))
    return pairs


def _hours(now: datetime, *, at_desk: bool) -> tuple[list[datetime], list[float]]:
    """The hours of the history that begin before `now`, and how much is written until the end of each."""
    start = midnight(now, days=DAYS)
    hours = [start + step * _HOUR for step in range(ceil((now - start) / _HOUR))]
    return hours, list(accumulate(_weight(hour, at_desk=at_desk) for hour in hours))


def _weight(hour: datetime, *, at_desk: bool) -> float:
    local = hour.astimezone(ZONE)
    by_hour = (_DESK_HOURS if at_desk else _HOME_HOURS)[local.hour]
    weekend = _DESK_WEEKEND if at_desk else _HOME_WEEKEND
    return by_hour * (weekend if local.weekday() >= 5 else 1.0)


def _within(hour: datetime, now: datetime, random: Random) -> datetime:
    """A second of that hour, before `now`."""
    room = min(3600, ceil((now - hour).total_seconds()))
    return hour + timedelta(seconds=random.randrange(room))
