"""A model on disk: `model.json` (the card) beside `weights.npz`; reading them, and refusing what disagrees.

No pickle is ever read. Every mistake is a `ModelError` of one sentence that names the file.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from watch.enrich.cues import CUES
from watch.enrich.features import BITS, settings
from watch.errors import ModelError

CARD, WEIGHTS, LEXICON = "model.json", "weights.npz", "lexicon.tsv"
SURE_FROM = 0.5  # where nobody measured it: from there a label is likelier right than wrong

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Model:
    """The weights of one task: `table` (rows x columns) for hashed n-grams, `cues` (cues x columns), `bias`.

    The table has 2**bits rows, a power of two up to 2**BITS; a hash finds its row by its upper bits. Columns are
    the labels; where texts of several `domains` (tweets, reviews …) taught it, the labels again for each domain,
    to be added, and last a column for each domain, which tell how much of it a text has (see `heads.mix`).
    """

    task: str
    version: str
    labels: tuple[str, ...]
    bits: int
    table: Floats
    cues: Floats
    bias: Floats
    temperature: Floats
    sha256: str
    domains: tuple[str, ...] = ()
    sure_from: float = SURE_FROM  # a tone less likely than this is told as "not sure"

    @property
    def width(self) -> int:
        """How many columns."""
        return width(len(self.labels), len(self.domains))


def width(labels: int, domains: int) -> int:
    """The columns of a model: labels, a copy of them for each domain, and the gate."""
    return labels * (1 + domains) + domains


def load_model(directory: Path, *, lexicon_sha256: str) -> Model:
    """Read the model in `directory`; raises ModelError when card and weights are not one whole."""
    card = load_card(directory)
    arrays, digest = checked_arrays(directory, card)
    if card.get("features") != settings() or card.get("lexicon_sha256") != lexicon_sha256:
        raise ModelError(f"{directory / CARD}: made for other features than these; train it again")
    return _model(directory, card, arrays, digest)


def checked_arrays(directory: Path, card: Mapping[str, object]) -> tuple[dict[str, NDArray[np.generic]], str]:
    """The arrays of the weights in `directory`, and their sha256, which must be the one its card gives."""
    data = _read(directory / WEIGHTS)
    if (digest := hashlib.sha256(data).hexdigest()) != card.get("sha256"):
        raise ModelError(f"{directory / WEIGHTS}: not the weights its card describes (sha256 differs)")
    return _arrays(directory / WEIGHTS, data), digest


def load_card(directory: Path) -> Mapping[str, object]:
    """Read the card in `directory`: a JSON object."""
    path = directory / CARD
    try:
        card = json.loads(_read(path))
    except ValueError as error:
        raise ModelError(f"{path}: not readable as JSON ({error})") from error
    if not isinstance(card, dict):
        raise ModelError(f"{path}: a card is a JSON object")
    return card


def sure_from(directory: Path, card: Mapping[str, object]) -> float:
    """The probability from which a card tells its labels as sure; raises ModelError when that is none."""
    said = card.get("sure_from", SURE_FROM)
    if isinstance(said, bool) or not isinstance(said, int | float) or not 0 <= said <= 1:
        raise ModelError(f"{directory / CARD}: sure_from is a probability, not {said!r}")
    return float(said)


def load_lexicon(directory: Path) -> tuple[list[str], str]:
    """The lines of the lexicon that all models share, and its sha256."""
    data = _read(directory / LEXICON)
    try:
        return data.decode("utf-8").splitlines(), hashlib.sha256(data).hexdigest()
    except UnicodeDecodeError as error:
        raise ModelError(f"{directory / LEXICON}: not UTF-8 ({error.reason})") from error


def pack(arrays: Mapping[str, NDArray[np.generic]]) -> bytes:
    """The bytes of an `.npz` that are the same whenever the arrays are (no dates inside)."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(arrays):
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, np.ascontiguousarray(arrays[name]), allow_pickle=False)
            archive.writestr(entry, buffer.getvalue())
    return target.getvalue()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror or error})") from error


def _arrays(path: Path, data: bytes) -> dict[str, NDArray[np.generic]]:
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except (ValueError, OSError, EOFError, AttributeError, zipfile.BadZipFile) as error:
        raise ModelError(f"{path}: not plain arrays ({error})") from error


def _model(
    directory: Path, card: Mapping[str, object], arrays: Mapping[str, NDArray[np.generic]], digest: str
) -> Model:
    try:
        labels = tuple(str(label) for label in card["labels"])  # type: ignore[attr-defined]  # checked below
        domains = tuple(str(name) for name in card.get("domains", ()))  # type: ignore[attr-defined]  # as above
        bits, version, task = int(str(card["bits"])), str(card["version"]), str(card["task"])
        table, cues, bias = (np.asarray(arrays[n], np.float32) for n in ("table", "cues", "bias"))
        heat = np.broadcast_to(np.asarray(card["temperature"], np.float32), (len(labels),))
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(f"{directory}: card or weights lack what a model needs ({error})") from error
    columns = width(len(labels), len(domains))
    shapes = {"table": (2**bits, columns), "cues": (len(CUES), columns), "bias": (columns,)}
    for name, array in (("table", table), ("cues", cues), ("bias", bias)):
        if array.shape != shapes[name] or not 0 < bits <= BITS or not np.isfinite(array).all():
            raise ModelError(f"{directory / WEIGHTS}: {name} is not what the card says ({shapes[name]})")
    if not (heat > 0).all():
        raise ModelError(f"{directory / CARD}: temperature must be above zero")
    start = sure_from(directory, card)
    return Model(task, version, labels, bits, table, cues, bias, heat, digest, domains, start)
