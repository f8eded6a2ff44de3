"""What a text shows in any language: praise and blame by the lexicon, negation, contrast, marks, emoji.

Counted per text, so that what English texts teach about them serves French ones.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from watch.enrich.lexicon import AFTER, OPPOSES, TURNS, Known
from watch.enrich.reading import EMOJI, WORD, Flags, Places, Reading, Tokens

CUES = (
    "positive", "negative", "not positive", "not negative", "strong positive", "strong negative",
    "balance", "positive after contrast", "negative after contrast", "contrast", "negation",
    "exclamation", "question", "dots", "capitals", "stretched", "positive emoji", "negative emoji", "emoji",
    "link", "handle", "hashtag", "money", "percent", "quotes", "digits", "length",
)  # fmt: skip

_MARKS = {
    "exclamation": "!", "question": "?", "dots": "…", "hashtag": "#", "money": "€$£", "percent": "%",
    "quotes": "«»“”\"", "digits": "0123456789",
}  # fmt: skip
_REACH = 3  # words that a negation turns, unless punctuation comes first
_STRONG = 0.6

Floats = NDArray[np.float32]


def negated(found: Tokens, known: Known) -> Flags:
    """Which tokens stand under a negation: the three words after it, the verb before « pas »; nothing of a phrase."""
    turning = known.role & TURNS > 0
    under = np.zeros(len(found.hash), bool)
    reach = turning
    for _ in range(_REACH):
        reach = _next(reach, found) & (found.kind == WORD)
        under |= reach
    after = known.role & AFTER > 0
    under[:-1] |= after[1:] & (found.doc[1:] == found.doc[:-1]) & (found.kind[:-1] == WORD)
    return under & ~turning & ~known.phrase


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
    contrast = known.role & OPPOSES > 0
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
