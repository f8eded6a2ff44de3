"""Alert rules, and the incidents they open."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, Text, text
from sqlmodel import Field, SQLModel

from watch.store.types import BigId, UtcDateTime


class AlertRule(SQLModel, table=True):
    """A condition on a brand's mentions that deserves attention."""

    __tablename__ = "alert_rule"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    name: str = Field(unique=True)
    kind: str
    brand_id: int | None = Field(default=None, foreign_key="brand.id", sa_type=BigId)  # None: every own brand
    topic: str | None = None
    department: str | None = None
    source_tag: str | None = None
    lang: str | None = None
    keywords: list[str] = Field(default_factory=list, sa_type=JSON)
    false_alarms: float = 1.0  # accepted, a month
    minimum: int = 3  # mentions in the window, below which it never speaks
    channels: list[str] = Field(default_factory=list, sa_type=JSON)
    quiet: str | None = None  # "22:00-07:00", local
    severity: str | None = None  # fixed by the person; None: from rarity
    managed: bool = False
    active: bool = True


class Incident(SQLModel, table=True):
    """The time during which a rule holds for a brand."""

    __tablename__ = "incident"
    __table_args__ = (
        # One open incident a rule and brand, whoever evaluates.
        Index(
            "incident_open_once",
            "rule_id",
            "brand_id",
            unique=True,
            sqlite_where=text("state != 'resolved'"),
            postgresql_where=text("state != 'resolved'"),
        ),
        Index("incident_by_time", "opened_at"),  # noticed.page
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    rule_id: int = Field(foreign_key="alert_rule.id", sa_type=BigId)
    brand_id: int = Field(foreign_key="brand.id", sa_type=BigId)
    state: str = "open"  # open | acknowledged | resolved
    severity: str
    opened_at: datetime = Field(sa_type=UtcDateTime)
    widened_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    acknowledged_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    acknowledged_by: str | None = None
    calm_since: datetime | None = Field(default=None, sa_type=UtcDateTime)  # towards an all-clear
    resolved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    observed: int
    expected: float
    peak_score: float


class IncidentStep(SQLModel, table=True):
    """A change of an incident, with the inputs of the decision, so that the reason can be derived again."""

    __tablename__ = "incident_step"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    incident_id: int = Field(foreign_key="incident.id", ondelete="CASCADE", index=True, sa_type=BigId)
    at: datetime = Field(sa_type=UtcDateTime)
    change: str  # opened | widened | acknowledged | resolved
    severity: str
    by: str | None = None
    spike: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # model.Spike
    settings: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # the rule as it was
    mentions: list[int] = Field(default_factory=list, sa_type=JSON)  # ids that weighed most
    note: str | None = Field(default=None, sa_type=Text)
