"""Which words moved the sentiment: exact for a linear model.

Each n-gram adds its weight for the label given, less the mean of the labels; a word gets what its own
n-grams add, and half of what each pair of words adds. A cue (praise, blame, negation, contrast, marks, emoji)
is shared among the words that make it; only what no word makes (links, handles, length) stays with the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

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
    texts: Sequence[str], features: Features, heads: Heads, winners: Places, mix: Floats, *, task: str = "sentiment"
) -> list[tuple[Evidence, ...]]:
    """The words of each text with the greatest weight for its winning label (or against it), best first."""
    found, offset = features.tokens, features.reading.offset
    weights = np.where(shown(features), word_weights(features, heads, winners, mix, task=task), 0)
    return heaviest(texts, found.doc, offset[found.start], offset[found.end - 1] + 1, weights)


def heaviest(
    texts: Sequence[str], doc: Places, start: Places, end: Places, weights: Floats
) -> list[tuple[Evidence, ...]]:
    """The pieces (characters `start` to `end` of text `doc`, in order) of each text that weigh most, best first.

    At most MOST each; none that weighs nothing, none that is blank.
    """
    best = _best(weights, doc, len(texts))
    kept: list[list[Evidence]] = [[] for _ in texts]
    columns = (part[best].tolist() for part in (doc, start, end, weights.astype(float).round(4)))
    for row, first, last, weight in zip(*columns, strict=True):
        piece = texts[row][first:last]
        if piece.strip():
            kept[row].append(Evidence(piece, first, last, weight))
    return [tuple(evidence) for evidence in kept]


def shown(features: Features) -> Flags:
    """Words of two letters or more, emoji, and runs of marks ("!!", ":)"): what a person sees as a reason."""
    found = features.tokens
    flags: Flags = (found.kind == EMOJI) | (found.end - found.start > 1)
    return flags


def word_weights(features: Features, heads: Heads, winners: Places, mix: Floats, *, task: str) -> Floats:
    """What each token adds to the logit of its text's winning label, relative to the mean label, cues too.

    `mix` says how much of each domain a text has (`heads.mix`).
    """
    gains = gram_gains(features, heads, mix, task=task) + cue_gains(features, heads, mix, task=task)
    weights: Floats = gains[np.arange(len(gains)), winners[features.tokens.doc]]
    return weights


def cue_gains(features: Features, heads: Heads, mix: Floats, *, task: str) -> Floats:
    """What each token adds to each label through the cues it makes: tokens x labels."""
    found, wide = features.tokens, heads.wide(task)
    parts = shares(features.cues, features.reading, found, features.under, features.known)
    each = (parts @ heads.cues[:, wide.ravel()]).reshape(-1, *wide.shape)
    return _added(each, mix[found.doc])


def gram_gains(features: Features, heads: Heads, mix: Floats, *, task: str) -> Floats:
    """What each token adds to each label through its n-grams: tokens x labels."""
    owner, found = _owners(features), features.tokens
    total = _from_pieces(features, heads, owner, mix, task)
    for block in features.words:
        doc = np.repeat(np.arange(features.size), np.diff(block.indptr))
        gain = _added(heads.weights(task, block.indices), mix[doc] * block.scale[doc, None])
        total += _halves(block.first, block.last, gain, owner, len(found.doc))[:-1]
    return np.asarray(total, np.float32)


def _added(each: NDArray[Any], mix: Floats) -> Floats:
    """Copies of the labels (… x copies x labels) added up, each as much as it counts."""
    return np.asarray(np.einsum("tc,tcl->tl", mix, each), np.float32)


def _from_pieces(features: Features, heads: Heads, owner: Places, mix: Floats, task: str) -> NDArray[np.float64]:
    """What the n-grams of characters add: worked out for the pieces that stand in, lent to their equals."""
    found, pieces, count = features.tokens, features.pieces, len(features.tokens.doc)
    rows = heads.weights(task, features.grams.indices)
    ends = features.reading.kind[features.shown[features.grams.last]] == SPACE  # that of the next piece shown
    first, last = features.shown[features.grams.first], features.shown[features.grams.last - ends]
    flat = rows.reshape(len(rows), rows.shape[1] * rows.shape[2])
    gains = _halves(first, last, flat, owner, count).reshape(-1, *rows.shape[1:])
    piece = np.searchsorted(pieces.first, found.start) - 1
    begin = np.searchsorted(found.start, pieces.first)
    model = begin[features.stand_in[piece]] + np.arange(count) - begin[piece]
    return _added(gains[model], mix[found.doc] * pieces.scale[found.doc, None]).astype(np.float64)


def _halves(first: Places, last: Places, gains: Floats, owner: Places, count: int) -> NDArray[np.float64]:
    """Sums of each token's n-grams (and of those of none, last); one that reaches over two gives half to each."""
    begin, end = owner[np.minimum(first + 1, last)], owner[last]
    each = [np.bincount(begin, gain, count + 1) + np.bincount(end, gain, count + 1) for gain in gains.T]
    return np.stack(each, axis=1) * 0.5


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
