"""The model of how a text sounds toward one name in it: what stands around the name, weighed.

A folder without `target/` has no such model; then the clause of the name counts (`target`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from watch.enrich.around import CUES, around, settings
from watch.enrich.cues import Lexicon
from watch.enrich.features import BITS, extract
from watch.enrich.heads import Heads, score, sums
from watch.enrich.reading import Hashes
from watch.enrich.target import own_clauses, places_of
from watch.enrich.weights import CARD, WEIGHTS, checked_arrays, load_card
from watch.errors import ModelError
from watch.model import SENTIMENTS, Span, TextToLabel

TASK = "target"
TABLE_BITS = 17  # of the table we train; a card's may have another size
OWN = 0.2  # on dev: more helps texts of several sentences and harms single ones

Places = Sequence[Sequence[tuple[int, int]]]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Toward:
    """Weights: `table` (2**BITS x 3) and `cues`, `bias`; `common` words; `temperature`."""

    version: str
    sha256: str
    table: Floats
    cues: Floats
    bias: Floats
    common: Hashes
    temperature: float

    def alone(self, texts: Sequence[str], places: Places, *, lexicon: Lexicon, heads: Heads) -> Floats:
        """What this model says by itself of each text toward the name at its places: texts x 3, as SENTIMENTS."""
        found = around(texts, places, lexicon=lexicon, common=self.common, heads=heads)
        total = found.cues @ self.cues + self.bias
        for block in found.blocks:
            total = total + sums(block, self.table) * block.scale[:, None]
        return np.asarray(total / self.temperature, np.float32)

    def logits(self, texts: Sequence[str], places: Places, *, lexicon: Lexicon, heads: Heads, heat: float) -> Floats:
        """The same, mixed with what the sentiment model (its temperature is `heat`) hears in the name's own clauses."""
        spans = [[Span(start, end) for start, end in some] for some in places]
        clauses = [own_clauses(text, "", some) or text for text, some in zip(texts, spans, strict=True)]
        own = score(extract(clauses, lexicon=lexicon), heads)[:, heads.columns["sentiment"]] / heat
        mixed = (1 - OWN) * self.alone(texts, places, lexicon=lexicon, heads=heads) + OWN * own
        return np.asarray(mixed, np.float32)


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
    return _toward(folder, str(card.get("version")), digest, card.get("temperature"), arrays)


def asked(text: TextToLabel, body: str) -> list[tuple[int, int]]:
    """Where the name of a text to label stands in its body."""
    return [(span.start, span.end) for span in text.spans] or places_of(body, text.target or "")


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
