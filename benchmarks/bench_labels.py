"""All labels, texts a second on one core, against scikit-learn's usual word and character union (one label).

    OMP_NUM_THREADS=1 python benchmarks/bench_labels.py

Both run in this process on the same texts of about 140 characters that name somebody, in turns; CPU time, medians.
The ratio is what to read: absolute figures depend on the machine and on who else uses it.
"""

from __future__ import annotations

import gzip
import json
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline, make_union

from watch.enrich.classify import Classifier, default_models
from watch.model import TextToLabel

BATCH, SINGLES, ROUNDS = 1000, 100, 5


def corpus() -> list[dict[str, Any]]:
    path = Path(__file__).parents[1] / "models" / "corpus" / "written.jsonl.gz"
    return [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]


def usual(rows: Sequence[dict[str, Any]]) -> Callable[[list[str]], object]:
    words = TfidfVectorizer(ngram_range=(1, 2))
    chars = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5))
    model = make_pipeline(make_union(words, chars), LogisticRegression(C=4, max_iter=30, tol=0.1))
    model.fit([row["text"] for row in rows], [row["sentiment"] for row in rows])
    return model.predict  # type: ignore[no-any-return]  # scikit-learn has no types


def rate(label: Callable[[list[str]], object], texts: list[str], batch: int) -> float:
    start = time.process_time()
    for at in range(0, len(texts), batch):
        label(texts[at : at + batch])
    return len(texts) / (time.process_time() - start)


def main() -> None:
    rows = corpus()
    names = {row["text"]: row["targets"][0]["name"] for row in rows if row["targets"]}
    texts = [text for text in names if 110 <= len(text) <= 170][:2000]
    classifier = Classifier.load(default_models())

    def ours(explain: bool, toward: Mapping[str, str] = MappingProxyType({})) -> Callable[[list[str]], object]:
        return lambda part: classifier.predict(
            [TextToLabel(text, target=toward.get(text)) for text in part], explain=explain
        )

    runners = {
        "scikit-learn union + LR, one label": usual(rows),
        "hune, all labels": ours(False),
        "hune, all labels, with evidence": ours(True),
        "hune, toward a name too": ours(False, names),
        "hune, toward a name, with evidence": ours(True, names),
    }
    print(f"{len(texts)} texts, {sum(map(len, texts)) / len(texts):.0f} characters each; texts a second of CPU")
    for batch, some in ((BATCH, texts), (1, texts[:SINGLES])):
        rates: dict[str, list[float]] = {name: [] for name in runners}
        for _ in range(ROUNDS):
            for name, label in runners.items():
                rates[name].append(rate(label, some, batch))
        medians = {name: statistics.median(values) for name, values in rates.items()}
        first = next(iter(medians.values()))
        for name, value in medians.items():
            print(f"batch {batch:5}  {name:36} {value:10,.0f}  {value / first:6.1f}x")


if __name__ == "__main__":
    main()
