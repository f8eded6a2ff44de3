"""Sentiment by the plainest means, on the dev files of a folder: the commonest label, VADER, TF-IDF + regression.

    python benchmarks/bench_baselines.py DIR

`DIR` is laid out as for `hune train` (docs/models.md) and holds `lexicons/vader_en.tsv.gz`.
"""

from __future__ import annotations

import gzip
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import nltk
import numpy as np
from nltk.sentiment.vader import SentimentIntensityAnalyzer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from watch.enrich.classify import default_models
from watch.train.data import Row, dev_rows, training_rows
from watch.train.evaluate import macro_f1
from watch.train.sources import thinned

NEUTRAL = 0.05  # VADER's own bound of its compound score
Guess = Callable[[Sequence[str]], Sequence[int]]


def vader(data: Path) -> Guess:
    """VADER with its English lexicon: the only one it has rules for."""
    lines = gzip.decompress((data / "lexicons" / "vader_en.tsv.gz").read_bytes()).decode().splitlines()[1:]
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "vader.txt").write_text("\n".join("\t".join(line.split("\t")[:2]) for line in lines), "utf-8")
        nltk.data.path.insert(0, folder)
        rules = SentimentIntensityAnalyzer(lexicon_file="nltk:vader.txt")

    def guess(texts: Sequence[str]) -> list[int]:
        scores = [rules.polarity_scores(text)["compound"] for text in texts]
        return [1 + int(score >= NEUTRAL) - int(score <= -NEUTRAL) for score in scores]

    return guess


def plain(rows: Sequence[Row]) -> Guess:
    """TF-IDF of words and pairs, and a regression, on the rows that Hune learns from, all alike."""
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    x = words.fit_transform([row.text for row in rows])
    head = LogisticRegression(C=2, max_iter=100).fit(x, [row.labels.index(1) for row in rows])
    return lambda texts: head.predict(words.transform(texts)).tolist()


def main() -> None:
    """Print a row for each source and language."""
    data = Path(sys.argv[1])
    rows = training_rows(data, "sentiment", corpus=default_models() / "corpus")
    learned = thinned(rows, "sentiment", seed=7)
    common = Counter(row.labels.index(1) for row in learned).most_common(1)[0][0]
    guesses: dict[str, Guess] = {"majority": lambda texts: [common] * len(texts)}
    guesses |= {"VADER": vader(data), "TF-IDF + LR": plain(learned)}
    dev = dev_rows(data, "sentiment")
    print("source, language:", ", ".join(guesses))
    for source, lang in sorted({(row.source, row.lang) for row in dev}):
        here = [row for row in dev if (row.source, row.lang) == (source, lang)]
        truth = np.array([row.labels.index(1) for row in here])
        texts = [row.text for row in here]
        print(source, lang, *(f"{macro_f1(truth, np.array(guess(texts))):.3f}" for guess in guesses.values()))


if __name__ == "__main__":
    main()
