"""Texts of several domains (tweets, reviews, the rest) taught together and apart.

Every feature is there once for all texts and once more for each domain ("frustratingly easy domain adaptation",
Daumé III 2007, arXiv:0907.1815). Nobody says what domain a text to label is of: a gate, learned beside it, tells how
much of each domain's copy counts (`watch.enrich.heads.mix`). Domains that only help to teach (films, talk) have a
copy while learning, which is then thrown away.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from watch.enrich.weights import Model
from watch.train.data import Row
from watch.train.regression import fitted
from watch.train.sources import DOMAINS, domain

_ONE = 0.3  # a feature that every text has, so that a domain may prefer a label
_STEPS = 40  # of the gate, which is easy

Floats = NDArray[np.float32]
Fitted = tuple[Floats, Floats]  # labels x features; labels


def domains_of(rows: Sequence[Row], task: str) -> tuple[str, ...]:
    """The domains that a model of these rows should tell apart; none where there are not two of them."""
    there = {domain(row) for row in rows}
    names = tuple(name for name in DOMAINS.get(task, ()) if name in there)
    return names if len(names) > 1 else ()


def adapted(
    x: sp.csr_matrix, rows: Sequence[Row], names: tuple[str, ...], fit: Callable[[sp.csr_matrix], Fitted], *, seed: int
) -> Fitted:
    """Weights (columns x features) and bias of the labels, of their copies for `names`, and of the gate."""
    every = sorted({domain(row) for row in rows})
    own = np.array([every.index(domain(row)) for row in rows])
    coef, bias = fit(_spread(x, own, len(every)))
    copies = coef.reshape(len(coef), 1 + len(every), x.shape[1] + 1)
    kept = [copies[:, 1 + every.index(name)] for name in names]
    gate, gate_bias = _gate(x, own, [every.index(name) for name in names], seed)
    weights = [copies[:, 0, :-1], *(copy[:, :-1] for copy in kept), gate]
    biases = [bias + _ONE * copies[:, 0, -1], *(_ONE * copy[:, -1] for copy in kept), gate_bias]
    return np.concatenate(weights), np.concatenate(biases)


def tempered(model: Model, heats: Sequence[float]) -> Model:
    """The model with the logits of each of its domains divided by a temperature: its copies take that on.

    Label l of domain d says s + c, shared and copy; c becomes (s + c) / heat - s.
    """
    labels = len(model.labels)

    def cooled(weights: Floats) -> Floats:
        weights = weights.copy()
        shared = weights[..., :labels]
        for at, heat in enumerate(heats, start=1):
            copy = weights[..., at * labels : (at + 1) * labels]
            copy[...] = (shared + copy) / heat - shared
        return weights

    table = cooled(model.table).astype(np.float16).astype(np.float32)
    return replace(model, table=table, cues=cooled(model.cues), bias=cooled(model.bias)) if heats else model


def _spread(x: sp.csr_matrix, own: NDArray[np.int64], domains: int) -> sp.csr_matrix:
    """Each row, and beside it once more where its domain's features are; with one feature that every text has."""
    one = sp.csr_matrix(np.full((x.shape[0], 1), _ONE, np.float32))
    x = sp.hstack([x, one], format="csr").astype(np.float32)
    columns = x.indices.astype(np.int64) + np.repeat(own, np.diff(x.indptr)) * x.shape[1]
    copies = sp.csr_matrix((x.data, columns, x.indptr), shape=(x.shape[0], domains * x.shape[1]))
    return sp.hstack([x, copies], format="csr")


def _gate(x: sp.csr_matrix, own: NDArray[np.int64], kept: list[int], seed: int) -> Fitted:
    """Which of the domains kept a text is of; all of them alike, however many rows they have."""
    rows = np.flatnonzero(np.isin(own, kept))
    labels = np.array([kept.index(at) for at in own[rows]])
    head = fitted(x[rows], labels, C=1.0, max_iter=_STEPS, tol=1e-3, class_weight="balanced", random_state=seed)
    if len(kept) > 2:
        return head.coef_, head.intercept_
    return np.concatenate([0 * head.coef_, head.coef_]), np.concatenate([[0.0], head.intercept_])
