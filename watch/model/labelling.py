"""Values of labelling: where a brand is named, and what the classifier says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Sentiment = Literal["negative", "neutral", "positive"]
SENTIMENTS: tuple[Sentiment, ...] = ("negative", "neutral", "positive")


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` (exclusive) of a text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Match:
    """A brand that an item names, and where (in title + newline + text, see `enrich.mentions.body`)."""

    brand: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A piece of the text that moved the label; positive weight: for the label given, negative: against."""

    text: str
    start: int
    end: int
    weight: float


@dataclass(frozen=True, slots=True)
class TextToLabel:
    """A text as the classifier takes it; `target` is the name the sentiment is asked about.

    `lean`, where there is one, is added to the log-odds of SENTIMENTS, in their order: what a person says of words
    that the classifier does not see (`watch.enrich.wordrules`).
    """

    text: str
    title: str = ""
    lang: str | None = None
    target: str | None = None
    spans: tuple[Span, ...] = ()
    lean: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Prediction:
    """All labels of one text. Scores are probabilities; `scores` and `target_scores` sum to 1.

    `target_sentiment` is None when no target was given. `topics` are (name, score), best first. `evidence` is for
    `target_sentiment` where there is one, else for `sentiment`. `sure` and `target_sure`: whether that sentiment is
    likely enough to be told; else people read "not sure".
    """

    lang: str
    sentiment: Sentiment
    scores: Mapping[Sentiment, float]
    topics: tuple[tuple[str, float], ...]
    spam: float
    toxic: float
    evidence: tuple[Evidence, ...] = ()
    target_sentiment: Sentiment | None = None
    target_scores: Mapping[Sentiment, float] | None = None
    sure: bool = True
    target_sure: bool | None = None
