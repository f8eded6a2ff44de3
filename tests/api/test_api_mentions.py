"""GET /api/v1/mentions and /mentions/{id}."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from watch.model import Evidence
from watch.store import corrections, listing

URL = "/api/v1/mentions"


def titles(answer):
    assert answer.status_code == 200, answer.text
    return [item["title"] for item in answer.json()["items"]]


def test_a_mention_speaks_the_fields_of_the_contract(program, world):
    world.topic("livraison", "support")
    world.mention(title="Retard", author="lucie", lang="fr", engagement=7, topics={"livraison": 0.9, "other": 0.4})
    found = program.get(URL).json()["items"][0]
    assert found == {
        "id": 1,
        "item_id": 1,
        "brand": "Aubrac",
        "url": found["url"],
        "title": "Retard",
        "snippet": "Le canapé Aubrac est arrivé.",
        "author": "lucie",
        "source": "Forum",
        "kind": "feed",
        "lang": "fr",
        "published": "2026-11-20T12:00:00Z",
        "collected": "2026-11-20T12:00:00Z",
        "sentiment": "neutral",
        "confidence": 0.8,
        "sure": True,
        "scores": {"negative": 0.1, "neutral": 0.8, "positive": 0.1},
        "topics": [{"name": "livraison", "score": 0.9}, {"name": "other", "score": 0.4}],
        "department": "support",
        "spam": False,
        "story": None,
        "reprint": False,
        "engagement": 7,
        "status": "new",
        "owner": None,
        "note": None,
        "tags": [],
        "model_version": "test",
        "corrected": [],
    }


@pytest.fixture(scope="module")
def three(shared):
    program, world = shared
    story = world.story()
    world.topic("livraison", "support")
    world.source("Presse", kind="page", tags=["presse"])
    world.mention(title="one", hours=1, sentiment="negative", lang="fr", author="ana", engagement=5, story_id=story)
    world.mention(
        title="two", hours=30, sentiment="positive", lang="en", source="Presse", confidence=0.5, engagement=9,
        topics={"livraison": 0.9}, status="answered", tags=["idée"],
    )  # fmt: skip
    world.mention(title="three", hours=60, brand="Rival", spam=True, item_tags=["déco"])
    return program


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["one", "two"]),
        ("brand=Aubrac", ["one", "two"]),
        ("brand=Rival&spam=include", ["three"]),
        ("brand=Rival&brand=Aubrac&spam=include", ["one", "two", "three"]),
        ("spam=only", ["three"]),
        ("brand=Nobody", []),
        ("sentiment=negative", ["one"]),
        ("sentiment=negative&sentiment=positive", ["one", "two"]),
        ("topic=livraison", ["two"]),
        ("department=support", ["two"]),
        ("source=Presse", ["two"]),
        ("kind=page", ["two"]),
        ("lang=en", ["two"]),
        ("author=ana", ["one"]),
        ("story=1", ["one"]),
        ("status=answered", ["two"]),
        ("tag=idée", ["two"]),
        ("tag=presse", ["two"]),
        ("tag=déco&spam=include", ["three"]),
        ("since=2026-11-20", ["one"]),
        ("since=2026-11-20T00:00:00%2B01:00", ["one"]),
        ("until=2026-11-19", ["two"]),
        ("until=2026-11-19T00:00:00Z", []),
        ("since=2026-11-19&until=2026-11-19", ["two"]),
        ("min_confidence=0.6", ["one"]),
        ("sort=published", ["two", "one"]),
        ("sort=-engagement", ["two", "one"]),
        ("q=canapé", ["one", "two"]),
        ("q=title:two", ["two"]),
        ("q=canape NOT title:two", ["one"]),
        ("q=source:presse", ["two"]),
        ("q=tag:presse", ["two"]),
        ("q=site:s.example", ["one", "two"]),
        ("q=nowhere", []),
    ],
)
def test_filters_find(three, query, expected):
    assert titles(three.get(f"{URL}?{query}")) == expected


def test_pages_neither_repeat_nor_skip(program, world):
    # Ties on purpose: five share each moment and engagement.
    ids = [world.mention(hours=n // 5, engagement=n // 5 or None) for n in range(23)]
    for sort, extra in itertools.product(listing.SORTS, ["", "&q=aubrac", "&q=aubrac NOT zebra"]):
        assert sorted(walk(program, sort, extra)) == ids


def walk(program, sort, extra):
    seen, cursor = [], ""
    while cursor is not None:
        page = program.get(f"{URL}?sort={sort}&limit=4{extra}{f'&cursor={cursor}' if cursor else ''}").json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next"]
    return seen


def test_a_query_that_fits_nowhere_ends(program, world):
    for n in range(450):
        world.mention(hours=n / 10, text="Aubrac partout")
    page = program.get(f"{URL}?q=source:elsewhere").json()
    assert page == {"items": [], "next": None}


@pytest.mark.parametrize("spoilt", ["", "x", "AAAA", "é", "=" * 20, "A" * 5000])
def test_a_cursor_we_did_not_make_is_refused(three, spoilt):
    answer = three.get(URL, params={"cursor": spoilt})
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:hune:problem:cursor")


def test_a_cursor_belongs_to_its_question(program, world):
    for n in range(3):
        world.mention(hours=n)
    cursor = program.get(f"{URL}?limit=1").json()["next"]
    assert program.get(f"{URL}?limit=2&cursor={cursor}").status_code == 200  # the length of a page may change
    assert program.get(f"{URL}?limit=1&brand=Aubrac&cursor={cursor}").status_code == 400
    flipped = ("A" if cursor[-5] != "A" else "B").join((cursor[:-5], cursor[-4:]))
    assert program.get(f"{URL}?limit=1&cursor={flipped}").status_code == 400


def test_an_unknown_parameter_is_refused_with_a_suggestion(program):
    answer = program.get(f"{URL}?sentimant=negative")
    assert answer.status_code == 400
    assert answer.json()["detail"] == "unknown parameter `sentimant`; did you mean `sentiment`?"


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=201", "limit=x", "sentiment=angry", "sort=id", "since=yesterday", "until=9999-12-31",
     "min_confidence=2", "story=0", "story=99999999999999999999", "spam=yes", "status=old", "q=" + "a" * 5000],
)  # fmt: skip
def test_a_value_that_cannot_be_is_a_problem(three, query):
    answer = three.get(f"{URL}?{query}")
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert query.split("=")[0] in answer.json()["detail"]


def test_a_query_that_cannot_be_read_gives_its_position(program):
    answer = program.get(URL, params={"q": "canapé AND ("})
    body = answer.json()
    assert (answer.status_code, body["type"]) == (400, "urn:hune:problem:query")
    assert isinstance(body["position"], int)


def test_one_mention_shows_its_evidence_story_and_history(program, world, now):
    story = world.story()
    evidence = [{"text": "retard", "start": 3, "end": 9, "weight": 1.5}]
    Evidence(**evidence[0])  # what the store holds is the model's value
    one = world.mention(title="one", story_id=story, evidence=evidence)
    world.mention(title="copy", story_id=story, hours=1)
    with world.store.session() as session:
        corrections.change(session, one, {"sentiment": "negative"}, by="Claire", now=now)
    body = program.get(f"{URL}/{one}").json()
    assert body["evidence"] == evidence
    assert body["labels"]["corrected"] is True
    assert [copy["title"] for copy in body["copies"]] == ["copy"]
    assert body["history"][0]["now"] == "negative"


def test_a_mention_that_is_not_there_is_a_problem(program):
    answer = program.get(f"{URL}/77")
    assert (answer.status_code, answer.json()["detail"]) == (404, "there is no mention 77")


@pytest.mark.parametrize("address", ["?q=a%00b", "?source=%00", "?since=0001-01-01", "?until=9999-12-30", "/%00"])
def test_what_no_database_could_hold_is_refused(three, address):
    assert three.get(URL + address).status_code == 400


def test_an_address_without_end_is_refused(three):
    assert three.get(f"{URL}?q={'a' * 20_000}").status_code == 414


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(q=st.text(st.sampled_from("aé\"()*:=-#@&+'« »\\😀%_;, \nANDORNOT/3"), max_size=20))
def test_whatever_is_asked_gets_an_answer_or_a_problem(three, q):
    """H66: never a 500"""
    assert three.get(URL, params={"q": q}).status_code in (200, 400)
