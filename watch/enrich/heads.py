"""All models side by side: one table, so that one pass over the n-grams gives every label.

Memory is what this costs (random rows of a large table), hence rows of whole cache lines and small portions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from watch.enrich.cues import CUES
from watch.enrich.features import BITS, Block, Features
from watch.enrich.reading import Places
from watch.enrich.weights import Model

_LINE = 16  # floats in a cache line of 64 bytes
_PORTION = 4096  # n-grams at a time: their rows stay in the second-level cache (measured: 2,000-8,000)

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Heads:
    """The weights of several models as columns.

    `columns` says which logits belong to which task, `size` how many logits there are. They come first; the
    copies that `adapted` models have for their domains stand behind: (copies, gate) of a task.
    """

    table: Floats
    cues: Floats
    bias: Floats
    columns: dict[str, slice]
    adapted: dict[str, tuple[slice, slice]]
    size: int

    def wide(self, task: str) -> Places:
        """The columns of a task in the table: (1 + domains) x labels."""
        own = self.columns[task]
        copies, _ = self.adapted.get(task, (slice(0, 0), own))
        columns: Places = np.r_[own, copies].reshape(-1, own.stop - own.start)
        return columns

    def weights(self, task: str, rows: Places) -> Floats:
        """The weights of a task in these rows of the table: rows x (1 + domains) x labels."""
        own = self.columns[task]
        copies, _ = self.adapted.get(task, (slice(0, 0), own))
        both = np.hstack([self.table[:, own][rows], self.table[:, copies][rows]])
        labels = own.stop - own.start
        return both.reshape(len(rows), both.shape[1] // labels, labels)


def stack(models: Sequence[Model]) -> Heads:
    """Put models side by side; a table of fewer bits is stretched to BITS."""
    columns, at = {}, 0
    for model in models:
        columns[model.task] = slice(at, at + len(model.labels))
        at += len(model.labels)
    adapted, end = {}, at
    for model in models:
        if model.domains:
            gate = end + len(model.labels) * len(model.domains)
            adapted[model.task] = (slice(end, gate), slice(gate, gate + len(model.domains)))
            end = gate + len(model.domains)
    width = -(-end // _LINE) * _LINE
    heads = Heads(_aligned(2**BITS, width), _zeros(len(CUES), width), _zeros(1, width)[0], columns, adapted, at)
    for model in models:
        _fill(heads, model)
    return heads


def _fill(heads: Heads, model: Model) -> None:
    where = np.r_[heads.columns[model.task], *heads.adapted.get(model.task, ())]
    heads.table[:, where] = np.repeat(model.table, 2 ** (BITS - model.bits), axis=0)
    heads.cues[:, where], heads.bias[where] = model.cues, model.bias


def score(features: Features, heads: Heads) -> Floats:
    """The logits of every text for every label, before temperature: texts x `heads.size`."""
    return mixed(raw_scores(features, heads), heads)


def raw_scores(features: Features, heads: Heads) -> Floats:
    """What every column of the table adds up to, copies and gates apart: texts x columns."""
    raw = np.asarray(features.cues @ heads.cues + heads.bias, np.float32)
    for block in features.words:
        raw += sums(block, heads.table) * block.scale[:, None]
    pieces = sums(features.grams, heads.table)
    raw += sums(features.pieces, pieces) * features.pieces.scale[:, None]
    return raw


def mixed(raw: Floats, heads: Heads) -> Floats:
    """The logits: each label's own, and of each domain's copy as much as the text has of that domain."""
    logits = raw[:, : heads.size].copy()
    for task in heads.adapted:
        every = raw[:, heads.wide(task).ravel()].reshape(len(raw), -1, logits[:, heads.columns[task]].shape[1])
        logits[:, heads.columns[task]] = np.einsum("td,tdl->tl", mix(raw, heads, task), every)
    return logits


def mix(raw: Floats, heads: Heads, task: str) -> Floats:
    """How much of each copy of a task's labels counts in each text: texts x (1 + domains), the first is 1."""
    ones = np.ones((len(raw), 1), np.float32)
    return np.hstack([ones, softmax(raw[:, heads.adapted[task][1]])]) if task in heads.adapted else ones


def softmax(logits: NDArray[np.floating[Any]]) -> Floats:
    """Probabilities of one row each; sums to 1."""
    high = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(high / high.sum(axis=1, keepdims=True), np.float32)


def sigmoid(logits: Floats) -> Floats:
    """Probabilities of independent labels."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logits, -30, 30))), np.float32)


def sums(block: Block, table: Floats) -> Floats:
    """The sum of the rows of each text; portions may cut a text, their sums are added."""
    sums = _zeros(len(block.indptr) - 1, table.shape[1])
    for start in range(0, len(block.indices), _PORTION):
        end = min(start + _PORTION, len(block.indices))
        low = int(np.searchsorted(block.indptr, start, "right")) - 1
        high = int(np.searchsorted(block.indptr, end, "left"))
        begins = np.maximum(block.indptr[low:high], start) - start
        full = np.diff(begins, append=end - start) > 0  # reduceat reads past an empty text
        rows = table.take(block.indices[start:end], axis=0, mode="clip")
        sums[low:high][full] += np.add.reduceat(rows, begins[full], axis=0)
    return sums


def _zeros(rows: int, width: int) -> Floats:
    return np.zeros((rows, width), np.float32)


def _aligned(rows: int, width: int) -> Floats:
    """Zeros that begin at a cache line, so that a row never straddles one more than it must."""
    raw = np.zeros(rows * width + _LINE, np.float32)
    skip = (-raw.ctypes.data // 4) % _LINE
    return raw[skip : skip + rows * width].reshape(rows, width)
