"""The hand-written texts of the demo, read from the package."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

from watch.model import Sentiment

Brand = Literal["own", "ravel", "nordhavn", "several", "none"]
Kind = Literal["press", "trade", "blog", "forum", "post", "comment", "question", "review", "spam"]


@dataclass(frozen=True, slots=True)
class Text:
    """One text as its author wrote it.

    `brand` is who it is about (`none`: nobody we watch, for instance the cows of the Aubrac), `tone` what a
    reader would say of it. `when` is given to the plot only: "-3d14h20m" is 14:20 local, three days before
    the demo's today. Texts of one `story` are reprints of one another.
    """

    id: str
    brand: Brand
    lang: Literal["fr", "en"]
    kind: Kind
    source: str
    text: str
    tone: Sentiment
    title: str = ""
    when: str | None = None
    story: str | None = None
    author: str | None = None
    irony: bool = False


def load() -> tuple[Text, ...]:
    """Every text, file by file in alphabetical order, as written."""
    folder = files("watch.demo").joinpath("texts")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".jsonl"))
    return tuple(
        Text(**json.loads(line))
        for name in names
        for line in folder.joinpath(name).read_text(encoding="utf-8").splitlines()
    )
