"""Texts → hashed n-grams and cues: the one function that training and prediction share.

Word 1- and 2-grams (plus words under a negation) and character 2- to 5-grams inside words are hashed to
`2**BITS` rows by rolling hashes over the whole batch; a few cues, the same in every language, are counted
beside them. A model multiplies both with its weights. Pure, numpy only, linear in the length of the texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from watch.enrich.cues import CUES, cues, negated
from watch.enrich.lexicon import Known, Lexicon, look_up
from watch.enrich.pieces import different
from watch.enrich.reading import (
    SPACE,
    Flags,
    Hashes,
    Places,
    Reading,
    Tokens,
    mixed,
    read,
    span_hashes,
    tokens,
)

VERSION = 2  # of everything in this file, reading.py, lexicon.py and cues.py: weights fit one version only
BITS = 18
CHARS = (2, 3, 4, 5)

_STEP, _FINISH = np.uint32(0x01000193), np.uint32(0x85EBCA6B)
_SALT = {"word": 0x3C6EF372, "pair": 0x78DDE6E4, "not": 0xB54CDA56}

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Block:
    """Rows of a table for many holders: holder i has `indices[indptr[i]:indptr[i+1]]`, each counting `scale[i]`.

    `first` and `last` are the characters where each n-gram begins and ends (inclusive).
    """

    indptr: Places
    indices: Places
    scale: Floats
    first: Places
    last: Places


@dataclass(frozen=True, slots=True)
class Features:
    """What a model sees of a batch.

    `words`: texts → hashed words and pairs. `pieces`: texts → the different pieces between spaces of the batch;
    `grams`: those → hashed n-grams of characters, so that a word is worked out once, however often it comes.
    `cues` has a row for each text. Characters of `words` and `pieces` count in `reading`, those of `grams` in
    `shown`, the characters of the reading that were worked out; `stand_in` is the piece that did it for each.
    `known` is what the lexicon says of each token, `under` whether a negation turns it.
    """

    words: tuple[Block, ...]
    pieces: Block
    grams: Block
    cues: Floats
    reading: Reading
    tokens: Tokens
    shown: Places
    stand_in: Places
    known: Known
    under: Flags

    @property
    def size(self) -> int:
        """How many texts."""
        return self.reading.size


def extract(texts: Sequence[str], *, lexicon: Lexicon) -> Features:
    """Read texts (one at least, of any kind, empty ones too) into features; each is cut at 200,000 characters."""
    reading = read(texts)
    hashes = span_hashes(reading.codes)
    found = tokens(reading, hashes)
    known = look_up(found, lexicon)
    under = negated(found, known)
    start, stand_in, shown = different(reading, hashes)
    codes, space = reading.codes[shown], reading.kind[shown] == SPACE
    (grams,) = _blocks([_chars(codes, space)], np.flatnonzero(space)[:-1])
    pieces = _pieces(reading, start, stand_in, grams)
    words = fair(_blocks(list(_words(found, under)), reading.first))
    counted = cues(reading, found, under, known)
    return Features(words, pieces, grams, counted, reading, found, shown, stand_in, known, under)


def settings() -> dict[str, object]:
    """What a card keeps about the features, so that weights never meet features of another kind."""
    return {"version": VERSION, "bits": BITS, "words": [1, 2], "chars": list(CHARS), "cues": list(CUES)}


_Grams = tuple[Hashes, Places, Places]


def _words(found: Tokens, under: Flags) -> Iterator[_Grams]:
    last = found.end - 1
    yield _salted(found.hash, "word"), found.start, last
    same = np.flatnonzero(found.doc[1:] == found.doc[:-1])
    pairs = found.hash[same] * _STEP + found.hash[same + 1]
    yield _salted(pairs, "pair"), found.start[same], last[same + 1]
    yield _salted(found.hash[under], "not"), found.start[under], last[under]


def _chars(codes: Hashes, space: Flags) -> _Grams:
    """n-grams of the characters of a word and the spaces around it, as scikit-learn's char_wb has them.

    In the order of their first characters, so that those of a piece lie together.
    """
    spread, room = mixed(codes), _room(space)
    every = np.zeros((len(codes), len(CHARS)), np.uint32)
    rolling = spread
    for column, n in enumerate(CHARS):
        rolling = rolling[: max(len(spread) - n + 1, 0)] * _STEP + spread[n - 1 :]
        every[: len(rolling), column] = rolling ^ np.uint32(n * 0x1B873593 & 0xFFFFFFFF)
    first, size = np.nonzero(room[:, None] >= np.array(CHARS) - 1)
    return every[first, size], first, first + np.array(CHARS)[size] - 1


def _room(space: Flags) -> Places:
    """How many characters lie between each one and the next space, that space counted."""
    stops = np.append(np.flatnonzero(space), len(space) - 1)
    return stops[np.cumsum(space)] - np.arange(len(space))


def _salted(hashes: Hashes, name: str) -> Hashes:
    return hashes ^ np.uint32(_SALT[name])


def _blocks(grams: list[_Grams], starts: Places) -> tuple[Block, ...]:
    """N-grams, in the order of their first characters, for holders that begin at `starts`; scale 1."""
    ones = np.ones(len(starts), np.float32)
    return tuple(Block(bounds(first, starts), rows(hashes), ones, first, last) for hashes, first, last in grams)


def rows(hashes: Hashes) -> Places:
    """The row of a table, of 2**BITS, that each hash stands for."""
    return ((hashes * _FINISH) >> np.uint32(32 - BITS)).astype(np.int64)


def bounds(first: Places, starts: Places) -> Places:
    """Where the n-grams of each holder begin among all, and the end: holders + 1."""
    return np.append(np.searchsorted(first, starts), len(first))


def fair(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """1/√(n-grams of all these blocks) makes long and short texts equally loud."""
    scale = _scale(np.sum([np.diff(block.indptr) for block in blocks], axis=0))
    return tuple(replace(block, scale=scale) for block in blocks)


def _pieces(reading: Reading, start: Places, stand_in: Places, grams: Block) -> Block:
    """Texts → the number of each of their pieces among the different ones, scaled by their n-grams."""
    number = np.cumsum(stand_in == np.arange(len(stand_in))) - 1
    indices = number[stand_in]
    counts = np.diff(grams.indptr)[indices]
    total = np.bincount(reading.doc[start], counts, minlength=reading.size)
    return Block(bounds(start, reading.first), indices, _scale(total), start, start)


def _scale(total: NDArray[Any]) -> Floats:
    return np.asarray(1.0 / np.sqrt(np.maximum(total, 1)), np.float32)
