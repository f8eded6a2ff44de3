"""The card of a model: what it is, what it learned from, how well it does, and the words it leans on."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import numpy as np

from watch.enrich.features import settings
from watch.enrich.weights import CARD, WEIGHTS, Model, pack
from watch.train.data import Row
from watch.train.evaluate import Score, as_dicts
from watch.train.sources import weight
from watch.train.sure import Sureness

LICENCES: Mapping[str, str] = {
    "written": "MIT: written for Hune",
    "umsab_fr": "UMSAB (cardiffnlp/xlm-t), Apache-2.0 repository; tweets not redistributed",
    "umsab_en": "UMSAB (cardiffnlp/xlm-t), Apache-2.0 repository; tweets not redistributed",
    "umsab_tweets": "UMSAB (cardiffnlp/xlm-t), Apache-2.0 repository; tweets not redistributed",
    "semeval_2013_2016_A": "SemEval 2013-2016, CC BY 3.0; tweets not redistributed",
    "minibar_stars": "mini-bar (Jl-wei/mini-bar), MIT",
    "minibar_feedback": "mini-bar (Jl-wei/mini-bar), MIT",
    "goemotions_grouped": "GoEmotions, Apache-2.0",
    "nltk_pros_cons": "Liu, pros and cons, CC BY 4.0",
    "nltk_sentence_polarity": "Pang and Lee, sentence polarity, CC BY 4.0",
    "nltk_subjectivity_objective": "Pang and Lee, subjectivity, CC BY 4.0",
    "xed_en": "XED (Helsinki-NLP), CC BY 4.0",
    "xed_fr_projected": "XED (Helsinki-NLP), CC BY 4.0",
    "sms_spam": "SMS Spam Collection, CC BY 4.0; not redistributed",
    "sms_spam_mt_fr": "SMS Spam Collection, machine-translated, CC BY 4.0; not redistributed",
    "youtube_spam": "YouTube Spam Collection, CC BY 4.0; not redistributed",
    "davidson2017": "Davidson et al. 2017, MIT; tweets not redistributed",
    "mlma_en": "MLMA hate speech, MIT; tweets not redistributed",
    "mlma_fr": "MLMA hate speech, MIT; tweets not redistributed",
    "mad_tsc_fr": "MAD-TSC, MIT; not redistributed",
    "mad_tsc_en": "MAD-TSC, MIT; not redistributed",
    "newsmtsc": "NewsMTSC, MIT-style; not redistributed",
    "mams": "MAMS-ATSA, Apache-2.0; not redistributed",
    "huliu_product_reviews": "Hu and Liu, customer reviews, CC BY 4.0; not redistributed",
    "semeval_2016_CE": "SemEval 2016 task 4 C, CC BY 3.0; tweets not redistributed",
    "sentfin": "SEntFiN 1.1, MIT; not redistributed",
    "sib200_flores": "FLORES through SIB-200, CC BY-SA 4.0; not redistributed",
}
LEXICON = "AFINN (Apache-2.0), VADER (MIT), vader_FR (MIT), Hu and Liu (CC BY 4.0), Pattern (PDDL)"


def save(
    model: Model,
    directory: Path,
    *,
    rows: Sequence[Row],
    scores: Sequence[Score],
    scored_on: str,
    words: Mapping[str, Mapping[str, Sequence[str]]],
    lexicon_sha256: str,
    seed: int,
    now: datetime,
    sure: Sureness | None = None,
) -> str:
    """Write `weights.npz` and `model.json` into `directory`; return the version, made of the weights."""
    weights = pack({"table": model.table.astype(np.float16), "cues": model.cues, "bias": model.bias})
    digest = hashlib.sha256(weights).hexdigest()
    card = {
        "task": model.task,
        "version": digest[:12],
        "labels": list(model.labels),
        "bits": model.bits,
        "domains": list(model.domains),
        "features": settings(),
        "temperature": [round(float(t), 3) for t in model.temperature],
        **(sure.card() if sure else {}),
        "seed": seed,
        "date": now.date().isoformat(),
        "sha256": digest,
        "lexicon": LEXICON,
        "lexicon_sha256": lexicon_sha256,
        "training": training_table(rows, model.task, model.labels),
        "scored_on": scored_on,
        "scores": as_dicts(scores),
        "words": words,
    }
    directory.mkdir(parents=True, exist_ok=True)
    (directory / WEIGHTS).write_bytes(weights)
    (directory / CARD).write_text(json.dumps(card, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return digest[:12]


def training_table(rows: Sequence[Row], task: str, labels: Sequence[str]) -> list[dict[str, object]]:
    """Counts of training rows for each source and language, with licence, weight and rows per label."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        lang = row.lang if task != "language" or row.lang in ("fr", "en") else "other"
        groups.setdefault((row.source, lang), []).append(row)
    return [
        {
            "source": source,
            "lang": lang,
            "licence": LICENCES.get(source, "see where the rows came from"),
            "rows": len(every),
            "weight": weight(every[0], task),
            "labels": _counts(every, labels),
        }
        for (source, lang), every in sorted(groups.items())
    ]


def _counts(rows: Sequence[Row], labels: Sequence[str]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for row in rows:
        counts.update(label for label, value in zip(labels, row.labels, strict=True) if value)
    return {label: counts[label] for label in labels if counts[label]}
