"""The model of how a text sounds toward one name in it: what stands around the name, weighed.

A folder without `target/` has no such model; then the clause of the name counts (`target`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from watch.enrich.around import CUES, Around, around, settings
from watch.enrich.features import BITS, Features, extract
from watch.enrich.heads import Heads, mix, mixed, raw_scores, sums
from watch.enrich.lexicon import Lexicon
from watch.enrich.reading import Hashes
from watch.enrich.target import clauses_of, places_of
from watch.enrich.weights import CARD, SURE_FROM, WEIGHTS, checked_arrays, load_card, sure_from
from watch.errors import ModelError
from watch.model import SENTIMENTS, Span, TextToLabel

TASK = "target"
TABLE_BITS = 17  # of the table we train; a card's may have another size
OWN = 0.2  # on dev: more helps texts of several sentences and harms single ones

Places = Sequence[Sequence[tuple[int, int]]]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Heard:
    """What is said of each text toward its name (`logits`: texts x 3, as SENTIMENTS), and what it comes from.

    `spans` are the clauses that hold the name, which make up the texts of `clauses`; `mix` is how much of each domain
    those have, `heat` the temperature of the sentiment model, which read them.
    """

    logits: Floats
    around: Around
    clauses: Features
    mix: Floats
    spans: list[list[Span]]
    heat: float


@dataclass(frozen=True, slots=True)
class Toward:
    """Weights: `table` (2**BITS x 3) and `cues`, `bias`; `common` words; `temperature`; `sure_from` as of a Model."""

    version: str
    sha256: str
    table: Floats
    cues: Floats
    bias: Floats
    common: Hashes
    temperature: float
    sure_from: float = SURE_FROM

    def alone(self, texts: Sequence[str], places: Places, *, lexicon: Lexicon, heads: Heads) -> Floats:
        """What this model says by itself of each text toward the name at its places: texts x 3, as SENTIMENTS."""
        return self._alone(around(texts, places, lexicon=lexicon, common=self.common, heads=heads))

    def _alone(self, found: Around) -> Floats:
        total = found.cues @ self.cues + self.bias
        for block in found.blocks:
            total = total + sums(block, self.table) * block.scale[:, None]
        return np.asarray(total / self.temperature, np.float32)

    def logits(self, texts: Sequence[str], places: Places, *, lexicon: Lexicon, heads: Heads, heat: float) -> Floats:
        """The same, mixed with what the sentiment model (its temperature is `heat`) hears in the name's own clauses."""
        return self.hear(texts, places, lexicon=lexicon, heads=heads, heat=heat).logits

    def hear(self, texts: Sequence[str], places: Places, *, lexicon: Lexicon, heads: Heads, heat: float) -> Heard:
        """The same, with all that it comes from (for `explain_toward`)."""
        spans = [_clauses(text, some) for text, some in zip(texts, places, strict=True)]
        said = [" ".join(text[one.start : one.end] for one in some) for text, some in zip(texts, spans, strict=True)]
        clauses = extract(said, lexicon=lexicon)
        raw = raw_scores(clauses, heads)
        own = mixed(raw, heads)[:, heads.columns["sentiment"]] / heat
        found = around(texts, places, lexicon=lexicon, common=self.common, heads=heads)
        logits = np.asarray((1 - OWN) * self._alone(found) + OWN * own, np.float32)
        return Heard(logits, found, clauses, mix(raw, heads, "sentiment"), spans, heat)


def load_toward(directory: Path, *, sentiment: str, lexicon_sha256: str) -> Toward | None:
    """The model in `directory`/target, None when there is none; raises ModelError when it is not one whole.

    `sentiment` is the sha256 of the sentiment model it was made with, and must be used with.
    """
    folder = directory / TASK
    if not folder.is_dir():
        return None
    card = load_card(folder)
    arrays, digest = checked_arrays(folder, card)
    made_for = (card.get("features"), card.get("sentiment_sha256"), card.get("lexicon_sha256"))
    if made_for != (settings(), sentiment, lexicon_sha256) or card.get("labels") != list(SENTIMENTS):
        raise ModelError(f"{folder / CARD}: made for another sentiment model or other features; train it again")
    found = _toward(folder, str(card.get("version")), digest, card.get("temperature"), arrays)
    return replace(found, sure_from=sure_from(folder, card))


def asked(text: TextToLabel, body: str) -> list[tuple[int, int]]:
    """Where the name of a text to label stands in its body."""
    return [(span.start, span.end) for span in text.spans] or places_of(body, text.target or "")


def _clauses(text: str, places: Sequence[tuple[int, int]]) -> list[Span]:
    return clauses_of(text, "", [Span(start, end) for start, end in places]) or [Span(0, len(text))]


def _toward(folder: Path, version: str, digest: str, heat: object, arrays: dict[str, NDArray[np.generic]]) -> Toward:
    try:
        table, cues, bias = (np.asarray(arrays[name], np.float32) for name in ("table", "cues", "bias"))
        common, temperature = np.asarray(arrays["common"], np.uint32), float(str(heat))
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(f"{folder}: card or weights lack what a model needs ({error})") from error
    bits = min(len(table).bit_length() - 1, BITS) if table.ndim else 0
    shapes = ((2**bits, 3), (len(CUES), 3), (3,))
    if (table.shape, cues.shape, bias.shape) != shapes or common.ndim != 1 or not temperature > 0:
        raise ModelError(f"{folder / WEIGHTS}: not what the card says")
    full = np.repeat(table, 2 ** (BITS - bits), axis=0)
    return Toward(version, digest, full, cues, bias, common, temperature)
