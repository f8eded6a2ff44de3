"""The shape of sources.toml, one frozen model a table. What each key means is in docs/configuration.md."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationInfo, field_validator, model_validator

from watch.config.values import (
    Allowed,
    Day,
    Duration,
    FalseAlarms,
    Hour,
    Query,
    QuietHours,
    Weekdays,
    Word,
    Zone,
    not_under_the_floor,
)
from watch.model import Sentiment

EVALUATED = ("negative_spike", "volume_spike", "source_silent")  # kinds of alert that this version judges
COMING = ("hackernews",)  # kinds of source that this version knows by name only
NEED_URL = ("feed", "page")
_BUDGETS = {"low": 0.5, "medium": 1.0, "high": 4.0}  # accepted false alarms a month

Name = Annotated[str, Field(min_length=1, max_length=200)]


def _web_address(value: str) -> str:
    if _scheme_of(value) not in ("http", "https"):
        # The value is not repeated: it may hold a secret.
        raise ValueError("this is no web address; it begins with https:// or http://")
    return value


def _scheme_of(address: str) -> str:
    """The scheme of an address with a host and, if any, a port that is one; else nothing."""
    try:
        parts = urlsplit(address)
        return parts.scheme if parts.hostname and parts.port != 0 else ""
    except ValueError:
        return ""


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class HuneConfig(_Table):
    """`[hune]`: what holds for the whole."""

    language: Literal["fr", "en"] = "fr"
    timezone: Zone = "Europe/Paris"
    contact: str | None = None
    base_url: str | None = None
    poll_every: Duration = timedelta(minutes=60)
    retention: Duration = timedelta(days=365.25 / 12 * 13)

    @field_validator("poll_every")
    @classmethod
    def _polite(cls, value: timedelta) -> timedelta:
        return not_under_the_floor(value)

    @field_validator("base_url")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        return _web_address(value).rstrip("/") if value else None


class NetworkConfig(_Table):
    """`[network]`: private addresses that sources and webhooks may reach."""

    allow: tuple[Allowed, ...] = ()


class LabelsConfig(_Table):
    """`[labels]`: who labels. `sentiment` is the folder of a model of one's own, relative to the file."""

    sentiment: Path | None = None
    threads: int = Field(default=1, ge=1, le=64)

    @field_validator("sentiment")
    @classmethod
    def _beside_the_file(cls, value: Path | None, info: ValidationInfo) -> Path | None:
        folder: Path = (info.context or {}).get("folder", Path())
        return folder / value.expanduser() if value is not None else None


class BrandConfig(_Table):
    """`[[brand]]`: a name we listen for."""

    name: Name
    role: Literal["own", "competitor", "subject"] = "own"
    query: Query
    words: dict[Word, Sentiment] = Field(default_factory=dict, max_length=200)


class SourceConfig(_Table):
    """`[[source]]`: a place we read."""

    name: Name
    kind: Literal["feed", "page", "hackernews"] = "feed"
    url: str | None = None
    every: Duration | None = None
    language: str | None = Field(default=None, pattern=r"^[a-z]{2}$")
    tags: tuple[Name, ...] = ()
    rights: Literal["links", "extract", "full"] = "extract"
    brands: tuple[str, ...] = ()
    full_text: bool = False
    verify_tls: bool = True
    select: str | None = Field(default=None, min_length=1, max_length=500)

    @field_validator("every")
    @classmethod
    def _polite(cls, value: timedelta | None) -> timedelta | None:
        return not_under_the_floor(value) if value is not None else None

    @field_validator("url")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        return _web_address(value) if value is not None else None

    @model_validator(mode="after")
    def _has_url(self) -> SourceConfig:
        if self.kind in NEED_URL and not self.url:
            raise ValueError(f"a source of kind {self.kind!r} needs a `url`")
        if self.select and self.kind != "page":
            raise ValueError("`select` is for sources of kind 'page'")
        return self


class TopicConfig(_Table):
    """`[[topic]]`: what items are about, by a person's rule."""

    name: Name
    title: dict[Literal["fr", "en"], str] = Field(default_factory=dict)
    department: Name | None = None
    query: Query | None = None


class ChannelConfig(_Table):
    """`[[channel]]`: where messages go; exactly one of `url` (Apprise), `email`, `webhook`."""

    name: Name
    url: SecretStr | None = None
    email: str | None = Field(default=None, pattern=r"^[^@\s<>]+@[^@\s<>]+$")
    webhook: SecretStr | None = None
    secret: SecretStr | None = None

    @model_validator(mode="after")
    def _one_way(self) -> ChannelConfig:
        if sum(way is not None for way in (self.url, self.email, self.webhook)) != 1:
            raise ValueError("a channel has exactly one of `url`, `email`, `webhook`")
        if self.webhook:
            _web_address(self.webhook.get_secret_value())
        return self

    @property
    def kind(self) -> Literal["apprise", "email", "webhook"]:
        """Which of the three ways it is."""
        return "email" if self.email else "webhook" if self.webhook else "apprise"


class AlertConfig(_Table):
    """`[[alert]]`: a condition on a brand's mentions that deserves attention."""

    name: Name
    kind: Literal["negative_spike", "volume_spike", "volume_drop", "keyword", "source_silent"]
    brand: str | None = None
    topic: str | None = None
    department: str | None = None
    source_tag: str | None = None
    language: Literal["fr", "en"] | None = None
    keywords: tuple[Name, ...] = ()
    false_alarms: FalseAlarms = 1.0
    minimum: int = Field(default=3, ge=1, le=100_000)
    channels: tuple[str, ...] = ()
    quiet: QuietHours | None = None
    severity: Literal["warning", "high", "critical"] | None = None

    @model_validator(mode="before")
    @classmethod
    def _sensitivity(cls, data: Any) -> Any:
        if not isinstance(data, dict) or "sensitivity" not in data:
            return data
        if "false_alarms" in data:
            raise ValueError("give `false_alarms` or `sensitivity`, not both")
        rest = {key: value for key, value in data.items() if key != "sensitivity"}
        level = data["sensitivity"]
        if not isinstance(level, str) or level not in _BUDGETS:
            raise ValueError(f"`sensitivity` is low, medium or high, not {level!r}")
        return {**rest, "false_alarms": _BUDGETS[level]}


class DigestConfig(_Table):
    """`[[digest]]`: the summary of a period for a team."""

    name: Name
    to: tuple[str, ...] = ()
    at: Hour = time(7, 30)
    days: Weekdays = frozenset(range(5))
    timezone: Zone | None = None
    brands: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    language: Literal["fr", "en"] | None = None
    when_empty: Literal["send", "skip"] = "send"


class GoalConfig(_Table):
    """`[[goal]]`: a number to reach by a date."""

    name: Name
    metric: Literal["response_time", "share_of_voice", "net_sentiment", "mentions", "answered_share"]
    brand: str | None = None
    target: str | int | float
    by: Day


class BoardConfig(_Table):
    """`[[board]]`: a curated selection."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")
    title: Name
    query: Query | None = None
    public: bool = False


class SmtpConfig(_Table):
    """`[smtp]`: the mail server; `url` is smtp://user:password@host:587/?tls=starttls."""

    url: SecretStr
    sender: str = Field(alias="from", pattern=r"^[^\r\n]*@[^\r\n]*$")

    @field_validator("url")
    @classmethod
    def _smtp(cls, value: SecretStr) -> SecretStr:
        if _scheme_of(value.get_secret_value()) not in ("smtp", "smtps"):
            raise ValueError("the address of a mail server looks like smtp://user:password@host:587/?tls=starttls")
        return value
