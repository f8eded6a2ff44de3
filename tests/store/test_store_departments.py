"""Topics of the models concern a department by themselves, until a person says whom."""

from __future__ import annotations

from collections.abc import Iterator

import make
import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from watch.digest.words import TOPICS
from watch.store import Store
from watch.store.departments import OF_TOPIC, by_topic, concerns
from watch.store.tables import ItemTopic, Topic


@pytest.fixture
def told(store: Store) -> Iterator[Session]:
    with store.session() as session:
        item = make.save(session, make.item(make.save(session, make.source())))
        for topic in ("delivery", "quality", "other"):
            session.add(ItemTopic(item_id=item.id, topic=topic, score=0.5))
        session.flush()
        yield session


def topics(session: Session, *departments: str) -> set[str]:
    return set(session.scalars(select(col(ItemTopic.topic)).where(concerns(departments))))


def test_every_topic_of_the_models_but_other_has_a_department() -> None:
    assert set(OF_TOPIC) == set(TOPICS) - {"other"}


def test_a_topic_concerns_its_department(told: Session) -> None:
    assert topics(told, "logistics") == {"delivery"}
    assert topics(told, "product", "logistics") == {"delivery", "quality"}
    assert topics(told, "hr") == set()


def test_a_person_moves_a_topic(told: Session) -> None:
    told.add(Topic(name="delivery", title={}, department="shops"))
    told.add(Topic(name="quality", title={}, department=None, query="solide"))
    told.flush()
    assert topics(told, "logistics") == set()
    assert topics(told, "shops") == {"delivery"}
    assert topics(told, "product") == {"quality"}
    assert by_topic(told)["delivery"] == "shops"
    assert by_topic(told)["quality"] == "product"
