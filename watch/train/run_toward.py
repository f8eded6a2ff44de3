"""A training or scoring of the model toward a name, from folder to folder."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from watch.enrich.around import settings
from watch.enrich.features import BITS
from watch.enrich.heads import softmax, stack
from watch.enrich.lexicon import Lexicon
from watch.enrich.toward import TABLE_BITS, TASK, Toward, load_toward
from watch.enrich.weights import CARD, WEIGHTS, Model, load_model, pack
from watch.errors import Refused
from watch.model import SENTIMENTS
from watch.train.card import LEXICON, LICENCES
from watch.train.data import training_rows
from watch.train.evaluate import Score, as_dicts
from watch.train.fit import fit
from watch.train.sources import thinned as thinned_texts
from watch.train.sure import Sureness, sureness
from watch.train.toward import (
    FOLDS,
    WEIGHT,
    Named,
    calibrated,
    fit_toward,
    fold,
    named_rows,
    read_named,
    scored,
    thinned,
)

_PORTION = 1000

Floats = NDArray[np.float32]


def train_toward(
    data: Path, out: Path, corpus: Path, *, known: Lexicon, digest: str, seed: int, now: datetime
) -> tuple[str, list[Score]] | None:
    """Write `out`/target from the names in `data`, beside `out`/sentiment; its version and scores.

    None when no text in `data` names anything; raises Refused when there is no sentiment model to lean on.
    """
    rows, dev = named_rows(data, "train", corpus=corpus), named_rows(data, "dev")
    if not rows:
        return None
    if not (out / "sentiment" / CARD).is_file():
        raise Refused(f"{out}: the model toward a name leans on the one for sentiment; train that first")
    if not dev:
        rows, dev = [r for r in rows if fold("dev" + r.id)], [r for r in rows if not fold("dev" + r.id)]
    tone = load_model(out / "sentiment", lexicon_sha256=digest)
    rows = thinned(rows, seed=seed)
    model = fit_toward(rows, _folds(data, corpus, known, seed), lexicon=known, seed=seed)
    model = replace(model, temperature=calibrated(_logits(model, tone, dev, known, mixed=False), dev))
    said = _logits(model, tone, dev, known)
    scores = scored(said, dev)
    sure = sureness(TASK, [(row.source, row.lang) for row in dev], softmax(said), [row.label for row in dev])
    return _save(model, out / TASK, rows, scores, sure, tone.sha256, digest, seed=seed, now=now), scores


def score_toward(data: Path, models: Path, *, known: Lexicon, digest: str) -> tuple[str, list[Score]] | None:
    """Version and scores of `models`/target on the names of a file or the dev files of a folder; None without."""
    tone = load_model(models / "sentiment", lexicon_sha256=digest)
    model = load_toward(models, sentiment=tone.sha256, lexicon_sha256=digest)
    rows = list(read_named(data)) if data.is_file() else named_rows(data, "dev")
    if model is None or not rows:
        return None
    return model.version, scored(_logits(model, tone, rows, known), rows)


def _folds(data: Path, corpus: Path, known: Lexicon, seed: int) -> list[Model]:
    """Sentiment models, the n-th without the written texts of fold n."""
    rows = thinned_texts(training_rows(data, "sentiment", corpus=corpus), "sentiment", seed=seed)
    parts = [[r for r in rows if r.source != "written" or fold(r.id) != n] for n in range(FOLDS)]
    return [fit("sentiment", part, lexicon=known, seed=seed) for part in parts]


def _logits(model: Toward, tone: Model, rows: Sequence[Named], known: Lexicon, *, mixed: bool = True) -> Floats:
    heads, heat = stack([tone]), float(tone.temperature[0])
    said = []
    for at in range(0, len(rows), _PORTION):
        texts, places = zip(*((row.text, row.places) for row in rows[at : at + _PORTION]), strict=True)
        if mixed:
            said.append(model.logits(texts, places, lexicon=known, heads=heads, heat=heat))
        else:
            said.append(model.alone(texts, places, lexicon=known, heads=heads))
    return np.concatenate(said)


def _save(
    model: Toward,
    folder: Path,
    rows: Sequence[Named],
    scores: Sequence[Score],
    sure: Sureness,
    sentiment: str,
    digest: str,
    *,
    seed: int,
    now: datetime,
) -> str:
    table = model.table[:: 2 ** (BITS - TABLE_BITS)].astype(np.float16)
    weights = pack({"table": table, "cues": model.cues, "bias": model.bias, "common": model.common})
    sha256 = hashlib.sha256(weights).hexdigest()
    card = {
        "task": TASK, "version": sha256[:12], "labels": list(SENTIMENTS), "features": settings(),
        "temperature": model.temperature, **sure.card(), "seed": seed, "date": now.date().isoformat(), "sha256": sha256,
        "sentiment_sha256": sentiment, "lexicon": LEXICON, "lexicon_sha256": digest, "training": _training(rows),
        "scores": as_dicts(scores),
    }  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    (folder / WEIGHTS).write_bytes(weights)
    (folder / CARD).write_text(json.dumps(card, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return sha256[:12]


def _training(rows: Sequence[Named]) -> list[dict[str, object]]:
    groups = sorted({(row.source, row.lang) for row in rows})
    table: list[dict[str, object]] = []
    for source, lang in groups:
        labels = [row.label for row in rows if (row.source, row.lang) == (source, lang)]
        counts = {name: labels.count(at) for at, name in enumerate(SENTIMENTS)}
        licence = LICENCES.get(source, "see where the rows came from")
        weight = WEIGHT.get(source, 1.0)
        table.append(
            {
                "source": source,
                "lang": lang,
                "licence": licence,
                "rows": len(labels),
                "weight": weight,
                "labels": counts,
            }
        )
    return table
