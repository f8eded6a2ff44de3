"""Word rules: what a word or phrase means for one brand, whatever the classifier has learned of it (pure).

"guerre" blames, but not in a shop for board games. The words that a rule is about are blanked, sign for sign, before
the classifier reads the text toward that brand, so that places in the text stay where they are. A word ruled neutral
is then not heard at all; one ruled negative or positive speaks with a weight of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from watch.enrich.explain import MOST
from watch.model import SENTIMENTS, Evidence, Prediction, Sentiment, Span, TextToLabel
from watch.query import Element, Prepared, phrase

STATED = 1.2
"""Added to the log-odds of the tone that a rule gives: odds times 3.3.

On the dev texts written for Hune 99 words in 100 of those shown weigh less than 1, and praise is ahead of blame (or
blame of praise) by 0.9 in the median text, by 2 in the clearest tenth. So a rule outweighs a word, but not a text that
says otherwise clearly.
"""


@dataclass(frozen=True, slots=True)
class Rule:
    """A word or phrase, what it asks of a text, and the tone it has."""

    text: str
    wanted: tuple[Element, ...]
    tone: Sentiment


@dataclass(frozen=True, slots=True)
class Ruled:
    """A text as the classifier is to read it, and what rules state instead: the tone and where it is stated."""

    text: TextToLabel
    stated: tuple[tuple[Sentiment, Evidence], ...] = ()


def rules_of(words: Mapping[str, str]) -> tuple[Rule, ...]:
    """The rules that `words` (word or phrase → tone) are. Raises QueryError for what is no word or phrase."""
    tones: dict[str, Sentiment] = {tone: tone for tone in SENTIMENTS}
    return tuple(Rule(text, phrase(text), tones[tone]) for text, tone in words.items())


def ruled(text: TextToLabel, prepared: Prepared, rules: Sequence[Rule]) -> Ruled:
    """`text`, which is that of `prepared`, with the words of `rules` blanked and stated; its target's spans stay.

    Of rules that overlap the longest holds. A rule speaks once a text, where it stands first.
    """
    found = _places(text.spans, prepared, rules)
    if not found:
        return Ruled(text)
    body = prepared.document.body
    first: dict[str, tuple[Sentiment, Evidence]] = {}
    for span, rule in found:
        if rule.tone != "neutral":
            piece = Evidence(body[span.start : span.end], span.start, span.end, STATED)
            first.setdefault(rule.text, (rule.tone, piece))
    hushed, cut = blanked(body, [span for span, _ in found]), prepared.title_end
    title, said = (hushed[:cut], hushed[cut + 1 :]) if cut else ("", hushed)
    stated = tuple(first.values())
    return Ruled(replace(text, title=title, text=said, lean=_lean(tone for tone, _ in stated)), stated)


def told(found: Prediction, stated: Sequence[tuple[Sentiment, Evidence]]) -> Prediction:
    """What the classifier says of a `ruled` text, with what was stated among its evidence, heaviest first.

    As for words, a weight is what it adds to the label given less what it adds to labels on average.
    """
    if not stated:
        return found
    label = found.target_sentiment or found.sentiment
    said = [replace(piece, weight=round(piece.weight * ((tone == label) - 1 / 3), 4)) for tone, piece in stated]
    kept = [*said, *found.evidence][: max(MOST, len(said))]
    return replace(found, evidence=tuple(sorted(kept, key=lambda piece: -abs(piece.weight))))


def blanked(body: str, spans: Iterable[Span]) -> str:
    """`body` with a space for every character of `spans`: of the same length, and the same everywhere else."""
    signs = list(body)
    for span in spans:
        signs[span.start : span.end] = " " * len(signs[span.start : span.end])
    return "".join(signs)


def leans(texts: Sequence[TextToLabel]) -> NDArray[np.float32]:
    """What is to be added to the log-odds of each text: texts x SENTIMENTS."""
    added = np.zeros((len(texts), len(SENTIMENTS)), np.float32)
    for row, text in enumerate(texts):
        if text.lean:
            added[row] = text.lean
    return added


def _lean(tones: Iterable[Sentiment]) -> tuple[float, ...]:
    told = list(tones)
    return tuple(STATED * told.count(tone) for tone in SENTIMENTS) if told else ()


def _places(names: Sequence[Span], prepared: Prepared, rules: Sequence[Rule]) -> list[tuple[Span, Rule]]:
    """Where rules stand, in order of place; none overlaps another or a name."""
    every = [(Span(hit.start, hit.end), rule) for rule in rules for hit in prepared.body.find(rule.wanted)]
    # Of two that take the same characters, the one that says more: a whole word before a beginning.
    every.sort(key=lambda one: (one[0].start - one[0].end, -len(one[1].text.rstrip("*")), one[1].text, one[0].start))
    taken = set[int]()
    for span in names:
        taken.update(range(span.start, span.end))
    kept = []
    for span, rule in every:
        if taken.isdisjoint(range(span.start, span.end)):
            taken.update(range(span.start, span.end))
            kept.append((span, rule))
    return sorted(kept, key=lambda one: one[0].start)
