"""From which confidence on a tone is told as it is, and below which as "not sure"; chosen on texts not trained on.

The lowest confidence from which answers are right seven times in ten. It stays between two bounds: below the lower, a
tone of three is hardly more than a guess, whatever the others are worth; at the upper, it is as likely right as
wrong, and hiding what is likelier right than wrong would tell less than the model knows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

RIGHT = 0.7
LEAST, MOST = 0.4, 0.5
# What is nearest to what Hune reads; data of one's own has other sources, and then all of them count.
NEAR: Mapping[str, frozenset[str]] = {
    "sentiment": frozenset({"written", "umsab_fr", "minibar_stars"}),
    "target": frozenset({"written", "mad_tsc_fr"}),
}

Floats = NDArray[np.float32]
Group = tuple[str, str]
"""Source and language."""


@dataclass(frozen=True, slots=True)
class Sureness:
    """The confidence `start`, the `share` of answers that reach it, how often they are `right`, and the `rest`."""

    start: float
    share: float
    right: float
    rest: float

    def card(self) -> dict[str, object]:
        """As a card keeps it: `sure_from`, which labelling reads, and what it brought."""
        told = {name: round(value, 3) for name, value in asdict(self).items() if name != "start"}
        return {"sure_from": self.start, "sure": told}


def sureness(task: str, groups: Sequence[Group], shares: Floats, truth: Sequence[int]) -> Sureness:
    """Choose on answers: probabilities (texts x labels) and the true label of each, groups counted alike."""
    near = NEAR.get(task, frozenset())
    near = near if any(source in near for source, _ in groups) else frozenset(source for source, _ in groups)
    counts = {group: groups.count(group) for group in set(groups)}
    alike = np.array([1 / counts[group] if group[0] in near else 0.0 for group in groups])
    sure, right = shares.max(axis=1), shares.argmax(axis=1) == np.asarray(truth)
    for hundredths in range(round(LEAST * 100), round(MOST * 100) + 1):
        found = _at(hundredths / 100, sure, right, alike)
        if found.right >= RIGHT:
            break
    return found


def _at(start: float, sure: Floats, right: NDArray[np.bool_], alike: NDArray[np.float64]) -> Sureness:
    above = sure >= start
    return Sureness(start, _mean(above, alike), _mean(right[above], alike[above]), _mean(right[~above], alike[~above]))


def _mean(flags: NDArray[np.bool_], weights: NDArray[np.float64]) -> float:
    total = float(weights.sum())
    return float(weights[flags].sum() / total) if total else 0.0
