"""The figures in docs/models.md, as the cards have them: `python -m watch.train.page docs/models.md` writes them again.

They stand between `<!-- figures: TASK -->` and `<!-- end -->`; what is around them is written by hand. A test holds
that page and cards agree.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from watch.enrich.classify import default_models
from watch.enrich.weights import load_card

_BLOCK = re.compile(r"(<!-- figures: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
_OURS = ("fr", "en")
_MEASURES = {"macro_f1": "macro-F1", "f1": "F1", "accuracy": "accuracy", "calibration_error": "calibration error"}

Json = Mapping[str, Any]


def rewritten(page: str, models: Path) -> str:
    """The page with the figures of the cards in `models`; raises ModelError when a card is missing."""
    return _BLOCK.sub(lambda found: found[1] + figures(load_card(models / found[2])) + found[3], page)


def figures(card: Json) -> str:
    """What a card says of how well its model does, as Markdown: scores, sureness, confusions of the written texts."""
    task, scores = card["task"], card["scores"]
    written = [one for lang in _OURS for one in scores if (one["source"], one["lang"]) == ("written", lang)]
    confused = {"topics": _commonest, "filter": _yes_or_no}.get(task, _matrices)(written, card["labels"])
    parts = [_scores(task, scores), _sure(card) if "sure" in card else "", confused]
    return "\n" + "\n".join(part for part in parts if part) + "\n"


def _scores(task: str, scores: Sequence[Json]) -> str:
    label = ["label"] if task == "filter" else []
    measures = [name for name in _MEASURES if name != "f1" or label]
    head = ["source", "language", *label, "names" if task == "target" else "texts", *(_MEASURES[m] for m in measures)]
    kept = [one for one in scores if label or "label" not in one]
    rows = [[one[name] for name in ["source", "lang", *label, "n", *measures]] for one in kept]
    return _table(head, rows)


def _sure(card: Json) -> str:
    sure = card["sure"]
    return (
        f"A tone below {card['sure_from']:.2f} is told as *not sure*. Of the dev texts nearest to what Hune reads, "
        f"{sure['share']:.0%} reach that and are right in {sure['right']:.0%}; the rest in {sure['rest']:.0%}.\n"
    )


def _matrices(written: Sequence[Json], labels: Sequence[str]) -> str:
    """A row for each language and label given, a column for each label found."""
    rows = [
        [one["lang"] + (f", {one['label']}" if "label" in one else ""), given, *counts]
        for one in written
        for given, counts in zip(labels, one["confusion"], strict=True)
        if any(counts)
    ]
    return "What is taken for what, `written`:\n\n" + _table(
        ["language", "given", *(f"found {n}" for n in labels)], rows
    )


def _yes_or_no(written: Sequence[Json], _labels: Sequence[str]) -> str:
    rows = [[one["lang"], one["label"], *one["confusion"][1], *one["confusion"][0]] for one in written]
    head = ["language", "label", "missed", "found", "left alone", "taken for it"]
    return "What is taken for what, `written`:\n\n" + _table(head, rows)


def _commonest(written: Sequence[Json], _labels: Sequence[str]) -> str:
    said = [
        f"- {one['lang']}: " + ", ".join(f"{given} → {found} {number}" for given, found, number in one["confused"])
        for one in written
    ]
    return "Commonest confusions, `written` (given → found, texts):\n\n" + "\n".join(said) + "\n"


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    cells = (f"{cell:.3f}" if isinstance(cell, float) else str(cell) for row in rows for cell in row)
    lines = [list(head), ["---"] * len(head), *(list(row) for row in zip(*[cells] * len(head), strict=True))]
    return (
        "".join("| " + " | ".join(line) + " |\n" for line in lines).replace("| --- ", "|---").replace("--- |", "---|")
    )


def main() -> None:
    """Write the figures into the page named on the command line."""
    page = Path(sys.argv[1])
    page.write_text(rewritten(page.read_text(encoding="utf-8"), default_models()), encoding="utf-8")


if __name__ == "__main__":
    main()
