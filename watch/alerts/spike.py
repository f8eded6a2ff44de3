"""Is what came in the last hours abnormal, and by how much? (pure)

The surprise of a count is the signed root of a negative-binomial deviance, which behaves like a standard normal
from 0.05 expected mentions to thousands. Negatives are compared with what the *other* talk predicts: if volume is
gamma-uncertain, seeing the others updates that gamma, and negatives are negative binomial again; so any buzz
explains its own negatives away, and three of five is not a crisis. Several windows speak; the mean of the loudest
decides. Method, thresholds and the figures behind them: design notes, "Noticing".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log, sqrt
from typing import Literal
from zoneinfo import ZoneInfo

from watch.alerts.baseline import BLOCK, HISTORY, HOUR, Baseline, Bin, bins, learn
from watch.model import Spike

Kind = Literal["negative_spike", "volume_spike"]

# Window in hours → the surprise that about one calm day in a hundred exceeds.
_ORDINARY: dict[Kind, dict[int, float]] = {
    "negative_spike": {1: 2.80, 3: 2.60, 6: 2.40, 12: 2.10, 24: 1.75, 48: 1.40},
    "volume_spike": {1: 3.90, 3: 3.45, 6: 3.05, 12: 2.75, 24: 2.40, 48: 2.05},
}
_LOUDEST: dict[Kind, int] = {"negative_spike": 2, "volume_spike": 3}
# (false alarms a month at the threshold 0.70, and how fast their logarithm falls above it), counted on simulated
# brands for this very detector; docs/design.md has the figures.
_BUDGET: dict[Kind, tuple[float, float]] = {"negative_spike": (2.95, 6.4), "volume_spike": (3.4, 6.8)}
_EVIDENCE: dict[Kind, int] = {"negative_spike": 4, "volume_spike": 5}
_USUAL = 2.0  # the usual range is where the surprise stays within ±2
_SILENT = timedelta(hours=48)
_LEARNING = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Setting:
    """What a person chose: accepted false alarms a month, and the count below which nothing is said."""

    kind: Kind
    false_alarms: float = 1.0
    minimum: int = 3


def detect(
    heard: Sequence[tuple[datetime, bool]],
    setting: Setting,
    *,
    listening_since: datetime,
    until: datetime,
    zone: ZoneInfo,
) -> Spike:
    """The loudest window ending at `until`, judged against the four weeks before the longest window.

    `heard` are (time, negative?) of counted mentions; what lies after `until` is not looked at. The score
    is 1 where the rule opens. Nothing is said in the first 48 hours of listening.
    """
    longest = max(_ORDINARY[setting.kind])
    since = max(listening_since, until - HISTORY - longest * HOUR)
    recent = bins(heard, since=max(since, until - longest * HOUR), until=until)
    gap = BLOCK * HOUR  # a window is not judged by hours that touch it
    past = bins(heard, since=since, until=max(since, until - longest * HOUR - gap))
    usual = learn(past, zone)
    windows = [
        _window(recent[-w:], w, usual, setting, zone, until) for w in _ORDINARY[setting.kind] if w <= len(recent)
    ]
    quiet = until - listening_since < _SILENT
    return _decide(windows, setting, until=until, quiet=quiet, learning=until - listening_since < _LEARNING)


def threshold(setting: Setting) -> float:
    """The budget as a threshold on the combined surprise: exponential tail fitted on simulated calm."""
    at_base, slope = _BUDGET[setting.kind]
    return min(1.5, max(0.6, 0.70 + log(at_base / setting.false_alarms) / slope))


def surprise(x: float, mean: float, shape: float) -> float:
    """Signed root of the deviance of `x` under a negative binomial of that mean and shape."""
    mean = max(mean, 1e-6)
    first = x * log(x / mean) if x else 0.0
    deviance = 2 * (first - (x + shape) * log((x + shape) / (mean + shape)))
    return (1 if x >= mean else -1) * sqrt(max(0.0, deviance))


@dataclass(frozen=True, slots=True)
class _Window:
    hours: int
    observed: int
    total: int
    negative: int
    expected: float
    shape: float
    loudness: float  # surprise over what is ordinary; -1 where there is too little to speak of
    usual_share: float


def _window(
    hours: Sequence[Bin], width: int, usual: Baseline, setting: Setting, zone: ZoneInfo, until: datetime
) -> _Window:
    total, negative = sum(one.total for one in hours), sum(one.negative for one in hours)
    mean = sum(usual.expected(one.start, zone) for one in hours)
    if setting.kind == "negative_spike":
        observed, (expected, shape) = negative, _negatives(usual, mean, total - negative)
    else:
        observed, expected, shape = total, mean, usual.shape
    enough = observed >= max(_EVIDENCE[setting.kind], setting.minimum)
    loudness = surprise(observed, expected, shape) / _ORDINARY[setting.kind][width] if enough else -1.0
    return _Window(width, observed, total, negative, expected, shape, loudness, usual.share)


def _negatives(usual: Baseline, mean: float, others: int) -> tuple[float, float]:
    """Mean and shape of the negatives, given how much else was said."""
    share, g = usual.share, usual.shape
    expected = mean * share * (g + others) / (g + mean * (1 - share))
    return expected, 1 / (1 / (g + others) + usual.overlap / (share * (1 - share)))


def _decide(windows: Sequence[_Window], setting: Setting, *, until: datetime, quiet: bool, learning: bool) -> Spike:
    loud = sorted(windows, key=lambda one: (-one.loudness, one.hours))
    top = loud[: _LOUDEST[setting.kind]]
    best = loud[0] if loud else _Window(0, 0, 0, 0, 0.0, 1.0, -1.0, 0.0)
    score = sum(one.loudness for one in top) / len(top) / threshold(setting) if top and not quiet else 0.0
    lower, upper = usual_range(best.expected, best.shape)
    return Spike(
        until=until,
        window=best.hours,
        observed=best.observed,
        total=best.total,
        expected=round(best.expected, 4),
        lower=lower,
        upper=upper,
        score=round(max(0.0, score), 4),
        state="open" if score >= 1 else "calm",
        share=round(best.negative / best.total, 4) if best.total else 0.0,
        usual_share=round(best.usual_share, 4),
        learning=learning,
    )


def usual_range(expected: float, shape: float) -> tuple[float, float]:
    """The counts whose surprise stays within ±2."""
    upper = int(expected)
    while surprise(upper + 1, expected, shape) <= _USUAL:
        upper += 1
    lower = int(expected)
    while lower > 0 and surprise(lower - 1, expected, shape) >= -_USUAL:
        lower -= 1
    return float(lower), float(upper)
