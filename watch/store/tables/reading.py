"""Sources, what each poll of them gave, and the items they carried."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from watch.store.types import BigId, UtcDateTime


class Source(SQLModel, table=True):
    """A place we read, and where it stands in being read."""

    __tablename__ = "source"
    __table_args__ = (
        Index("source_due", "active", "enabled", "next_poll_at"),  # sources.due
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    name: str = Field(unique=True)
    kind: str
    url: str | None = Field(default=None, sa_type=Text)
    brands: list[str] = Field(default_factory=list, sa_type=JSON)
    tags: list[str] = Field(default_factory=list, sa_type=JSON)
    options: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # keys that only this kind has
    lang: str | None = None  # the operator's hint
    rights: str = "extract"
    every: int = 3600  # seconds between polls, before the server's wishes
    managed: bool = False
    active: bool = True  # still declared
    enabled: bool = True  # a person's switch
    created_at: datetime = Field(sa_type=UtcDateTime)
    # -- polling
    next_poll_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # None: as soon as possible
    not_before: datetime | None = Field(default=None, sa_type=UtcDateTime)  # Retry-After: binds --all too
    claimed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    claim: str | None = None  # whose claim; a stale one cannot write
    etag: bytes | None = Field(default=None, sa_type=LargeBinary)  # verbatim
    last_modified: bytes | None = Field(default=None, sa_type=LargeBinary)  # verbatim
    page: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))  # collect.pages
    moved_to: str | None = Field(default=None, sa_type=Text)  # the end of its permanent redirects
    moved_days: int = 0  # on how many days they were seen; from the third on, moved_to is asked, not url
    moved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # when they were last counted
    # -- health
    failures: int = 0  # in a row
    first_success_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # before: a backlog
    last_success_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_poll_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_new_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_outcome: str | None = None
    last_failure: str | None = None  # kind of the last failure, None after a success
    last_message: str | None = Field(default=None, sa_type=Text)


class Poll(SQLModel, table=True):
    """One poll of a source; the last fifty are kept."""

    __tablename__ = "poll"
    __table_args__ = (Index("poll_of_source", "source_id", "at"),)  # `hune sources log`, coverage

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    source_id: int = Field(foreign_key="source.id", ondelete="CASCADE", sa_type=BigId)
    at: datetime = Field(sa_type=UtcDateTime)
    outcome: str
    http_status: int | None = None
    kind: str | None = None
    message: str | None = Field(default=None, sa_type=Text)
    entries: int = 0
    new: int = 0
    updated: int = 0
    bytes: int = 0
    seconds: float = 0.0


class Item(SQLModel, table=True):
    """An entry we stored, once, whatever sources carried it."""

    __tablename__ = "item"
    __table_args__ = (
        Index("item_unlabelled", "labels_version", "id"),  # items.to_label
        Index("item_collected", "collected"),  # stories, retention
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    key: str = Field(unique=True)  # collect.identity: canonical URL, or source and guid
    source_id: int = Field(foreign_key="source.id", index=True, sa_type=BigId)  # who carried it first
    url: str | None = Field(default=None, sa_type=Text)
    title: str = Field(default="", sa_type=Text)
    text: str = Field(default="", sa_type=Text)
    author: str | None = Field(default=None, sa_type=Text)
    image: str | None = Field(default=None, sa_type=Text)
    comments_url: str | None = Field(default=None, sa_type=Text)
    tags: list[str] = Field(default_factory=list, sa_type=JSON)
    engagement: int | None = None
    lang: str | None = None  # the feed's word until the classifier has spoken
    published: datetime = Field(sa_type=UtcDateTime)  # clamped to `collected`
    updated: datetime | None = Field(default=None, sa_type=UtcDateTime)
    collected: datetime = Field(sa_type=UtcDateTime)
    digest: str  # hash of title and text: tells an edit
    first_page: bool = False  # came with the first page of a new source: no reason for an alert
    backlog: bool = False  # of these, what was older than a day or undated: no news either
    # -- labels
    labels_version: str | None = None  # models and queries that labelled it; None: not yet; see labelling.AGAIN
    attempts: int = 0  # labellings that crashed
    quarantined: str | None = Field(default=None, sa_type=Text)  # why it is left out
    story_id: int | None = Field(default=None, foreign_key="story.id", index=True, sa_type=BigId)
    spam: float | None = None
    toxic: float | None = None


class Sighting(SQLModel, table=True):
    """An item seen in a source, under the source's own name for it."""

    __tablename__ = "sighting"
    __table_args__ = (UniqueConstraint("source_id", "guid"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    source_id: int = Field(foreign_key="source.id", ondelete="CASCADE", sa_type=BigId)
    guid: str = Field(sa_type=Text)
    item_id: int = Field(foreign_key="item.id", ondelete="CASCADE", index=True, sa_type=BigId)
    first_seen: datetime = Field(sa_type=UtcDateTime)


class Robots(SQLModel, table=True):
    """The robots.txt of a site, as it last was."""

    __tablename__ = "robots"

    origin: str = Field(primary_key=True)  # https://host:port
    status: int | None = None  # None: it could not be reached
    text: str = Field(default="", sa_type=Text)
    asked_at: datetime = Field(sa_type=UtcDateTime)
