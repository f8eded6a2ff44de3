"""Whom a topic concerns: the department a person named for it, else the one that the models' topics have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, and_, or_, select
from sqlmodel import Session, col

from watch.store.tables import ItemTopic, Topic

OF_TOPIC: Mapping[str, str] = {
    "problem_report": "support",
    "feature_request": "product",
    "question": "support",
    "praise": "communication",
    "delivery": "logistics",
    "price_billing": "billing",
    "support": "support",
    "quality": "product",
    "app_site": "digital",
    "shop_staff": "shops",
    "job_company": "hr",
    "news_launch": "communication",
    "news_results": "management",
    "news_people": "management",
    "news_partnership": "management",
    "news_legal": "legal",
    "news_incident": "communication",
    "culture": "communication",
    "environment": "csr",
    "politics_society": "communication",
    "sport": "communication",
}
"""Every topic of the models but `other`."""


def by_topic(session: Session) -> dict[str, str]:
    """Topic → department, for all topics that have one."""
    named = session.execute(select(col(Topic.name), col(Topic.department)))
    return {**OF_TOPIC, **{name: department for name, department in named if department}}


def concerns(departments: Sequence[str]) -> ColumnElement[bool]:
    """Whether the topic of an `ItemTopic` is one of these departments'."""
    ours = [name for name, department in OF_TOPIC.items() if department in departments]
    theirs = select(col(Topic.name)).where(col(Topic.department).in_(departments))
    others = select(col(Topic.name)).where(col(Topic.department).is_not(None))
    topic = col(ItemTopic.topic)
    return or_(topic.in_(theirs), and_(topic.in_(ours), topic.not_in(others)))
