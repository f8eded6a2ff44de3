"""Values of collecting: sources, requests, pages, entries, polls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from operator import attrgetter
from typing import Literal, NamedTuple

from watch.errors import FailureKind

Outcome = Literal["ok", "not_modified", "skipped", "moved", "failed", "disabled"]


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
    """What to ask: a collector's words, before the conditional headers that `fetch` adds.

    `verify` False asks a host whose certificate need not be valid.
    """

    url: str
    headers: tuple[tuple[str, str], ...] = ()
    method: str = "GET"
    body: bytes | None = None
    verify: bool = True


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
    status: int = 304


class Derived(NamedTuple):
    """What follows from an entry's words and address, worked out where the page was read: in the children.

    `url` is canonical; `digest` a hash of title and text, by which an edit is told; `terms` what the full-text index
    is given (`query.index_text`).
    """

    url: str | None
    digest: str
    terms: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What a collector read on a page; not stored yet.

    Title and text are plain text. `guid` is the source's own name for it, unique in that source only. `full_text` is
    what the article's own page says, where it was asked for; an edit is told by `text`.
    `published` and `updated` are what the source claims, and may lie. `derived` stands in an entry that was made such
    that any store can hold it; who changes its words or its address takes it away.
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
    derived: Derived | None = None

    def __reduce__(self) -> tuple[type[Entry], tuple[object, ...]]:
        # Between processes, a third quicker than what dataclasses do.
        return Entry, _values(self)


_values = attrgetter(*(one.name for one in fields(Entry)))


@dataclass(frozen=True, slots=True)
class Rests:
    """When a source is not to be asked, in UTC: `hours` of the day, 0 to 23, and `days` of the week, 0 is Monday."""

    hours: tuple[int, ...] = ()
    days: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Entries:
    """The entries of one page, newest first as far as the page says.

    `next` is the page that continues this one; `poll_hint` the source's own rhythm in seconds (`ttl`, `sy:`); `rests`
    when it writes nothing (`skipHours`, `skipDays`);
    `damaged` says that only a part could be read, so the validators must not be kept.
    """

    entries: tuple[Entry, ...]
    title: str | None = None
    lang: str | None = None
    next: Request | None = None
    poll_hint: float | None = None
    damaged: bool = False
    rests: Rests | None = None


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
