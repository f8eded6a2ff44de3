"""Scoring a model on labelled rows, apart for each source and language: macro-F1, how many texts, what is confused.

The predictions are those of `watch.enrich`, not of scikit-learn: what is scored is what is shipped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from watch.enrich.heads import sigmoid, softmax
from watch.enrich.lexicon import Lexicon
from watch.enrich.weights import Model
from watch.train.confusion import Confused, Matrix, confusion, shown
from watch.train.data import Row
from watch.train.fit import logits_of

Floats = NDArray[np.float32]
Labels = NDArray[np.int64]
YES_OR_NO = ("no", "yes")  # what each label of the filter is given, and found to be


@dataclass(frozen=True, slots=True)
class Score:
    """One row of a table. `label` is None for the whole task, a label's name for one of the filter's.

    `macro_f1` is the mean of the F1 of the labels that occur in these `n` texts; `f1` that of the label
    itself, for the filter; `calibration_error` is the expected calibration error over ten bins. `confusion` has a
    row for each label given and a column for each found, `confused` stands in its place where labels are many.
    """

    source: str
    lang: str
    n: int
    macro_f1: float
    accuracy: float
    calibration_error: float
    label: str | None = None
    f1: float | None = None
    confusion: Matrix | None = None
    confused: Confused | None = None


def evaluate(model: Model, rows: Sequence[Row], *, lexicon: Lexicon) -> list[Score]:
    """Score a model on rows; one Score for every source and language (and label, for the filter)."""
    if not rows:
        return []
    logits = logits_of(model, rows, lexicon=lexicon) / model.temperature
    groups = sorted({(row.source, _group(model.task, row)) for row in rows})
    scores: list[Score] = []
    for source, lang in groups:
        here = [i for i, row in enumerate(rows) if (row.source, _group(model.task, row)) == (source, lang)]
        scores += _scores(model, source, lang, [rows[i] for i in here], logits[here])
    return scores


def score_of(
    source: str,
    lang: str,
    truth: Labels,
    guess: Labels,
    sure: Floats,
    *,
    labels: Sequence[str],
    label: str | None = None,
    own: float | None = None,
) -> Score:
    """The Score of texts whose `truth` and `guess` are indices into `labels`; `sure`: the probability of the guess.

    `label` and `own`: see Score.label and Score.f1.
    """
    right, ece = truth == guess, calibration_error(sure, truth == guess)
    both = confusion(truth, guess, labels)
    return Score(source, lang, len(truth), macro_f1(truth, guess), float(right.mean()), ece, label, own, *both)


def as_dicts(scores: Iterable[Score]) -> list[dict[str, object]]:
    """Scores as a card keeps them: rounded to three places, without what does not apply."""
    kept = ({k: v for k, v in asdict(score).items() if v is not None} for score in scores)
    return [{k: round(v, 3) if isinstance(v, float) else v for k, v in row.items()} for row in kept]


def table(scores: Iterable[Score]) -> str:
    """Scores as aligned text, a row each."""
    head = f"{'source':28} {'lang':6} {'label':8} {'n':>6} {'macro-F1':>9} {'F1':>6} {'accuracy':>9} {'ECE':>6}"
    return "\n".join([head, *(_line(score) for score in scores)])


def confusions(scores: Iterable[Score], labels: Sequence[str]) -> str:
    """What was taken for what, as text: a matrix (or the commonest mistakes) for each score. `labels` of the task."""
    lines = []
    for score in scores:
        names = labels if score.f1 is None else YES_OR_NO
        head = " ".join(part for part in (score.source, score.lang, score.label) if part)
        lines += [f"{head}:", *shown(score.confusion, score.confused, names)]
    return "\n".join(lines)


def macro_f1(truth: Labels, guess: Labels) -> float:
    """The mean F1 of the labels that occur in `truth`."""
    return float(np.mean([f1(truth == label, guess == label) for label in np.unique(truth)]))


def f1(truth: NDArray[np.bool_], guess: NDArray[np.bool_]) -> float:
    """2·hits / (truths + guesses); 0 where there is neither."""
    total = int(truth.sum()) + int(guess.sum())
    return 2 * int((truth & guess).sum()) / total if total else 0.0


def calibration_error(sure: Floats, right: NDArray[np.bool_]) -> float:
    """Expected calibration error: |how sure - how often right| over ten bins, weighted by their texts."""
    bins = np.minimum((sure * 10).astype(int), 9)
    gaps = [abs(sure[bins == b].mean() - right[bins == b].mean()) * (bins == b).sum() for b in np.unique(bins)]
    return float(sum(gaps) / len(sure))


def _group(task: str, row: Row) -> str:
    """Languages other than ours are one row of the language table."""
    return row.lang if task != "language" or row.lang in ("fr", "en") else "other"


def _scores(model: Model, source: str, lang: str, rows: Sequence[Row], logits: Floats) -> list[Score]:
    if model.task != "filter":
        shares = softmax(logits)
        truth = np.array([row.labels.index(1) for row in rows])
        return [score_of(source, lang, truth, shares.argmax(axis=1), shares.max(axis=1), labels=model.labels)]
    chances = sigmoid(logits)
    scores = []
    for column, label in enumerate(model.labels):
        said = np.array([row.labels[column] is not None for row in rows])
        if said.any():
            truth = np.array([row.labels[column] for row in rows if row.labels[column] is not None])
            yes = chances[said, column]
            guess, sure = (yes >= 0.5).astype(int), np.maximum(yes, 1 - yes)
            own = f1(truth == 1, guess == 1)
            scores.append(score_of(source, lang, truth, guess, sure, labels=YES_OR_NO, label=label, own=own))
    return scores


def _line(score: Score) -> str:
    own = f"{score.f1:6.3f}" if score.f1 is not None else " " * 6
    return (
        f"{score.source:28} {score.lang:6} {score.label or '':8} {score.n:6d} {score.macro_f1:9.3f} {own}"
        f" {score.accuracy:9.3f} {score.calibration_error:6.3f}"
    )
