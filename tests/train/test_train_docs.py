"""The figures in docs/models.md are those of the cards."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from watch.enrich.classify import TASKS, default_models
from watch.enrich.weights import load_card

PAGE = (Path(__file__).parents[2] / "docs" / "models.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    return re.split(r"^## ", PAGE, flags=re.MULTILINE)[
        [part.split("\n")[0] for part in re.split(r"^## ", PAGE, flags=re.MULTILINE)].index(title)
    ]


@pytest.mark.parametrize("task", [*TASKS, "target"])
def test_every_row_of_the_page_is_a_row_of_the_card(task: str) -> None:
    fields = ["source", "lang", *(["label"] if task == "filter" else []), "n", "macro_f1"]
    fields += [*(["f1"] if task == "filter" else []), "accuracy", "calibration_error"]
    scores = load_card(default_models() / task)["scores"]
    assert isinstance(scores, list)
    card = {tuple(f"{s[f]:.3f}" if isinstance(s[f], float) else str(s[f]) for f in fields) for s in scores}
    rows = re.findall(r"^\| ([a-z0-9_]+ \| (?:fr|en|other) \|.*) \|$", section(task.capitalize()), re.MULTILINE)
    assert rows
    assert {tuple(row.split(" | ")) for row in rows} <= card
