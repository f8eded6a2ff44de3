"""The words behind a tone of any model: what is lost of its probability when one of them is left out.

Zeiler and Fergus, "Visualizing and understanding convolutional networks" (2014), occlude parts of images in this
way; here the part is a word. Unlike the built-in evidence it is an approximation: words that say the same thing cover
for each other, and only some words are tried, those nearest to the name, or the first ones of the text.
"""

from __future__ import annotations

import re
import unicodedata

import numpy as np

from watch.enrich.explain import MOST
from watch.enrich.heavier.session import Floats, TextModel
from watch.enrich.heavier.tone import Case, tones
from watch.model import SENTIMENTS, Evidence

_PIECE = re.compile(r"\w+(?:['’-]\w+)*|[^\w\s]+")
_LEAST = 1e-3
_NOTHING = 1 / len(SENTIMENTS)  # what a text says of which no word is left


def behind(model: TextModel, case: Case, tone: Floats) -> tuple[Evidence, ...]:
    """The words of greatest weight for the winning label of `tone`, or against it, heaviest first.

    A weight is the logarithm of how many times likelier the label is with the word than without it.
    """
    words = pieces(case, model.settings.evidence)
    if not words or not np.isfinite(tone).all():
        return ()
    winner = int(tone.argmax())
    without = tones(model, [case.without(*word) for word in words])[:, winner]
    weights = np.log(tone[winner]) - np.log(np.nan_to_num(without, nan=_NOTHING))
    rows = [(w, *word) for word, w in zip(words, weights.round(4).tolist(), strict=True) if abs(w) >= _LEAST]
    rows.sort(key=lambda row: -abs(row[0]))
    return tuple(Evidence(case.body[start:end], start, end, weight) for weight, start, end in rows[:MOST])


def pieces(case: Case, most: int) -> list[tuple[int, int]]:
    """Words, emoji and runs of marks of a text that a person takes for a reason, `most` of them at most.

    The name itself is none. Those nearest to the name come first, else those at the beginning.
    """
    found = [match.span() for match in _PIECE.finditer(case.body) if _shown(match[0])]
    free = [(a, b) for a, b in found if not any(a < end and b > start for start, end in case.places)]
    if case.places:
        free.sort(key=lambda word: min(max(start - word[1], word[0] - end) for start, end in case.places))
    return free[:most]


def _shown(piece: str) -> bool:
    return len(piece) > 1 or unicodedata.category(piece) == "So"
