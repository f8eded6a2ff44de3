"""A source that fails or falls silent is told of once (bar E40)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import make
import pytest
from sqlmodel import select

from watch.alerts import Desk, evaluate
from watch.alerts.message import Voice
from watch.alerts.silence import trouble
from watch.store import Store
from watch.store.tables import AlertRule, Delivery, Source

DAY = timedelta(days=1)
NOW = make.NOW
DESK = Desk({"equipe": [None]}, Voice("fr", "Europe/Paris"))


def source(**values: Any) -> Source:
    return make.source(**{"last_success_at": NOW, "last_new_at": NOW, "created_at": NOW - 90 * DAY, **values})


@pytest.mark.parametrize(
    ("values", "gap", "what"),
    [
        ({}, DAY, None),
        ({"last_new_at": NOW - 6 * DAY}, timedelta(hours=1), None),
        ({"last_new_at": NOW - 8 * DAY}, timedelta(hours=1), "silent"),
        ({"last_new_at": NOW - 8 * DAY}, 2 * DAY, None),
        ({"last_new_at": NOW - 11 * DAY}, 2 * DAY, "silent"),
        ({"last_new_at": NOW - 60 * DAY}, None, None),
        ({"failures": 3, "last_success_at": NOW - timedelta(hours=23)}, DAY, None),
        ({"failures": 3, "last_success_at": NOW - timedelta(hours=25)}, DAY, "failing"),
        ({"failures": 9, "last_success_at": None}, None, "failing"),
    ],
)
def test_what_is_trouble(values: dict[str, Any], gap: timedelta | None, what: str | None) -> None:
    found = trouble(source(**values), gap, NOW)
    assert (found[0] if found else None) == what


def test_it_is_told_once_and_again_when_it_comes_again(store: Store, now: datetime) -> None:
    with store.session() as session:
        make.save(session, AlertRule(name="silences", kind="source_silent", channels=["equipe"], source_tag="presse"))
        make.save(session, source(name="Le Forum", tags=["presse"], failures=4, last_success_at=now - 2 * DAY))
        make.save(session, source(name="Ailleurs", failures=4, last_success_at=now - 2 * DAY))
    evaluate(store, DESK, now)
    evaluate(store, DESK, now + timedelta(hours=3))
    assert titles(store) == ["Le Forum ne répond plus depuis 48 heures"]
    with store.session() as session:
        found = session.exec(select(Source).where(Source.name == "Le Forum")).one()
        found.last_success_at = now + DAY
    evaluate(store, DESK, now + 3 * DAY)
    assert len(titles(store)) == 2


def titles(store: Store) -> list[str]:
    with store.reading() as session:
        return [one.message["title"] for one in session.exec(select(Delivery))]
