"""Rows with defaults that make sense; a test overrides what it is about."""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session

from watch.model import Prediction, TextToLabel
from watch.store.due import Due
from watch.store.tables import Brand, Item, Mention, Source

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
_count = itertools.count(1)


def source(**values: Any) -> Source:
    n = next(_count)
    given = {"name": f"Source {n}", "kind": "feed", "url": f"https://s{n}.example/feed", "created_at": NOW}
    return Source(**{**given, **values})


def due(source: Source) -> Due:
    """The row as polling sees it."""
    return Due(**{field.name: getattr(source, field.name) for field in fields(Due)})


def brand(**values: Any) -> Brand:
    given = {"name": "Aubrac", "role": "own", "query": "aubrac", "created_at": NOW}
    return Brand(**{**given, **values})


def item(source: Source, **values: Any) -> Item:
    n = next(_count)
    given = {
        "key": f"https://s.example/{n}",
        "url": f"https://s.example/{n}",
        "source_id": source.id,
        "title": f"Un titre {n}",
        "text": "Le canapé Aubrac est arrivé.",
        "published": NOW,
        "collected": NOW,
        "digest": hashlib.sha256(str(n).encode()).hexdigest(),
    }
    return Item(**{**given, **values})


def mention(item: Item, brand: Brand, **values: Any) -> Mention:
    given = {
        "item_id": item.id,
        "brand_id": brand.id,
        "published": item.published,
        "collected": item.collected,
        "heard_at": item.collected,
        "snippet": item.text[:100],
        "sentiment": "neutral",
        "confidence": 0.8,
        "scores": {"negative": 0.1, "neutral": 0.8, "positive": 0.1},
        "model_version": "test",
    }
    return Mention(**{**given, **values})


def save(session: Session, row: Any) -> Any:
    session.add(row)
    session.flush()
    return row


class Classifier:
    """The seam's stub: angry words are negative, kind words positive, all the rest neutral."""

    version = "stub-1"

    def predict(self, texts: list[TextToLabel], *, explain: bool = True) -> list[Prediction]:
        return [self._one(text) for text in texts]

    def _one(self, text: TextToLabel) -> Prediction:
        words = f"{text.title} {text.text}".casefold()
        if "explose" in words:
            raise RuntimeError("this text breaks the model")
        tone = "negative" if "scandale" in words else "positive" if "bravo" in words else "neutral"
        scores = {name: 0.9 if name == tone else 0.05 for name in ("negative", "neutral", "positive")}
        return Prediction(
            lang="fr",
            sentiment=tone,
            scores=scores,
            topics=(("delivery", 0.7), ("other", 0.3)),
            spam=0.9 if "gagnez" in words else 0.01,
            toxic=0.01,
            target_sentiment=tone if text.target else None,
            target_scores=scores if text.target else None,
        )
