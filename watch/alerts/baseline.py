"""What is usual for a brand: level, share of negatives, and the shape of its day (pure).

Counts are over-dispersed and often near zero, so the level is a gamma belief and the share a beta belief, both
learnt from blocks of six hours whose excess over the expected is clipped: a crisis teaches a little, never all
(design notes: "Noticing"; the clipping is what keeps the next week's baseline honest).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt
from zoneinfo import ZoneInfo

HOUR = timedelta(hours=1)
BLOCK = 6  # hours learnt at once
HISTORY = timedelta(days=28)
_LEVEL_PRIOR = (0.3, 7.5)  # mentions, hours: about one a day, hardly believed
_SHARE_PRIOR = (1.2, 8.8)  # negative, other
_LEVEL_HALF_LIFE = 7 * 24 / BLOCK  # blocks
_SHARE_HALF_LIFE = 21 * 24 / BLOCK
_DISPERSION = 0.10  # floor of over-dispersion between hours
_SHARE_DISPERSION = 0.015
_CLIP = 2.0
_UNSETTLED = 48  # hours before clipping begins
_SMOOTHING = 10.0  # pseudo-mentions behind each hour of the day: with few, the day has no shape


@dataclass(frozen=True, slots=True)
class Bin:
    """Counted mentions of one hour."""

    start: datetime
    total: int
    negative: int


@dataclass(frozen=True, slots=True)
class Baseline:
    """The belief about a series: gamma(`a`, `b` hours) for the level, beta(`pa`, `pb`) for the negative share.

    `profile` holds, for each local hour of the day, how much of the mean level it usually has.
    """

    a: float
    b: float
    pa: float
    pb: float
    profile: tuple[float, ...]

    @property
    def share(self) -> float:
        """The usual share of negatives, 0 to 1."""
        return self.pa / (self.pa + self.pb)

    @property
    def shape(self) -> float:
        """The shape of the negative binomial: small when the level is noisy or hardly known."""
        return 1 / (_DISPERSION + 1 / self.a)

    @property
    def overlap(self) -> float:
        """How alike the tones within a stretch are (intra-class correlation), with what is unknown of the share."""
        return _SHARE_DISPERSION + 1 / (self.pa + self.pb + 1)

    def expected(self, start: datetime, zone: ZoneInfo) -> float:
        """Mentions expected in the hour that begins at `start`."""
        return self.a / self.b * self.profile[start.astimezone(zone).hour]


def bins(heard: Sequence[tuple[datetime, bool]], *, since: datetime, until: datetime) -> list[Bin]:
    """(time, negative?) pairs → hours ending at `until`, oldest first, empty hours included."""
    count = int((until - since) / HOUR)
    totals, negatives = [0] * count, [0] * count
    for at, negative in heard:
        # (start, start + 1 h]: what is collected in a pass carries the time of the pass, and is judged in it.
        back = (until - at) // HOUR + 1
        if 1 <= back <= count:
            totals[count - back] += 1
            negatives[count - back] += negative
    return [Bin(until - (count - i) * HOUR, totals[i], negatives[i]) for i in range(count)]


def learn(history: Sequence[Bin], zone: ZoneInfo) -> Baseline:
    """The baseline after these hours, oldest first."""
    belief = Baseline(*_LEVEL_PRIOR, *_SHARE_PRIOR, profile=_profile(history, zone))
    for start in range(0, len(history) - BLOCK + 1, BLOCK):
        belief = _after(belief, history[start : start + BLOCK], zone, settled=start >= _UNSETTLED)
    return belief


def _profile(history: Sequence[Bin], zone: ZoneInfo) -> tuple[float, ...]:
    """Each local hour's mean over the overall mean, shrunk towards 1; a single burst counts like a busy hour."""
    if not history:
        return (1.0,) * 24
    mean = sum(one.total for one in history) / len(history)
    cap = mean + 3 * sqrt(mean + 1)
    sums, hours = [0.0] * 24, [0] * 24
    for one in history:
        local = one.start.astimezone(zone).hour
        sums[local] += min(one.total, cap)
        hours[local] += 1
    raw = [(s + _SMOOTHING) / (h * mean + _SMOOTHING) for s, h in zip(sums, hours, strict=True)]
    return tuple(value * 24 / sum(raw) for value in raw)


def _after(belief: Baseline, block: Sequence[Bin], zone: ZoneInfo, *, settled: bool) -> Baseline:
    total, negative = sum(one.total for one in block), sum(one.negative for one in block)
    exposure = sum(belief.profile[one.start.astimezone(zone).hour] for one in block)
    kept, kept_negative = _clipped(belief, total, negative, exposure) if settled else (total, negative)
    keep, forget = _decay(_LEVEL_HALF_LIFE)
    keep_share, forget_share = _decay(_SHARE_HALF_LIFE)
    return Baseline(
        a=belief.a * keep + kept + forget * _LEVEL_PRIOR[0],
        b=belief.b * keep + exposure + forget * _LEVEL_PRIOR[1],
        pa=belief.pa * keep_share + kept_negative + forget_share * _SHARE_PRIOR[0],
        pb=belief.pb * keep_share + kept - kept_negative + forget_share * _SHARE_PRIOR[1],
        profile=belief.profile,
    )


def _clipped(belief: Baseline, total: int, negative: int, exposure: float) -> tuple[float, float]:
    mean = belief.a / belief.b * exposure
    kept = min(float(total), mean + 2 * _CLIP * sqrt(mean + mean**2 / belief.shape))
    share = belief.share
    spread = sqrt(kept * share * (1 - share) * (1 + max(0.0, kept - 1) * belief.overlap))
    return kept, min(float(negative), kept, kept * share + 2 * _CLIP * spread)


def _decay(half_life: float) -> tuple[float, float]:
    keep = 0.5 ** (1 / half_life)
    return keep, 1 - keep
