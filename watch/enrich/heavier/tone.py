"""The tone of a text, and toward a name in it, by a model that knows texts only.

Toward a name the rule is that of `watch.enrich.target`: what the model says of the name's own clauses counts `OWN`,
of the whole text the rest, mixed as logarithms. A model that takes pairs is asked for (text, name) instead.
A name that stands nowhere gets the tone of the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from watch.enrich.heads import softmax
from watch.enrich.heavier.session import Asked, Floats, TextModel
from watch.enrich.target import OWN, own_clauses
from watch.model import Span

_FLOOR = 1e-6  # no probability is less: a logarithm of nothing would outweigh all


@dataclass(frozen=True, slots=True)
class Case:
    """A text, and the name asked about with the places (start, end in characters) where it stands.

    `lean` is what people say of words that are not in the text (`TextToLabel.lean`).
    """

    body: str
    target: str = ""
    places: tuple[tuple[int, int], ...] = ()
    lean: tuple[float, ...] = ()

    def without(self, start: int, end: int) -> Case:
        """The case with the characters from `start` to `end` taken out, and the space after them."""
        end += self.body[end : end + 1] == " "
        gone = end - start
        places = tuple((a - gone, b - gone) if a >= end else (a, b) for a, b in self.places)
        return Case(self.body[:start] + self.body[end:], self.target, places, self.lean)


def tones(model: TextModel, cases: Sequence[Case]) -> Floats:
    """Probabilities of each sentiment, cases x SENTIMENTS; nan where a text has nothing to read."""
    asks = [_asks(case, pairs=model.settings.pairs) for case in cases]
    rows = {asked: at for at, asked in enumerate(dict.fromkeys(asked for ask in asks for asked, _ in ask))}
    logs = np.log(np.maximum(model.chances(list(rows)), _FLOOR))
    mixed = np.zeros((len(cases), logs.shape[1]))
    for at, ask in enumerate(asks):
        for asked, share in ask:
            mixed[at] += share * logs[rows[asked]]
        mixed[at] += cases[at].lean or 0
    return softmax(mixed).astype(np.float64)


def _asks(case: Case, *, pairs: bool) -> list[tuple[Asked, float]]:
    """What the model is asked for a case, and how much each answer counts."""
    if not case.places:
        return [(case.body, 1.0)]
    if pairs:
        return [((case.body, case.target), 1.0)]
    clauses = own_clauses(case.body, case.target, [Span(start, end) for start, end in case.places])
    return [(case.body, 1 - OWN), (clauses, OWN)]
