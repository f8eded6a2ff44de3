"""A changed model on disk: the shipped one with some numbers of its table moved, and a card that says so."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np

from watch.enrich.weights import CARD, WEIGHTS, checked_arrays, load_card, pack
from watch.errors import ModelError
from watch.train.adapt import Change


def amend(shipped: Path, out: Path, task: str, change: Change, corrections: int) -> None:
    """Write the model in `shipped` into `out` with a change added to its table; raises ModelError if it cannot be.

    All else that the weights hold stays as it is. The scores of the shipped card are not the changed model's, so
    they are left out: figures are kept with the version.
    """
    card = dict(load_card(shipped))
    arrays, digest = checked_arrays(shipped, card)
    added = change.table[:, 1:] if task == "filter" else change.table  # its first class is no column: "no spam"
    table = np.array(arrays["table"])
    if table.ndim != 2 or table.shape[1] < added.shape[1] or table.shape[0] <= change.rows.max():
        raise ModelError(f"{shipped / WEIGHTS}: its table is not what corrections can change")
    width = added.shape[1]
    table[change.rows, :width] = (table[change.rows, :width].astype(np.float32) + added).astype(table.dtype)
    weights = pack({**arrays, "table": table})
    sha256 = hashlib.sha256(weights).hexdigest()
    card |= {"version": sha256[:12], "sha256": sha256, "made_from": digest, "corrections": corrections}
    card.pop("scores", None)
    out.mkdir(parents=True)
    (out / WEIGHTS).write_bytes(weights)
    (out / CARD).write_text(json.dumps(card, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
