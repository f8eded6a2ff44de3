"""Values of telling: messages, and the digest with its parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from watch.model.labelling import Sentiment
from watch.model.noticing import Severity, Tally

Language = Literal["fr", "en"]


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
    """One mention in a digest: everything a reader needs, and the ids behind it.

    `sure`: the sentiment is likely enough to be told; else readers see "not sure".
    """

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
    sure: bool = True


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
