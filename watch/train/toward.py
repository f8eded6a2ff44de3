"""Fitting and scoring the model of how a text sounds toward a name in it (`watch.enrich.toward`).

It hears what the sentiment model hears in each word. Texts written for Hune taught that model too, so for them
it is asked in three folds, each trained without a third of them: else it would know their answers by heart.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from sklearn.linear_model import LogisticRegression

from watch.enrich.around import Around, around
from watch.enrich.features import BITS
from watch.enrich.heads import Heads, softmax, stack
from watch.enrich.lexicon import Lexicon
from watch.enrich.line import common_words
from watch.enrich.reading import Hashes
from watch.enrich.target import places_of
from watch.enrich.toward import TABLE_BITS, Toward
from watch.enrich.weights import Model
from watch.model import SENTIMENTS
from watch.train.evaluate import Score, score_of
from watch.train.fit import loudness
from watch.train.regression import fitted
from watch.train.sources import evened

FOLDS = 3
WEIGHT = {
    "written": 2.5, "mad_tsc_fr": 4.0, "mad_tsc_en": 0.5, "newsmtsc": 0.5, "huliu_product_reviews": 0.3,
    "mams": 0.2, "semeval_2016_CE": 0.2, "sentfin": 0.2,
}  # fmt: skip
MOST = {"semeval_2016_CE": 10_000, "sentfin": 5_000, "mams": 4_000, "huliu_product_reviews": 2_000}
STRENGTH, STEPS, END = 1.0, 200, 1e-6
EVEN = 0.5  # how far the labels of a source count alike (see `sources.EVEN`)
_BATCH = 2000

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Named:
    """A text, the places of one name in it, and how it sounds toward that name (an index into SENTIMENTS).

    `mixed`: its text sounds otherwise toward another name.
    """

    id: str
    text: str
    lang: str
    source: str
    places: tuple[tuple[int, int], ...]
    label: int
    mixed: bool


def named_rows(folder: Path, split: str, *, corpus: Path | None = None) -> list[Named]:
    """Rows with names from `targeted/` and `written/` of a folder, or from its plain files; maybe none.

    The texts of `corpus` that a folder with `written/` does not hold join its `train`.
    """
    files = [path for sub in ("targeted", "written") if (path := folder / sub / f"{split}.jsonl.gz").is_file()]
    if split == "train":
        plain = corpus if (folder / "written").is_dir() else folder
        files += sorted(plain.glob("*.jsonl*")) if plain else []
    rows: dict[tuple[str, int], Named] = {}
    for path in files:
        for row in read_named(path):
            rows.setdefault((row.id, row.places[0][0]), row)
    return list(rows.values())


def read_named(path: Path) -> Iterator[Named]:
    """The names of the texts in one file, those that stand in their text."""
    opener: Callable[..., Any] = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield from _names(json.loads(line))


def thinned(rows: Sequence[Named], *, seed: int) -> list[Named]:
    """At most as many rows of each source as it may have, chosen by seed."""
    by: dict[str, list[Named]] = {}
    for row in rows:
        by.setdefault(row.source, []).append(row)
    return [row for source, every in by.items() for row in _lots(every, seed)[: MOST.get(source)]]


def fold(key: str) -> int:
    """The fold a written text belongs to: neighbours, ten at a time, share one, for they retell one another."""
    return crc32(key[:-1].encode()) % FOLDS


def fit_toward(rows: Sequence[Named], folds: Sequence[Model], *, lexicon: Lexicon, seed: int) -> Toward:
    """Train on rows; `folds` are sentiment models, the n-th trained without the written texts of fold n."""
    common = common_words([row.text for row in rows])
    rows = sorted(rows, key=lambda row: fold(row.id))
    parts = [
        features([row for row in rows if fold(row.id) == n], lexicon, common, stack([model]))
        for n, model in enumerate(folds)
    ]
    grams, cues = sp.vstack([part[0] for part in parts], format="csr"), np.concatenate([part[1] for part in parts])
    loud = loudness(cues)
    x = sp.hstack([grams, sp.csr_matrix(cues * loud)], format="csr")
    labels = [row.label for row in rows]
    head = fitted(x, labels, _weights(rows), C=STRENGTH, max_iter=STEPS, tol=END, random_state=seed)
    return _packed(head, loud, common)


def _weights(rows: Sequence[Named]) -> list[float]:
    """How much each row counts: rare labels of a source more."""
    even = evened([(row.source, row.lang) for row in rows], [row.label for row in rows])
    return [WEIGHT.get(row.source, 1.0) * share**EVEN for row, share in zip(rows, even, strict=True)]


def calibrated(logits: Floats, rows: Sequence[Named]) -> float:
    """The temperature at which rows not trained on are least surprising, sources alike."""
    keys = [(row.source, row.lang) for row in rows]
    share = np.array([1 / keys.count(key) for key in keys])
    truth = np.array([row.label for row in rows])

    def surprise(heat: float) -> float:
        return float(-(share * np.log(softmax(logits / heat)[np.arange(len(rows)), truth] + 1e-9)).sum())

    return round(float(minimize_scalar(surprise, bounds=(0.2, 5.0), method="bounded").x), 3)


def scored(logits: Floats, rows: Sequence[Named]) -> list[Score]:
    """A Score for every source and language, and one, labelled `mixed`, for texts of several tones."""
    shares, truth = softmax(logits), np.array([row.label for row in rows])
    scores = []
    for source, lang in sorted({(row.source, row.lang) for row in rows}):
        here = np.array([(row.source, row.lang) == (source, lang) for row in rows])
        mixed = here & np.array([row.mixed for row in rows])
        for flags, label in ((here, None), (mixed, "mixed")):
            if flags.any():
                guess, sure = shares[flags].argmax(axis=1), shares[flags].max(axis=1)
                scores.append(score_of(source, lang, truth[flags], guess, sure, labels=SENTIMENTS, label=label))
    return scores


def features(rows: Sequence[Named], lexicon: Lexicon, common: Hashes, heads: Heads) -> tuple[sp.csr_matrix, Floats]:
    """Hashed features (rows x 2**TABLE_BITS, sparse) and cues, as scikit-learn takes them."""
    grams, cues = [sp.csr_matrix((0, 2**TABLE_BITS))], []
    for at in range(0, len(rows), _BATCH):
        part = rows[at : at + _BATCH]
        places = [row.places for row in part]
        found = around([row.text for row in part], places, lexicon=lexicon, common=common, heads=heads)
        grams.append(_sparse(found, len(part)))
        cues.append(found.cues)
    return sp.vstack(grams, format="csr"), np.concatenate(cues)


def _sparse(found: Around, size: int) -> sp.csr_matrix:
    total = sp.csr_matrix((size, 2**TABLE_BITS), dtype=np.float32)
    for block in found.blocks:
        values = np.repeat(block.scale, np.diff(block.indptr))
        total += sp.csr_matrix((values, block.indices >> (BITS - TABLE_BITS), block.indptr), shape=total.shape)
    return total


def _packed(head: LogisticRegression, loud: Floats, common: Hashes) -> Toward:
    coef, bias = np.zeros((3, head.coef_.shape[1]), np.float32), np.full(3, -10.0, np.float32)
    if len(head.classes_) == 2:  # scikit-learn keeps one row for two classes
        coef[head.classes_[1]], bias[head.classes_] = head.coef_[0], (0.0, head.intercept_[0])
    else:
        coef[head.classes_], bias[head.classes_] = head.coef_, head.intercept_
    table = coef[:, : 2**TABLE_BITS].T.astype(np.float16).astype(np.float32)
    cues = (coef[:, 2**TABLE_BITS :] * loud).T.astype(np.float32)
    return Toward("", "", np.repeat(table, 2 ** (BITS - TABLE_BITS), axis=0), cues, bias, common, 1.0)


def _names(raw: dict[str, Any]) -> Iterator[Named]:
    many = raw.get("targets") or ([raw | {"name": raw["target"], "sentiment": raw["label"]}] if "target" in raw else [])
    mixed = len({one["sentiment"] for one in many}) > 1
    lang = raw.get("lang") or raw["id"][:2]
    for one in many:
        given = [(one["start"], one["end"])] if one.get("start") is not None else places_of(raw["text"], one["name"])
        if given and one["sentiment"] in SENTIMENTS:
            label = SENTIMENTS.index(one["sentiment"])
            yield Named(raw["id"], raw["text"], lang, raw.get("source", "written"), tuple(given), label, mixed)


def _lots(rows: list[Named], seed: int) -> list[Named]:
    return sorted(rows, key=lambda row: crc32(f"{seed}:{row.id}".encode()))
