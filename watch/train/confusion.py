"""What is taken for what: labels given against labels found, as a card keeps them and `hune evaluate` prints them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

WHOLE = 3  # at most so many labels, and the whole matrix is kept; of more, the commonest confusions
MOST = 15

Labels = NDArray[np.int64]
Matrix = tuple[tuple[int, ...], ...]
"""Texts: a row for each label given, a column for each label found, both in the order of the labels."""
Confused = tuple[tuple[str, str, int], ...]
"""(label given, label found, texts), most texts first."""


def matrix(truth: Labels, guess: Labels, size: int) -> Matrix:
    """How many texts of each label (of `size`) were found to be of each."""
    counts = np.zeros((size, size), np.int64)
    np.add.at(counts, (truth, guess), 1)
    return tuple(tuple(row) for row in counts.tolist())


def commonest(truth: Labels, guess: Labels, labels: Sequence[str]) -> Confused:
    """The `MOST` commonest mistakes; of as many texts, in the order of the labels."""
    counts = np.array(matrix(truth, guess, len(labels)))
    np.fill_diagonal(counts, 0)
    order = np.argsort(-counts, axis=None, kind="stable")[:MOST]
    places = [divmod(int(at), len(labels)) for at in order]
    return tuple(
        (labels[given], labels[found], int(counts[given, found])) for given, found in places if counts[given, found]
    )


def confusion(truth: Labels, guess: Labels, labels: Sequence[str]) -> tuple[Matrix | None, Confused | None]:
    """The matrix of few labels, or the commonest confusions of many; the other is None."""
    if len(labels) <= WHOLE:
        return matrix(truth, guess, len(labels)), None
    return None, commonest(truth, guess, labels)


def shown(counts: Matrix | None, confused: Confused | None, labels: Iterable[str]) -> list[str]:
    """The same as aligned lines of text."""
    if counts is None:
        return [f"  {number:6d}  {given} found to be {found}" for given, found, number in confused or ()]
    names = list(labels)
    lines = [f"  {'given, found':12}" + "".join(f" {name:>9}" for name in names)]
    rows = zip(names, counts, strict=True)
    return lines + [f"  {name:12}" + "".join(f" {number:9d}" for number in row) for name, row in rows]
