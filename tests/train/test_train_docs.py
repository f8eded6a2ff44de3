"""The figures in docs/models.md are those of the cards."""

from __future__ import annotations

from pathlib import Path

import pytest

from watch.enrich.classify import TASKS, default_models
from watch.enrich.weights import load_card
from watch.train.page import figures, rewritten

PAGE = (Path(__file__).parents[2] / "docs" / "models.md").read_text(encoding="utf-8")


def test_the_page_says_what_the_cards_say() -> None:
    assert rewritten(PAGE, default_models()) == PAGE, "run `python -m watch.train.page docs/models.md`"


@pytest.mark.parametrize("task", [*TASKS, "target"])
def test_the_page_tells_of_every_task(task: str) -> None:
    assert f"<!-- figures: {task} -->" in PAGE


@pytest.mark.parametrize("task", [*TASKS, "target"])
def test_what_is_confused_in_the_written_texts_is_on_the_page(task: str) -> None:
    card = load_card(default_models() / task)
    title = "Commonest confusions" if task == "topics" else "What is taken for what"
    assert title in figures(card)
    scores = card["scores"]
    assert isinstance(scores, list)
    assert all(("confused" if task == "topics" else "confusion") in one for one in scores)
