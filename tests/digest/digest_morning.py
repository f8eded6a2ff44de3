"""A store with one digest that is due at MORNING, and two readers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import make
from sqlmodel import select

from watch import config
from watch.config import Config
from watch.store import Store
from watch.store.tables import Brand, Delivery, DigestIssue, DigestPlan

HOUR = timedelta(hours=1)
EVE = datetime(2026, 11, 19, 6, 30, tzinfo=UTC)  # 07:30 in Paris, a Thursday
MORNING = EVE + timedelta(days=1)
TEXT = """
[hune]
base_url = "https://hune.example.org"
[[brand]]
name = "Aubrac"
query = "aubrac"
[[channel]]
name = "patronne"
email = "claire@example.org"
[[channel]]
name = "atelier"
email = "sam@example.org"
[[digest]]
name = "matinale"
to = ["patronne", "atelier"]
at = "07:30"
days = "daily"
when_empty = "{when_empty}"
[smtp]
url = "smtp://localhost/?tls=none"
from = "hune@example.org"
"""


def configured(when_empty: str = "send") -> Config:
    return config.parse(TEXT.replace("{when_empty}", when_empty), {})


def begin(store: Store, told_until: datetime = EVE) -> None:
    with store.session() as session:
        session.add(make.brand(id=1))
        session.add(make.source(id=1))
        session.add(DigestPlan(name="matinale", managed=True, told_until=told_until))


def tell(store: Store, collected: datetime, **mention: Any) -> int:
    with store.session() as session:
        item = make.save(session, make.item(make.source(id=1), collected=collected, published=collected))
        make.save(session, make.mention(item, session.get_one(Brand, 1), **mention))
        return int(item.id)


def outbox(store: Store) -> list[Delivery]:
    with store.reading() as session:
        return list(session.exec(select(Delivery).order_by(Delivery.id)))  # type: ignore[arg-type]  # a column


def issues(store: Store) -> list[DigestIssue]:
    with store.reading() as session:
        return list(session.exec(select(DigestIssue).order_by(DigestIssue.day)))  # type: ignore[arg-type]  # a column
