"""A text with one name in it, as a row of tokens: both that name and others masked, each known by where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from watch.enrich.explain import gram_gains
from watch.enrich.features import Features
from watch.enrich.heads import Heads
from watch.enrich.lexicon import NEGATIONS
from watch.enrich.reading import (
    LONGEST,
    WORD,
    Flags,
    Hashes,
    Places,
    Reading,
    Tokens,
    read,
    span_hashes,
    tokens,
    word_hashes,
)

CLAUSES = (
    "mais", "pourtant", "cependant", "toutefois", "néanmoins", "alors", "tandis", "contrairement", "quand", "quoique",
    "hélas", "sinon", "sauf", "plutôt", "malgré", "car", "parce", "puisque", "donc",
    "but", "however", "although", "yet", "though", "whereas", "while", "unlike", "because", "since", "so", "instead",
    "except", "despite", "which", "who",
)  # fmt: skip
LINKS = (
    "que", "qu", "pour", "à", "de", "d", "par", "chez", "plus", "moins", "mieux", "pire", "autant", "même", "aussi",
    "comme", "contre", "devant", "derrière", "face", "au", "lieu", "quitté", "quitte", "quitter", "quittons", "passé",
    "passer", "passée", "passe", "remplacé", "remplace", "bat", "battu", "battre", "préfère", "préféré", "regrette",
    "reviens", "than", "for", "to", "from", "over", "by", "at", "with", "more", "less", "better", "worse", "even", "as",
    "like", "left", "leave", "leaving", "switched", "switch", "moved", "ditched", "replaced", "beat", "beats", "beaten",
    "prefer", "preferred", "miss", "back", "against", "ahead", "behind", "went", "unlike", "compared",
)  # fmt: skip
NAME, OTHER = np.uint32(0x51ED270B), np.uint32(0x2545F491)  # what stands for the names in a hash
_STOPS = [ord(c) for c in ".!?…;"]
_PAUSES = [ord(c) for c in ',:()–—-«»“”"']
STEM = 5  # letters of a word that stand for its forms
_SHIFT = 18  # bits for an offset: reading.LONGEST fits

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Line:
    """Tokens, runs of names counted once: whose text, hash (names masked), stem, polarity, and where they stand.

    `token` is where each begins among the tokens of the features; `heard` is what the sentiment model hears in each of
    those, names too.
    """

    doc: Places
    hash: Hashes
    stem: Hashes
    value: Floats
    under: Flags
    name: Flags
    other: Flags
    sentence: Places
    clause: Places
    place: Places
    owner: Places
    tones: Floats
    token: Places
    heard: Floats


def line_of(
    features: Features, places: Sequence[Sequence[tuple[int, int]]], common: Hashes, heads: Heads, mix: Floats
) -> Line:
    """The tokens of a batch, runs of names counted once; `common` are words that are no names (see `common_words`)."""
    reading, found, value, under = features.reading, features.tokens, features.known.value, features.under
    stem = span_hashes(reading.codes)(found.start, np.minimum(found.end, found.start + STEM))
    tones = _tones(features, heads, mix)
    key = (found.doc << _SHIFT) + reading.offset[found.start]
    named, where = _named(key, places)
    big = reading.upper[found.start] & (found.kind == WORD) & (found.end - found.start > 1)
    other = big & ~named & ~among(found.hash, common)
    first = reading.codes[found.start]
    stop = np.isin(first, _STOPS)
    pause = np.isin(first, _PAUSES) | among(found.hash, listed()[0])
    sentence, clause = np.cumsum(stop, dtype=np.int64), np.cumsum(stop | pause, dtype=np.int64)
    same = np.zeros(len(key), bool)
    same[1:] = (found.doc[1:] == found.doc[:-1]) & ((named & _before(named)) | (other & _before(other)))[1:]
    keep = ~same
    masked = np.where(named, NAME, np.where(other, OTHER, found.hash))
    stem = np.where(named | other, masked, stem)
    place = np.searchsorted(np.flatnonzero(keep), np.searchsorted(key, where))
    plain = np.where(named | other, np.float32(0), value)
    return Line(
        found.doc[keep], masked[keep], stem[keep], plain[keep], under[keep], named[keep], other[keep],
        sentence[keep], clause[keep], place, where >> _SHIFT, np.where(named | other, np.float32(0), tones)[:, keep],
        np.flatnonzero(keep), tones,
    )  # fmt: skip


def _tones(features: Features, heads: Heads, mix: Floats) -> Floats:
    """What the sentiment model hears in each token: positive less negative, and neutral: 2 x tokens."""
    each = gram_gains(features, heads, mix, task="sentiment")
    return np.stack([each[:, 2] - each[:, 0], each[:, 1]])


@cache
def listed() -> tuple[Hashes, Hashes]:
    """Hashes, sorted, of the words that begin a clause, and of all that link or oppose."""
    return np.sort(word_hashes(CLAUSES)), np.sort(word_hashes([*LINKS, *CLAUSES, *NEGATIONS]))


def _before(flags: Flags) -> Flags:
    moved = np.zeros(len(flags), bool)
    moved[1:] = flags[:-1]
    return moved


def among(hashes: Hashes, known: Hashes) -> Flags:
    """Which hashes are in `known`, which is sorted."""
    if not len(known):
        return np.zeros(len(hashes), bool)
    flags: Flags = known[np.minimum(np.searchsorted(known, hashes), len(known) - 1)] == hashes
    return flags


def _named(key: Places, places: Sequence[Sequence[tuple[int, int]]]) -> tuple[Flags, Places]:
    """Which tokens are the name, and the keys at which its places begin, in order."""
    pairs = sorted(
        ((doc << _SHIFT) + start, (doc << _SHIFT) + end)
        for doc, some in enumerate(places)
        for start, end in some
        if start < LONGEST
    )
    if not pairs:
        return np.zeros(len(key), bool), np.zeros(0, np.int64)
    starts, ends = (np.array(side, np.int64) for side in zip(*pairs, strict=True))
    last = np.searchsorted(starts, key, "right") - 1
    return (last >= 0) & (key < ends[np.maximum(last, 0)]), starts


def common_words(texts: Sequence[str], least: int = 3) -> Hashes:
    """Hashes, sorted, of the words that `texts` hold in small letters at least so often, and oftener than not."""
    small: dict[int, int] = {}
    for at in range(0, len(texts), 2000):
        reading = read(texts[at : at + 2000])
        found = tokens(reading)
        big = reading.upper[found.start]
        word = (found.kind == WORD) & (found.end - found.start > 1)
        for flags, step in ((word & ~big, 1), (word & big & _inside(found, reading), -1)):
            values, counts = np.unique(found.hash[flags], return_counts=True)
            for value, count in zip(values.tolist(), (counts * step).tolist(), strict=True):
                small[value] = small.get(value, 0) + count
    return np.array(sorted(value for value, count in small.items() if count >= least), np.uint32)


def _inside(found: Tokens, reading: Reading) -> Flags:
    """Tokens that follow a word in their text: a capital there says something."""
    inside = np.zeros(len(found.doc), bool)
    inside[1:] = (found.doc[1:] == found.doc[:-1]) & (found.kind[:-1] == WORD)
    return inside
