"""How the models do on sets they never learned from, most of domains they have never seen.

    python benchmarks/bench_unseen.py DIR       # HUNE_MODELS says which models, the shipped ones otherwise

`DIR` is laid out as for `hune train` (docs/models.md) and holds `_eval_only`, which is for measuring only, and
`topics_news`. News has classes that no model of Hune has: for that line a model is taught on the rows of MasakhaNEWS in
`topics_news/train`, in the way that topics are, and measured on its dev. It says what the features are worth and is
not kept.
"""

from __future__ import annotations

import gzip
import json
import sys
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning

from watch.enrich.classify import Classifier, default_models
from watch.enrich.target import places_of
from watch.model import SENTIMENTS, Prediction, Span, TextToLabel
from watch.train.data import TOPICS, Row
from watch.train.evaluate import f1, macro_f1
from watch.train.fit import fit, logits_of

SEED = 7
NEWS = ("masakhanews_fr", "masakhanews_en")  # headlines and encyclopaedias beside them only harm: 0.84 → 0.73 on dev
Rows = list[dict[str, Any]]
Labels = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Figure:
    """What came out on `texts` of a set."""

    name: str
    lang: str
    texts: int
    measure: str
    value: float


def rows_of(path: Path) -> dict[str, Rows]:
    """The rows of each source of a file, the parts of M-ABSA together."""
    by: dict[str, Rows] = {}
    for line in gzip.decompress(path.read_bytes()).splitlines():
        row = json.loads(line)
        source = "mabsa_fr" if row["source"].startswith("mabsa_") else row["source"]
        by.setdefault(source, []).append(row)
    return by


def asked(row: dict[str, Any]) -> TextToLabel:
    """The text with its name: where it is said to stand, else where it does, else as a handle (@VirginAmerica)."""
    name, text = row["target"], row["text"]
    if "start" in row:
        return TextToLabel(text, target=name, spans=(Span(row["start"], row["end"]),))
    places = places_of(text, name) or places_of(text, name.replace(" ", ""))
    return TextToLabel(text, target=name, spans=tuple(Span(*place) for place in places))


def tones(classifier: Classifier, rows: Rows) -> Iterator[Prediction]:
    """What the classifier says of the rows, their labels unseen."""
    texts = [asked(row) if "target" in row else TextToLabel(row["text"]) for row in rows]
    yield from classifier.predict(texts, explain=False)


def two_sided(classifier: Classifier, rows: Rows) -> list[tuple[str, float]]:
    """How often the likelier of negative and positive is right; a text that is neither is not in these sets."""
    found = [max(("negative", "positive"), key=one.scores.__getitem__) for one in tones(classifier, rows)]  # type: ignore[arg-type]  # tones are strings
    return [("accuracy, negative against positive", sum(map(said, found, rows)) / len(rows))]


def said(tone: str, row: dict[str, Any]) -> bool:
    """Whether that is the label of the row."""
    return bool(tone == row["label"])


def toward(classifier: Classifier, rows: Rows) -> list[tuple[str, float]]:
    """Macro-F1 of the tone toward the name, and what the tone of the whole text would have brought."""
    truth = np.array([SENTIMENTS.index(row["label"]) for row in rows])
    found = list(tones(classifier, rows))
    named = np.array([SENTIMENTS.index(one.target_sentiment or one.sentiment) for one in found])
    plain = np.array([SENTIMENTS.index(one.sentiment) for one in found])
    toward_name, of_text = macro_f1(truth, named), macro_f1(truth, plain)
    return [("macro-F1 toward the name", toward_name), ("– by the tone of the whole text", of_text)]


def abuse(classifier: Classifier, rows: Rows) -> list[tuple[str, float]]:
    """Macro-F1 of abuse or none, and F1 of abuse."""
    truth = np.array([int(row["label"] in ("toxic", "hateful")) for row in rows])
    found = np.array([int(one.toxic >= 0.5) for one in tones(classifier, rows)])
    return [("macro-F1 of abuse", macro_f1(truth, found)), ("F1 of abuse", f1(truth == 1, found == 1))]


def news(classifier: Classifier, folder: Path) -> list[Figure]:
    """Weighted F1 on French news of a model taught for it."""
    learned, asked_of = rows_of(folder / "train.jsonl.gz"), rows_of(folder / "dev.jsonl.gz")[NEWS[0]]
    classes = sorted({row["label"] for name in NEWS for row in learned[name]})
    rows = [labelled(row, classes) for name in NEWS for row in learned[name]]
    model = fit("topics", rows, lexicon=classifier.lexicon, seed=SEED)
    dev = [labelled(row, classes) for row in asked_of]
    found = logits_of(model, dev, lexicon=classifier.lexicon).argmax(axis=1)
    value = weighted_f1(np.array([row.labels.index(1) for row in dev]), found)
    return [Figure("masakhanews_fr, dev", "fr", len(dev), "weighted F1, taught on news", value)]


def labelled(row: dict[str, Any], classes: Sequence[str]) -> Row:
    """A row whose class stands where one of our topics would: fitting asks for their number, not for their names."""
    at = classes.index(row["label"])
    labels = tuple(int(here == at) for here in range(len(TOPICS)))
    return Row(row["id"], row["text"], row["lang"], row["source"], "", labels)


def weighted_f1(truth: Labels, found: Labels) -> float:
    """The mean F1 of the labels, each as often as it is true."""
    return float(sum((truth == label).mean() * f1(truth == label, found == label) for label in np.unique(truth)))


def figures(classifier: Classifier, data: Path) -> Iterator[Figure]:
    """All figures, those of one source after another."""
    for folder, measure in (("sentiment", two_sided), ("targeted", toward), ("toxicity", abuse)):
        for name, rows in rows_of(data / "_eval_only" / folder / "dev_eval.jsonl.gz").items():
            for what, value in measure(classifier, rows):
                yield Figure(name, rows[0]["lang"], len(rows), what, value)
    yield from news(classifier, data / "topics_news")


def main() -> None:
    """Print the table of docs/labels.md ("Never seen")."""
    warnings.simplefilter("ignore", ConvergenceWarning)  # as many steps as `hune train` takes, no more
    classifier = Classifier.load(default_models())
    print("| set | language | texts | measure | Hune |\n|---|---|---|---|---|")
    for one in figures(classifier, Path(sys.argv[1])):
        print(f"| {one.name} | {one.lang} | {one.texts} | {one.measure} | {one.value:.3f} |", flush=True)


if __name__ == "__main__":
    main()
