"""Brands, the mentions that name them, topics, stories, tallies, corrections."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Index, LargeBinary, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from watch.store.types import BigId, UtcDateTime


class Brand(SQLModel, table=True):
    """A name we listen for."""

    __tablename__ = "brand"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    name: str = Field(unique=True)
    role: str  # own | competitor | subject
    query: str = Field(sa_type=Text)
    words: dict[str, str] = Field(default_factory=dict, sa_type=JSON)  # word or phrase → the tone a person gave it
    managed: bool = False
    active: bool = True
    created_at: datetime = Field(sa_type=UtcDateTime)


class Topic(SQLModel, table=True):
    """What items are about; the person's `query` wins over the classifier."""

    __tablename__ = "topic"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    name: str = Field(unique=True)
    title: dict[str, str] = Field(default_factory=dict, sa_type=JSON)  # language → words for people
    department: str | None = None
    query: str | None = Field(default=None, sa_type=Text)
    managed: bool = False
    active: bool = True


class Mention(SQLModel, table=True):
    """An item naming a brand: the unit we count."""

    __tablename__ = "mention"
    __table_args__ = (
        UniqueConstraint("item_id", "brand_id"),
        Index("mention_latest", "brand_id", "published", "id"),  # listing.page of a brand, tallies.recount
        Index("mention_newest", "published", "id"),  # listing.page of all brands
        Index("mention_by_sentiment", "brand_id", "sentiment", "published", "id"),  # …filtered
        Index("mention_heard", "brand_id", "counted", "heard_at"),  # mentions.heard
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    item_id: int = Field(foreign_key="item.id", ondelete="CASCADE", sa_type=BigId)
    brand_id: int = Field(foreign_key="brand.id", sa_type=BigId)
    published: datetime = Field(sa_type=UtcDateTime)  # the item's
    collected: datetime = Field(sa_type=UtcDateTime)  # the item's
    heard_at: datetime = Field(sa_type=UtcDateTime)  # the moment alerts count it at
    counted: bool = True  # alerts count it: no backlog, no reprint, no spam
    reprint: bool = False  # its story had named this brand before
    spam: bool = False
    snippet: str = Field(sa_type=Text)
    spans: list[list[int]] = Field(default_factory=list, sa_type=JSON)  # [start, end] in title + newline + text
    sentiment: str
    confidence: float  # the probability of that sentiment; 1 for a person's word
    sure: bool = True  # likely enough to be told; else people read "not sure". A person's word is sure
    scores: dict[str, float] = Field(default_factory=dict, sa_type=JSON)  # the model's, also beneath a person's word
    evidence: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    corrected: bool = False  # a person's word on the sentiment stands, here or on a copy; see Overruled
    model_version: str
    status: str = "new"  # new | to_answer | answered | ignored
    owner: str | None = None
    note: str | None = Field(default=None, sa_type=Text)
    tags: list[str] = Field(default_factory=list, sa_type=JSON)


class ItemTopic(SQLModel, table=True):
    """A topic of an item; score 1.0 where a person said so, and `by_query` where a person's rule did."""

    __tablename__ = "item_topic"
    __table_args__ = (Index("item_topic_by_name", "topic", "item_id"),)

    item_id: int = Field(primary_key=True, foreign_key="item.id", ondelete="CASCADE", sa_type=BigId)
    topic: str = Field(primary_key=True)
    score: float
    by_query: bool = False


_REMEMBERED = text("signature IS NOT NULL")


class Story(SQLModel, table=True):
    """Items telling the same thing. The original is the item that was published first."""

    __tablename__ = "story"
    __table_args__ = (
        # stories.alike: what it forgets
        Index("story_recent", "last_seen", sqlite_where=_REMEMBERED, postgresql_where=_REMEMBERED),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    title: str = Field(sa_type=Text)  # the original's
    # Of the longest item, packed (enrich.stories); None: forgotten, no item joins it any more.
    signature: bytes | None = Field(default=None, sa_type=LargeBinary)
    first_seen: datetime = Field(sa_type=UtcDateTime)  # collected
    last_seen: datetime = Field(sa_type=UtcDateTime)  # collected
    items: int = 1


class StoryMark(SQLModel, table=True):
    """A hash of words that tells a story which may be found by it; of remembered stories only."""

    __tablename__ = "story_mark"
    __table_args__ = (Index("story_mark_found", "mark"), {"sqlite_with_rowid": False})  # stories.alike

    story_id: int = Field(primary_key=True, foreign_key="story.id", ondelete="CASCADE", sa_type=BigId)
    mark: int = Field(primary_key=True, sa_type=BigInteger)


class Tally(SQLModel, table=True):
    """Counts of a brand's mentions in one hour of publication, spam left out."""

    __tablename__ = "tally"

    brand_id: int = Field(primary_key=True, foreign_key="brand.id", sa_type=BigId)
    hour: datetime = Field(primary_key=True, sa_type=UtcDateTime)
    negative: int = 0
    neutral: int = 0
    positive: int = 0
    negative_once: int = 0  # …the same with a story counted once
    neutral_once: int = 0
    positive_once: int = 0


class Correction(SQLModel, table=True):
    """What a person said of a mention. Of each label the latest wins over models and rules, unless `now` is None."""

    __tablename__ = "correction"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    item_id: int = Field(foreign_key="item.id", ondelete="CASCADE", index=True, sa_type=BigId)
    brand_id: int | None = Field(default=None, foreign_key="brand.id", sa_type=BigId)  # None: of the whole item
    at: datetime = Field(sa_type=UtcDateTime)
    by: str
    label: str  # sentiment | topics | spam; or what is no label: status | owner | note | tags
    was: Any = Field(default=None, sa_column=Column(JSON(none_as_null=True)))  # what stood
    now: Any = Field(default=None, sa_column=Column(JSON(none_as_null=True)))  # None for a label: withdrawn
    said: Any = Field(default=None, sa_column=Column(JSON(none_as_null=True)))  # what the model said then
    model_version: str
    digest: str  # of the item's words then


class Overruled(SQLModel, table=True):
    """A label on which a person's word stands, and what the model says beneath it, for when the word is withdrawn."""

    __tablename__ = "overruled"

    item_id: int = Field(primary_key=True, foreign_key="item.id", ondelete="CASCADE", sa_type=BigId)
    label: str = Field(primary_key=True)
    brand_id: int = Field(primary_key=True, sa_type=BigId)  # 0: of the whole item
    # Of another item: inherited from that copy. None: that copy was erased; the next labelling heeds the model again.
    correction_id: int | None = Field(
        default=None, foreign_key="correction.id", ondelete="SET NULL", index=True, sa_type=BigId
    )
    said: Any = Field(sa_column=Column(JSON, nullable=False))
