"""Before and after: how well a task does on the frozen benchmark and on corrections it has not seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from watch.train.evaluate import macro_f1
from watch.train.lessons import Example, folds, shares_of
from watch.train.pupils import Pupil

MOST_LOST = 0.01  # of macro-F1: a point
_FOLDS = 5

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Figure:
    """Macro-F1 of `n` texts before and after; `on` is "benchmark" or "corrections", `lang` empty for all."""

    task: str
    on: str
    lang: str
    n: int
    before: float
    after: float

    @property
    def lost(self) -> bool:
        """Whether more than a point is gone."""
        return self.before - self.after > MOST_LOST + 1e-9

    @property
    def gained(self) -> bool:
        """Whether it rose at all."""
        return self.after > self.before + 1e-9


def on_benchmark(task: str, rows: Sequence[Example], before: Floats, after: Floats) -> list[Figure]:
    """A figure for each language; `before` and `after` are logits of the rows."""
    found = []
    for lang in sorted({row.lang for row in rows}, reverse=True):
        here = [at for at, row in enumerate(rows) if row.lang == lang]
        part = [rows[at] for at in here]
        found.append(Figure(task, "benchmark", lang, len(here), f1(part, before[here]), f1(part, after[here])))
    return found


def on_corrections(pupil: Pupil, lessons: Sequence[Example], loud: Floats, *, seed: int) -> Figure:
    """The figure on corrections, each judged by a model that learned from those of other stories only."""
    grams, before, shares = pupil.grams(lessons), pupil.logits(lessons), shares_of(lessons)
    after = before.copy()
    for held in folds(lessons, _FOLDS, seed=seed):
        rest = np.setdiff1d(np.arange(len(lessons)), held)
        change = pupil.learn(grams[rest], before[rest], shares[rest], loud)
        after[held] += change.of(grams[held]) * pupil.slope
    return Figure(pupil.task, "corrections", "", len(lessons), f1(lessons, before), f1(lessons, after))


def table(figures: Iterable[Figure]) -> str:
    """Figures as aligned text, a row each."""
    head = f"{'task':8} {'measured on':20} {'n':>6} {'before':>8} {'after':>8} {'change':>8}"
    return "\n".join([head, *(_line(one) for one in figures)])


def _line(one: Figure) -> str:
    where = f"benchmark, {one.lang}" if one.on == "benchmark" else "corrections held out"
    change = f"{one.after - one.before:+8.3f}"
    return f"{one.task:8} {where:20} {one.n:6d} {one.before:8.3f} {one.after:8.3f} {change}"


def f1(rows: Sequence[Example], logits: Floats) -> float:
    """Macro-F1; of a text with several topics, any of them is right."""
    shares, guess = shares_of(rows), logits.argmax(axis=1)
    right = shares[np.arange(len(rows)), guess] > 0
    return macro_f1(np.where(right, guess, shares.argmax(axis=1)), guess)
