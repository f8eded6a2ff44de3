"""Which items tell the same thing: MinHash over shingles of three words (pure).

Two texts are one story when the estimated Jaccard similarity of their shingles is at least `SAME`; see Broder,
"On the resemblance and containment of documents" (1997). Candidates share a band of the signature (LSH), so a new
item is compared with few of the old.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from watch.query import tokens

_BANDS, _ROWS = 16, 4
SIZE = _BANDS * _ROWS
SAME = 0.5
_SHORTEST = 8  # words; "Bravo !" twice is no story
_WORDS = 400  # the head of a text says what it tells
_PRIME = np.uint64((1 << 31) - 1)
_RANDOM = np.random.default_rng(20_261_121)
_A = _RANDOM.integers(1, int(_PRIME), SIZE, dtype=np.uint64)
_B = _RANDOM.integers(0, int(_PRIME), SIZE, dtype=np.uint64)

Signature = tuple[int, ...]


def signature(text: str) -> Signature:
    """The MinHash of a text, `SIZE` integers under 2³¹; empty for a text too short to be reprinted."""
    words = [token.folded for token in tokens(text)[:_WORDS]]
    if len(words) < _SHORTEST:
        return ()
    shingles = {" ".join(words[i : i + 3]) for i in range(len(words) - 2)}
    hashes = np.fromiter((zlib.crc32(s.encode()) for s in sorted(shingles)), np.uint64) % _PRIME
    mixed: NDArray[np.uint64] = (hashes[:, None] * _A + _B) % _PRIME
    return tuple(int(value) for value in mixed.min(axis=0))


def similarity(one: Signature, other: Signature) -> float:
    """The estimated Jaccard similarity, 0 to 1; 0 when either text was too short."""
    if not one or not other:
        return 0.0
    return sum(a == b for a, b in zip(one, other, strict=True)) / SIZE


@dataclass
class Stories:
    """The stories of the last days, to ask a new item against."""

    _signatures: dict[int, Signature] = field(default_factory=dict)
    _bands: dict[tuple[int, ...], list[int]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, known: Iterable[tuple[int, Sequence[int]]]) -> Stories:
        """From (story id, signature) pairs."""
        stories = cls()
        for story_id, one in known:
            stories.add(story_id, tuple(one))
        return stories

    def add(self, story_id: int, one: Signature) -> None:
        """Remember a story by the signature of its first item."""
        self._signatures[story_id] = one
        for band in _bands(one):
            self._bands[band].append(story_id)

    def find(self, one: Signature) -> int | None:
        """The story an item of this signature belongs to: the most similar, the oldest of equals."""
        candidates = {story_id for band in _bands(one) for story_id in self._bands.get(band, ())}
        best = min(candidates, key=lambda i: (-similarity(one, self._signatures[i]), i), default=None)
        return best if best is not None and similarity(one, self._signatures[best]) >= SAME else None


def _bands(one: Signature) -> list[tuple[int, ...]]:
    return [(start, *one[start : start + _ROWS]) for start in range(0, len(one), _ROWS)]
