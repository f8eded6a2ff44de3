"""The pages: what they show, what they say when empty, in both languages."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from asking import PASSWORD, SETUP, Client

from api.app import create_app, reconfigure
from api.pages.mentions import marked
from watch import config
from watch.store import heartbeats, tallies
from watch.store.tables import AlertRule, Incident, IncidentStep

PAGES = ("/", "/mentions", "/alerts", "/sources")


@pytest.fixture
def paul(sqlite_store, clock):
    """An admin of a French Hune."""
    client = Client(create_app(config.parse("", {}), sqlite_store, now=clock, setup_token=SETUP))
    client.post("/setup", data={"token": SETUP, "name": "Paul", "password": PASSWORD})
    return client


@pytest.mark.parametrize("path", PAGES)
def test_an_empty_page_says_what_to_do(claire, path):
    answer = claire.get(path)
    assert answer.status_code == 200
    assert 'class="empty"' in answer.text


@pytest.mark.parametrize("path", PAGES)
def test_a_page_speaks_the_language_of_the_configuration(app, claire, path):
    english = claire.get(path).text
    reconfigure(app, config.parse('[hune]\nlanguage = "fr"', {}))
    french = claire.get(path).text
    assert ('<html lang="en">' in english, "Sign out" in english) == (True, True)
    assert ('<html lang="fr">' in french, "Se déconnecter" in french) == (True, True)


def test_french_punctuation_does_not_break_from_its_word(paul, world, now):
    world.mention(topics={"delivery": 0.9})
    for path in (*PAGES, "/mentions/1"):
        words = re.sub(r"<[^>]*>", "", paul.get(path).text)
        assert re.findall(r".{0,20}\w [:;!?»]", words) == [], path


def test_home_shows_today_against_usual(claire, world, now):
    for back in range(1, 15):
        for hours in (3, 15):
            world.mention(published=now - timedelta(days=back, hours=hours))
    world.mention(hours=1, sentiment="negative")
    with world.store.session() as session:
        tallies.recount(session, tallies.differences(session))
        heartbeats.beat(session, "poll", now - timedelta(minutes=5))
    text = claire.get("/").text
    assert "1 negative" in text
    # At noon of Paris' 13 h, half of each day's two mentions had been heard.
    assert "usual by now: 1<" in text
    assert "5 minutes ago" in text


def test_home_shows_what_is_open_and_what_fails(claire, world, now):
    world.source("Forum", last_failure="timeout", last_message="too slow", last_poll_at=now, failures=2)
    rule = world.save(AlertRule(name="vague", kind="negative_spike", brand_id=world.brand()))
    world.save(
        Incident(rule_id=rule, brand_id=1, severity="high", opened_at=now, observed=4, expected=1.0, peak_score=1.1)
    )
    text = claire.get("/").text
    assert "1 incident is open" in text
    assert "1 source of 1 fails" in text


def test_mentions_are_filtered_and_paged(claire, world):
    for n in range(35):
        world.mention(title=f"Titre {n:02d}", hours=n, sentiment="negative" if n % 2 else "positive")
    first = claire.get("/mentions").text
    assert first.count("<article") == 30
    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older is not None
    assert claire.get("/mentions" + older[1].replace("&amp;", "&")).text.count("<article") == 5
    assert claire.get("/mentions?sentiment=negative&brand=Aubrac").text.count("<article") == 17
    assert claire.get("/mentions?q=title:07").text.count("<article") == 1


def test_a_query_that_cannot_be_read_is_shown_again(claire, world):
    answer = claire.get("/mentions", params={"q": 'canapé AND ("'})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert 'value="canapé AND (&#34;"' in answer.text


def test_a_mention_shows_the_words_behind_its_label(claire, world):
    evidence = [
        {"text": "scandale", "start": 0, "end": 8, "weight": 2.0},
        {"text": "calme", "start": 0, "end": 5, "weight": -1.0},
    ]
    world.mention(
        title="", snippet="Un scandale, dit-on avec calme <b>", sentiment="negative", evidence=evidence, url=None
    )
    text = claire.get("/mentions/1").text
    assert '<mark class="for">scandale</mark>' in text
    assert '<mark class="against">calme</mark>' in text
    assert "&lt;b&gt;" in text


def test_a_title_that_is_how_the_text_begins_is_not_said_twice(claire, world):
    world.mention(title="Merci à tous. Louis est ren", snippet="Merci à tous. Louis est rentré, plâtre vert.")
    for path in ("/mentions", "/mentions/1"):
        main = claire.get(path).text.partition("<main")[2]
        assert main.count("Merci à tous") == 1, path


def test_a_word_that_weighs_in_title_and_text_is_listed_once(claire, world):
    evidence = [{"text": "scandale", "start": n, "end": n + 8, "weight": 2.0 - n} for n in (0, 1)]
    world.mention(title="Un scandale", snippet="Quel scandale", sentiment="negative", evidence=evidence)
    listed = claire.get("/mentions/1").text.partition('<ul class="evidence">')[2].partition("</ul>")[0]
    assert (listed.count("scandale"), "for 2</small>" in listed) == (1, True)


def test_an_address_that_is_no_web_address_is_no_link(claire, world):
    world.mention(title="Piège", url="javascript:alert(1)")
    assert "javascript:" not in claire.get("/mentions/1").text


def test_links_to_the_outside_tell_nothing_and_vouch_for_nothing(claire, world):
    world.mention()
    for link in re.findall(r'<a [^>]*href="http[^>]*>', claire.get("/mentions/1").text):
        assert 'rel="noopener noreferrer nofollow ugc"' in link


def test_an_incident_shows_why_it_opened(claire, world, now):
    rule = world.save(AlertRule(name="vague", kind="negative_spike", brand_id=world.brand()))
    row = {"observed": 9, "expected": 2.0, "peak_score": 1.4, "severity": "high"}
    incident = world.save(Incident(rule_id=rule, brand_id=1, opened_at=now, **row))
    spike = {"observed": 9, "window": 24, "expected": 2.0, "lower": 0.0, "upper": 5.0, "share": 0.5, "usual_share": 0.1}
    step = {"incident_id": incident, "at": now, "change": "opened", "severity": "high"}
    world.save(IncidentStep(**step, spike=spike, mentions=[world.mention(title="Le scandale")]))
    text = claire.get(f"/alerts/{incident}").text
    assert "9 in 24 hours; 2 are usual, between 0 and 5." in text
    assert "Le scandale" in text


def test_no_page_holds_what_its_policy_forbids(claire, world):
    world.mention(evidence=[{"text": "canapé", "start": 0, "end": 6, "weight": 1.0}])
    for path in (*PAGES, "/mentions/1", "/setup", "/sign-in", "/unsubscribe/x"):
        text = claire.get(path).text
        assert " style=" not in text
        assert "<script" not in text
        assert "<style" not in text
        assert not re.search(r'(src|href)="(https?:)?//(?!s\d*\.example)', text)


def test_the_style_sheet_may_be_kept(claire):
    address = re.search(r'href="(/static/hune\.css\?v=[0-9a-f]{12})"', claire.get("/").text)
    assert address is not None
    answer = claire.get(address[1])
    assert (answer.headers["content-type"], "immutable" in answer.headers["cache-control"]) == (
        "text/css; charset=utf-8",
        True,
    )


def test_words_are_marked_whole():
    evidence = [{"text": "or", "weight": 1.0}, {"text": "or fin", "weight": -1.0}]
    assert list(marked("Mort, or, or fin", evidence)) == [
        ("Mort, ", ""),
        ("or", "for"),
        (", ", ""),
        ("or fin", "against"),
    ]


def test_what_strangers_write_turns_no_line_of_ours_round(claire, world):
    """H56: each title, text and name is isolated, and the host of a link shown in ASCII"""
    world.mention(title="\u202egnp.exe", url="https://аpple.example/x")
    for path in ("/mentions", "/mentions/1"):
        text = claire.get(path).text
        at = [found.start() for found in re.finditer("\u202egnp.exe", text.partition("<main")[2])]
        assert at
        assert all(text.partition("<main")[2][:place].endswith("<bdi>") for place in at)
    assert 'href="https://xn--pple-43d.example/x"' in claire.get("/mentions/1").text


def test_no_picture_is_fetched_kept_or_served(app, claire, world):
    """H72: there is no cache of favicons or images; a page names none, and its policy would refuse it"""
    paths = [route.path for route in app.routes if hasattr(route, "path")]
    assert not [path for path in paths if re.search("image|icon|thumb|proxy|avatar|media", path)]
    world.mention(title="Le titre", image="https://evil.example/pixel.svg")
    for path in (*PAGES, "/mentions/1"):
        answer = claire.get(path)
        assert "evil.example/pixel" not in answer.text
        assert not re.search("<(img|image|picture|object|embed|iframe|video|audio)", answer.text)
        assert "img-src 'self' data:" in answer.headers["content-security-policy"]
