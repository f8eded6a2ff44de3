"""Labelling over a real store: mentions, topics, stories, tallies; crashes; relabelling."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import make
import pytest
from sqlmodel import Session, col, select

from watch.enrich import BATCH, enrich_new
from watch.model import Prediction, TextToLabel
from watch.store import Store, tallies
from watch.store.tables import Brand, Item, ItemTopic, Mention, Source, Story, Tally, Topic

WIRE = (
    "La commode Aubrac rappelée par son fabricant après un accident survenu dimanche dans la Loire, "
    "selon la préfecture."
)


def fill(store: Store, *texts: str, **values: Any) -> None:
    with store.session() as session:
        source = session.exec(select(Source)).first() or make.save(session, make.source(tags=["presse"]))
        if not session.exec(select(Brand)).first():
            make.save(session, make.brand(name="Aubrac", query="aubrac NOT vache"))
            make.save(session, make.brand(name="Ravel", query="ravel", role="competitor"))
        for text in texts:
            session.add(make.item(source, **{"title": "", "text": text, **values}))


def mentions(session: Session) -> list[Mention]:
    return list(session.exec(select(Mention).order_by(col(Mention.id))))


def test_an_item_becomes_a_mention_of_each_brand_it_names(store: Store, now: datetime) -> None:
    fill(store, "Scandale : on a quitté Aubrac pour Ravel.", "La vache Aubrac broute.", "Il pleut.")
    assert enrich_new(store, make.Classifier(), now) == 3
    with store.reading() as session:
        found = mentions(session)
        names = {brand.id: brand.name for brand in session.exec(select(Brand))}
        assert sorted(names[one.brand_id] for one in found) == ["Aubrac", "Ravel"]
        assert {one.sentiment for one in found} == {"negative"}
        assert found[0].snippet == "Scandale : on a quitté Aubrac pour Ravel."
        assert {item.lang for item in session.exec(select(Item))} == {"fr"}
        assert all(item.labels_version for item in session.exec(select(Item)))


def test_labelling_twice_changes_nothing(store: Store, now: datetime) -> None:
    fill(store, "Bravo Aubrac", "Encore Aubrac")
    enrich_new(store, make.Classifier(), now)
    assert enrich_new(store, make.Classifier(), now) == 0


def test_more_than_a_batch_is_labelled_whole(sqlite_store: Store, now: datetime) -> None:
    fill(sqlite_store, *(f"Aubrac, message {n}" for n in range(BATCH + 7)))
    assert enrich_new(sqlite_store, make.Classifier(), now) == BATCH + 7


def test_a_reprint_counts_once_whichever_comes_first_in_a_batch(store: Store, now: datetime) -> None:
    fill(store, WIRE, published=now)
    fill(store, WIRE + " AFP.", published=now - timedelta(hours=1))
    enrich_new(store, make.Classifier(), now)
    fill(store, "DÉPÊCHE. " + WIRE, published=now)
    enrich_new(store, make.Classifier(), now)
    with store.reading() as session:
        by_text = {item.text: one for one, item in session.exec(select(Mention, Item).join(Item))}
        assert [by_text[text].reprint for text in (WIRE + " AFP.", WIRE, "DÉPÊCHE. " + WIRE)] == [False, True, True]
        assert [one.counted for one in mentions(session)].count(True) == 1
        assert session.exec(select(Story)).one().items == 3
        rows = session.exec(select(Tally)).all()
    assert (sum(row.neutral for row in rows), sum(row.neutral_once for row in rows)) == (3, 1)


def test_short_texts_that_agree_are_not_a_story(store: Store, now: datetime) -> None:
    fill(store, "Merci Aubrac !", "Merci Aubrac !!")
    enrich_new(store, make.Classifier(), now)
    with store.reading() as session:
        assert [one.reprint for one in mentions(session)] == [False, False]


def test_a_persons_topic_wins_over_the_classifier(store: Store, now: datetime) -> None:
    with store.session() as session:
        session.add(Topic(name="livraison", query="colis OR livr*", department="support"))
    fill(store, "Mon colis Aubrac est perdu", "Aubrac, rien à dire")
    enrich_new(store, make.Classifier(), now)
    with store.reading() as session:
        found = {(row.item_id, row.topic, row.by_query) for row in session.exec(select(ItemTopic))}
    assert found == {(1, "livraison", True), (2, "delivery", False), (2, "other", False)}


@pytest.mark.parametrize(
    ("values", "counted"),
    [({}, True), ({"backlog": True}, False), ({"first_page": True}, False), ({"text": "Gagnez un lit Aubrac"}, False)],
)
def test_backlog_and_spam_are_labelled_but_not_counted(
    store: Store, now: datetime, values: dict[str, Any], counted: bool
) -> None:
    fill(store, "Un lit Aubrac", **values)
    enrich_new(store, make.Classifier(), now)
    with store.reading() as session:
        assert [one.counted for one in mentions(session)] == [counted]


def test_a_late_find_is_heard_when_it_was_published(store: Store, now: datetime) -> None:
    """The backlog of an outage falls where it belongs."""
    fill(store, "Aubrac tôt", published=now - timedelta(hours=20))
    fill(store, "Aubrac frais", published=now - timedelta(hours=1))
    enrich_new(store, make.Classifier(), now)
    with store.reading() as session:
        heard = {one.snippet: one.heard_at for one in mentions(session)}
    assert heard == {"Aubrac tôt": now - timedelta(hours=20), "Aubrac frais": now}


def test_a_text_that_breaks_the_model_is_left_out_after_three_tries(
    store: Store, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    """H69: others flow."""
    fill(store, "Aubrac explose", "Bravo Aubrac")
    assert enrich_new(store, make.Classifier(), now) == 1
    with store.reading() as session:
        broken = session.exec(select(Item).where(col(Item.quarantined).is_not(None))).one()
        assert (broken.attempts, broken.quarantined) == (3, "this text breaks the model")
        assert len(mentions(session)) == 1


class Newer(make.Classifier):
    version = "stub-2"

    def predict(self, texts: list[TextToLabel], *, explain: bool = True) -> list[Prediction]:
        return [replace(one, sentiment="negative", target_sentiment="negative") for one in super().predict(texts)]


def test_a_new_model_relabels_and_the_tallies_follow(store: Store, now: datetime) -> None:
    fill(store, "Bravo Aubrac", "Aubrac encore")
    enrich_new(store, make.Classifier(), now)
    assert enrich_new(store, Newer(), now) == 2
    with store.reading() as session:
        assert {one.sentiment for one in mentions(session)} == {"negative"}
        assert {one.model_version.split("+")[0] for one in mentions(session)} == {"stub-2"}
        assert tallies.differences(session) == []
        assert session.exec(select(Tally)).one().negative == 2


def test_a_new_brand_looks_back_without_alerting(store: Store, now: datetime) -> None:
    fill(store, "Le bureau Séquoia est beau", "Aubrac")
    enrich_new(store, make.Classifier(), now)
    with store.session() as session:
        session.add(make.brand(name="Séquoia", query="sequoia"))
    enrich_new(store, make.Classifier(), now)
    with store.reading() as session:
        assert [(one.snippet, one.counted) for one in mentions(session)][-1] == ("Le bureau Séquoia est beau", False)


def test_a_brand_that_is_renamed_by_its_query_loses_what_no_longer_matches(store: Store, now: datetime) -> None:
    fill(store, "Aubrac et ses canapés", "Aubrac, la rivière")
    enrich_new(store, make.Classifier(), now)
    with store.session() as session:
        brand = session.exec(select(Brand).where(Brand.name == "Aubrac")).one()
        brand.query = "aubrac NOT rivière"
        session.add(brand)
    enrich_new(store, make.Classifier(), now)
    with store.reading() as session:
        assert [one.snippet for one in mentions(session)] == ["Aubrac et ses canapés"]
        assert tallies.differences(session) == []


def test_stopping_ends_between_batches(sqlite_store: Store, now: datetime) -> None:
    fill(sqlite_store, *(f"Aubrac {n}" for n in range(BATCH + 1)))
    asked = iter([False, True])
    assert enrich_new(sqlite_store, make.Classifier(), now, stop=lambda: next(asked)) == BATCH


def test_a_query_may_ask_for_the_language_of_an_item(store: Store, now: datetime) -> None:
    """No feed said it: the classifier did, before brands are matched."""
    with store.session() as session:
        make.save(session, make.brand(name="Ailleurs", query="bureau lang:en"))
        make.save(session, make.brand(name="Ici", query="bureau lang:fr"))
    fill(store, "Le bureau est beau")
    enrich_new(store, make.Classifier(), now)
    with store.reading() as session:
        names = {brand.id: brand.name for brand in session.exec(select(Brand))}
        assert [names[one.brand_id] for one in mentions(session)] == ["Ici"]


def test_a_brand_that_is_no_longer_listened_for_keeps_its_past(store: Store, now: datetime) -> None:
    fill(store, "Bravo Aubrac", "Ravel et Aubrac")
    enrich_new(store, make.Classifier(), now)
    with store.session() as session:
        ravel = session.exec(select(Brand).where(Brand.name == "Ravel")).one()
        ravel.active = False
        session.add(ravel)
    enrich_new(store, make.Classifier(), now)
    with store.reading() as session:
        assert len(mentions(session)) == 3
        assert tallies.differences(session) == []


class Slow(make.Classifier):
    """Something happens in the store while the models think."""

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        self.meanwhile = [meanwhile]

    def predict(self, texts: list[TextToLabel], *, explain: bool = True) -> list[Prediction]:
        if self.meanwhile:
            self.meanwhile.pop()()
        return super().predict(texts)


def test_an_edit_that_comes_while_labelling_is_labelled_too(store: Store, now: datetime) -> None:
    fill(store, "Bravo Aubrac")

    def edit() -> None:
        with store.session() as session:
            item = session.exec(select(Item)).one()
            item.text, item.digest, item.labels_version = "Scandale Aubrac", "another", None
            session.add(item)

    enrich_new(store, Slow(edit), now)
    enrich_new(store, make.Classifier(), now)
    with store.reading() as session:
        assert [(one.sentiment, one.snippet) for one in mentions(session)] == [("negative", "Scandale Aubrac")]


def test_two_that_label_at_once_count_a_story_once(store: Store, now: datetime) -> None:
    fill(store, WIRE)
    enrich_new(store, Slow(lambda: enrich_new(store, make.Classifier(), now)), now)
    with store.reading() as session:
        assert session.exec(select(Story)).one().items == 1


def test_two_with_different_models_do_not_undo_each_other_for_ever(store: Store, now: datetime) -> None:
    fill(store, *(f"Aubrac {n}" for n in range(4)))

    class Other(make.Classifier):
        version = "stub-0"

    for _ in range(3):
        enrich_new(store, Slow(lambda: enrich_new(store, Other(), now)), now)
    with store.reading() as session:
        assert len(mentions(session)) == 4
        assert tallies.differences(session) == []
