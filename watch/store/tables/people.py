"""People, keys, and the marks that the stages leave."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from watch.store.types import BigId, UtcDateTime


class Person(SQLModel, table=True):
    """Someone who signs in."""

    __tablename__ = "person"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    name: str = Field(unique=True)
    password: str  # argon2id
    role: str  # reader | editor | admin
    disabled: bool = False
    created_at: datetime = Field(sa_type=UtcDateTime)


class SignIn(SQLModel, table=True):
    """A session: the SHA-256 of its cookie, never the cookie."""

    __tablename__ = "sign_in"

    token_hash: str = Field(primary_key=True)
    person_id: int = Field(foreign_key="person.id", ondelete="CASCADE", index=True, sa_type=BigId)
    created_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)


class ApiKey(SQLModel, table=True):
    """A key for programs: the SHA-256 of its secret, never the secret."""

    __tablename__ = "api_key"

    id: str = Field(primary_key=True)  # the public part of hune_<id>_<secret>
    name: str
    secret_hash: str
    scopes: list[str] = Field(default_factory=list, sa_type=JSON)
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Heartbeat(SQLModel, table=True):
    """When a stage last came to its end: poll, label, evaluate, digest, deliver."""

    __tablename__ = "heartbeat"

    stage: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)


class Setting(SQLModel, table=True):
    """A value that this store made for itself, once: the key that unsubscribe links are made with."""

    __tablename__ = "setting"

    key: str = Field(primary_key=True)
    value: str
