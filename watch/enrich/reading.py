"""Texts as arrays: lower-cased code points, what kind of character each is, and the words they form.

A batch of texts becomes one long array, so that everything after works on whole batches at once. Addresses
and @handles are blanked (who is named must not decide how a text sounds), runs of three or more equal
characters are cut to two, and every run of white space becomes one space. `offset` leads back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

LONGEST = 200_000  # characters of a text that are read; what follows is ignored
SPACE, WORD, SYMBOL, JOINT, EMOJI = range(5)

_KNOWN = 0x20000  # beyond are rare ideographs: letters that have no lower case
_STEP, _MIX = 0x01000193, 0x9E3779B1
_APOSTROPHES = "'’ʼ‘´`\u200d\ufe0f\u00ad"

Flags = NDArray[np.bool_]
Hashes = NDArray[np.uint32]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Reading:
    """A batch of texts, character by character, in the order of the texts.

    `doc` is the text a character belongs to, `offset` its place in that text (-1: the space we put before
    it), `first` the first character of each text. `links`, `handles` and `stretched` count per text what
    was blanked or shortened.
    """

    codes: Hashes
    kind: NDArray[np.uint8]
    upper: Flags
    doc: Places
    offset: Places
    first: Places
    links: Places
    handles: Places
    stretched: Places

    @property
    def size(self) -> int:
        """How many texts."""
        return len(self.first)


@dataclass(frozen=True, slots=True)
class Tokens:
    """Words, runs of punctuation and single emoji: characters `start` to `end`, their text, kind and hash."""

    start: Places
    end: Places
    doc: Places
    kind: NDArray[np.uint8]
    hash: Hashes
    upper: Flags


def read(texts: Sequence[str]) -> Reading:
    """Turn texts (one at least) into arrays; linear in their length, and no text is refused."""
    cut = [text[:LONGEST] for text in texts]
    joined = " " + " ".join(cut) + " "
    raw = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    doc = np.repeat(np.arange(len(cut)), np.fromiter(map(len, cut), np.int64, len(cut)) + 1)
    doc = np.append(doc, len(cut) - 1)  # the space that ends the last text
    lower, kinds = _tables()
    known = np.minimum(raw, _KNOWN - 1)
    codes, kind = np.where(raw < _KNOWN, lower[known], raw), kinds[known]
    codes[kind == SPACE] = 32
    links, handles = _blank(codes, kind, doc, len(cut)) if _may_name(joined) else _nothing(len(cut))
    return _collapse(raw, codes, kind, doc, links, handles)


def tokens(reading: Reading, hashes: Callable[[Places, Places], Hashes] | None = None) -> Tokens:
    """Cut a reading into words, runs of punctuation and single emoji, each with its hash.

    `hashes` is `span_hashes(reading.codes)` where the caller has it already.
    """
    hashes = hashes or span_hashes(reading.codes)
    kind = reading.kind
    change = np.flatnonzero((kind[1:] != kind[:-1]) | (kind[1:] == EMOJI)) + 1
    start = np.concatenate(([0], change))
    end = np.append(change, len(kind))
    keep = (kind[start] != SPACE) & (kind[start] != JOINT)
    start, end = start[keep], end[keep]
    capitals = np.concatenate(([0], np.cumsum(reading.upper)))
    upper = (capitals[end] - capitals[start] == end - start) & (end - start > 1)
    return Tokens(start, end, reading.doc[start], kind[start], hashes(start, end), upper)


def mixed(codes: Hashes) -> Hashes:
    """Spread code points over 32 bits, so that neighbours in the alphabet are strangers in a hash."""
    spread = codes * np.uint32(_MIX)
    return spread ^ (spread >> np.uint32(15))


def word_hashes(words: Sequence[str]) -> Hashes:
    """The hash of the first token of each word, as `tokens` would give it; words without one are left out."""
    found = tokens(read(words))
    _, firsts = np.unique(found.doc, return_index=True)
    return found.hash[firsts]


def span_hashes(codes: Hashes) -> Callable[[Places, Places], Hashes]:
    """Polynomial hashes of any spans, by prefix sums: sum of c·p^i, divided by p^start (p is odd, mod 2^32)."""
    powers = np.multiply.accumulate(np.full(len(codes), _STEP, np.uint32), dtype=np.uint32)
    inverse = np.full(len(codes), pow(_STEP, -1, 2**32), np.uint32)
    inverses = np.multiply.accumulate(inverse, dtype=np.uint32)
    sums = np.zeros(len(codes) + 1, np.uint32)
    np.cumsum(mixed(codes) * powers, dtype=np.uint32, out=sums[1:])
    return lambda start, end: (sums[end] - sums[start]) * inverses[start]


def _may_name(joined: str) -> bool:
    return "@" in joined or "http" in joined or "www." in joined


def _nothing(size: int) -> tuple[Places, Places]:
    return np.zeros(size, np.int64), np.zeros(size, np.int64)


def _blank(codes: Hashes, kind: NDArray[np.uint8], doc: Places, size: int) -> tuple[Places, Places]:
    """Blank addresses and @handles in place; return how many of each every text had."""
    spaces = np.flatnonzero(kind == SPACE)
    padded = np.concatenate((codes[1:], np.full(5, 32, np.uint32)))
    heads = [padded[spaces + i] for i in range(4)]
    link = _starts(heads, "http") | _starts(heads, "www.")
    handle = (heads[0] == ord("@")) & (heads[1] > ord("/"))
    gone = (link | handle)[np.cumsum(kind == SPACE) - 1]
    codes[gone], kind[gone] = 32, SPACE
    return np.bincount(doc[spaces[link]], minlength=size), np.bincount(doc[spaces[handle]], minlength=size)


def _starts(heads: list[Hashes], word: str) -> Flags:
    result: Flags = np.logical_and.reduce([head == ord(c) for head, c in zip(heads, word, strict=True)])
    return result


def _collapse(
    raw: Hashes, codes: Hashes, kind: NDArray[np.uint8], doc: Places, links: Places, handles: Places
) -> Reading:
    """Drop what repeats: the third equal character in a row, and every space but the last of a run."""
    size = len(links)
    space = kind == SPACE
    again = np.zeros(len(codes), bool)
    again[2:] = (codes[2:] == codes[1:-1]) & (codes[1:-1] == codes[:-2]) & ~space[2:]
    again &= (codes < ord("0")) | (codes > ord("9"))
    keep = ~again
    keep[:-1] &= ~(space[:-1] & space[1:])
    stretched = np.bincount(doc[again], minlength=size)[:size]
    begin = np.searchsorted(doc, np.arange(size))
    place = np.flatnonzero(keep)
    doc = doc[keep]
    offset = place - begin[doc] - 1
    first = np.searchsorted(doc, np.arange(size))
    upper = (raw != codes)[keep] & (kind[keep] == WORD)
    return Reading(codes[keep], kind[keep], upper, doc, offset, first, links, handles, stretched)


@cache
def _tables() -> tuple[Hashes, NDArray[np.uint8]]:
    """Lower-case letter and kind of every code point below 0x20000; made once, in some 40 ms."""
    every = [chr(i) for i in range(_KNOWN)]
    low = (c.lower() for c in every)
    lower = np.fromiter((ord(d) if len(d) == 1 else ord(c) for c, d in zip(every, low, strict=True)), np.uint32)
    word = np.fromiter((c.isalnum() for c in every), bool)
    blank = np.fromiter((c.isspace() or i < 32 for i, c in enumerate(every)), bool)
    kind = np.where(word, WORD, np.where(blank, SPACE, SYMBOL)).astype(np.uint8)
    kind[0x1F000:] = EMOJI
    kind[-1] = WORD  # stands for everything beyond
    kind[0x2600:0x27C0] = EMOJI
    kind[0x1F3FB:0x1F400] = JOINT  # skin tones
    kind[0x300:0x370] = WORD  # combining accents
    kind[[ord(c) for c in _APOSTROPHES]] = JOINT
    lower[ord("’")] = ord("'")
    return lower, kind
