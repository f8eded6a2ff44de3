"""The forms of a mention's page: who sees them, what they change, and that they work without JavaScript."""

from __future__ import annotations

import re

import pytest
from asking import PASSWORD, Client

from api.app import reconfigure
from watch import config
from watch.store import corrections, mentioned, people
from watch.store.tables import Topic

ONE = "/mentions/1"


@pytest.fixture
def signed_in(app, sqlite_store, clock, sealed):
    """A person of this role, signed in."""

    def made(role: str) -> Client:
        with sqlite_store.session() as session:
            people.add(session, name=role, sealed=sealed, role=role, now=clock())
        client = Client(app)
        client.post("/sign-in", data={"name": role, "password": PASSWORD})
        return client

    return made


def shown(world, mention=1):
    with world.store.reading() as session:
        return mentioned.detail(session, mention)


def words(client, path=ONE):
    text = client.get(path).text.partition("<main")[2]
    return " ".join(re.sub(r"<[^>]*>", " ", text).split())


@pytest.mark.parametrize(
    ("form", "field", "value", "place"),
    [
        ({"act": "sentiment", "sentiment": "negative"}, "sentiment", "negative", "label"),
        (
            {"act": "topics", "topics": ["delivery", "quality"]},
            "topics",
            (("delivery", 1.0), ("quality", 1.0)),
            "topics",
        ),
        ({"act": "topics"}, "topics", (), "topics"),
        ({"act": "spam", "spam": "yes"}, "spam", True, "spam"),
        ({"act": "answer", "status": "answered", "owner": "", "note": "", "tags": ""}, "status", "answered", "answer"),
        ({"act": "answer", "status": "new", "note": "a\r\nb"}, "note", "a\nb", "answer"),
        ({"act": "answer", "status": "new", "tags": " fuite, , presse "}, "tags", ("fuite", "presse"), "answer"),
    ],
)
def test_a_form_changes_what_it_is_about_and_shows_it(claire, world, form, field, value, place):
    world.mention(topics={"other": 0.4})
    answer = claire.post(ONE, data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{ONE}#{place}")
    assert getattr(shown(world).mention, field) == value
    assert {change.by for change in shown(world).corrections} == {"Claire"}
    assert f'id="{place}"' in claire.get(ONE).text


def test_the_page_says_whose_word_it_is_and_takes_it_back(claire, world):
    world.mention(sentiment="positive", confidence=0.8)
    assert "corrected" not in words(claire)
    claire.post(ONE, data={"act": "sentiment", "sentiment": "negative"})
    assert "corrected by Claire, " in words(claire)
    assert "Without it: positive (80%)." in words(claire).replace("\xa0", "")
    assert "Sentiment positive → negative Claire" in words(claire)
    assert "corrected" in words(claire, "/mentions")
    claire.post(ONE, data={"act": "withdraw", "label": "sentiment"})
    assert shown(world).words == ()
    assert "Sentiment taken back Claire" in words(claire)


def test_a_french_page_says_it_in_french(app, claire, world):
    world.mention(sentiment="positive")
    claire.post(ONE, data={"act": "sentiment", "sentiment": "negative"})
    reconfigure(app, config.parse('[hune]\nlanguage = "fr"', {}))
    assert "corrigé par Claire, " in words(claire)
    assert "Retirer la correction du ton" in words(claire)


def test_topics_of_ones_own_are_told_by_title_and_from_the_models(app, claire, world):
    world.mention()
    world.save(Topic(name="livraison", title={"fr": "Livraison", "en": "delivery"}))
    world.save(Topic(name="colis", title={"fr": "Colis perdus", "en": "lost parcels"}))
    assert "delivery (yours) lost parcels problem" in words(claire)
    reconfigure(app, config.parse('[hune]\nlanguage = "fr"', {}))
    said = words(claire)
    assert "Livraison (à vous) Colis perdus " in said
    assert said.count("(à vous)") == 1


def test_a_copy_leads_to_where_it_was_said_and_cannot_take_it_back(claire, world):
    story = world.story()
    world.mention(story_id=story)
    world.mention(story_id=story)
    claire.post(ONE, data={"act": "spam", "spam": "yes"})
    text = claire.get("/mentions/2").text
    assert '<a href="/mentions/1">Said of another copy of this story</a>' in text
    assert "Take it back" not in text
    assert "Take it back about spam" in claire.get(ONE).text


def test_a_word_of_a_copy_that_was_erased_has_no_name(claire, world):
    from watch.store.tables import Item

    story = world.story()
    world.mention(story_id=story)
    world.mention(story_id=story)
    claire.post(ONE, data={"act": "sentiment", "sentiment": "negative"})
    with world.store.session() as session:
        session.delete(session.get(Item, 1))
    assert "Said of a copy of this story that was erased." in words(claire, "/mentions/2")


@pytest.mark.parametrize(("role", "writes"), [("reader", False), ("editor", True), ("admin", True)])
def test_only_who_may_write_sees_the_forms_and_may_send_them(signed_in, world, role, writes):
    world.mention(owner="Paul")
    person = signed_in(role)
    text = person.get(ONE).text.partition("<main")[2]
    assert ("<form" in text) is writes
    assert "Paul" in text
    answer = person.post(ONE, data={"act": "spam", "spam": "yes"})
    assert answer.status_code == (303 if writes else 403)
    assert shown(world).mention.spam is writes


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"act": "sentiment"},
        {"act": "sentiment", "sentiment": "bad"},
        {"act": "topics", "topics": ["nope"]},
        {"act": "withdraw"},
        {"act": "withdraw", "label": "owner"},
        {"act": "spam", "spam": "maybe"},
        {"act": "answer", "status": "done"},
        {"act": "answer", "owner": "x" * 101},
        {"act": "spam", "sentimant": "x"},
    ],
)
def test_a_form_that_is_not_ours_changes_nothing(claire, world, form):
    world.mention()
    before = shown(world)
    answer = claire.post(ONE, data=form, headers={"sec-fetch-site": "same-origin", "accept": "text/html"})
    assert answer.status_code == 400
    assert "<main" in answer.text
    assert shown(world) == before


def test_another_site_cannot_send_them(claire, world):
    world.mention()
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}, {}):
        assert claire.ask("POST", ONE, data={"act": "spam"}, headers=headers).status_code == 403
    assert shown(world).mention.spam is False


def test_there_is_nothing_to_correct_where_there_is_no_mention(claire):
    assert claire.post("/mentions/77", data={"act": "spam"}).status_code == 404


def test_what_people_write_is_shown_as_text(claire, world):
    world.mention()
    with world.store.session() as session:
        corrections.change(
            session, 1, {"note": "</textarea><b>", "owner": '"><i>', "tags": ("<u>",)}, by="<s>", now=world.now
        )
    text = claire.get(ONE).text
    for tag in ("<i>", "<u>", "<s>", "</textarea><b>"):
        assert tag not in text
