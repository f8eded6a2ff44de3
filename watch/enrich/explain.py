"""Which words moved the sentiment: exact for a linear model.

Each n-gram adds its weight for the label given, less the mean of the labels; a word gets what its own
n-grams add, and half of what each pair of words adds. A cue (praise, blame, negation, contrast, marks, emoji)
is shared among the words that make it; only what no word makes (links, handles, length) stays with the text.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from watch.enrich.cues import shares
from watch.enrich.features import Features
from watch.enrich.heads import Heads
from watch.enrich.reading import EMOJI, SPACE, Flags, Places
from watch.model import Evidence

MOST = 8
_LEAST = 1e-3

Floats = NDArray[np.float32]


def explain(
    texts: Sequence[str], features: Features, heads: Heads, winners: Places, *, task: str = "sentiment"
) -> list[tuple[Evidence, ...]]:
    """The words of each text with the greatest weight for its winning label (or against it), best first."""
    found, reading = features.tokens, features.reading
    weights = np.where(_shown(features), word_weights(features, heads, winners, task=task), 0)
    best = _best(weights, found.doc, features.size)
    rows = zip(
        found.doc[best].tolist(),
        reading.offset[found.start[best]].tolist(),
        (reading.offset[found.end[best] - 1] + 1).tolist(),
        weights[best].astype(float).round(4).tolist(),
        strict=True,
    )
    kept: list[list[Evidence]] = [[] for _ in texts]
    for row, start, end, weight in rows:
        kept[row].append(Evidence(texts[row][start:end], start, end, weight))
    return [tuple(evidence) for evidence in kept]


def _shown(features: Features) -> Flags:
    """Words of two letters or more, emoji, and runs of marks ("!!", ":)"): what a person sees as a reason."""
    found = features.tokens
    flags: Flags = (found.kind == EMOJI) | (found.end - found.start > 1)
    return flags


def word_weights(features: Features, heads: Heads, winners: Places, *, task: str) -> Floats:
    """What each token adds to the logit of its text's winning label, relative to the mean label, cues too."""
    return gram_weights(features, heads, winners, task=task) + cue_weights(features, heads, winners, task=task)


def cue_weights(features: Features, heads: Heads, winners: Places, *, task: str) -> Floats:
    """What each token adds through the cues it makes."""
    found = features.tokens
    parts = shares(features.cues, features.reading, found, features.under, features.known)
    columns = heads.columns[task]
    each = parts @ heads.cues[:, columns]
    weights: Floats = each[np.arange(len(each)), winners[found.doc]]
    return weights


def gram_weights(features: Features, heads: Heads, winners: Places, *, task: str) -> Floats:
    """What each token adds through its n-grams."""
    owner, count = _owners(features), len(features.tokens.doc)
    column = heads.columns[task].start + winners
    total = _from_pieces(features, heads, owner, winners, heads.columns[task])
    for block in features.words:
        doc = np.repeat(np.arange(features.size), np.diff(block.indptr))
        gain = heads.table[block.indices, column[doc]] * block.scale[doc]
        total += _halves(block.first, block.last, gain, owner, count)
    return total[:-1].astype(np.float32)


def _from_pieces(
    features: Features, heads: Heads, owner: Places, winners: Places, columns: slice
) -> NDArray[np.float64]:
    """What the n-grams of characters add: worked out for the pieces that stand in, lent to their equals."""
    found, pieces, count = features.tokens, features.pieces, len(features.tokens.doc)
    rows = heads.table[features.grams.indices, columns]
    ends = features.reading.kind[features.shown[features.grams.last]] == SPACE  # that of the next piece shown
    first, last = features.shown[features.grams.first], features.shown[features.grams.last - ends]
    gains = np.stack([_halves(first, last, row, owner, count) for row in rows.T], axis=1)
    piece = np.searchsorted(pieces.first, found.start) - 1
    begin = np.searchsorted(found.start, pieces.first)
    model = begin[features.stand_in[piece]] + np.arange(count) - begin[piece]
    lent = gains[model, winners[found.doc]] * pieces.scale[found.doc]
    return np.append(lent, 0.0)


def _halves(first: Places, last: Places, gain: Floats, owner: Places, count: int) -> NDArray[np.float64]:
    """Sums of each token's n-grams; one that reaches over two gives half to each."""
    begin = np.bincount(owner[np.minimum(first + 1, last)], gain, minlength=count + 1)
    end = np.bincount(owner[last], gain, minlength=count + 1)
    return np.asarray((begin + end) * 0.5, np.float64)


def _owners(features: Features) -> Places:
    """The token each character belongs to, an apostrophe to the one before it, never from text to text."""
    found, reading = features.tokens, features.reading
    owner = np.searchsorted(found.start, np.arange(len(reading.codes)), "right") - 1
    doc = np.append(found.doc, -1)
    return np.where(doc[owner] == reading.doc, owner, len(found.doc))


def _best(weights: Floats, doc: Places, size: int) -> Places:
    """The heaviest tokens of every text, at most MOST each, heaviest first."""
    loud = np.abs(weights)
    order = np.lexsort((-loud, doc))
    rank = np.arange(len(order)) - np.searchsorted(doc, np.arange(size))[doc]  # doc is sorted already
    best: Places = order[(rank < MOST) & (loud[order] >= _LEAST)]
    return best
