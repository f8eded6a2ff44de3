"""Texts that nobody writes, through the real models into a real store: labelled like others, and told as not sure."""

from __future__ import annotations

from collections.abc import Iterator

import make
import pytest
from sqlmodel import col, select
from strange import ALONE, TEXTS

from watch.collect.text import clean
from watch.enrich import enrich_new
from watch.enrich.classify import Classifier, default_models
from watch.store import Store, tallies
from watch.store.tables import Item, Mention

ALL = {**TEXTS, **{f"half a character, {name}": clean(text) for name, text in ALONE.items()}}
"""What no store can hold is taken out when it is collected."""
TITLED = 300


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Each text before a brand's name, and as the title of one that names it."""
    store = Store.open(f"sqlite:///{tmp_path_factory.mktemp('strange') / 'hune.db'}")
    with store.session() as session:
        source, _ = make.save(session, make.source()), make.save(session, make.brand(name="Lison", query="lison"))
        for name, text in ALL.items():
            session.add(make.item(source, key=f"{name}, text", title="", text=f"{text} Lison"))
            session.add(make.item(source, key=f"{name}, title", title=text[:TITLED], text="Lison"))
    assert enrich_new(store, Classifier.load(default_models()), make.NOW) == 2 * len(ALL)
    yield store
    store.close()


def test_nothing_is_quarantined_nor_even_tried_twice(labelled: Store) -> None:
    with labelled.reading() as session:
        items = session.exec(select(Item)).all()
        assert {(item.quarantined, item.attempts) for item in items} == {(None, 0)}
        assert all(item.labels_version for item in items)


def test_tallies_are_those_of_the_mentions(labelled: Store) -> None:
    with labelled.reading() as session:
        assert tallies.differences(session) == []


@pytest.mark.parametrize("place", ["text", "title"])
@pytest.mark.parametrize("name", [name for name in ALL if name != "only emoji"])
def test_the_mention_has_a_low_confidence_or_is_not_sure(labelled: Store, name: str, place: str) -> None:
    with labelled.reading() as session:
        found = session.exec(select(Mention).join(Item).where(col(Item.key) == f"{name}, {place}")).one()
    assert not found.sure or found.confidence < 0.5


def test_labelling_them_again_changes_nothing(labelled: Store) -> None:
    assert enrich_new(labelled, Classifier.load(default_models()), make.NOW) == 0
