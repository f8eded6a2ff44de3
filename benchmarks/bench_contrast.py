"""How often the models are right toward a name in the contrast sets: by name, by kind, and whole groups.

python benchmarks/bench_contrast.py
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from watch.enrich.classify import Classifier, default_models
from watch.model import SENTIMENTS, Span, TextToLabel

DATA = Path(__file__).parents[1] / "tests" / "data"
Row = Mapping[str, Any]
Judged = tuple[Row, str, str]


def judged(classifier: Classifier, language: str) -> list[Judged]:
    """(row, tone said, tone given) for every name in the set of a language."""
    rows = [json.loads(line) for line in (DATA / f"contrast_{language}.jsonl").read_text("utf-8").splitlines()]
    pairs = [(row, target) for row in rows for target in row["targets"]]
    texts = [TextToLabel(r["text"], target=t["name"], spans=(Span(t["start"], t["end"]),)) for r, t in pairs]
    found = classifier.predict(texts, explain=False)
    return [(row, t["sentiment"], str(p.target_sentiment)) for (row, t), p in zip(pairs, found, strict=True)]


def shares(every: Iterable[Judged], key: str) -> dict[str, list[bool]]:
    """{value of a row's key: whether each of its names is right}."""
    by: dict[str, list[bool]] = defaultdict(list)
    for row, said, given in every:
        by[row[key]].append(said == given)
    return by


def macro_f1(every: list[Judged]) -> float:
    """Mean F1 of the three tones."""

    def f1(tone: str) -> float:
        hits = sum(said == given == tone for _, said, given in every)
        return 2 * hits / max(sum((said == tone) + (given == tone) for _, said, given in every), 1)

    return sum(map(f1, SENTIMENTS)) / len(SENTIMENTS)


def main() -> None:
    """Print the figures of both languages."""
    classifier = Classifier.load(default_models())
    for language in ("fr", "en"):
        every = judged(classifier, language)
        right = sum(said == given for _, said, given in every) / len(every)
        groups = shares(every, "group").values()
        whole = sum(map(all, groups)) / len(groups)
        tones = f"right {right:.3f}, macro-F1 {macro_f1(every):.3f}, whole groups {whole:.3f}"
        print(f"{language}: {len(every)} names, {tones}")
        for kind, hits in sorted(shares(every, "kind").items(), key=lambda pair: -sum(pair[1]) / len(pair[1])):
            print(f"  {kind:14} {sum(hits) / len(hits):.2f} of {len(hits)}")


if __name__ == "__main__":
    main()
