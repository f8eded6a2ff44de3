"""What words and phrases say whatever the text: praise or blame, a negation, a contrast; French and English together.

A phrase says as a whole what its words do not: « pas déçu » is praise, « ne marche plus » blame.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from watch.enrich.reading import Flags, Hashes, Places, Tokens, read, tokens, word_hashes

NEGATIONS = (
    "pas", "jamais", "rien", "aucun", "aucune", "sans", "ni", "guère", "nullement", "personne", "pa",
    "not", "no", "never", "nothing", "without", "nor", "cannot", "cant", "dont", "didnt", "doesnt", "isnt",
    "wasnt", "wont", "t", "aint", "hardly", "none",
)  # fmt: skip
AFTER_THE_VERB = ("pas", "jamais", "guère", "nullement", "pa")  # « je n'aime pas » : the verb comes before
CONTRASTS = (
    "mais", "pourtant", "cependant", "toutefois", "néanmoins", "malheureusement",
    "but", "however", "although", "yet", "though",
)  # fmt: skip

TURNS, AFTER, OPPOSES = 1, 2, 4  # roles, as bits
LONGEST = 4  # words of a phrase
_STEP = np.uint32(0x01000193)
_MAYBE = 18  # bits of a hash that the first sieve looks at

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Hashes of words and phrases, sorted, with their polarity (-1 to 1) and role; `maybe` rules most others out."""

    hashes: Hashes
    values: Floats
    roles: NDArray[np.uint8]
    maybe: Flags


@dataclass(frozen=True, slots=True)
class Known:
    """What the lexicon says of each token: polarity (0: nothing), role, and whether it is part of a phrase."""

    value: Floats
    role: NDArray[np.uint8]
    phrase: Flags


def lexicon(lines: Iterable[str]) -> Lexicon:
    """Read `word or phrase<TAB>polarity` lines; those that begin with `# ` are comments."""
    pairs = [line.rstrip("\n").split("\t") for line in lines if line.strip() and not line.startswith("# ")]
    given = dict(zip(_hashes([pair[0] for pair in pairs]), (float(pair[1]) for pair in pairs), strict=True))
    roles = dict.fromkeys(given, 0)
    for role, group in ((TURNS, NEGATIONS), (AFTER, AFTER_THE_VERB), (OPPOSES, CONTRASTS)):
        for key in word_hashes(group).tolist():
            roles[key] = roles.get(key, 0) | role
    hashes = np.array(sorted(roles), np.uint32)
    maybe = np.zeros(1 << _MAYBE, bool)
    maybe[hashes >> np.uint32(32 - _MAYBE)] = True
    keys = hashes.tolist()
    values = np.array([given.get(key, 0.0) for key in keys], np.float32)
    return Lexicon(hashes, values, np.array([roles[key] for key in keys], np.uint8), maybe)


def look_up(found: Tokens, known: Lexicon) -> Known:
    """What the lexicon says of tokens: phrases first, the longest first, then single words.

    The polarity of a phrase stands at its last word; its other words say nothing, and none of them turns another.
    """
    at, place = _hits(found.hash, known)
    value, role = np.zeros(len(found.hash), np.float32), np.zeros(len(found.hash), np.uint8)
    value[at], role[at] = known.values[place], known.roles[place]
    phrase = np.zeros(len(found.hash), bool)
    for length in range(LONGEST, 1, -1):
        start, place = _phrases(found, known, phrase, length)
        for step in range(length):
            phrase[start + step], value[start + step], role[start + step] = True, 0, 0
        value[start + length - 1] = known.values[place]
    return Known(value, role, phrase)


def _phrases(found: Tokens, known: Lexicon, taken: Flags, length: int) -> tuple[Places, Places]:
    """Where phrases of so many words begin that share no word with another or with those `taken`, and which."""
    start, place = _hits(_together(found.hash, length), known)
    alone = found.doc[start] == found.doc[start + length - 1]
    for step in range(length):
        alone &= ~taken[start + step]
    start, place = start[alone], place[alone]
    apart = np.diff(start, prepend=-length) >= length
    return start[apart], place[apart]


def _hits(hashes: Hashes, known: Lexicon) -> tuple[Places, Places]:
    """Which of the hashes the lexicon holds, and where it holds them."""
    likely = np.flatnonzero(known.maybe[hashes >> np.uint32(32 - _MAYBE)])
    place = np.minimum(np.searchsorted(known.hashes, hashes[likely]), len(known.hashes) - 1)
    hit = known.hashes[place] == hashes[likely]
    return likely[hit], place[hit]


def _together(hashes: Hashes, length: int) -> Hashes:
    """One hash for every run of so many tokens; that of a single one is its own."""
    size = max(len(hashes) - length + 1, 0)
    total = hashes[:size]
    for step in range(1, length):
        total = total * _STEP + hashes[step : step + size]
    return total if length == 1 else total ^ np.uint32(length * 0x1B873593 & 0xFFFFFFFF)


def _hashes(words: Sequence[str]) -> list[int]:
    """The hash that `look_up` meets for each word or phrase; one of more tokens than LONGEST it never meets."""
    if not words:
        return []
    found = tokens(read(words))
    begin = np.searchsorted(found.doc, np.arange(len(words) + 1)).tolist()
    runs = [found.hash[a:b] for a, b in pairwise(begin)]
    return [int(_together(run, len(run))[0]) if len(run) else 0 for run in runs]
