"""What a person's corrections bring: held-out macro-F1 for their own texts, and the frozen benchmark, before and after.

python benchmarks/bench_corrections.py [TASK ...]

A shop for board games, whose "guerre", "tueur" and "catastrophe" are no blame (tests/data/games.jsonl, written for
this), is corrected in ten random halves: 50 of its texts as they come, or only those that the model has wrong. The
other half is judged by the model before and after. The benchmark is that of the models (HUNE_MODELS, or ours).
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

from watch.enrich.classify import Classifier, default_models
from watch.train.adapt import loudness
from watch.train.figures import f1
from watch.train.lessons import Example, benchmark, corpus, shares_of
from watch.train.pupils import pupil
from watch.train.taught import BENCHMARK

GAMES = Path(__file__).parents[1] / "tests" / "data" / "games.jsonl"
TASKS = ("target", "topics")  # nobody sends spam about one shop: for the filter there are no texts yet
HALVES, MOST = 10, 50


def measure(task: str, models: Path, classifier: Classifier) -> None:
    """Print a line for corrections as they come, and one for those of mistakes."""
    one = pupil(task, classifier)
    games, frozen = benchmark(GAMES, task), benchmark(models / BENCHMARK, task)
    grams, logits, shares = one.grams(games), one.logits(games), shares_of(games)
    there, said = one.grams(frozen), one.logits(frozen)
    loud = loudness(one.grams(corpus(models / "corpus", task)))
    wrong = shares[np.arange(len(games)), logits.argmax(axis=1)] == 0
    for kind, allowed in (("as they come", np.ones_like(wrong)), ("mistakes only", wrong)):
        rows = []
        for seed in range(HALVES):
            order = np.random.default_rng(seed).permutation(len(games))
            seen, held = order[: len(games) * 3 // 5], order[len(games) * 3 // 5 :]
            taught = seen[allowed[seen]][:MOST]
            change = one.learn(grams[taught], logits[taught], shares[taught], loud)
            part = [games[at] for at in held]
            after = logits[held] + change.of(grams[held]) * one.slope
            row = [len(taught), f1(part, logits[held]), f1(part, after)]
            moved = said + change.of(there) * one.slope
            rows.append([*row, *(lost for lang in ("fr", "en") for lost in gained(frozen, said, moved, lang))])
        show(task, kind, np.array(rows))


def gained(rows: list[Example], before: np.ndarray, after: np.ndarray, lang: str) -> list[float]:
    """Points of macro-F1 gained on the rows of a language, nothing where there are none."""
    here = [at for at, row in enumerate(rows) if row.lang == lang]
    part = [rows[at] for at in here]
    return [100 * (f1(part, after[here]) - f1(part, before[here]))] if here else []


def show(task: str, kind: str, rows: np.ndarray) -> None:
    """One line: means over the halves, and the worst of the benchmark."""
    count, before, after = rows[:, :3].mean(axis=0)
    better = int((rows[:, 2] > rows[:, 1]).sum())
    frozen = ", ".join(f"{column.mean():+.1f} (worst {column.min():+.1f})" for column in rows[:, 3:].T)
    print(f"{task:7} {kind:14} {count:4.0f} corrections: held out {before:.3f} → {after:.3f}", end=" ")
    print(f"(better in {better} of {len(rows)}); benchmark fr, en {frozen}")


def main() -> None:
    """Measure the tasks asked for."""
    models = default_models()
    classifier = Classifier.load(models)
    for task in sys.argv[1:] or TASKS:
        start = time.process_time()
        measure(task, models, classifier)
        print(f"        {time.process_time() - start:.1f} s of CPU")


if __name__ == "__main__":
    main()
