"""Texts → hashed n-grams and cues: the one function that training and prediction share.

Word 1- and 2-grams (plus words under a negation) and character 2- to 5-grams inside words are hashed to
`2**BITS` rows by rolling hashes over the whole batch; a few cues, the same in every language, are counted
beside them. A model multiplies both with its weights. Pure, numpy only, linear in the length of the texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from watch.enrich.cues import CUES, Lexicon, cues, negated
from watch.enrich.reading import SPACE, Flags, Hashes, Places, Reading, Tokens, mixed, read, tokens

VERSION = 1  # of everything in this file, reading.py and cues.py: weights fit one version only
BITS = 18
CHARS = (2, 3, 4, 5)

_STEP, _FINISH = np.uint32(0x01000193), np.uint32(0x85EBCA6B)
_SALT = {"word": 0x3C6EF372, "pair": 0x78DDE6E4, "not": 0xB54CDA56}

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Block:
    """One family of n-grams: text i has rows `indices[indptr[i]:indptr[i+1]]`, each counting `scale[i]`.

    `first` and `last` are the characters of the reading where each n-gram begins and ends (inclusive).
    """

    indptr: Places
    indices: Places
    scale: Floats
    first: Places
    last: Places


@dataclass(frozen=True, slots=True)
class Features:
    """What a model sees of a batch: hashed n-grams in blocks, and cues (texts x `len(CUES)`)."""

    blocks: tuple[Block, ...]
    cues: Floats
    reading: Reading
    tokens: Tokens

    @property
    def size(self) -> int:
        """How many texts."""
        return self.reading.size


def extract(texts: Sequence[str], *, lexicon: Lexicon) -> Features:
    """Read texts (one at least, of any kind, empty ones too) into features; each is cut at 200,000 characters."""
    reading = read(texts)
    found = tokens(reading)
    under = negated(found, lexicon)
    words, chars = list(_words(found, under)), list(_chars(reading))
    blocks = (*_scaled(words, reading), *_scaled(chars, reading))
    return Features(blocks, cues(reading, found, under, lexicon), reading, found)


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


def _chars(reading: Reading) -> Iterator[_Grams]:
    """n-grams of the characters of a word and the spaces around it, as scikit-learn's char_wb has them."""
    spread = mixed(reading.codes)
    room = _room(reading.kind == SPACE)
    rolling = spread
    for n in CHARS:
        rolling = rolling[: max(len(spread) - n + 1, 0)] * _STEP + spread[n - 1 :]
        first = np.flatnonzero(room[: len(rolling)] >= n - 1)
        yield rolling[first] ^ np.uint32(n * 0x1B873593 & 0xFFFFFFFF), first, first + (n - 1)


def _room(space: Flags) -> Places:
    """How many characters lie between each one and the next space, that space counted."""
    stops = np.append(np.flatnonzero(space), len(space) - 1)
    return stops[np.cumsum(space)] - np.arange(len(space))


def _salted(hashes: Hashes, name: str) -> Hashes:
    return hashes ^ np.uint32(_SALT[name])


def _scaled(grams: list[_Grams], reading: Reading) -> Iterator[Block]:
    """Blocks of one family; 1/√(n-grams of the family) makes long and short texts equally loud."""
    bounds = [np.append(np.searchsorted(first, reading.first), len(first)) for _, first, _ in grams]
    total = np.sum([np.diff(bound) for bound in bounds], axis=0)
    scale = (1.0 / np.sqrt(np.maximum(total, 1))).astype(np.float32)
    for (hashes, first, last), indptr in zip(grams, bounds, strict=True):
        indices = (hashes * _FINISH) >> np.uint32(32 - BITS)
        yield Block(indptr, indices.astype(np.int64), scale, first, last)
