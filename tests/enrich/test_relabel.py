"""Labelling the past again on request: word rules reach it then, and nothing else changes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import make
import pytest
from sqlmodel import Session, col, select

from watch.config import parse
from watch.enrich import enrich_new
from watch.enrich.again import Relabelled, relabel
from watch.enrich.classify import default_models
from watch.enrich.wordrules import STATED
from watch.errors import Refused
from watch.pipeline import Pipeline
from watch.store import Store, corrections, labelling, mentioned, tallies
from watch.store.declared import declare
from watch.store.tables import AlertRule, Brand, Incident, IncidentStep, Item, Mention, Source, Tally

CALM = {"scandale": "neutral"}
SHOWN = (round(STATED * 2 / 3, 4), round(-STATED / 3, 4))  # of a rule for the label given, and of one against it


def fill(store: Store, now: datetime, *texts: str, **values: Any) -> None:
    with store.session() as session:
        source = session.exec(select(Source)).first() or make.save(session, make.source())
        if not session.exec(select(Brand)).first():
            make.save(session, make.brand(name="Ludo", query="ludo"))
            make.save(session, make.brand(name="Ravel", query="ravel"))
        for text in texts:
            session.add(make.item(source, **{"title": "", "text": text, **values}))
    enrich_new(store, make.Classifier(), now)


def rule(store: Store, words: dict[str, str], name: str = "Ludo") -> None:
    with store.session() as session:
        brand = session.exec(select(Brand).where(Brand.name == name)).one()
        brand.words = words
        session.add(brand)


def tones(store: Store) -> list[str]:
    with store.reading() as session:
        return [one.sentiment for one in rows(session)]


def rows(session: Session) -> list[Mention]:
    return list(session.exec(select(Mention).order_by(col(Mention.id))))


def noticed(store: Store) -> list[dict[str, Any]]:
    with store.reading() as session:
        return [row.model_dump() for table in (Incident, IncidentStep) for row in session.exec(select(table))]


def test_word_rules_hold_for_new_items_and_leave_the_past_alone(store: Store, now: datetime) -> None:
    fill(store, now, "Scandale chez Ludo")
    rule(store, CALM)
    fill(store, now, "Un scandale de plus chez Ludo", "Scandale chez Ravel")
    assert tones(store) == ["negative", "neutral", "negative"]


def test_on_request_the_past_obeys_too_and_the_tallies_follow(store: Store, now: datetime) -> None:
    fill(store, now, "Scandale chez Ludo", "Scandale chez Ludo et Ravel", "Bravo Ludo")
    rule(store, CALM)
    assert relabel(store, make.Classifier(), now) == Relabelled(asked=3, waiting=0)
    with store.reading() as session:
        ludo = session.exec(select(Brand).where(Brand.name == "Ludo")).one()
        found = [(one.sentiment, one.brand_id == ludo.id) for one in rows(session)]
        assert sorted(found) == [("negative", False), ("neutral", True), ("neutral", True), ("positive", True)]
        assert tallies.differences(session) == []
        assert sum(row.negative for row in session.exec(select(Tally))) == 1


def test_labelling_again_twice_changes_nothing(store: Store, now: datetime) -> None:
    fill(store, now, "Scandale chez Ludo", "Bravo Ravel")
    rule(store, CALM)
    relabel(store, make.Classifier(), now)
    with store.reading() as session:
        once = [one.model_dump() for one in (*rows(session), *session.exec(select(Item)))]
    assert relabel(store, make.Classifier(), now).asked == 2
    with store.reading() as session:
        assert [one.model_dump() for one in (*rows(session), *session.exec(select(Item)))] == once


def test_only_items_that_name_the_brand_are_labelled_again(store: Store, now: datetime) -> None:
    fill(store, now, "Scandale chez Ludo", "Scandale chez Ravel", "Il pleut")
    rule(store, CALM)
    rule(store, CALM, name="Ravel")
    assert relabel(store, make.Classifier(), now, brand="Ravel").asked == 1
    assert tones(store) == ["negative", "neutral"]


def test_only_items_published_since_are_labelled_again(store: Store, now: datetime) -> None:
    day = timedelta(days=1)
    for age in (3, 2, 1):
        fill(store, now, f"Scandale {age} chez Ludo", published=now - age * day)
    rule(store, CALM)
    assert relabel(store, make.Classifier(), now, since=now - 2 * day).asked == 2
    assert tones(store) == ["negative", "neutral", "neutral"]


def test_a_brand_that_is_not_there_is_refused_and_nothing_is_asked(store: Store, now: datetime) -> None:
    fill(store, now, "Bravo Ludo")
    with pytest.raises(Refused, match="there is no brand 'Lodu'; there are Ludo, Ravel"):
        relabel(store, make.Classifier(), now, brand="Lodu")
    with store.reading() as session:
        assert labelling.waiting(session) == 0


def test_what_a_person_said_stands(store: Store, now: datetime) -> None:
    fill(store, now, "Scandale chez Ludo")
    with store.session() as session:
        corrections.change(session, rows(session)[0].id or 0, {"sentiment": "positive"}, by="Claire", now=now)
    rule(store, CALM)
    relabel(store, make.Classifier(), now)
    assert tones(store) == ["positive"]
    with store.session() as session:
        corrections.change(session, rows(session)[0].id or 0, {"sentiment": None}, by="Claire", now=now)
    assert tones(store) == ["neutral"]


def test_what_was_counted_stays_counted_and_incidents_keep_their_past(store: Store, now: datetime) -> None:
    fill(store, now, "Scandale chez Ludo")
    fill(store, now, "Scandale ancien chez Ludo", backlog=True)
    with store.reading() as session:
        before = [(one.counted, one.heard_at, one.reprint, one.status) for one in rows(session)]
    with store.session() as session:
        alert = make.save(session, AlertRule(name="vague", kind="negative_spike"))
        brand = {"rule_id": alert.id, "brand_id": rows(session)[0].brand_id}
        told = {"severity": "high", "opened_at": now, "observed": 1, "expected": 0.1, "peak_score": 9}
        incident = make.save(session, Incident(**brand, **told))
        step = {"at": now, "change": "opened", "severity": "high", "mentions": [rows(session)[0].id]}
        make.save(session, IncidentStep(incident_id=incident.id, **step))
    past = noticed(store)
    rule(store, CALM)
    relabel(store, make.Classifier(), now + timedelta(days=9))
    assert noticed(store) == past
    with store.reading() as session:
        assert [(one.counted, one.heard_at, one.reprint, one.status) for one in rows(session)] == before
        assert [counted for counted, *_ in before] == [True, False]


def test_a_brand_found_in_the_past_by_then_is_no_news(store: Store, now: datetime) -> None:
    """Labelled again, an item is not new."""
    fill(store, now, "Scandale chez Séquoia et Ludo")
    with store.session() as session:
        make.save(session, make.brand(name="Séquoia", query="sequoia"))
    relabel(store, make.Classifier(), now)
    with store.reading() as session:
        assert [one.counted for one in rows(session)] == [True, False]


def test_items_that_never_had_labels_or_break_the_model_are_not_asked_for(store: Store, now: datetime) -> None:
    fill(store, now, "Ludo explose", "Bravo Ludo")
    with store.session() as session:
        source = session.exec(select(Source)).one()
        session.add(make.item(source, title="", text="Scandale Ludo"))
        assert labelling.ask_again(session) == 1


def test_what_waits_is_shown_as_waiting_and_done_by_the_next_labelling(store: Store, now: datetime) -> None:
    fill(store, now, "Scandale chez Ludo")
    rule(store, CALM)
    assert relabel(store, make.Classifier(), now, stop=lambda: True) == Relabelled(asked=1, waiting=1)
    with store.reading() as session:
        shown = mentioned.detail(session, rows(session)[0].id or 0)
        assert shown is not None
        assert shown.labels_version is None
    assert enrich_new(store, make.Classifier(), now) == 1
    assert tones(store) == ["neutral"]


def test_rules_that_change_while_hune_runs_hold_from_the_next_pass(sqlite_store: Store, now: datetime) -> None:
    text = '[[brand]]\nname = "Ludo"\nquery = "ludo"\n'
    pipeline = Pipeline(parse(text), sqlite_store, models=default_models())
    declare(sqlite_store, pipeline.config, now)
    with sqlite_store.session() as session:
        source = make.save(session, make.source(enabled=False))
    for number, words in enumerate(("", 'words = { "MARDI" = "positive" }\n', "")):
        pipeline.reload(parse(text + words), now)
        with sqlite_store.session() as session:
            session.add(make.item(source, title="", text=f"Ludo ouvre mardi {number}"))
        assert pipeline.tick(now).labelled == 1
    pipeline.close()
    with sqlite_store.reading() as session:
        stated = [[piece["weight"] for piece in one.evidence if piece["weight"] in SHOWN] for one in rows(session)]
    assert [len(weights) for weights in stated] == [0, 1, 0]
