"""Channels, digests, deliveries, boards, goals."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from watch.store.types import BigId, UtcDateTime


class Channel(SQLModel, table=True):
    """Where messages go. Its address and secret stay in the configuration, never here."""

    __tablename__ = "channel"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    name: str = Field(unique=True)
    kind: str  # email | webhook | apprise
    managed: bool = False
    active: bool = True
    flagged: str | None = Field(default=None, sa_type=Text)  # the peer's permanent refusal


class DigestPlan(SQLModel, table=True):
    """When a digest is due and how far it has come; the rest of its settings is in the configuration."""

    __tablename__ = "digest_plan"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    name: str = Field(unique=True)
    managed: bool = False
    active: bool = True
    told_until: datetime = Field(sa_type=UtcDateTime)  # the next issue begins here: no gap, no overlap


class DigestIssue(SQLModel, table=True):
    """One digest of one local day, its content frozen when it was claimed."""

    __tablename__ = "digest_issue"
    __table_args__ = (UniqueConstraint("name", "day"),)  # what makes a digest single

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    name: str
    day: date  # in the digest's zone
    since: datetime = Field(sa_type=UtcDateTime)
    until: datetime = Field(sa_type=UtcDateTime)
    late: bool = False
    content: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # model.Digest
    created_at: datetime = Field(sa_type=UtcDateTime)


class Delivery(SQLModel, table=True):
    """One message to one recipient of one channel, and what makes it happen only once."""

    __tablename__ = "delivery"
    __table_args__ = (Index("delivery_due", "state", "due_at"),)  # deliveries.claim

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    key: str = Field(unique=True)  # message id + channel + recipient
    message_id: str  # stable over tries: Message-ID, webhook-id
    kind: str  # alert | digest
    incident_id: int | None = Field(default=None, foreign_key="incident.id", sa_type=BigId)
    issue_id: int | None = Field(default=None, foreign_key="digest_issue.id", sa_type=BigId)
    channel: str
    recipient: str | None = None  # e-mail address; None for other channels
    message: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # model.Message, frozen
    state: str = "queued"  # queued | claimed | uncertain | sent | dead
    created_at: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime = Field(sa_type=UtcDateTime)
    claimed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    claim: str | None = None
    attempts: int = 0
    reply: str | None = Field(default=None, sa_type=Text)  # the peer's last word
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    history: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)  # {"at","state","reply"}


class Board(SQLModel, table=True):
    """A curated selection."""

    __tablename__ = "board"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    name: str = Field(unique=True)
    title: str
    query: str | None = Field(default=None, sa_type=Text)
    public: bool = False
    managed: bool = False
    active: bool = True


class BoardItem(SQLModel, table=True):
    """An item on a board, with the curator's note."""

    __tablename__ = "board_item"

    board_id: int = Field(primary_key=True, foreign_key="board.id", ondelete="CASCADE", sa_type=BigId)
    item_id: int = Field(primary_key=True, foreign_key="item.id", ondelete="CASCADE", sa_type=BigId)
    position: int = 0
    note: str | None = Field(default=None, sa_type=Text)
    added_at: datetime = Field(sa_type=UtcDateTime)


class Goal(SQLModel, table=True):
    """A number to reach by a date."""

    __tablename__ = "goal"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    name: str = Field(unique=True)
    metric: str
    brand: str | None = None
    target: str
    by: date
    managed: bool = False
    active: bool = True


class OptOut(SQLModel, table=True):
    """Someone who wants no digest: one row a digest and address (RFC 8058)."""

    __tablename__ = "opt_out"
    __table_args__ = (UniqueConstraint("digest", "recipient"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    digest: str
    recipient: str
    at: datetime = Field(sa_type=UtcDateTime)
