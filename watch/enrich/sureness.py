"""Whether a tone is told as it is or as "not sure", and how little is known of texts in other languages (pure).

The models of the tone learned French and English. In a text that is surely neither, in another script or without words
(only emoji, one character a thousand times), they hear little more than what looks alike: so much of each probability
as the text is foreign gives way to the same for all tones. The likeliest tone stays the likeliest, its probability
falls, and it is told as "not sure". What a person said of words is added after that, and counts in all languages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from watch.enrich.cues import CUES
from watch.enrich.features import Features
from watch.enrich.heads import softmax
from watch.enrich.language import OTHER
from watch.enrich.reading import EMOJI, WORD
from watch.model import SENTIMENTS, Sentiment

VERSION = 3  # of these rules: another one, and all is labelled again
_GREEK, _MORE_LATIN, _PUNCTUATION = 0x370, 0x1E00, 0x2000  # blocks of Unicode between which letters are Latin or not
_LONGEST, _STRETCHED = 60, 50  # letters of a word; letters, or emoji, beside each one
_MANY, _AGAIN = 200, 20  # in a text of more words than that, each comes less often than that on average
DOUBTED = 0.2  # a text that is so foreign has no sure tone
_MOST = 0.95  # what is left keeps the order of the tones

Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Tone:
    """Probabilities in the order of SENTIMENTS, and whether the likeliest is told."""

    scores: list[float]
    sure: bool

    @property
    def winner(self) -> int:
        """The likeliest, as an index into SENTIMENTS."""
        return self.scores.index(max(self.scores))

    @property
    def name(self) -> Sentiment:
        """The likeliest."""
        return SENTIMENTS[self.winner]

    @property
    def named(self) -> dict[Sentiment, float]:
        """Probabilities by name."""
        return dict(zip(SENTIMENTS, self.scores, strict=True))


def speaking(features: Features) -> Flags:
    """Which texts hold a word, an emoji or an emoticon; models know nothing about the others."""
    toned = features.cues[:, [CUES.index("positive"), CUES.index("negative")]].any(axis=1)
    flags: Flags = _holding(features, WORD) | _holding(features, EMOJI) | toned
    return flags


def foreign(features: Features, spoken: Floats, labels: Sequence[str]) -> Floats:
    """How little of each text the models can read: 0 for all of it, `_MOST` for nothing.

    That it is neither French nor English, from even odds on (`spoken`, texts x `labels`, are the probabilities of the
    languages), or twice the share of letters that are not Latin. A text without words is in no language.
    """
    doubt = np.maximum(2 * spoken[:, list(labels).index(OTHER)] - 1, 2 * _alien(features))
    return np.asarray(_MOST * np.where(_worded(features), np.clip(doubt, 0, 1), 1), np.float32)


def dulled(logits: Floats, foreign: Floats) -> Floats:
    """Logits of tones (texts x tones), the probabilities of `foreign` texts drawn together by so much."""
    rows = np.flatnonzero(foreign)
    if not len(rows):
        return logits
    mixed, share = logits.copy(), foreign[rows, None]
    mixed[rows] = np.log((1 - share) * softmax(logits[rows]) + share / logits.shape[1])
    return mixed


def told(scores: Floats, start: float | Floats, speaks: Flags) -> list[Tone]:
    """The tones of texts from their probabilities (texts x SENTIMENTS).

    Sure is one at least as likely as `start`, of a text that says something.
    """
    sure = (scores.max(axis=1) >= start) & speaks
    return [Tone(*one) for one in zip(scores.tolist(), sure.tolist(), strict=True)]


def _holding(features: Features, kind: int) -> Flags:
    found = features.tokens
    flags: Flags = np.bincount(found.doc[found.kind == kind], minlength=features.size) > 0
    return flags


def _worded(features: Features) -> Flags:
    """Which texts are made of words: not of emoji, of one character or word a thousand times, nor of an endless one."""
    found, size = features.tokens, features.size
    word = (found.kind == WORD) & (found.end - found.start <= _LONGEST)
    words = np.bincount(found.doc[word], minlength=size)
    flags: Flags = _filling(features) < np.maximum(words, 0.01) * _STRETCHED
    for row in np.flatnonzero(words > _MANY):
        flags[row] &= len(np.unique(found.hash[word & (found.doc == row)])) * _AGAIN > words[row]
    return flags & (words > 0)


def _filling(features: Features) -> Floats:
    """What stands in each text that says less the more there is: stretched letters, emoji, letters of no real word."""
    found, size = features.tokens, features.size
    letters = found.end - found.start
    endless = (found.kind == WORD) & (letters > _LONGEST)
    emoji = np.bincount(found.doc[found.kind == EMOJI], minlength=size)
    unread = np.bincount(found.doc[endless], letters[endless], minlength=size)
    return np.asarray(np.maximum.reduce([features.reading.stretched, emoji, unread]), np.float32)


def _alien(features: Features) -> Floats:
    """The share of each text's letters that are not Latin."""
    reading = features.reading
    letter = reading.kind == WORD
    codes = reading.codes[letter]
    other = (codes >= _GREEK) & ~((codes >= _MORE_LATIN) & (codes < _PUNCTUATION))
    doc, size = reading.doc[letter], features.size
    share = np.bincount(doc[other], minlength=size) / np.maximum(np.bincount(doc, minlength=size), 1)
    return np.asarray(share, np.float32)
