"""Which items tell the same thing: fingerprints of their words, and how much of one stands in another (pure).

A text's fingerprint are its *pairs*: every word with each of the three that follow it. A word left out, put in or moved
spoils few of them, where a shingle of three words breaks. Two texts tell one story when `SAME` of the shorter one's
pairs stand at the head of the longer one: reprints, light edits, and excerpts, which resemblance (Jaccard, and so
MinHash) cannot hold; see Broder, "On the resemblance and containment of documents" (1997). Whom to compare with is
found by *marks*: some of the text's runs of three words, chosen by their hash alone, so that texts that share words
choose the same; rows of an indexed table.
"""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from watch.enrich.furniture import without_furniture
from watch.query.tokens import each_token, is_tag

SAME = 0.8
_SHORTEST = 8  # words; "Bravo !" twice is no story
_POOREST = 12  # pairs; nor is "ha ha ha…", which stands in many texts
_WORDS = 200  # the head of a text says what it tells
_NEAR = 3  # words a pair reaches over
# The head of the longer text: as many pairs as the shorter has, a quarter more, and twenty words before them.
_LONGER, _BEFORE = 1.25, 20 * _NEAR
_OF, _LEAST = 4, 16  # of the runs of three words one in four is a mark, and the sixteen with the smallest hash
_COMPARED = 32  # stories at most, those that share most marks

Hashes = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Print:
    """The fingerprint of a text: hashes of its pairs, in its order and each once; and its marks. Both may be empty."""

    pairs: tuple[int, ...] = ()
    marks: tuple[int, ...] = ()

    def packed(self) -> bytes:
        """The pairs as the store keeps them: four bytes each, little-endian."""
        return np.array(self.pairs, "<u4").tobytes()


def unpacked(signature: bytes) -> tuple[int, ...]:
    """The pairs of `Print.packed`."""
    return tuple(np.frombuffer(signature, "<u4").tolist())


def fingerprint(text: str) -> Print:
    """The fingerprint of the head of a text; an empty one for a text too short or poor to be reprinted."""
    words = [token.folded for token in islice(each_token(without_furniture(text)), 2 * _WORDS)]
    words = [word for word in words if not is_tag(word)][:_WORDS]
    if len(words) < _SHORTEST:
        return Print()
    hashes = np.fromiter((zlib.crc32(word.encode()) for word in words), np.uint32, len(words))
    pairs = _pairs(hashes)
    if len(pairs) < _POOREST:
        return Print()
    runs = np.unique(_joined(_joined(hashes[:-2], hashes[1:-1]), hashes[2:]))
    chosen = np.union1d(runs[:_LEAST], runs[runs % _OF == 0])
    return Print(tuple(pairs.tolist()), tuple(chosen.tolist()))


def containment(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """The part of the shorter text's pairs that stand at the head of the longer one, 0 to 1."""
    short, long = (one, other) if len(one) <= len(other) else (other, one)
    if not short:
        return 0.0
    return len(set(short).intersection(long[: int(len(short) * _LONGER) + _BEFORE])) / len(short)


@dataclass
class Stories:
    """Stories to ask a new item against; each by the longest text that tells it."""

    _packed: dict[int, bytes] = field(default_factory=dict)
    _marked: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, signatures: Mapping[int, bytes], marks: Iterable[tuple[int, int]]) -> Stories:
        """From story id → packed pairs, and (story id, mark) of those."""
        stories = cls(dict(signatures))
        for story_id, mark in marks:
            stories._marked[mark].append(story_id)
        return stories

    def add(self, story_id: int, told: Print) -> None:
        """Remember a story by this text from now on."""
        self._packed[story_id] = told.packed()
        for mark in told.marks:
            self._marked[mark].append(story_id)

    def find(self, told: Print) -> int | None:
        """The story that a text tells: the one most of it stands in, the oldest of equals."""
        shared = Counter(story_id for mark in told.marks for story_id in self._marked.get(mark, ()))
        nearest = sorted(shared, key=lambda i: (-shared[i], i))[:_COMPARED]
        found = {story_id: containment(told.pairs, unpacked(self._packed[story_id])) for story_id in nearest}
        best = min(found, key=lambda i: (-found[i], i), default=None)
        return best if best is not None and found[best] >= SAME else None

    def is_longer(self, told: Print, story_id: int) -> bool:
        """Whether this text says more than the one the story is known by."""
        return len(told.packed()) > len(self._packed[story_id])


def _pairs(hashes: Hashes) -> Hashes:
    """Each word with the `_NEAR` that follow it, word by word; of equal ones the first."""
    size = len(hashes)
    table = np.zeros((size, _NEAR), np.uint32)
    real = np.zeros((size, _NEAR), bool)
    for step in range(1, _NEAR + 1):
        table[: size - step, step - 1] = _joined(hashes[:-step], hashes[step:])
        real[: size - step, step - 1] = True
    flat = table[real]
    _, first = np.unique(flat, return_index=True)
    return flat[np.sort(first)]


def _joined(left: Hashes, right: Hashes) -> Hashes:
    """One hash of two, in this order; the bits are spread, since marks are chosen by the lowest (murmur3's mixer)."""
    both = left * np.uint32(0x01000193) ^ right
    both = (both ^ (both >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    both = (both ^ (both >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return both ^ (both >> np.uint32(16))
