"""Texts → probabilities of each sentiment, by an ONNX model and its tokenizer, a few thousand tokens at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from watch.enrich.heads import softmax
from watch.enrich.heavier.files import (
    MODEL,
    TOKENIZER,
    TYPES,
    engine,
    line,
    output_of,
    session_of,
    sha256_of,
    tokenizer_of,
)
from watch.enrich.heavier.settings import Settings, read_settings
from watch.errors import ModelError
from watch.model import SENTIMENTS

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_TOKENS = 4096  # in one run, padding included: bounds the memory
_CHARACTERS = 32  # a token is hardly ever longer; more of a text is not even looked at

Floats = NDArray[np.float64]
Asked = str | tuple[str, str]  # a text, or a text and a name
Row = tuple[list[int], list[int]]  # tokens, and to which of text and name each belongs


@dataclass(frozen=True, slots=True)
class TextModel:
    """A model that was read and tried. `sha256` is that of all its files, `softmax` whether its outputs need one."""

    sha256: str
    settings: Settings
    tokenizer: Tokenizer
    session: Any
    output: str
    softmax: bool

    @classmethod
    def load(cls, folder: Path, *, threads: int = 1) -> TextModel:
        """Read the model in `folder` and try it; raises ModelError, one sentence that a person can act on."""
        if not folder.is_dir():
            raise ModelError(f"{folder}: no such folder; `sentiment` in [labels] names one with {MODEL}")
        settings = read_settings(folder)
        runtime = engine()
        tokenizer = tokenizer_of(folder / TOKENIZER, settings.limit)
        session = session_of(folder / MODEL, runtime, threads=threads)
        output = output_of(folder / MODEL, session)
        model = cls(sha256_of(folder), settings, tokenizer, session, output, softmax=True)
        first = model._raw([model._row("Bonjour") or ([0], [0])])
        if not np.isfinite(first).all():
            raise ModelError(f"{folder / MODEL}: its outputs are no numbers")
        already = bool((first >= 0).all() and abs(first.sum() - 1) < 1e-3)
        return replace(model, softmax=not already)

    def chances(self, asked: Sequence[Asked]) -> Floats:
        """Probabilities, texts x SENTIMENTS; no number (nan) where a text has nothing that the model reads."""
        found = np.full((len(asked), len(SENTIMENTS)), np.nan)
        rows = {at: row for at, one in enumerate(asked) if (row := self._row(one))}
        for part in _parts({at: len(row[0]) for at, row in rows.items()}, exact=not self._masks()):
            raw = self._raw([rows[at] for at in part])
            own = softmax(raw) if self.softmax else raw
            found[part] = own @ np.eye(len(SENTIMENTS))[list(self.settings.columns)]
        return found

    def _row(self, asked: Asked) -> Row | None:
        text, name = (asked, None) if isinstance(asked, str) else asked
        head = _clean(text[: self.settings.limit * _CHARACTERS])
        if not head.strip():
            return None
        encoded = self.tokenizer.encode(head, _clean(name) if name is not None else None)
        return (encoded.ids, encoded.type_ids) if encoded.ids else None

    def _masks(self) -> bool:
        return any(one.name == "attention_mask" for one in self.session.get_inputs())

    def _raw(self, rows: Sequence[Row]) -> Floats:
        """The outputs of one run: rows x labels. Raises ModelError."""
        width = max(len(ids) for ids, _ in rows)
        pad = self.settings.pad
        table = {
            "input_ids": [ids + [pad] * (width - len(ids)) for ids, _ in rows],
            "attention_mask": [[1] * len(ids) + [0] * (width - len(ids)) for ids, _ in rows],
            "token_type_ids": [types + [0] * (width - len(types)) for _, types in rows],
        }
        feeds = {one.name: np.array(table[one.name], TYPES[one.type]) for one in self.session.get_inputs()}
        try:
            (found,) = self.session.run([self.output], feeds)
        except Exception as error:
            raise ModelError(f"the model of [labels] cannot label: {line(error)}") from error
        wanted = (len(rows), len(self.settings.columns))
        if np.shape(found) != wanted:
            raise ModelError(f"the model of [labels] gives {np.shape(found)} numbers where its labels need {wanted}")
        return np.asarray(found, np.float64)


def _parts(lengths: dict[int, int], *, exact: bool) -> Iterator[list[int]]:
    """Rows to run together, of like length; of one length only where `exact` (no mask hides the padding)."""
    part: list[int] = []
    for at in sorted(lengths, key=lambda at: lengths[at]):
        other = exact and bool(part) and lengths[at] != lengths[part[0]]
        if part and (other or (len(part) + 1) * lengths[at] > _TOKENS):
            yield part
            part = []
        part.append(at)
    if part:
        yield part


def _clean(text: str) -> str:
    """Without halves of characters, which JSON can hold and UTF-8 cannot."""
    return text.encode("utf-8", "replace").decode("utf-8")
