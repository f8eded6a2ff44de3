"""Which words moved the tone toward a name: the model of `toward` taken apart, exactly, token by token.

- A hashed feature adds its weight for the label given, less the mean of the labels; the words it is made of get equal
  parts. The name itself gets none where other words take part: it is what is asked about, not an answer.
- A cue (praise, blame, what the sentiment model hears in each place) is shared among the words that make it.
- A fifth comes from the words of the clauses that hold the name, as the sentiment model weighs them (`explain`).

What no word makes stays with the text: the bias, how many places and other names there are, length, links. Names
that were asked about are never shown. Pure; costs about as much as predicting.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from watch.enrich.around import CUES, Around, Made, judged
from watch.enrich.explain import cue_gains, heaviest, shown, word_weights
from watch.enrich.heads import Heads
from watch.enrich.reading import LONGEST, Flags, Places
from watch.enrich.toward import OWN, Heard, Toward
from watch.model import Evidence, Span

_SHIFT = 18  # bits for an offset: LONGEST fits
_AT = {name: column for column, name in enumerate(CUES)}

Floats = NDArray[np.float32]


def explain_toward(
    texts: Sequence[str], heard: Heard, toward: Toward, heads: Heads, winners: Places
) -> list[tuple[Evidence, ...]]:
    """The words of each text that weigh most for its label toward the name (or against it), best first.

    `heard` is what `toward.hear` made of `texts`, `winners` the labels given, as places in SENTIMENTS. A weight is
    what a word adds to the label's logit (`heard.logits`), given less what it adds to labels on average.
    """
    line, (start, end) = heard.around.line, _extent(heard.around)
    weights = np.where(_shown(heard.around), token_weights(heard, toward, heads, winners), 0)
    return heaviest(texts, line.doc, start, end, weights)


def token_weights(heard: Heard, toward: Toward, heads: Heads, winners: Places) -> Floats:
    """What each token of the line (runs of names are one) adds to the logit of its text's label, names too."""
    around = heard.around
    alone = _gram_weights(around, toward, winners) + _cue_weights(around, toward, heads, winners)
    own = _clause_weights(heard, heads, winners)
    return np.asarray((1 - OWN) / toward.temperature * alone + OWN / heard.heat * own, np.float32)


def _gram_weights(around: Around, toward: Toward, winners: Places) -> NDArray[np.float64]:
    """What each token adds through the hashed features it is part of."""
    line, total = around.line, np.zeros(len(around.line.doc))
    for block, made in zip(around.blocks, around.made, strict=True):
        doc = line.doc[made.token(0)]
        rows = toward.table[block.indices]
        gain = (rows[np.arange(len(rows)), winners[doc]] - rows.mean(axis=1)) * block.scale[doc]
        total += _parted(gain, made, line.name)
    return total


def _parted(gain: Floats, made: Made, name: Flags) -> NDArray[np.float64]:
    """Equal parts of each feature for its tokens that are not the name; for all of them where there is no other."""
    counts = [~name[made.token(step)] for step in range(made.length)]
    every = ~np.logical_or.reduce(counts)
    counts = [part | every for part in counts]
    each = gain / np.sum(counts, axis=0)
    parts = [np.bincount(made.token(step), each * part, len(name)) for step, part in enumerate(counts)]
    return np.asarray(np.sum(parts, axis=0), np.float64)


def _cue_weights(around: Around, toward: Toward, heads: Heads, winners: Places) -> Floats:
    """What each token adds through the cues that tokens make."""
    centred = toward.cues - toward.cues.mean(axis=1, keepdims=True)
    # A cue is log(1 + count): of that a token gets as large a part as of the count.
    soft = np.abs(around.cues)
    each = np.divide(soft, np.expm1(soft), out=np.ones_like(soft), where=soft > 0) * centred.T[winners]
    weights: Floats = _by_place(around, each) + _by_tone(around, each) + _by_text(around, heads, each)
    return weights


def _by_place(around: Around, each: Floats) -> Floats:
    """Praise and blame of the lexicon: by zone, by side, near the name and anywhere; and negation."""
    line, zone, side = around.line, around.zone, around.side
    tone, good, bad = judged(line)
    doc, own = line.doc, zone < 4
    by_zone, by_side = _AT["good clause before"] + 2 * zone, _AT["good side 0"] + 2 * side
    weights: Floats = each[doc, by_zone] * good + each[doc, by_zone + 1] * bad
    weights += (each[doc, by_side] * good + each[doc, by_side + 1] * bad) * own
    weights += each[doc, _AT["near"]] * tone / (1 + np.abs(around.gap))
    weights += each[doc, _AT["good"]] * good + each[doc, _AT["bad"]] * bad
    weights += each[doc, _AT["negation in clause"]] * (line.under & (zone < 2))
    return weights


def _by_tone(around: Around, each: Floats) -> Floats:
    """What the sentiment model hears: by zone, by side, near the name."""
    line, zone = around.line, around.zone
    tone, plain = line.tones
    by_zone, by_side = _AT["tone clause before"] + 2 * zone, _AT["tone side 0"] + around.side
    weights: Floats = each[line.doc, by_zone] * tone + each[line.doc, by_zone + 1] * plain
    weights += each[line.doc, by_side] * tone * (zone < 4)
    weights += each[line.doc, _AT["tone near"]] * tone / (1 + np.abs(around.gap))
    return weights


def _by_text(around: Around, heads: Heads, each: Floats) -> Floats:
    """What the sentiment model says of the whole text, word by word."""
    line, doc = around.line, around.features.tokens.doc
    cues = cue_gains(around.features, heads, around.mix, task="sentiment")
    tone, plain = line.heard[0] + cues[:, 2] - cues[:, 0], line.heard[1] + cues[:, 1]
    gain = each[doc, _AT["tone text"]] * tone + each[doc, _AT["plain text"]] * plain
    weights: Floats = np.add.reduceat(gain, line.token) if len(gain) else gain
    return weights


def _clause_weights(heard: Heard, heads: Heads, winners: Places) -> NDArray[np.float64]:
    """What each token adds as a word of the name's own clauses."""
    line, offset = heard.around.line, heard.around.features.reading.offset
    weights = word_weights(heard.clauses, heads, winners, heard.mix, task="sentiment")
    key = (line.doc << _SHIFT) + offset[heard.around.features.tokens.start[line.token]]
    place = _places(heard)
    here = np.searchsorted(key, place, "right") - 1
    kept = (place >= 0) & (here >= 0)
    kept[kept] = line.doc[here[kept]] == heard.clauses.tokens.doc[kept]
    return np.asarray(np.bincount(here[kept], weights[kept], len(line.doc)), np.float64)


def _places(heard: Heard) -> Places:
    """Where the tokens of the clauses stand in the whole texts, as keys (text, offset); -1: beyond what is read."""
    found = heard.clauses.tokens
    begins, shifts = _moved(heard.spans)
    offset = heard.clauses.reading.offset[found.start]
    base = found.doc << _SHIFT
    moved = offset + shifts[np.searchsorted(begins, base + offset, "right") - 1]
    return np.where(moved < LONGEST, base + moved, -1)


def _moved(spans: Sequence[Sequence[Span]]) -> tuple[Places, Places]:
    """For each clause: the key at which it begins in the text of clauses, and how far that is from its place."""
    begins, shifts = [], []
    for doc, some in enumerate(spans):
        at = 0
        for span in some:
            if at < LONGEST:
                begins.append((doc << _SHIFT) + at)
                shifts.append(span.start - at)
            at += span.end - span.start + 1
    return np.array(begins, np.int64), np.array(shifts, np.int64)


def _extent(around: Around) -> tuple[Places, Places]:
    """The characters (first, end) that each token of the line takes, a run of names whole."""
    found, offset = around.features.tokens, around.features.reading.offset
    last = np.append(around.line.token, len(found.doc))[1:] - 1
    return offset[found.start[around.line.token]], offset[found.end[last] - 1] + 1


def _shown(around: Around) -> Flags:
    flags: Flags = shown(around.features)[around.line.token] & ~around.line.name
    return flags
