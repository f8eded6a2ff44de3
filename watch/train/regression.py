"""Logistic regression as every model here is fitted: a number of steps, then done."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

Labels = Sequence[int] | Sequence[int | None] | NDArray[np.int64]


def fitted(
    x: sp.csr_matrix, labels: Labels, weights: Sequence[float] | None = None, **settings: Any
) -> LogisticRegression:
    """Fit on rows (texts x features) with `settings` of scikit-learn's class.

    That the last step is not the bottom is meant, and no warning: what comes after it changes little on dev.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return LogisticRegression(**settings).fit(x, labels, sample_weight=weights)
