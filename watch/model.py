"""The values that cross rooms: frozen, plain, free of SQL, HTTP and models.

All datetimes are aware and in UTC. Rows of the store are in `watch.store.tables`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from watch.errors import FailureKind

Sentiment = Literal["negative", "neutral", "positive"]
SENTIMENTS: tuple[Sentiment, ...] = ("negative", "neutral", "positive")
Language = Literal["fr", "en"]
Outcome = Literal["ok", "not_modified", "skipped", "moved", "failed", "disabled"]
Severity = Literal["warning", "high", "critical"]
SpikeState = Literal["calm", "open"]


# --- collect -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """What a collector needs to know of a source; `options` are the keys that only its kind has."""

    name: str
    kind: str
    url: str | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    options: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Request:
    """What to ask: a collector's words, before the conditional headers that `fetch` adds."""

    url: str
    headers: tuple[tuple[str, str], ...] = ()
    method: str = "GET"
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Validators:
    """ETag and Last-Modified, byte for byte as the server sent them (RFC 9110, 13.1)."""

    etag: bytes | None = None
    last_modified: bytes | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """What came back: the body inflated, the address that answered, and what it asks of the next poll.

    `moved_to` is the end of the permanent part of the redirects, if any. `fresh_for` is in seconds. `link` is the
    Link header (RFC 8288).
    """

    url: str
    status: int
    body: bytes
    content_type: str = ""
    validators: Validators = Validators()
    fresh_for: float | None = None
    moved_to: str | None = None
    link: str = ""


@dataclass(frozen=True, slots=True)
class NotModified:
    """The server has nothing new; `fresh_for` is in seconds, `validators` those it repeated."""

    validators: Validators = Validators()
    fresh_for: float | None = None
    moved_to: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """What a collector read on a page; not stored yet.

    Title and text are plain text. `guid` is the source's own name for it, unique in that source only. `full_text` is
    what the article's own page says, where it was asked for; an edit is told by `text`.
    `published` and `updated` are what the source claims, and may lie.
    """

    guid: str
    url: str | None
    title: str
    text: str
    author: str | None = None
    published: datetime | None = None
    updated: datetime | None = None
    lang: str | None = None
    image: str | None = None
    comments_url: str | None = None
    tags: tuple[str, ...] = ()
    engagement: int | None = None
    full_text: str | None = None


@dataclass(frozen=True, slots=True)
class Entries:
    """The entries of one page, newest first as far as the page says.

    `next` is the page that continues this one; `poll_hint` the source's own rhythm in seconds (`ttl`, `sy:`);
    `damaged` says that only a part could be read, so the validators must not be kept.
    """

    entries: tuple[Entry, ...]
    title: str | None = None
    lang: str | None = None
    next: Request | None = None
    poll_hint: float | None = None
    damaged: bool = False


@dataclass(frozen=True, slots=True)
class Polled:
    """One poll and what came of it; the line of `hune poll --json`."""

    source: str
    outcome: Outcome
    next_poll_at: datetime | None
    http_status: int | None = None
    kind: FailureKind | None = None
    message: str | None = None
    entries: int = 0
    new: int = 0
    updated: int = 0
    bytes: int = 0
    seconds: float = 0.0


# --- enrich ------------------------------------------------------------------------------------------------


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
    """A text as the classifier takes it; `target` is the name the sentiment is asked about."""

    text: str
    title: str = ""
    lang: str | None = None
    target: str | None = None
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Prediction:
    """All labels of one text. Scores are probabilities; `scores` and `target_scores` sum to 1.

    `target_sentiment` is None when no target was given. `topics` are (name, score), best first.
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


# --- alerts ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts by sentiment in a window that starts at `start`; `stories` counts reprints once."""

    start: datetime
    total: int = 0
    negative: int = 0
    neutral: int = 0
    positive: int = 0
    stories: int = 0


@dataclass(frozen=True, slots=True)
class Spike:
    """The evidence of an alert: what was seen in a window, what was usual, how unlikely that is.

    `score` grows with rarity and is 1 where the rule opens at its setting. `window` is in hours, ending at
    `until`. `lower` and `upper` bound the usual range; `share` and `usual_share` are negatives of all.
    """

    until: datetime
    window: int
    observed: int
    total: int
    expected: float
    lower: float
    upper: float
    score: float
    state: SpikeState
    share: float
    usual_share: float
    learning: bool = False


# --- tell --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Message:
    """What is handed to a channel: rendered, frozen, with the id that makes a resend recognisable.

    `id` is stable over tries. `html` is for mail; chat channels take `title` and `text`.
    `unsubscribe_url` is the address of RFC 8058, for digests.
    """

    id: str
    title: str
    text: str
    html: str | None = None
    severity: Severity | None = None
    link: str | None = None
    list_id: str | None = None
    unsubscribe_url: str | None = None
    data: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """One mention in a digest: everything a reader needs, and the ids behind it."""

    mention_id: int
    item_id: int
    brand: str
    title: str
    url: str | None
    source: str
    published: datetime
    sentiment: Sentiment
    snippet: str
    topic: str | None
    lang: str | None
    copies: int = 1


@dataclass(frozen=True, slots=True)
class BrandDay:
    """A brand's figures in the period of a digest. `usual` is the mean of the same span over four weeks."""

    brand: str
    role: str
    tally: Tally
    usual: float | None
    share_of_voice: float
    topics: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was read in the period: sources by how they did. `asked` = answered + failed + silent."""

    asked: int
    answered: int
    failed: tuple[tuple[str, str], ...]
    silent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """An incident as a digest or page shows it."""

    id: int
    rule: str
    brand: str | None
    severity: Severity
    state: str
    opened_at: datetime
    observed: int
    expected: float
    resolved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Digest:
    """The summary of a period for a team; serves the mail, the page and the JSON alike.

    The period is [`since`, `until`), UTC; `date` is the local day it is for, in `timezone`.
    """

    name: str
    date: date
    timezone: str
    language: Language
    since: datetime
    until: datetime
    brands: tuple[BrandDay, ...]
    incidents: tuple[IncidentLine, ...]
    to_answer: tuple[Line, ...]
    said: tuple[Line, ...]
    competitors: tuple[Line, ...]
    coverage: Coverage
    late: bool = False
    base_url: str | None = None
