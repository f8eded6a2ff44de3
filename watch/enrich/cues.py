"""What a text shows in any language: praise and blame by the lexicon, negation, contrast, marks, emoji.

Counted per text, so that what English texts teach about them serves French ones.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from watch.enrich.reading import EMOJI, WORD, Flags, Hashes, Places, Reading, Tokens, word_hashes

CUES = (
    "positive", "negative", "not positive", "not negative", "strong positive", "strong negative",
    "balance", "positive after contrast", "negative after contrast", "contrast", "negation",
    "exclamation", "question", "dots", "capitals", "stretched", "positive emoji", "negative emoji", "emoji",
    "link", "handle", "hashtag", "money", "percent", "quotes", "digits", "length",
)  # fmt: skip

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

_MARKS = {
    "exclamation": "!", "question": "?", "dots": "…", "hashtag": "#", "money": "€$£", "percent": "%",
    "quotes": "«»“”\"", "digits": "0123456789",
}  # fmt: skip
_REACH = 3  # words that a negation turns, unless punctuation comes first
_STRONG = 0.6
_TURNS, _AFTER, _OPPOSES = 1, 2, 4  # roles, as bits
_MAYBE = 18  # bits of a hash that the first sieve looks at

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Hashes of words, sorted, with their polarity (-1 to 1) and role; `maybe` rules most other words out."""

    hashes: Hashes
    values: Floats
    roles: NDArray[np.uint8]
    maybe: Flags


@dataclass(frozen=True, slots=True)
class Known:
    """What the lexicon says of each token: polarity (0: nothing) and role."""

    value: Floats
    role: NDArray[np.uint8]


def lexicon(lines: Iterable[str]) -> Lexicon:
    """Read `word<TAB>polarity` lines; those that begin with `# ` are comments."""
    pairs = [line.rstrip("\n").split("\t") for line in lines if line.strip() and not line.startswith("# ")]
    words = [pair[0] for pair in pairs]
    given = dict(zip(word_hashes(words).tolist() if words else [], (float(p[1]) for p in pairs), strict=True))
    roles = dict.fromkeys(given, 0)
    for role, group in ((_TURNS, NEGATIONS), (_AFTER, AFTER_THE_VERB), (_OPPOSES, CONTRASTS)):
        for key in word_hashes(group).tolist():
            roles[key] = roles.get(key, 0) | role
    hashes = np.array(sorted(roles), np.uint32)
    maybe = np.zeros(1 << _MAYBE, bool)
    maybe[hashes >> np.uint32(32 - _MAYBE)] = True
    keys = hashes.tolist()
    values = np.array([given.get(key, 0.0) for key in keys], np.float32)
    return Lexicon(hashes, values, np.array([roles[key] for key in keys], np.uint8), maybe)


def look_up(hashes: Hashes, known: Lexicon) -> Known:
    """What the lexicon says of tokens, by their hashes."""
    value, role = np.zeros(len(hashes), np.float32), np.zeros(len(hashes), np.uint8)
    likely = np.flatnonzero(known.maybe[hashes >> np.uint32(32 - _MAYBE)])
    place = np.minimum(np.searchsorted(known.hashes, hashes[likely]), len(known.hashes) - 1)
    hit = known.hashes[place] == hashes[likely]
    value[likely[hit]], role[likely[hit]] = known.values[place[hit]], known.roles[place[hit]]
    return Known(value, role)


def negated(found: Tokens, known: Known) -> Flags:
    """Which tokens stand under a negation: the three words after it, and the verb before « pas »."""
    turning = known.role & _TURNS > 0
    under = np.zeros(len(found.hash), bool)
    reach = turning
    for _ in range(_REACH):
        reach = _next(reach, found) & (found.kind == WORD)
        under |= reach
    after = known.role & _AFTER > 0
    under[:-1] |= after[1:] & (found.doc[1:] == found.doc[:-1]) & (found.kind[:-1] == WORD)
    return under & ~turning


def cues(reading: Reading, found: Tokens, under: Flags, known: Known) -> Floats:
    """The cues of each text, log(1 + count) for the counts: texts x `len(CUES)`."""
    said = _token_cues(found, under, known)
    held: dict[str, NDArray[Any]] = {name: np.bincount(found.doc, parts, reading.size) for name, parts in said.items()}
    held["balance"] = held["balance"] / np.sqrt(np.maximum(held["length"], 1))
    held |= {name: _marks(reading, marks) for name, marks in _MARKS.items()}
    held |= {"stretched": reading.stretched, "link": reading.links, "handle": reading.handles}
    return _soft(np.stack([held[name] for name in CUES], axis=1).astype(np.float32))


def shares(counted: Floats, reading: Reading, found: Tokens, under: Flags, known: Known) -> Floats:
    """What each token brings to the cues of its text (`counted`): tokens x `len(CUES)`, summing to them.

    Only links, @handles, stretched words and the length stay with the text as a whole: no word makes them.
    """
    said = _token_cues(found, under, known)
    del said["length"]
    owner = np.searchsorted(found.start, np.arange(len(reading.codes)), "right") - 1
    for name, marks in _MARKS.items():
        said[name] = np.bincount(owner[_marked(reading, marks)], minlength=len(found.doc)).astype(np.float32)
    parts = np.zeros((len(found.doc), len(CUES)), np.float32)
    for name, part in said.items():
        column = CUES.index(name)
        total = np.bincount(found.doc, part, reading.size)
        each = np.divide(counted[:, column], total, out=np.zeros(reading.size), where=total != 0)
        parts[:, column] = part * each[found.doc]
    return parts


def _token_cues(found: Tokens, under: Flags, known: Known) -> dict[str, Floats]:
    """How much each token counts toward the cues that tokens make."""
    value = known.value
    positive, negative = value > 0, value < 0
    contrast = known.role & _OPPOSES > 0
    later, emoji = _after(contrast, found), found.kind == EMOJI
    flags = {
        "positive": positive & ~under, "negative": negative & ~under,
        "not positive": positive & under, "not negative": negative & under,
        "strong positive": value >= _STRONG, "strong negative": value <= -_STRONG,
        "positive after contrast": positive & ~under & later, "negative after contrast": negative & ~under & later,
        "contrast": contrast, "negation": under, "capitals": found.upper,
        "positive emoji": emoji & positive, "negative emoji": emoji & negative, "emoji": emoji,
        "length": np.ones(len(value), bool),
    }  # fmt: skip
    said = {name: flag.astype(np.float32) for name, flag in flags.items()}
    said["balance"] = said["positive"] + said["not negative"] - said["negative"] - said["not positive"]
    return said


def _soft(counts: Floats) -> Floats:
    soft: Floats = np.sign(counts) * np.log1p(np.abs(counts))
    return soft


def _next(flags: Flags, found: Tokens) -> Flags:
    """The tokens that follow the flagged ones in the same text."""
    moved = np.zeros(len(flags), bool)
    moved[1:] = flags[:-1] & (found.doc[1:] == found.doc[:-1])
    return moved


def _after(flags: Flags, found: Tokens) -> Flags:
    """The tokens that come anywhere after a flagged one in the same text."""
    seen = np.cumsum(flags)
    starts = np.searchsorted(found.doc, np.arange(found.doc[-1] + 1 if len(seen) else 0))[found.doc]
    before = np.concatenate(([0], seen))[starts] if len(seen) else seen
    return (seen - before > 0) & ~flags


def _marks(reading: Reading, marks: str) -> Places:
    return np.bincount(reading.doc[_marked(reading, marks)], minlength=reading.size)


def _marked(reading: Reading, marks: str) -> Flags:
    hits: Flags = np.logical_or.reduce([reading.codes == ord(mark) for mark in marks])
    return hits
