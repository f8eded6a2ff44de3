"""A tone that the model is not sure of, in pages and in the API: before a correction, after it, and withdrawn."""

from __future__ import annotations

import re

import pytest
from asking import Client, World
from fastapi import FastAPI

from api.app import reconfigure
from watch import config
from watch.store import keys

ONE, API = "/mentions/1", "/api/v1/mentions"
EVIDENCE = [
    {"text": "bof", "start": 0, "end": 3, "weight": 0.25},
    {"text": "bien", "start": 9, "end": 13, "weight": -0.125},
]
SAID = {
    "en": ("not sure negative 38%", "positive", "Without it: not sure, negative (38%)."),
    "fr": ("pas sûr négatif 38 %", "positif", "Sans cela : pas sûr, négatif (38 %)."),
}


@pytest.fixture(autouse=True)
def doubtful(world: World) -> None:
    world.mention(
        title="", text="Bof, pas bien", sentiment="negative", confidence=0.38, sure=False, evidence=EVIDENCE,
        scores={"negative": 0.38, "neutral": 0.35, "positive": 0.27},
    )  # fmt: skip


@pytest.fixture(params=["en", "fr"])
def language(request: pytest.FixtureRequest, app: FastAPI) -> str:
    reconfigure(app, config.parse(f'[hune]\nlanguage = "{request.param}"', {}))
    return str(request.param)


@pytest.fixture
def editor(app: FastAPI, world: World) -> Client:
    with world.store.session() as session:
        key = keys.create(session, name="", scopes=["read", "write"], now=world.now)
    return Client(app, {"authorization": f"Bearer {key}"})


def chip(client: Client, path: str) -> str:
    """The first label on a page, as people read it."""
    (found, *_) = re.findall(r'<span class="chip .*?</span>', client.get(path).text)
    return bare(found)


def bare(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", "", html).replace("\N{NO-BREAK SPACE}", " ").split())


def correct(claire: Client, **form: str) -> None:
    assert claire.post(ONE, data=form).status_code == 303


@pytest.mark.parametrize("path", [ONE, "/mentions"])
def test_people_read_not_sure_until_somebody_says_and_again_when_it_is_withdrawn(
    claire: Client, language: str, path: str
) -> None:
    doubt, positive, _ = SAID[language]
    assert chip(claire, path) == doubt
    correct(claire, act="sentiment", sentiment="positive")
    assert chip(claire, path) == positive
    correct(claire, act="withdraw", label="sentiment")
    assert chip(claire, path) == doubt


def test_whoever_says_what_the_model_had_guessed_makes_it_sure(claire: Client) -> None:
    correct(claire, act="sentiment", sentiment="negative")
    assert (chip(claire, ONE), chip(claire, "/mentions")) == ("negative", "negative")


def test_beside_a_correction_stands_that_the_model_was_not_sure(claire: Client, language: str) -> None:
    correct(claire, act="sentiment", sentiment="positive")
    assert SAID[language][2] in bare(claire.get(ONE).text)


def test_a_card_of_the_list_has_no_colour_of_a_tone_that_is_not_sure(claire: Client) -> None:
    assert '<article class="mention unsure">' in claire.get("/mentions").text


def test_the_page_names_the_three_probabilities_and_the_words_all_the_same(claire: Client) -> None:
    text = bare(claire.get(ONE).text)
    assert all(f"{score}%" in text for score in (38, 35, 27))
    assert ("bof for 0.25" in text, "bien against 0.12" in text or "bien against 0.13" in text) == (True, True)


def test_the_api_gives_the_evidence_and_says_that_it_is_not_sure(program: Client) -> None:
    body = program.get(f"{API}/1").json()
    assert (body["sentiment"], body["confidence"], body["sure"]) == ("negative", 0.38, False)
    assert body["evidence"] == EVIDENCE
    assert program.get(API).json()["items"][0]["sure"] is False


def test_over_the_api_a_word_makes_it_sure_and_null_not_sure_again(editor: Client) -> None:
    told = []
    for tone in ("positive", None):
        body = editor.ask("PATCH", f"{API}/1", json={"sentiment": tone}).json()
        assert body == editor.get(f"{API}/1").json()
        told.append((body["sentiment"], body["confidence"], body["sure"]))
    assert told == [("positive", 1.0, True), ("negative", 0.38, False)]


def test_the_evidence_stays_that_of_the_model(editor: Client) -> None:
    body = editor.ask("PATCH", f"{API}/1", json={"sentiment": "positive"}).json()
    assert (body["evidence"], body["scores"]["negative"]) == (EVIDENCE, 0.38)
