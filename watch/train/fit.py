"""Rows → weights: a linear head on the features of `watch.enrich.features`, calibrated on rows not trained on.

Sentiment, topics and language: one softmax. The filter: one yes-or-no head for each label, on the rows that
say something about it. Same rows, seed and library versions: same weights, to the byte.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from sklearn.linear_model import LogisticRegression

from watch.enrich.features import BITS, Block, extract
from watch.enrich.heads import score, stack
from watch.enrich.lexicon import Lexicon
from watch.enrich.weights import Model
from watch.train.data import LABELS, Row
from watch.train.domains import adapted, domains_of, tempered
from watch.train.regression import Labels, fitted
from watch.train.sources import domain, weights

TABLE_BITS = {"sentiment": 18, "topics": 17, "filter": 18, "language": 17}
STRENGTH = {"sentiment": 1.0, "topics": 3.0, "filter": 1.0, "language": 1.0}  # C of the regression, tried on dev
_CUE = 0.2  # cues in standard deviations, times this: as loud as a word
RARITY = {"sentiment": 0.25, "topics": 0.25, "filter": 0.0, "language": 0.0}  # exponent, tried on dev
_STEPS, _END = 100, 1e-6  # of the fit: what comes after a hundred steps changes little
_BATCH = 2000

Floats = NDArray[np.float32]


def fit(task: str, rows: Sequence[Row], *, lexicon: Lexicon, seed: int, version: str = "") -> Model:
    """Train one task; temperatures are 1 until `calibrate`."""
    rows = [*rows, *_crops(rows, seed)] if task == "language" else list(rows)
    grams, cues = matrices([row.text for row in rows], lexicon, TABLE_BITS[task])
    loud = np.concatenate([_rarity(grams, task), loudness(cues)])
    x = sp.hstack([grams, sp.csr_matrix(cues)], format="csr") @ sp.diags(loud)
    names = domains_of(rows, task)
    if names:
        coef, bias = adapted(x, rows, names, lambda x: _softmax(task, x, rows, seed), seed=seed)
    else:
        coef, bias = (_yes_or_no if task == "filter" else _softmax)(task, x, rows, seed)
    return _packed(task, version, coef * loud, bias, names)


def _packed(task: str, version: str, coef: Floats, bias: Floats, names: tuple[str, ...]) -> Model:
    size = 2 ** TABLE_BITS[task]
    table = coef[:, :size].T.astype(np.float16).astype(np.float32)
    cues, heat = coef[:, size:].T.astype(np.float32), np.ones(len(LABELS[task]), np.float32)
    return Model(
        task, version, LABELS[task], TABLE_BITS[task], table, cues, bias.astype(np.float32), heat, "", names
    )  # fmt: skip


def calibrate(model: Model, rows: Sequence[Row], *, lexicon: Lexicon) -> Model:
    """Choose the temperature at which dev rows are least surprising (Guo et al. 2017), sources alike.

    A model of several domains gets one for each domain, put into its weights, before the one for all.
    """
    if not rows:
        return model
    model = tempered(model, _heats(model, rows, lexicon))
    logits, truth = logits_of(model, rows, lexicon=lexicon), _truth(rows)
    share = _alike(rows)
    if model.task != "filter":
        heat = np.full(len(model.labels), _heat(lambda t: _surprise(logits / t, truth, share)))
    else:
        heat = np.array([_filter_heat(logits[:, i], truth[:, i], share) for i in range(truth.shape[1])])
    return replace(model, temperature=np.round(heat, 3).astype(np.float32))


def _heats(model: Model, rows: Sequence[Row], lexicon: Lexicon) -> list[float]:
    """The temperature of each domain of a model, 1 where no rows are of it."""
    heats = []
    for name in model.domains:
        own = [row for row in rows if domain(row) == name]
        heats.append(_domain_heat(model, own, lexicon) if own else 1.0)
    return heats


def _domain_heat(model: Model, rows: Sequence[Row], lexicon: Lexicon) -> float:
    logits, truth, share = logits_of(model, rows, lexicon=lexicon), _truth(rows), _alike(rows)
    return _heat(lambda t: _surprise(logits / t, truth, share))


def logits_of(model: Model, rows: Sequence[Row], *, lexicon: Lexicon) -> Floats:
    """What the shipped prediction computes for these rows, before temperature."""
    heads = stack([model])
    texts = [row.text for row in rows]
    parts = [score(extract(texts[i : i + 500], lexicon=lexicon), heads) for i in range(0, len(texts), 500)]
    return np.concatenate(parts)[:, : len(model.labels)]


def matrices(texts: Sequence[str], lexicon: Lexicon, bits: int) -> tuple[sp.csr_matrix, Floats]:
    """The features as scikit-learn takes them: hashed n-grams (texts x 2**bits, sparse) and cues."""
    grams, cues = [], []
    for at in range(0, len(texts), _BATCH):
        features = extract(texts[at : at + _BATCH], lexicon=lexicon)
        words = [_sparse(block, bits) for block in features.words]
        letters = _sparse(features.grams, bits)
        pieces = _sparse(features.pieces, BITS, width=letters.shape[0])
        grams.append(sum(words[1:], words[0]) + pieces @ letters)
        cues.append(features.cues)
    return sp.vstack(grams, format="csr"), np.concatenate(cues)


def _sparse(block: Block, bits: int, *, width: int = 0) -> sp.csr_matrix:
    values = np.repeat(block.scale, np.diff(block.indptr))
    shape = (len(block.indptr) - 1, width or 2**bits)
    return sp.csr_matrix((values, block.indices >> (BITS - bits), block.indptr), shape=shape)


def loudness(cues: Floats) -> Floats:
    """What makes each cue as loud as a word; 0 for one that is the same in every text and teaches nothing."""
    spread = cues.std(axis=0)
    return np.where(spread > 1e-3, _CUE / np.maximum(spread, 1e-3), 0).astype(np.float32)


def _rarity(grams: sp.csr_matrix, task: str) -> Floats:
    """What makes rare n-grams louder, 0 for those of a single text; of equal energy in all.

    A softened inverse document frequency; the fit comes to its end sooner, too.
    """
    texts = np.bincount(grams.indices, minlength=grams.shape[1])
    rare = (grams.shape[0] / (texts + 5.0)) ** RARITY[task]
    rare /= np.sqrt((rare**2 * texts).sum() / max(texts.sum(), 1))
    return np.where(texts > 1, rare, 0).astype(np.float32)


def _softmax(task: str, x: sp.csr_matrix, rows: Sequence[Row], seed: int) -> tuple[Floats, Floats]:
    labels = [row.labels.index(1) for row in rows]
    head = _regression(task, seed, x, labels, weights(rows, task))
    coef = np.zeros((len(LABELS[task]), x.shape[1]), np.float32)
    bias = np.full(len(coef), -10.0)
    known = head.classes_
    if len(known) == 2:  # scikit-learn keeps one row for two classes
        coef[known[1]], bias[known] = head.coef_[0], (0.0, head.intercept_[0])
    else:
        coef[known], bias[known] = head.coef_, head.intercept_
    return coef - coef[known].mean(axis=0), bias


def _yes_or_no(task: str, x: sp.csr_matrix, rows: Sequence[Row], seed: int) -> tuple[Floats, Floats]:
    heads = []
    for column in range(len(LABELS[task])):
        said = [i for i, row in enumerate(rows) if row.labels[column] is not None]
        labels = [rows[i].labels[column] for i in said]
        shares = weights([rows[i] for i in said], task)
        heads.append(_regression(task, seed, x[said], labels, shares))
    return np.concatenate([h.coef_ for h in heads]), np.concatenate([h.intercept_ for h in heads])


def _regression(task: str, seed: int, x: sp.csr_matrix, labels: Labels, weights: Sequence[float]) -> LogisticRegression:
    return fitted(x, labels, weights, C=STRENGTH[task], max_iter=_STEPS, tol=_END, random_state=seed)


def _crops(rows: Sequence[Row], seed: int) -> list[Row]:
    """Pieces of one to six words, four of a row in our languages, one of others: short texts teach short ones."""
    chance = random.Random(seed)  # noqa: S311  # no secret depends on it
    often = [(row, 4 if row.lang in ("fr", "en") else 1) for row in rows]
    return [replace(row, text=_crop(row.text.split(), chance)) for row, times in often for _ in range(times)]


def _crop(words: list[str], chance: random.Random) -> str:
    length = min(chance.randint(1, 6), chance.randint(1, 6))
    start = chance.randint(0, max(len(words) - length, 0))
    return " ".join(words[start : start + length])


def _truth(rows: Sequence[Row]) -> Floats:
    return np.array([[np.nan if v is None else v for v in row.labels] for row in rows], np.float32)


def _alike(rows: Sequence[Row]) -> Floats:
    """Weights by which every source and language counts the same."""
    keys = [(row.source, row.lang) for row in rows]
    counts = {key: keys.count(key) for key in set(keys)}
    return np.array([1.0 / counts[key] for key in keys], np.float32)


def _heat(loss: object) -> float:
    return float(minimize_scalar(loss, bounds=(0.2, 5.0), method="bounded").x)


def _surprise(logits: Floats, truth: Floats, share: Floats) -> float:
    high = logits - logits.max(axis=1, keepdims=True)
    log = high - np.log(np.exp(high).sum(axis=1, keepdims=True))
    return float(-(share * (log * truth).sum(axis=1)).sum())


def _filter_heat(logits: Floats, truth: Floats, share: Floats) -> float:
    said = ~np.isnan(truth)
    sign = np.where(truth[said] > 0, 1.0, -1.0)
    return _heat(lambda t: float((share[said] * np.logaddexp(0, -sign * logits[said] / t)).sum()))
