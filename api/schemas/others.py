"""Series, incidents, sources, brands and topics as the API gives them."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from pydantic import Field

from api.schemas.common import Answer, Time


class BucketOut(Answer):
    """One interval."""

    start: Time = Field(examples=["2026-11-19T23:00:00Z"])
    end: Time = Field(description="Exclusive.", examples=["2026-11-20T23:00:00Z"])
    day: dt.date = Field(description="The local day on which it begins.", examples=["2026-11-20"])
    total: int = Field(examples=[9])
    counts: dict[str, int] = Field(examples=[{"negative": 2, "neutral": 4, "positive": 3}])


class SeriesOut(Answer):
    """Mentions over time; intervals without any are there, with zeros."""

    interval: Literal["hour", "day", "week"]
    by: Literal["sentiment", "topic", "source", "brand"]
    reprints: Literal["count", "once"]
    timezone: str = Field(description="The zone in which days begin.", examples=["Europe/Paris"])
    since: Time
    until: Time
    items: list[BucketOut]


class IncidentOut(Answer):
    """The time during which a rule holds for a brand."""

    id: int = Field(examples=[3])
    rule: str = Field(examples=["vague de mécontentement"])
    brand: str = Field(examples=["Aubrac Mobilier"])
    state: Literal["open", "acknowledged", "resolved"]
    severity: str = Field(description="warning, high or critical.", examples=["high"])
    opened_at: Time
    widened_at: Time | None
    acknowledged_at: Time | None
    acknowledged_by: str | None
    resolved_at: Time | None
    observed: int = Field(description="Mentions of the kind in the window.", examples=[14])
    expected: float = Field(description="How many are usual.", examples=[2.1])
    peak_score: float = Field(description="1 is where the rule opens; grows with rarity.", examples=[1.8])


class StepOut(Answer):
    """A change of an incident, with what it was decided on."""

    at: Time
    change: str = Field(description="opened, widened, acknowledged or resolved.", examples=["opened"])
    severity: str
    by: str | None
    spike: dict[str, Any] = Field(description="What was seen, what is usual, and how unlikely that is.")
    settings: dict[str, Any] = Field(description="The rule as it was.")
    mentions: list[int] = Field(description="Ids of the mentions that weighed most.")
    note: str | None


class IncidentDetailOut(IncidentOut):
    """An incident with the reason and everything that happened to it."""

    reason: dict[str, Any] = Field(description="The evidence of its opening; that of each later step is in `steps`.")
    steps: list[StepOut] = Field(description="Oldest first.")


class IncidentsOut(Answer):
    """Incidents, newest first."""

    items: list[IncidentOut]
    next: str | None


class SourceOut(Answer):
    """A place we read, and how that goes."""

    name: str = Field(examples=["Meubles & Déco"])
    kind: str = Field(examples=["feed"])
    url: str | None = Field(description="Without credentials.", examples=["https://example.org/feed.xml"])
    tags: list[str]
    language: str | None
    managed: bool = Field(description="Declared in sources.toml, and read-only here.")
    verify_tls: bool = Field(description="Whether its certificate must be valid.")
    state: Literal["waiting", "ok", "silent", "failing", "disabled"]
    failures: int = Field(description="In a row.")
    failure: str | None = Field(description="Kind of the last failure; null after a success.", examples=["timeout"])
    message: str | None = Field(description="The failure in a sentence.")
    advice: str | None = Field(description="What to do about it.")
    rhythm: int | None = Field(description="Usual seconds between two items; null: too few to say.")
    silence: int | None = Field(description="Seconds since its last item was published.")
    last_poll_at: Time | None
    last_success_at: Time | None
    last_new_at: Time | None
    next_poll_at: Time | None = Field(description="Null: as soon as possible.")


class SourcesOut(Answer):
    """All sources, by name."""

    items: list[SourceOut]
    next: str | None = None


class PollOut(Answer):
    """One poll of a source."""

    at: Time
    outcome: str = Field(examples=["ok"])
    http_status: int | None
    kind: str | None = Field(description="Kind of the failure.", examples=["timeout"])
    message: str | None
    entries: int
    new: int
    updated: int
    bytes: int
    seconds: float


class PollsOut(Answer):
    """The last fifty polls of a source, newest first."""

    items: list[PollOut]
    next: str | None = None


class BrandOut(Answer):
    """A name we listen for."""

    name: str
    role: Literal["own", "competitor", "subject"]
    query: str
    words: dict[str, Literal["negative", "neutral", "positive"]] = Field(
        description="Word rules: words and phrases, and the tone each has for this brand."
    )
    managed: bool


class BrandsOut(Answer):
    """All brands."""

    items: list[BrandOut]
    next: str | None = None


class TopicOut(Answer):
    """What items are about."""

    name: str
    title: dict[str, str]
    department: str | None
    query: str | None
    managed: bool


class TopicsOut(Answer):
    """All topics that were declared."""

    items: list[TopicOut]
    next: str | None = None
