"""What is taken for what is counted, kept and printed."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import confusion_matrix
from test_train_run import run

from watch.enrich.weights import CARD
from watch.train.confusion import MOST, commonest, matrix
from watch.train.evaluate import confusions
from watch.train.run import score

PAIRS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=60)


@given(PAIRS)
def test_the_matrix_is_that_of_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    truth, guess = (np.array(side) for side in zip(*pairs, strict=True))
    assert np.array_equal(matrix(truth, guess, 5), confusion_matrix(truth, guess, labels=range(5)))


@given(PAIRS)
def test_the_commonest_confusions_are_the_mistakes_most_first(pairs: list[tuple[int, int]]) -> None:
    truth, guess = (np.array(side) for side in zip(*pairs, strict=True))
    found = commonest(truth, guess, "abcde")
    assert [number for *_, number in found] == sorted((number for *_, number in found), reverse=True)
    assert all(number == pairs.count(("abcde".index(a), "abcde".index(b))) for a, b, number in found)
    if len(found) < MOST:
        assert sum(number for *_, number in found) == int((truth != guess).sum())


def test_a_card_holds_a_matrix_for_each_source_and_language(data: Path, tmp_path: Path) -> None:
    run(data, tmp_path / "models", "all")
    for task, size in (("sentiment", 3), ("filter", 2), ("language", 3), ("target", 3)):
        for one in json.loads((tmp_path / "models" / task / CARD).read_text("utf-8"))["scores"]:
            assert [len(row) for row in one["confusion"]] == [size] * size
            assert sum(map(sum, one["confusion"])) == one["n"]


def test_a_card_holds_the_commonest_confusions_of_topics(data: Path, tmp_path: Path) -> None:
    run(data, tmp_path / "models", "topics")
    scores = json.loads((tmp_path / "models" / "topics" / CARD).read_text("utf-8"))["scores"]
    for one in scores:
        wrong = sum(number for *_, number in one["confused"])
        assert wrong == round(one["n"] * (1 - one["accuracy"]))


def test_an_evaluation_prints_what_is_confused(data: Path, tmp_path: Path) -> None:
    run(data, tmp_path / "models")
    (scored,) = score("sentiment", data, tmp_path / "models")
    printed = confusions(scored.scores, scored.labels).splitlines()
    assert printed[0] == "written en:"
    assert printed[1].split()[-3:] == ["negative", "neutral", "positive"]
    assert printed[2].split() == ["negative", *map(str, scored.scores[0].confusion[0])]  # type: ignore[index]  # it is there
