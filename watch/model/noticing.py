"""Values of noticing: counts in a window, and the evidence of an alert."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Severity = Literal["warning", "high", "critical"]
SpikeState = Literal["calm", "open"]


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts by sentiment in a window that starts at `start`; `stories` counts reprints once."""

    start: datetime
    total: int = 0
    negative: int = 0
    neutral: int = 0
    positive: int = 0
    stories: int = 0


@dataclass(frozen=True, slots=True)
class Spike:
    """The evidence of an alert: what was seen in a window, what was usual, how unlikely that is.

    `score` grows with rarity and is 1 where the rule opens at its setting. `window` is in hours, ending at
    `until`. `lower` and `upper` bound the usual range; `share` and `usual_share` are negatives of all.
    """

    until: datetime
    window: int
    observed: int
    total: int
    expected: float
    lower: float
    upper: float
    score: float
    state: SpikeState
    share: float
    usual_share: float
    learning: bool = False
