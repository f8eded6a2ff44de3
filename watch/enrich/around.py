"""What stands around one name in a text: words by their place to it, by clause, and by the other names there.

Every text comes with the places of one name. Its words become hashed features that say where they stand: in the
clause of the name or beyond, before or after it, between it and another name; the few words next to it with
both names masked ("NAME bat OTHER" is not "OTHER bat NAME"); and what the lexicon says, summed by such zones.
Pure, numpy only, a batch at a time, linear in the length of the texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from watch.enrich.features import BITS, Block, Features, bounds, extract, fair, rows
from watch.enrich.heads import Heads, mix, mixed, raw_scores
from watch.enrich.lexicon import Lexicon
from watch.enrich.line import STEM, Line, among, line_of, listed
from watch.enrich.reading import Flags, Hashes, Places

VERSION = 1  # of everything in this file: weights fit one version only
ZONES = ("clause before", "clause after", "sentence before", "sentence after", "text before", "text after")
SIDES = 8  # before or after the name, another name later or not, another name earlier or not
CUES = (
    *(f"{tone} {zone}" for zone in ZONES for tone in ("good", "bad")),
    *(f"{tone} side {side}" for side in range(SIDES) for tone in ("good", "bad")),
    *(f"{tone} {zone}" for zone in ZONES for tone in ("tone", "plain")),
    *(f"tone side {side}" for side in range(SIDES)), "tone near", "tone text", "plain text",
    "near", "good", "bad", "others before", "others after", "others", "places", "negation in clause", "length",
)  # fmt: skip
_GOOD, _BAD, _POLAR = np.uint32(0x68E31DA4), np.uint32(0xB5297A4D), 0.2
_STEP = np.uint32(0x01000193)
_NEAR = 4  # words on either side of the name that are known by their place

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Made:
    """Which tokens the features of a block are made of: the i-th, of `length` of those in `at`, from `first[i]` on."""

    at: Places
    first: Places
    length: int

    def token(self, step: int) -> Places:
        """The token of each feature that comes so many after its first one."""
        return self.at[self.first + step]


@dataclass(frozen=True, slots=True)
class Around:
    """Hashed features of each text, each block scaled, and cues: texts x `len(CUES)`.

    And what they come from: the tokens of the `line` (their `zone`, `side` and `gap`) that each block is `made` of, the
    `features` of the sentiment model and its `mix` of domains.
    """

    blocks: tuple[Block, ...]
    cues: Floats
    made: tuple[Made, ...]
    features: Features
    mix: Floats
    line: Line
    zone: Places
    side: Places
    gap: Places


def around(
    texts: Sequence[str],
    places: Sequence[Sequence[tuple[int, int]]],
    *,
    lexicon: Lexicon,
    common: Hashes,
    heads: Heads,
) -> Around:
    """Features of texts (one at least) around the places (start, end in characters) of a name in each.

    `common` are the hashes, sorted, of words that are no names though they begin with a capital.
    """
    features = extract([text.replace("\n", ".") for text in texts], lexicon=lexicon)
    raw = raw_scores(features, heads)
    shares = mix(raw, heads, "sentiment")
    line = line_of(features, places, common, heads, shares)
    zone, side, gap = _zones(line)
    starts = np.searchsorted(line.doc, np.arange(len(texts)))
    grams = list(_grams(line, zone, side, gap))
    blocks = fair(tuple(_block(hashes, made.token(0), starts) for hashes, made in grams))
    logits = mixed(raw, heads)[:, heads.columns["sentiment"]]
    cues = _cues(line, zone, side, gap, len(texts), places, logits)
    return Around(blocks, cues, tuple(made for _, made in grams), features, shares, line, zone, side, gap)


def settings() -> dict[str, object]:
    """What a card keeps about these features."""
    return {"version": VERSION, "bits": BITS, "cues": list(CUES), "near": _NEAR, "stem": STEM}


def _zones(line: Line) -> tuple[Places, Places, Places]:
    """For each token: its zone, its side, and how many tokens after the nearest place of the name it stands."""
    size, count = len(line.doc), len(line.place)
    if not count or not size:
        return np.full(size, len(ZONES) - 1), np.zeros(size, np.int64), np.full(size, 99)
    at = np.arange(size)
    anchor, owner = np.minimum(line.place, size - 1), line.owner
    anchor = np.maximum(anchor - (line.doc[anchor] > owner), 0)  # a name that was blanked ends its text
    after = np.searchsorted(line.place, at, "right")
    left, right = np.maximum(after - 1, 0), np.minimum(after, count - 1)
    gap_left = np.where((after > 0) & (owner[left] == line.doc), at - line.place[left], 9999)
    gap_right = np.where((after < count) & (owner[right] == line.doc), line.place[right] - at, 9999)
    behind = gap_left <= gap_right
    near = anchor[np.where(behind, left, right)]
    here = line.doc[near] == line.doc
    own, same = here & (line.clause == line.clause[near]), here & (line.sentence == line.sentence[near])
    zone = np.where(own, 0, np.where(same, 2, 4))
    gap = np.where(behind, gap_left, -gap_right)
    earlier, later = _others(line)
    return zone + behind, behind * 4 + later * 2 + earlier, gap


def _others(line: Line) -> tuple[Flags, Flags]:
    """Whether another name stands before each token in its sentence, and after it."""
    total = np.cumsum(line.other, dtype=np.int64)
    group = line.doc * (line.sentence.max() + 2) + line.sentence
    first = np.searchsorted(group, group)
    last = np.searchsorted(group, group, "right") - 1
    upto = total - line.other
    return upto - (total[first] - line.other[first]) > 0, total[last] - total > 0


def _grams(line: Line, zone: Places, side: Places, gap: Places) -> Iterator[tuple[Hashes, Made]]:
    """(hashes, tokens they are made of) of every kind of feature."""
    every = np.arange(len(line.doc))
    plain = np.flatnonzero(~line.name)
    yield line.hash[plain] ^ np.uint32(0x3C6EF372), Made(every, plain, 1)
    yield _salted(line.hash, zone)[plain], Made(every, plain, 1)
    yield _salted(line.stem, zone + 16)[plain], Made(every, plain, 1)
    sided = np.flatnonzero(~line.name & (zone < 4) & (side & 3 > 0))
    yield _salted(line.hash, side + 32)[sided], Made(every, sided, 1)
    close = np.flatnonzero(~line.name & (np.abs(gap) <= _NEAR) & (zone < 4))
    yield _salted(line.hash, gap + 64)[close], Made(every, close, 1)
    pairs = line.hash * _STEP
    pairs[:-1] += line.hash[1:]
    same = np.flatnonzero(line.doc[1:] == line.doc[:-1])
    yield _salted(pairs, zone // 2 * 2 + 80)[same], Made(every, same, 2)
    for length in (3, 4):
        yield _runs(line.hash, line, every, length)
    bone, bones = _bones(line)
    for length in (2, 3, 4):
        yield _runs(bones, line, bone, length + 8)


def _bones(line: Line) -> tuple[Places, Hashes]:
    """Tokens that carry the argument (names, praise, blame, words that link or oppose) and their masked hashes."""
    loud = np.abs(line.value) >= _POLAR
    good = (line.value > 0) != line.under
    masked = np.where(loud, np.where(good, _GOOD, _BAD), line.hash)
    bone = np.flatnonzero(loud | line.name | line.other | among(line.hash, listed()[1]))
    return bone, masked[bone]


def _runs(hashed: Hashes, line: Line, at: Places, kind: int) -> tuple[Hashes, Made]:
    """Runs of tokens (`kind` % 8 of those at `at`) of one text that hold the name, both names masked."""
    length = kind % 8
    doc, name = line.doc[at], line.name[at]
    size = max(len(at) - length + 1, 0)
    hashes, holds = np.zeros(size, np.uint32), np.zeros(size, bool)
    for step in range(length):
        hashes = hashes * _STEP + hashed[step : step + size]
        holds |= name[step : step + size]
    holds &= doc[:size] == doc[length - 1 :][:size]
    kept = np.flatnonzero(holds)
    return hashes[kept] ^ np.uint32(kind * 0x1B873593 & 0xFFFFFFFF), Made(at, kept, length)


def _salted(hashes: Hashes, number: Places) -> Hashes:
    return hashes ^ (number.astype(np.uint32) * np.uint32(0x9E3779B1) + np.uint32(0x78DDE6E4))


def _block(hashes: Hashes, first: Places, starts: Places) -> Block:
    return Block(bounds(first, starts), rows(hashes), np.ones(len(starts), np.float32), first, first)


def _cues(
    line: Line,
    zone: Places,
    side: Places,
    gap: Places,
    size: int,
    places: Sequence[Sequence[tuple[int, int]]],
    logits: Floats,
) -> Floats:
    tone, good, bad = judged(line)
    own = zone < 4
    columns: list[NDArray[Any]] = [
        *_by(line, zone, good, bad, size, len(ZONES)),
        *_by(line, side, good * own, bad * own, size, SIDES),
    ]
    columns += _by(line, zone, line.tones[0], line.tones[1], size, len(ZONES))
    columns += _by(line, side, line.tones[0] * own, line.tones[0], size, SIDES)[::2]
    columns += [np.bincount(line.doc, line.tones[0] / (1 + np.abs(gap)), size)]
    columns += [logits[:, 2] - logits[:, 0], logits[:, 1]]
    near = tone / (1 + np.abs(gap))
    behind = side >= 4
    columns += [
        *(np.bincount(line.doc, part, size) for part in (near, good, bad)),
        *(np.bincount(line.doc, line.other & own & flags, size) for flags in (~behind, behind)),
        np.bincount(line.doc, line.other, size),
        np.array([len(some) for some in places], float),
        np.bincount(line.doc, line.under & (zone < 2), size), np.bincount(line.doc, minlength=size),
    ]  # fmt: skip
    counts = np.stack(columns, axis=1).astype(np.float32)
    soft: Floats = np.sign(counts) * np.log1p(np.abs(counts))
    return soft


def judged(line: Line) -> tuple[Floats, Floats, Floats]:
    """What the lexicon says of each token, turned where a negation turns it: polarity, praise and blame."""
    tone: Floats = np.where(line.under, -line.value, line.value)
    return tone, np.maximum(tone, 0), np.maximum(-tone, 0)


def _by(line: Line, group: Places, good: Floats, bad: Floats, size: int, groups: int) -> list[NDArray[Any]]:
    """Sums of good and bad in each group of tokens: two columns a group."""
    cell = line.doc * groups + group
    sums: list[NDArray[Any]] = [np.bincount(cell, part, size * groups).reshape(size, groups) for part in (good, bad)]
    return [part[:, column] for column in range(groups) for part in sums]
