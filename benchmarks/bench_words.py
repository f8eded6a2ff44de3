"""Do the words shown make the label? They are deleted, and the text is labelled again; likewise other words.

    python benchmarks/bench_words.py DIR        # DIR/written/dev.jsonl.gz

For every language, of the tone toward each name and of that of texts: how often the label is less likely or another
one, and how often another one. The name itself always stays.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from watch.enrich.classify import Classifier, default_models
from watch.enrich.target import places_of
from watch.model import Evidence, Prediction, TextToLabel

Pieces = list[tuple[int, int]]


def asked(path: Path, lang: str) -> tuple[list[TextToLabel], list[TextToLabel]]:
    """The texts of a language, and the names in them."""
    rows = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
    texts = [TextToLabel(row["text"]) for row in rows if row["lang"] == lang]
    named = [(row["text"], one["name"]) for row in rows if row["lang"] == lang for one in row["targets"]]
    return texts, [TextToLabel(text, target=name) for text, name in named if places_of(text, name)]


def label(found: Prediction) -> tuple[str, float]:
    scores = found.target_scores or found.scores
    best = max(scores, key=scores.__getitem__)
    return best, scores[best]


def favour(evidence: Sequence[Evidence]) -> Pieces:
    return [(piece.start, piece.end) for piece in evidence if piece.weight > 0]


def free(text: TextToLabel, pieces: Pieces) -> Pieces:
    """Those that are not the name."""
    name = {at for start, end in places_of(text.text, text.target or "") for at in range(start, end)}
    return [(start, end) for start, end in pieces if name.isdisjoint(range(start, end))]


def chance(text: TextToLabel, many: int, lots: random.Random) -> Pieces:
    words = free(text, [found.span() for found in re.finditer(r"\w{2,}", text.text)])
    return lots.sample(words, min(many, len(words)))


def without(text: TextToLabel, pieces: Pieces) -> TextToLabel:
    body = text.text
    for start, end in sorted(pieces, reverse=True):
        body = f"{body[:start]} {body[end:]}"
    return replace(text, text=body)


def line(classifier: Classifier, texts: list[TextToLabel], found: list[Prediction], gone: list[Pieces]) -> str:
    bare = classifier.predict(list(map(without, texts, gone)), explain=False)
    less = flips = 0
    for before, after in zip(found, bare, strict=True):
        best, score = label(before)
        other = label(after)[0] != best
        flips += other
        less += other or (after.target_scores or after.scores)[best] < score  # type: ignore[index]  # a sentiment
    words = sum(map(len, gone)) / len(gone)
    return f"{less / len(texts):8.1%} {flips / len(texts):8.1%}  {words:4.1f} words each"


def main() -> None:
    classifier = Classifier.load(default_models())
    for lang in ("fr", "en"):
        for kind, texts in zip(
            ("texts", "names"), asked(Path(sys.argv[1]) / "written" / "dev.jsonl.gz", lang), strict=True
        ):
            found = classifier.predict(texts)
            shown = [favour(one.evidence) for one in found]
            plain = classifier.predict([replace(text, target=None) for text in texts])
            lots = random.Random(7)
            ways = {
                "words shown": shown,
                "first three": [some[:3] for some in shown],
                "of the text": [free(text, favour(one.evidence)) for text, one in zip(texts, plain, strict=True)],
                "by chance": [chance(text, len(some), lots) for text, some in zip(texts, shown, strict=True)],
            }
            for way, gone in ways.items():
                print(f"{lang} {len(texts):5} {kind}  {way:12} {line(classifier, texts, found, gone)}")


if __name__ == "__main__":
    main()
