"""Open, widen, hold, resolve: what a spike changes about an incident (pure).

Messages stay few: one when it opens, one a step of severity (at most two, three hours apart), one all-clear.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from watch.alerts.spike import Setting, threshold
from watch.model import Severity, Spike

Change = Literal["opened", "widened", "resolved"]

_STEP = 0.36  # of threshold: ten times rarer
_RANKS: tuple[Severity, ...] = ("warning", "high", "critical")
_REST = timedelta(hours=24)  # after an opening, before the next of the same rule
_BETWEEN = timedelta(hours=3)
_CALM = timedelta(hours=6)
_ALL_CLEAR = 0.5  # of the score at which it opens


@dataclass(frozen=True, slots=True)
class Held:
    """An incident that is open, as far as the next decision needs it."""

    opened_at: datetime
    severity: Severity
    spoke_at: datetime
    calm_since: datetime | None


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do now: a change worth telling, or only `calm_since` to remember."""

    change: Change | None
    severity: Severity
    calm_since: datetime | None = None


def severity(spike: Spike, setting: Setting) -> Severity:
    """How rare the spike is: warning where it opens, each further step of 0.36 is ten times rarer."""
    above = (spike.score - 1) * threshold(setting)
    # A hair of tolerance: a score is rounded to four digits.
    return _RANKS[min(2, max(0, int(above / _STEP + 1e-3)))]


def step(held: Held | None, last_opened: datetime | None, spike: Spike, setting: Setting, now: datetime) -> Decision:
    """What this spike means for the rule's open incident, or for the absence of one."""
    rank = severity(spike, setting)
    if held is None:
        rested = last_opened is None or now - last_opened >= _REST
        return Decision("opened" if spike.state == "open" and rested else None, rank)
    if spike.score < _ALL_CLEAR:
        return _calming(held, now)
    worse = _RANKS.index(rank) > _RANKS.index(held.severity)
    if worse and now - held.spoke_at >= _BETWEEN:
        return Decision("widened", rank)
    return Decision(None, held.severity)


def _calming(held: Held, now: datetime) -> Decision:
    since = held.calm_since or now
    return Decision("resolved" if now - since >= _CALM else None, held.severity, calm_since=since)
