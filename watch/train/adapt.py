"""A small change on top of a shipped model, so that it says of some texts what a person said of them.

The model stays linear: the change is added to its weights for the n-grams that stand in those texts, and to nothing
else, neither cues nor bias, which speak in every text. It is the one that makes the person's labels likely while it
stays small, and an n-gram may change the less the more the shipped model learned about it: its square is penalised by
how loud it is in the corpus (Kirkpatrick et al. 2017, "Overcoming catastrophic forgetting", arXiv:1612.00796, with
that in place of the Fisher information). No lessons, no change; the same lessons give the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import minimize

_STEPS = {"maxiter": 100, "ftol": 1e-6}

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Firmness:
    """How little may change: the penalty on squares, and how much of it `known` adds for an n-gram by its loudness."""

    penalty: float
    known: float


# Chosen with benchmarks/bench_corrections.py; docs/labels.md has what others brought.
FIRMNESS = {"target": Firmness(0.03, 100_000), "topics": Firmness(0.3, 25_000), "filter": Firmness(0.3, 25_000)}


@dataclass(frozen=True, slots=True)
class Change:
    """What is added to some `rows` of the table of a model: rows x classes."""

    rows: Places
    table: Floats

    def of(self, grams: sp.csr_matrix) -> Floats:
        """What it adds to the model's own sums of texts: texts x classes."""
        return np.asarray(grams[:, self.rows] @ self.table, np.float32)


def loudness(grams: sp.csr_matrix) -> Floats:
    """How loud each n-gram is in texts: the mean of its squares, for each row of the table."""
    squares = np.asarray(grams.multiply(grams).sum(axis=0), np.float64).ravel()
    return np.asarray(squares / max(grams.shape[0], 1), np.float32)


def adapt(
    grams: sp.csr_matrix, logits: Floats, shares: Floats, *, loud: Floats, slope: Floats, firm: Firmness
) -> Change:
    """The change that lessons ask for.

    `grams`: lessons x rows of the table; `logits`, lessons x classes, is what is predicted now, and `slope` how much of
    the model's own sum reaches it, for each class; `shares` are the probabilities that the lessons should get;
    `loud` is the `loudness` of the corpus.
    """
    rows = np.unique(grams.indices).astype(np.int64)
    free = 1 / np.sqrt(1 + firm.known * loud[rows])
    x = grams[:, rows].multiply(free).tocsr().astype(np.float64)
    weights = _fitted(x, logits.astype(np.float64), shares.astype(np.float64), slope.astype(np.float64), firm.penalty)
    return Change(rows, (weights * free[:, None]).astype(np.float32))


def _fitted(x: sp.csr_matrix, said: Doubles, wanted: Doubles, slope: Doubles, penalty: float) -> Doubles:
    """The weights (columns of x, x classes) at which `wanted` is least surprising, small ones preferred."""
    shape = (x.shape[1], said.shape[1])

    def loss(flat: Doubles) -> tuple[float, Doubles]:
        w = flat.reshape(shape)
        logits = said + (x @ w) * slope
        high = logits - logits.max(axis=1, keepdims=True)
        log = high - np.log(np.exp(high).sum(axis=1, keepdims=True))
        steep = x.T @ ((np.exp(log) - wanted) * slope) + penalty * w
        return float(penalty / 2 * (w * w).sum() - (wanted * log).sum()), steep.ravel()

    found = minimize(loss, np.zeros(shape[0] * shape[1]), jac=True, method="L-BFGS-B", options=_STEPS)
    return np.asarray(found.x, np.float64).reshape(shape)
