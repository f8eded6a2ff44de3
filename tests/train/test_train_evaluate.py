"""Scores are what they say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from watch.train.evaluate import calibration_error, macro_f1

LABELS = st.integers(0, 2)


@given(st.lists(st.tuples(LABELS, LABELS), min_size=1, max_size=40))
def test_macro_f1_is_that_of_scikit_learn_over_the_labels_that_occur(pairs: list[tuple[int, int]]) -> None:
    truth, guess = (np.array(side) for side in zip(*pairs, strict=True))
    expected = f1_score(truth, guess, labels=np.unique(truth), average="macro", zero_division=0)
    assert macro_f1(truth, guess) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("sure", "right", "error"),
    [([1.0, 1.0], [True, True], 0.0), ([0.9, 0.9], [False, False], 0.9), ([0.8, 0.6], [True, False], 0.4)],
)
def test_calibration_error_is_how_far_sureness_is_from_being_right(
    sure: list[float], right: list[bool], error: float
) -> None:
    assert calibration_error(np.array(sure, np.float32), np.array(right)) == pytest.approx(error, abs=1e-6)
