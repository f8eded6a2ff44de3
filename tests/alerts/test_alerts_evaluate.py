"""Rules judged over a real store: incidents, their reasons, and deliveries in the same transaction."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import make
import pytest
from sqlmodel import Session, select

from watch.alerts import Desk, evaluate
from watch.alerts.message import Voice
from watch.store import Store, deliveries, incidents
from watch.store.tables import AlertRule, Brand, Delivery, Incident, IncidentStep, Mention, Source

HOUR = timedelta(hours=1)
DESK = Desk(
    {"equipe": [None], "claire": ["claire@example.org"]}, Voice("fr", "Europe/Paris", "https://hune.example.org")
)


@contextmanager
def world(store: Store, now: datetime, **rule: object) -> Iterator[tuple[Session, Source, Brand]]:
    with store.session() as session:
        source = make.save(session, make.source(first_success_at=now - timedelta(days=60)))
        brand = make.save(session, make.brand())
        given = {"name": "colère", "kind": "negative_spike", "brand_id": brand.id, "channels": ["equipe", "claire"]}
        make.save(session, AlertRule(**{**given, **rule}))
        chance = random.Random(4)
        for _ in range(150):
            speak(session, source, brand, now - timedelta(days=30 * chance.random() + 3), chance.random() < 0.15)
        yield session, source, brand


def speak(session: Session, source: Source, brand: Brand, at: datetime, negative: bool, **values: object) -> Mention:
    item = make.save(session, make.item(source, published=at, collected=at, text="Le lit Aubrac s’est effondré."))
    tone = "negative" if negative else "neutral"
    found: Mention = make.save(session, make.mention(item, brand, sentiment=tone, **values))
    return found


def crisis(store: Store, now: datetime, count: int = 14, *, every: float = 20, **values: object) -> None:
    """Angry mentions, one each `every` minutes, the last ones just before `now`."""
    with store.session() as session:
        source, brand = session.exec(select(Source)).one(), session.exec(select(Brand).where(Brand.role == "own")).one()
        for n in range(count):
            speak(session, source, brand, now - timedelta(minutes=every * (n + 1)), True, **values)


def test_calm_opens_nothing(store: Store, now: datetime) -> None:
    with world(store, now):
        pass
    assert evaluate(store, DESK, now) == []


def test_a_wave_opens_one_incident_with_its_reason_and_one_delivery_a_recipient(store: Store, now: datetime) -> None:
    with world(store, now):
        pass
    crisis(store, now)
    assert evaluate(store, DESK, now) == ["colère: Aubrac: opened"]
    with store.reading() as session:
        incident = session.exec(select(Incident)).one()
        step = session.exec(select(IncidentStep)).one()
        sent = deliveries.of_incident(session, incident.id or 0)
    assert (incident.state, incident.observed) == ("open", 14)
    assert step.spike["observed"] == 14 > step.spike["upper"]
    assert step.settings["false_alarms"] == 1.0
    assert len(step.mentions) == 10
    assert sorted((one.channel, one.recipient) for one in sent) == [("claire", "claire@example.org"), ("equipe", None)]
    message = sent[0].message
    assert message["title"].startswith("Aubrac\u00a0: 14 mentions négatives en")
    assert "Le lit Aubrac s’est effondré." in message["text"]
    assert f"https://hune.example.org/alerts/{incident.id}" in message["text"]


def test_a_second_look_says_nothing_more(store: Store, now: datetime) -> None:
    with world(store, now):
        pass
    crisis(store, now)
    evaluate(store, DESK, now)
    assert evaluate(store, DESK, now + timedelta(minutes=1)) == []
    assert count(store, Delivery) == 2


def test_it_resolves_after_six_calm_hours_with_an_all_clear(store: Store, now: datetime) -> None:
    with world(store, now):
        pass
    crisis(store, now)
    evaluate(store, DESK, now)
    changes = [evaluate(store, DESK, now + hours * HOUR) for hours in range(1, 130)]
    assert [change for changed in changes for change in changed] == ["colère: Aubrac: resolved"]
    with store.reading() as session:
        incident = session.exec(select(Incident)).one()
        last = session.exec(select(Delivery).order_by(Delivery.id.desc())).first()  # type: ignore[union-attr]
    assert incident.state == "resolved"
    assert last is not None
    assert "retour à la normale" in last.message["title"]


@pytest.mark.parametrize("what", [{"counted": False}, {"counted": False, "reprint": True}])
def test_what_is_not_counted_does_not_alert(store: Store, now: datetime, what: dict[str, object]) -> None:
    with world(store, now):
        pass
    crisis(store, now, count=40, **what)
    assert evaluate(store, DESK, now) == []


def test_only_mentions_of_the_rules_language_and_sources_count(store: Store, now: datetime) -> None:
    with world(store, now, lang="en", source_tag="presse"):
        pass
    crisis(store, now)
    assert evaluate(store, DESK, now) == []


def test_a_rule_without_brand_watches_every_brand_of_ours(store: Store, now: datetime) -> None:
    with world(store, now, brand_id=None) as (session, _, _):
        make.save(session, make.brand(name="Rivale", role="competitor", query="rivale"))
    crisis(store, now)
    assert evaluate(store, DESK, now) == ["colère: Aubrac: opened"]


def test_messages_wait_for_the_end_of_quiet_hours(store: Store, now: datetime) -> None:
    night = now.replace(hour=23)
    with world(store, night, quiet="22:00-07:00", severity="high"):
        pass
    crisis(store, night)
    evaluate(store, DESK, night)
    with store.reading() as session:
        assert {one.due_at for one in session.exec(select(Delivery))} == {night.replace(hour=6) + timedelta(days=1)}


class Broken(dict[str, list[str | None]]):
    def get(self, *_: object) -> list[str | None]:  # type: ignore[override]
        raise RuntimeError("the process dies here")


def test_a_crash_leaves_neither_incident_nor_delivery(store: Store, now: datetime) -> None:
    """E03: both are in one transaction; and the other rules have their turn."""
    with world(store, now):
        pass
    crisis(store, now)
    assert evaluate(store, Desk(Broken(), DESK.voice), now) == []
    assert count(store, Incident) == count(store, Delivery) == 0
    with store.session() as session:
        rule = session.exec(select(AlertRule)).one()
        make.save(session, AlertRule(name="muette", kind=rule.kind, brand_id=rule.brand_id))
    assert evaluate(store, Desk(Broken(), DESK.voice), now) == ["muette: Aubrac: opened"]


def test_what_a_person_closed_stays_closed_for_a_day(store: Store, now: datetime) -> None:
    with world(store, now):
        pass
    crisis(store, now, count=60, every=30)
    evaluate(store, DESK, now - 26 * HOUR)
    evaluate(store, DESK, now)
    with store.session() as session:
        (open_now,) = session.exec(select(Incident).where(Incident.state != "resolved")).all()
        incidents.resolve(session, open_now, by="Claire", now=now)
    assert evaluate(store, DESK, now + HOUR) == []
    assert evaluate(store, DESK, now + timedelta(minutes=1)) == []


@pytest.mark.parametrize("gone", [AlertRule, Brand])
def test_an_incident_ends_with_its_rule_or_brand_in_silence(store: Store, now: datetime, gone: type) -> None:
    with world(store, now):
        pass
    crisis(store, now)
    evaluate(store, DESK, now)
    with store.session() as session:
        row = session.exec(select(gone)).one()
        row.active = False
        session.add(row)
    assert evaluate(store, DESK, now + HOUR) == []
    with store.reading() as session:
        assert session.exec(select(Incident)).one().state == "resolved"
    assert count(store, Delivery) == 2


def test_an_acknowledged_incident_widens_in_silence(store: Store, now: datetime) -> None:
    with world(store, now):
        pass
    crisis(store, now, count=4, every=200)
    evaluate(store, DESK, now)
    with store.session() as session:
        incidents.acknowledge(session, session.exec(select(Incident)).one(), by="Claire", now=now)
    crisis(store, now + 4 * HOUR, count=60, every=2)
    assert evaluate(store, DESK, now + 4 * HOUR) == ["colère: Aubrac: widened"]
    assert count(store, Delivery) == 2


def test_a_severity_fixed_by_a_person_stays_and_does_not_widen(store: Store, now: datetime) -> None:
    with world(store, now, severity="warning"):
        pass
    crisis(store, now, count=4, every=200)
    evaluate(store, DESK, now)
    crisis(store, now + 4 * HOUR, count=60, every=2)
    assert evaluate(store, DESK, now + 4 * HOUR) == []
    with store.reading() as session:
        incident = session.exec(select(Incident)).one()
    assert (incident.severity, incident.observed > 60) == ("warning", True)


def count(store: Store, table: type) -> int:
    with store.reading() as session:
        return len(session.exec(select(table)).all())
