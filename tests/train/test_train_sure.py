"""The confidence from which a tone is told as it is."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from test_train_run import run

from watch.enrich.classify import Classifier
from watch.enrich.weights import CARD
from watch.train.sure import LEAST, MOST, sureness


def told(answers: list[tuple[float, bool]], source: str = "written") -> float:
    """The threshold for answers of that confidence, right or not."""
    shares = np.array([[sure, (1 - sure) / 2, (1 - sure) / 2] for sure, _ in answers], np.float32)
    return sureness(
        "sentiment", [(source, "fr")] * len(answers), shares, [0 if right else 1 for _, right in answers]
    ).start


def test_it_is_the_lowest_from_which_seven_in_ten_are_right() -> None:
    doubtful, clear = [(0.435, False)] * 4 + [(0.435, True)], [(0.9, True)] * 6 + [(0.9, False)] * 2
    assert told(doubtful + clear) == pytest.approx(0.44)


def test_it_is_never_above_even_odds() -> None:
    assert told([(0.9, False)] * 10) == MOST


def test_it_is_never_hardly_more_than_a_guess() -> None:
    assert told([(0.35, True)] * 10 + [(0.9, True)]) == LEAST


def test_sources_count_alike_however_many_rows_they_have() -> None:
    unsure, clear = [0.455, 0.3, 0.245], [0.9, 0.05, 0.05]
    shares = np.array([unsure] * 90 + [clear] * 10 + [unsure] * 9 + [clear], np.float32)
    groups = [("written", "fr")] * 100 + [("umsab_fr", "fr")] * 10
    found = sureness("sentiment", groups, shares, [0] * 100 + [1] * 9 + [0])
    assert found.start == pytest.approx(0.46)
    assert (found.share, found.right, found.rest) == pytest.approx((0.1, 1.0, 0.5))


def test_sources_far_from_what_is_read_do_not_count_beside_near_ones() -> None:
    shares = np.array([[0.45, 0.3, 0.25]] * 2, np.float32)
    assert sureness("sentiment", [("written", "fr"), ("films", "fr")], shares, [0, 1]).start == LEAST


def test_the_cards_of_the_tone_say_it_and_labelling_heeds_it(data: Path, tmp_path: Path) -> None:
    run(data, tmp_path / "models", "all")
    classifier = Classifier.load(tmp_path / "models")
    for task, heeded in (("sentiment", classifier.models["sentiment"]), ("target", classifier.toward)):
        card = json.loads((tmp_path / "models" / task / CARD).read_text("utf-8"))
        assert LEAST <= card["sure_from"] <= MOST
        assert set(card["sure"]) == {"share", "right", "rest"}
        assert heeded is not None
        assert heeded.sure_from == card["sure_from"]
