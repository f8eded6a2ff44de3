"""The shipped models do on the dev texts what their cards say."""

from __future__ import annotations

import numpy as np
import pytest
from shared_data import SHARED

from watch.enrich.classify import TASKS, default_models
from watch.enrich.weights import load_card
from watch.train.evaluate import as_dicts
from watch.train.run import score


@pytest.mark.shared
@pytest.mark.parametrize("task", [*TASKS, "target"])
def test_evaluating_a_shipped_model_gives_the_scores_of_its_card(task: str) -> None:
    assert SHARED is not None
    (scored,) = score(task, SHARED / "data", default_models())
    said = load_card(default_models() / task)["scores"]
    assert isinstance(said, list)
    for ours, card in zip(as_dicts(scored.scores), said, strict=True):
        assert {k: ours[k] for k in ("source", "lang", "n")} == {k: card[k] for k in ("source", "lang", "n")}
        assert ours["macro_f1"] == pytest.approx(card["macro_f1"], abs=0.002)
        if "confusion" in card:
            assert np.sum(card["confusion"]) == card["n"]
            assert np.abs(np.subtract(ours["confusion"], card["confusion"])).max() <= 2
