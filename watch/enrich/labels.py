"""Rows from labels: what the models and queries said of an item → what the store keeps (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from watch.enrich.mentions import snippet
from watch.model import Prediction, Span
from watch.store.tables import Item

SPAM = 0.6  # hiding a complaint costs more than showing an advertisement
_LATE = timedelta(hours=3)
_TOPICS = 3  # at most, of the classifier's
_TOPIC_SCORE = 0.2


@dataclass(frozen=True, slots=True)
class Labelled:
    """An item with all that was found out about it. `mentions` are (brand id, spans, prediction)."""

    item: Item
    body: str
    prediction: Prediction
    mentions: tuple[tuple[int, tuple[Span, ...], Prediction], ...]
    topics: tuple[str, ...]  # by people's queries


def item_row(labelled: Labelled, version: str, story_id: int | None) -> dict[str, Any]:
    """The columns of an item that labelling sets; `b_id` names the row for a bulk update."""
    found = labelled.prediction
    return {
        "b_id": labelled.item.id,
        "b_labels_version": version,
        "b_lang": found.lang,
        "b_spam": round(found.spam, 4),
        "b_toxic": round(found.toxic, 4),
        "b_story_id": story_id,
    }


def topic_rows(labelled: Labelled) -> list[dict[str, Any]]:
    """The topics of an item: people's rules first, else the classifier's best."""
    by_query = [(name, 1.0) for name in labelled.topics]
    by_model = [(n, s) for n, s in labelled.prediction.topics[:_TOPICS] if s >= _TOPIC_SCORE]
    return [
        {"item_id": labelled.item.id, "topic": name, "score": round(score, 4), "by_query": bool(by_query)}
        for name, score in by_query or by_model
    ]


def mention_rows(
    labelled: Labelled, version: str, *, first_time: bool, named_before: Mapping[int, bool]
) -> list[dict[str, Any]]:
    """A full row for each brand the item names. `named_before`: brand → its story named it already."""
    item = labelled.item
    spam = labelled.prediction.spam >= SPAM
    return [
        {
            "item_id": item.id,
            "brand_id": brand_id,
            "published": item.published,
            "collected": item.collected,
            "heard_at": heard_at(item.published, item.collected),
            "counted": first_time
            and not (item.first_page or item.backlog or spam or named_before.get(brand_id, False)),
            "reprint": named_before.get(brand_id, False),
            "spam": spam,
            "snippet": snippet(labelled.body, spans, text_from=len(item.title) + 1 if item.title else 0),
            "spans": [[span.start, span.end] for span in spans],
            **_tone(found),
            "corrected": False,
            "model_version": version,
            "status": "new",
            "tags": [],
        }
        for brand_id, spans, found in labelled.mentions
    ]


def heard_at(published: datetime, collected: datetime) -> datetime:
    """When alerts count an item: as it is collected, but a late find at the time it was published.

    So the backlog of a source that was away falls where it belongs, and does not look like a crowd.
    """
    return published if collected - published > _LATE else collected


def _tone(found: Prediction) -> dict[str, Any]:
    sentiment = found.target_sentiment or found.sentiment
    scores = found.target_scores or found.scores
    return {
        "sentiment": sentiment,
        "sure": found.target_sure if found.target_sure is not None else found.sure,
        "confidence": round(scores[sentiment], 4),
        "scores": {name: round(score, 4) for name, score in scores.items()},
        "evidence": [asdict(one) for one in found.evidence],
    }
