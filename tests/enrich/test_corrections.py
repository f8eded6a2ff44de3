"""A person's word on a label: over models, over time, over the copies of a story."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import make
import pytest
from sqlmodel import Session, col, select

from watch.enrich import enrich_new
from watch.store import Store, corrections, mentioned, tallies
from watch.store.corrections import Changes
from watch.store.tables import Brand, Correction, Item, ItemTopic, Mention, Overruled, Source, Topic

WIRE = (
    "La commode Aubrac rappelée par son fabricant après un accident survenu dimanche dans la Loire, "
    "selon la préfecture."
)


class Newer(make.Classifier):
    """The same answers, another version: everything is labelled again."""

    version = "stub-2"


def fill(store: Store, *texts: str, **values: Any) -> None:
    with store.session() as session:
        source = session.exec(select(Source)).first() or make.save(session, make.source())
        if not session.exec(select(Brand)).first():
            make.save(session, make.brand(name="Aubrac", query="aubrac NOT vache"))
            make.save(session, make.brand(name="Ravel", query="ravel", role="competitor"))
        for text in texts:
            session.add(make.item(source, **{"title": "", "text": text, **values}))
    enrich_new(store, make.Classifier(), values.get("collected", make.NOW))


def say(store: Store, mention: int, now: datetime = make.NOW, by: str = "Claire", **changes: Any) -> bool:
    with store.session() as session:
        return corrections.change(session, mention, Changes(**changes), by=by, now=now)


def shown(store: Store, mention: int) -> mentioned.Detail:
    with store.reading() as session:
        assert tallies.differences(session) == []
        found = mentioned.detail(session, mention)
    assert found is not None
    return found


def sentiments(store: Store) -> list[tuple[str, bool]]:
    with store.reading() as session:
        rows = session.exec(select(Mention).order_by(col(Mention.id)))
        return [(one.sentiment, one.corrected) for one in rows]


def counted(store: Store) -> list[tuple[bool, bool]]:
    with store.reading() as session:
        return [(one.spam, one.counted) for one in session.exec(select(Mention).order_by(col(Mention.id)))]


def topics(store: Store, item: int = 1) -> list[str]:
    with store.reading() as session:
        return sorted(session.exec(select(ItemTopic.topic).where(ItemTopic.item_id == item)))


def relabel(store: Store, now: datetime = make.NOW) -> int:
    with store.session() as session:
        for item in session.exec(select(Item)):
            item.labels_version = "old"
            session.add(item)
    return enrich_new(store, Newer(), now)


def test_a_correction_wins_at_once_and_the_tallies_follow(store: Store) -> None:
    fill(store, "Bravo Aubrac")
    assert say(store, 1, sentiment="negative")
    found = shown(store, 1)
    assert (found.mention.sentiment, found.mention.confidence, found.mention.corrected) == (
        "negative",
        1.0,
        ("sentiment",),
    )
    assert [(word.now, word.said, word.sure, word.by, word.inherited) for word in found.words] == [
        ("negative", "positive", 0.9, "Claire", False)
    ]
    assert [(one.label, one.was, one.now, one.said) for one in found.corrections] == [
        ("sentiment", "positive", "negative", "positive")
    ]


def test_what_is_said_twice_is_one_act(store: Store) -> None:
    fill(store, "Bravo Aubrac")
    for _ in range(2):
        say(store, 1, sentiment="negative", topics=("quality", "delivery"), spam=True, status="answered", tags=("a",))
    say(store, 1, topics=("delivery", "quality"))
    assert [one.label for one in shown(store, 1).corrections] == ["sentiment", "topics", "spam", "status", "tags"]


def test_a_correction_that_is_withdrawn_gives_the_label_of_the_model_back(store: Store) -> None:
    fill(store, "Bravo Aubrac")
    before = shown(store, 1)
    say(store, 1, sentiment="negative", topics=("quality",), spam=True)
    assert topics(store) == ["quality"]
    say(store, 1, sentiment=None, topics=None, spam=None)
    after = shown(store, 1)
    assert (after.mention, after.words) == (before.mention, ())
    assert [one.now for one in after.corrections[3:]] == [None, None, None]
    with store.reading() as session:
        assert session.exec(select(Overruled)).all() == []


def test_withdrawing_what_nobody_said_leaves_no_trace(store: Store) -> None:
    fill(store, "Bravo Aubrac")
    say(store, 1, sentiment=None, topics=None, spam=None)
    assert shown(store, 1).corrections == ()


def test_a_word_that_agrees_with_the_model_is_a_word(store: Store) -> None:
    fill(store, "Bravo Aubrac")
    say(store, 1, sentiment="positive")
    assert sentiments(store) == [("positive", True)]


def test_a_correction_outlives_new_models_which_go_on_speaking_beneath_it(store: Store) -> None:
    class Sour(Newer):
        def predict(self, texts: Any, *, explain: bool = True) -> Any:
            return super().predict([type(text)(text="Scandale, gagnez", target=text.target) for text in texts])

    fill(store, "Bravo Aubrac")
    say(store, 1, sentiment="neutral", topics=("quality",), spam=False)
    enrich_new(store, Sour(), make.NOW)
    found = shown(store, 1)
    assert (found.mention.sentiment, found.mention.spam, topics(store)) == ("neutral", False, ["quality"])
    assert [word.said for word in found.words] == ["negative", ["delivery", "other"], True]
    say(store, 1, sentiment=None, spam=None)
    found = shown(store, 1)
    assert (found.mention.sentiment, found.mention.spam) == ("negative", True)


def test_a_correction_outlives_an_edit_even_one_that_no_longer_names_the_brand(store: Store) -> None:
    fill(store, "Bravo Aubrac", "Bravo encore, Aubrac")
    say(store, 1, sentiment="negative")
    with store.session() as session:
        for item in session.exec(select(Item)):
            item.text, item.digest, item.labels_version = "Bravo la vache Aubrac", f"edited {item.id}", None
            session.add(item)
    enrich_new(store, make.Classifier(), make.NOW)
    assert sentiments(store) == [("negative", True)]
    with store.reading() as session:
        assert tallies.differences(session) == []
        assert [lesson.edited for lesson in corrections.lessons(session)] == [True]


def test_a_topic_outlives_a_new_rule(store: Store) -> None:
    fill(store, "Bravo Aubrac")
    say(store, 1, topics=())
    with store.session() as session:
        session.add(Topic(name="louange", query="bravo"))
    enrich_new(store, make.Classifier(), make.NOW)
    assert topics(store) == []
    say(store, 1, topics=None)
    assert topics(store) == ["louange"]


@pytest.mark.parametrize(("first", "text"), [(True, "Gagnez un lit Aubrac"), (False, "Un lit Aubrac")])
def test_spam_is_hidden_and_restored_for_lists_tallies_and_alerts(store: Store, first: bool, text: str) -> None:
    fill(store, text)
    assert counted(store) == [(first, not first)]
    say(store, 1, spam=not first)
    assert counted(store) == [(not first, first)]
    say(store, 1, spam=None)
    assert counted(store) == [(first, not first)]
    assert shown(store, 1).mention.spam is first


def test_what_is_restored_is_no_reason_for_an_alert_if_it_came_late(store: Store) -> None:
    fill(store, "Gagnez un lit Aubrac", backlog=True)
    say(store, 1, spam=False)
    assert counted(store) == [(False, False)]


# --- copies ------------------------------------------------------------------------------------------------


def test_copies_inherit_those_there_and_those_that_come(store: Store) -> None:
    fill(store, WIRE, WIRE + " AFP.")
    say(store, 1, sentiment="negative", topics=("quality",), spam=True)
    fill(store, "DÉPÊCHE. " + WIRE)
    assert sentiments(store) == [("negative", True)] * 3
    assert counted(store) == [(True, False)] * 3
    assert [topics(store, item) for item in (1, 2, 3)] == [["quality"]] * 3
    for copy in (2, 3):
        assert [(word.inherited, word.origin, word.by) for word in shown(store, copy).words] == [
            (True, 1, "Claire")
        ] * 3
        assert shown(store, copy).corrections == ()


def test_copies_follow_when_the_original_changes_or_is_withdrawn(store: Store) -> None:
    fill(store, WIRE, WIRE + " AFP.")
    say(store, 1, sentiment="negative", spam=True)
    say(store, 1, sentiment="positive", spam=None)
    assert sentiments(store) == [("positive", True)] * 2
    assert counted(store) == [(False, True), (False, False)]
    say(store, 1, sentiment=None)
    assert sentiments(store) == [("neutral", False)] * 2


def test_a_copy_that_a_person_corrected_itself_keeps_its_own_word(store: Store) -> None:
    fill(store, WIRE, WIRE + " AFP.", "Vu. " + WIRE)
    say(store, 2, sentiment="positive")
    say(store, 1, sentiment="negative")
    assert sentiments(store) == [("negative", True), ("positive", True), ("negative", True)]
    say(store, 1, sentiment=None)
    assert sentiments(store) == [("positive", True)] * 3  # the word that is left speaks for the others
    say(store, 2, sentiment=None)
    assert sentiments(store) == [("neutral", False)] * 3


def test_copies_keep_what_they_inherited_when_they_are_labelled_again(store: Store) -> None:
    fill(store, WIRE, WIRE + " AFP.")
    say(store, 1, sentiment="negative", topics=("quality",))
    assert relabel(store) == 2
    assert sentiments(store) == [("negative", True)] * 2
    assert topics(store, 2) == ["quality"]
    say(store, 1, sentiment=None, topics=None)
    assert sentiments(store) == [("neutral", False)] * 2
    assert topics(store, 2) == ["delivery", "other"]


def test_a_word_is_toward_one_brand(store: Store) -> None:
    fill(store, WIRE + " Ravel.", WIRE + " Ravel aussi.")
    say(store, 1, sentiment="negative")
    with store.reading() as session:
        rows = session.exec(select(Mention).order_by(col(Mention.item_id), col(Mention.brand_id)))
        first = session.get(Mention, 1)
        assert first is not None
        assert all(one.corrected is (one.brand_id == first.brand_id) for one in rows)


def test_a_copy_that_no_longer_names_the_brand_goes_although_it_inherited(store: Store) -> None:
    fill(store, WIRE, WIRE + " AFP.")
    say(store, 1, sentiment="negative")
    with store.session() as session:
        copy = session.get(Item, 2)
        assert copy is not None
        copy.text, copy.digest, copy.labels_version = "La vache Aubrac", "other", None
        session.add(copy)
    enrich_new(store, make.Classifier(), make.NOW)
    assert sentiments(store) == [("negative", True)]
    with store.reading() as session:
        assert [row.item_id for row in session.exec(select(Overruled))] == [1]


def test_a_word_goes_with_its_item_and_the_copies_heed_the_model_again(store: Store) -> None:
    fill(store, WIRE, WIRE + " AFP.")
    say(store, 1, sentiment="negative")
    with store.session() as session:
        session.delete(session.get(Item, 1))
    assert [(word.by, word.inherited, word.origin) for word in shown_word(store, 2)] == [(None, True, None)]
    relabel(store)
    assert sentiments(store) == [("neutral", False)]


def shown_word(store: Store, mention: int) -> Sequence[Any]:
    with store.reading() as session:
        found = mentioned.detail(session, mention)
    return found.words if found else ()


# --- lessons -----------------------------------------------------------------------------------------------


def test_lessons_are_the_words_in_force_of_people_not_their_copies(store: Store, now: datetime) -> None:
    fill(store, WIRE, WIRE + " AFP.", "Bravo Aubrac", "Aubrac !")
    say(store, 1, sentiment="positive", now=now)
    say(store, 1, sentiment="negative", now=now + timedelta(hours=1), by="Paul")
    say(store, 3, topics=("quality",), spam=True, note="vu")
    say(store, 4, sentiment="negative")
    say(store, 4, sentiment=None)
    with store.reading() as session:
        found = corrections.lessons(session)
        story = session.exec(select(Item.story_id).where(Item.id == 1)).one()
    assert [(one.label, one.now, one.said, one.item_id) for one in found] == [
        ("sentiment", "negative", "neutral", 1),
        ("topics", ("quality",), ("delivery", "other"), 3),
        ("spam", True, False, 3),
    ]
    first = found[0]
    assert (first.text, first.title, first.lang, first.brand, first.story_id) == (WIRE, "", "fr", "Aubrac", story)
    assert [first.text[start:end] for start, end in first.spans] == ["Aubrac"]
    assert (first.by, first.at, first.edited) == ("Paul", now + timedelta(hours=1), False)
    assert (first.model_version.split("+")[0], first.kind) == ("stub-1", "feed")
    assert (found[1].brand, found[1].spans) == (None, ())


def test_status_owner_note_and_tags_leave_their_history(store: Store) -> None:
    fill(store, "Bravo Aubrac")
    say(store, 1, status="to_answer", owner="Paul", note="rappeler", tags=("a", "b", "a"))
    say(store, 1, owner=None, note=None, tags=())
    found = shown(store, 1)
    assert (found.mention.status, found.mention.owner, found.mention.note, found.mention.tags) == (
        "to_answer",
        None,
        None,
        (),
    )
    assert [(one.label, one.was, one.now) for one in found.corrections[1:4]] == [
        ("owner", None, "Paul"),
        ("note", None, "rappeler"),
        ("tags", [], ["a", "b"]),
    ]


def test_there_is_nothing_to_change_where_there_is_no_mention(store: Store) -> None:
    assert say(store, 77, sentiment="negative") is False


def test_a_word_that_comes_while_labelling_stands(store: Store) -> None:
    fill(store, "Bravo Aubrac")

    class Slow(Newer):
        def predict(self, texts: Any, *, explain: bool = True) -> Any:
            say(store, 1, sentiment="negative")
            return super().predict(texts)

    enrich_new(store, Slow(), make.NOW)
    assert sentiments(store) == [("negative", True)]
    assert shown(store, 1).words[0].said == "positive"


def test_history_is_of_the_mention_and_its_item(store: Store) -> None:
    fill(store, "Bravo Aubrac et Ravel")
    say(store, 1, sentiment="negative", spam=True)
    assert [one.label for one in shown(store, 1).corrections] == ["sentiment", "spam"]
    assert [one.label for one in shown(store, 2).corrections] == ["spam"]


def test_acts_go_with_the_item(store: Store) -> None:
    fill(store, "Bravo Aubrac")
    say(store, 1, sentiment="negative")
    with store.session() as session:
        session.delete(session.get(Item, 1))
    with store.reading() as session:
        assert (all_of(session, Correction), all_of(session, Overruled)) == (0, 0)


def all_of(session: Session, table: Any) -> int:
    return len(session.exec(select(table)).all())


def test_many_who_say_at_once_while_labelling_goes_on_are_all_heard(store: Store) -> None:
    fill(store, WIRE, WIRE + " AFP.", *(f"Bravo Aubrac, fois {n}" for n in range(6)))
    with ThreadPoolExecutor(5) as pool:
        labelling = pool.submit(relabel, store)
        said = [
            pool.submit(say, store, n, sentiment="negative", spam=n % 3 == 0) for n in range(1, 9) for _ in range(2)
        ]
        assert all(one.result() for one in said)
        labelling.result()
    assert sentiments(store) == [("negative", True)] * 8
    with store.reading() as session:
        assert tallies.differences(session) == []
        assert len(session.exec(select(Correction)).all()) == 16
