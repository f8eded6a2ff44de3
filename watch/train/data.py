"""Labelled rows from a folder: which files belong to a task, what their labels are called with us, how much
each source counts.

A folder is laid out as `sentiment/train.jsonl.gz`, `written/train.jsonl.gz` …, or simply holds JSON Lines
files (`models/corpus`). Rows are JSON objects with `text`, `lang` and a `label` (or, as in `written`,
`sentiment`, `topic`, `spam`, `toxic`). Anything under `_eval_only` is never read.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

from watch.errors import Refused

TASKS = ("sentiment", "topics", "filter", "language")
TOPICS = (
    "problem_report", "feature_request", "question", "praise", "delivery", "price_billing", "support",
    "quality", "app_site", "shop_staff", "job_company", "news_launch", "news_results", "news_people",
    "news_partnership", "news_legal", "news_incident", "culture", "environment", "politics_society",
    "sport", "other",
)  # fmt: skip
LABELS: Mapping[str, tuple[str, ...]] = {
    "sentiment": ("negative", "neutral", "positive"),
    "topics": TOPICS,
    "filter": ("spam", "toxic"),
    "language": ("en", "fr", "other"),
}
_FOLDERS: Mapping[str, tuple[str, ...]] = {
    "sentiment": ("sentiment", "written"),
    "topics": ("topics_feedback", "written"),
    "filter": ("spam", "toxicity", "sentiment", "written"),
    "language": ("langid", "sentiment", "written"),
}

_TOGETHER = ("more-", "topics-", "toward-", "toward2-", "tones-", "english-", "phrase-")

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled text. `labels` has a value per label of the task: 0 or 1, None where nobody said."""

    id: str
    text: str
    lang: str
    source: str
    licence: str
    labels: tuple[int | None, ...]


def training_rows(folder: Path, task: str, *, corpus: Path | None = None) -> list[Row]:
    """Every training row for a task, in the order of the files; raises Refused when there is none.

    A folder with `written/` gets the texts of `corpus` (the one that ships) which it does not hold itself.
    """
    rows = [row for path in _files(folder, task, "train") for row in read_rows(path, task)]
    if not rows:
        raise Refused(f"{folder}: holds no training rows for {task}")
    if corpus is None or not (folder / "written").is_dir():
        return rows
    known = {row.id for row in rows}
    more = (row for path in _plain(corpus) for row in read_rows(path, task))
    return [*rows, *(row for row in more if row.id not in known)]


def dev_rows(path: Path, task: str) -> list[Row]:
    """The rows to score with: the `dev` files of a folder (maybe none), or the one file given."""
    files = [path] if path.is_file() else _files(path, task, "dev")
    return [row for file in files for row in read_rows(file, task)]


def held_out(row: Row) -> bool:
    """One row in ten, always the same: what a folder without `dev` is scored with.

    Of the shipped corpus those of `written` alone: elsewhere neighbours retell one another, and must be on one side.
    """
    return not row.id.startswith(_TOGETHER) and crc32(row.id.encode()) % 10 == 0


def read_rows(path: Path, task: str) -> Iterator[Row]:
    """The rows of one file that say something about the task; raises Refused naming a line that is no row."""
    opener: Callable[..., Any] = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            row = _row(path, number, line, task)
            if row is not None:
                yield row


def _files(folder: Path, task: str, split: str) -> list[Path]:
    if split == "train" and "_eval_only" in folder.resolve().parts:
        raise Refused(f"{folder}: is for measuring only, never for training")
    names = ("train", "aux_train") if split == "train" else (split,)
    found = [folder / sub / f"{name}.jsonl.gz" for sub in _FOLDERS[task] for name in names]
    found = [path for path in found if path.is_file()]
    if found or split != "train":
        return found
    return _plain(folder)


def _plain(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.jsonl*") if path.suffix in (".jsonl", ".gz"))


def _row(path: Path, number: int, line: str, task: str) -> Row | None:
    try:
        raw = json.loads(line)
        labels = labels_of(raw, task)
        text, lang, key = str(raw["text"]), str(raw["lang"]), str(raw.get("id", f"{path.name}:{number}"))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refused(f"{path}: line {number} is not a labelled row ({error!r})") from error
    if labels is None:
        return None
    return Row(key, text, lang, str(raw.get("source", "written")), str(raw.get("tier", "ours")), labels)


def labels_of(raw: Json, task: str) -> tuple[int | None, ...] | None:
    """A row's labels as numbers, in the order of LABELS; None when it says nothing about the task."""
    if task == "filter":
        return _filter_labels(raw)
    name = _name(raw, task)
    return tuple(int(label == name) for label in LABELS[task]) if name in LABELS[task] else None


def _name(raw: Json, task: str) -> str | None:
    if task == "language":
        lang = str(raw["lang"])
        known = None if raw.get("source") == "phrases" else "other"  # « top » is of both
        return lang if known and lang in ("fr", "en") else known
    if task == "topics":
        return raw.get("topic") or raw.get("label")
    return raw.get("sentiment") or raw.get("label")


def _filter_labels(raw: Json) -> tuple[int | None, ...] | None:
    if "spam" in raw and "toxic" in raw:
        return int(bool(raw["spam"])), int(bool(raw["toxic"]))
    label = raw.get("label")
    if label in ("spam", "ham"):
        return int(label == "spam"), None
    if label in ("toxic", "not_toxic", "hateful", "not_hateful"):
        return None, int(label in ("toxic", "hateful"))
    return (0, 0) if label in LABELS["sentiment"] else None  # ordinary tweets and reviews
