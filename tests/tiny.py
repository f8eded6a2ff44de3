"""A small world of labelled rows, to train on in a second, and small tables to train."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

_PRAISE = ("parfait", "super", "excellent", "great", "lovely")
_BLAME = ("nul", "cassé", "honteux", "awful", "broken")
_PLAIN = ("mardi", "gare", "réunion", "station", "meeting")


def rows(times: int = 12) -> list[dict[str, Any]]:
    """Texts as in `written`: all labels in each row, both languages."""
    made = []
    for n in range(times):
        for words, tone in ((_PRAISE, "positive"), (_BLAME, "negative"), (_PLAIN, "neutral")):
            for at, word in enumerate(words):
                lang = "fr" if at < 3 else "en"
                text = f"le colis de Lison est {word} n{n}" if lang == "fr" else f"the parcel of Lison is {word} n{n}"
                topic = {"positive": "praise", "negative": "delivery", "neutral": "other"}[tone]
                spam = tone == "neutral" and at == 0
                made.append(
                    {
                        "id": f"{word}-{n}",
                        "text": text,
                        "lang": lang,
                        "sentiment": tone,
                        "targets": [{"name": "Lison", "sentiment": tone}],
                        "topic": topic,
                        "spam": spam,
                        "toxic": word == "honteux",
                    }
                )
    return made


def write(path: Path, lines: list[dict[str, Any]]) -> Path:
    """Write rows as JSON Lines, gzipped where the name says so."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()
    path.write_bytes(gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)
    return path


def shrink(patch: pytest.MonkeyPatch) -> None:
    """Small tables: quick to fit, to write and to compare."""
    patch.setattr("watch.train.fit.TABLE_BITS", dict.fromkeys(("sentiment", "topics", "filter", "language"), 10))
    for name in ("watch.train.toward", "watch.train.run_toward"):
        patch.setattr(f"{name}.TABLE_BITS", 10)
