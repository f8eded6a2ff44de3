"""PATCH /api/v1/mentions/{id}: who may, what may, and what stands then."""

from __future__ import annotations

import json

import pytest
from asking import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.schemas.changes import EXAMPLES, ChangeIn
from watch.store import keys, tallies
from watch.store.corrections import Changes

URL = "/api/v1/mentions"


@pytest.fixture
def key(app, sqlite_store, clock):
    """A key of these scopes, as a client."""

    def made(*scopes: str) -> Client:
        with sqlite_store.session() as session:
            text = keys.create(session, name="", scopes=scopes, now=clock())
        return Client(app, {"authorization": f"Bearer {text}"})

    return made


@pytest.fixture
def editor(key):
    return key("read", "write")


def patch(client, mention=1, **changes):
    return client.ask("PATCH", f"{URL}/{mention}", json=changes)


def test_every_field_can_be_changed_and_the_answer_is_the_mention_as_get_gives_it(editor, world):
    world.topic("livraison", "support")
    world.mention(topics={"other": 0.4})
    answer = patch(
        editor, sentiment="negative", topics=["livraison", "quality"], spam=True, status="to_answer", owner="Claire",
        note="Rappeler.\nLundi.", tags=["fuite", "presse", "fuite"],
    )  # fmt: skip
    body = answer.json()
    assert answer.status_code == 200, body
    assert body == editor.get(f"{URL}/1").json()
    assert (body["sentiment"], body["confidence"], body["spam"]) == ("negative", 1.0, True)
    assert [topic["name"] for topic in body["topics"]] == ["livraison", "quality"]
    assert (body["status"], body["owner"], body["note"]) == ("to_answer", "Claire", "Rappeler.\nLundi.")
    assert body["tags"] == ["fuite", "presse"]
    assert body["corrected"] == ["sentiment", "topics", "spam"]
    labels = ["sentiment", "topics", "spam", "status", "owner", "note", "tags"]
    assert [change["label"] for change in body["history"]] == labels


def test_a_correction_tells_who_when_and_what_the_model_had_said(editor, world):
    world.mention()
    body = patch(editor, sentiment="negative").json()
    by = body["history"][0].pop("by")
    assert by.startswith("key ")
    assert body["history"] == [
        {
            "at": "2026-11-20T12:00:00Z",
            "label": "sentiment",
            "was": "neutral",
            "now": "negative",
            "model_version": "test",
        }
    ]
    assert body["corrections"] == [
        {"label": "sentiment", "now": "negative", "said": "neutral", "by": by, "at": "2026-11-20T12:00:00Z",
         "inherited": False, "origin": None}
    ]  # fmt: skip
    assert body["labels"]["corrected"] is True
    assert body["scores"] == {"negative": 0.1, "neutral": 0.8, "positive": 0.1}


def test_only_what_is_given_changes(editor, world):
    world.mention()
    patch(editor, sentiment="negative", owner="Claire")
    body = patch(editor, status="answered").json()
    assert (body["sentiment"], body["owner"], body["status"]) == ("negative", "Claire", "answered")


def test_the_same_request_twice_is_the_same_mention(editor, world, clock):
    world.mention()
    change = {"sentiment": "negative", "topics": [], "spam": False, "status": "ignored", "note": "x", "tags": ["a"]}
    first = patch(editor, **change).json()
    clock.forward(hours=1)
    assert patch(editor, **change).json() == first


def test_null_takes_a_word_back(editor, world):
    world.mention(topics={"other": 0.4})
    before = editor.get(f"{URL}/1").json()
    patch(editor, sentiment="negative", topics=["quality"], spam=True, owner="Claire", note="x")
    after = patch(editor, sentiment=None, topics=None, spam=None, owner=None, note=None).json()
    assert [change["now"] for change in after.pop("history")[5:]] == [None] * 5
    before.pop("history")
    assert after == before


def test_figures_follow_at_once(editor, world):
    world.mention()
    patch(editor, sentiment="negative")
    (day,) = editor.get("/api/v1/stats/series?since=2026-11-20&until=2026-11-20").json()["items"]
    assert (day["total"], day["counts"]["negative"]) == (1, 1)
    assert editor.get(f"{URL}?sentiment=negative").json()["items"][0]["corrected"] == ["sentiment"]
    patch(editor, spam=True)
    assert editor.get(URL).json()["items"] == []
    with world.store.reading() as session:
        assert tallies.differences(session) == []


def test_a_copy_inherits_and_says_from_where(editor, world):
    story = world.story()
    world.mention(story_id=story)
    world.mention(story_id=story, hours=1)
    patch(editor, sentiment="negative")
    body = editor.get(f"{URL}/2").json()
    assert (body["sentiment"], body["corrected"], body["history"]) == ("negative", ["sentiment"], [])
    assert [(word["inherited"], word["origin"]) for word in body["corrections"]] == [(True, 1)]
    assert patch(editor, 2, sentiment=None).json()["sentiment"] == "negative"  # nothing was said here
    assert patch(editor, 2, sentiment="positive").json()["corrections"][0]["inherited"] is False
    assert editor.get(f"{URL}/1").json()["sentiment"] == "negative"


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"sentimant": "negative"}, "sentimant"),
        ({"sentiment": "bad"}, "sentiment"),
        ({"sentiment": 1}, "sentiment"),
        ({"topics": ["deliverry"]}, "topics.0"),
        ({"topics": ["delivery", "nope"]}, "topics.1"),
        ({"topics": "delivery"}, "topics"),
        ({"topics": ["delivery"] * 21}, "topics"),
        ({"spam": "true"}, "spam"),
        ({"spam": 1}, "spam"),
        ({"status": None}, "status"),
        ({"status": "done"}, "status"),
        ({"owner": "a\nb"}, "owner"),
        ({"owner": "x" * 101}, "owner"),
        ({"note": "a\0b"}, "note"),
        ({"note": "\ud800"}, "note"),
        ({"note": "x" * 10_001}, "note"),
        ({"tags": None}, "tags"),
        ({"tags": [""]}, "tags.0"),
        ({"tags": ["x" * 51]}, "tags.0"),
        ({"tags": [3]}, "tags.0"),
        ({"id": 3}, "id"),
        ([], "request"),
        ("negative", "request"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(editor, world, body, where):
    world.mention()
    before = editor.get(f"{URL}/1").json()
    sent = {**body, "status": body.get("status", "answered")} if isinstance(body, dict) else body
    headers = {"content-type": "application/json"}
    answer = editor.ask("PATCH", f"{URL}/1", content=json.dumps(sent), headers=headers)
    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (400, "urn:hune:problem:invalid"), problem
    assert any(error["where"].startswith(where) for error in problem["errors"]), problem
    assert editor.get(f"{URL}/1").json() == before


def test_a_topic_that_is_misspelt_is_told_the_right_one(editor, world):
    world.mention()
    assert "did you mean `delivery`?" in patch(editor, topics=["deliverry"]).json()["detail"]


@pytest.mark.parametrize("body", ["", "{", "sentiment=negative", '{"spam": NaN}'])
def test_what_is_no_json_is_refused(editor, world, body):
    world.mention()
    assert editor.ask("PATCH", f"{URL}/1", content=body).status_code == 400


def test_nothing_given_changes_nothing(editor, world):
    world.mention()
    assert patch(editor).json() == editor.get(f"{URL}/1").json()


@pytest.mark.parametrize("mention", [77, 2**63 - 1])
def test_a_mention_that_is_not_there_is_a_problem(editor, mention):
    assert patch(editor, mention, spam=True).json()["detail"] == f"there is no mention {mention}"


@pytest.mark.parametrize(("scopes", "status"), [(["read"], 403), (["ingest"], 403), (["write"], 200), (["admin"], 200)])
def test_only_who_may_write_changes(key, world, scopes, status):
    world.mention()
    answer = patch(key(*scopes), sentiment="negative")
    assert answer.status_code == status
    assert status == 200 or "`write`" in answer.json()["detail"]


def test_a_cookie_does_not_write_here(claire, world):
    """So that no other site can write with it."""
    world.mention()
    sent = claire.ask("PATCH", f"{URL}/1", json={"spam": True}, headers={"sec-fetch-site": "same-origin"})
    assert sent.status_code == 401
    assert claire.ask("PATCH", f"{URL}/1", json={"spam": True}).status_code == 403


def test_without_a_key_it_is_401_as_when_reading(nobody, world):
    world.mention()
    asked = [nobody.get(f"{URL}/1"), nobody.ask("PATCH", f"{URL}/1", json={"spam": True})]
    assert [answer.status_code for answer in asked] == [401, 401]
    assert "send a key" in asked[1].json()["detail"]


def test_a_history_names_the_key_and_its_id(app, sqlite_store, clock, world):
    with sqlite_store.session() as session:
        text = keys.create(session, name="the shop's helpdesk", scopes=["read", "write"], now=clock())
    world.mention()
    answer = patch(Client(app, {"authorization": f"Bearer {text}"}), spam=True)
    assert answer.json()["history"][0]["by"] == f"the shop's helpdesk (key {text.split('_')[1]})"


def test_parameters_are_refused_here_too(editor, world):
    world.mention()
    assert editor.ask("PATCH", f"{URL}/1?dry=1", json={}).status_code == 400


def test_reading_stays_where_it_was(editor, world):
    world.mention()
    assert editor.get(f"{URL}/1").status_code == 200
    assert editor.ask("DELETE", f"{URL}/1").status_code == 405


def test_the_description_has_examples_that_hold(program, editor, world):
    world.mention()
    told = program.get("/api/v1/openapi.json").json()
    operation = told["paths"]["/api/v1/mentions/{id}"]["patch"]
    shown = operation["requestBody"]["content"]["application/json"]["examples"]
    assert set(shown) == set(EXAMPLES)
    for example in shown.values():
        assert patch(editor, **example["value"]).status_code == 200
    assert "default" not in told["components"]["schemas"]["ChangeIn"]["properties"]["status"]


def test_the_store_takes_what_the_service_takes():
    assert set(ChangeIn.model_fields) == set(Changes.__annotations__)


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.lists(st.text(max_size=3), max_size=3)
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.dictionaries(st.sampled_from([*ChangeIn.model_fields, "x"]), VALUES, max_size=3))
def test_whatever_is_sent_gets_an_answer_or_a_problem(editor, world, body):
    if not world.brands:
        world.mention()
    answer = editor.ask("PATCH", f"{URL}/1", content=json.dumps(body), headers={"content-type": "application/json"})
    assert answer.status_code in (200, 400), answer.text
