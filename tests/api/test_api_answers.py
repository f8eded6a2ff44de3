"""Series, alerts, sources, lists, digests, health, unsubscribe and the description."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from asking import TOML, World
from sqlalchemy import text

from watch import config
from watch.digest import digest_of, frozen, schedule
from watch.digest.unsubscribe import unsubscribe_token
from watch.store import digests as digest_store
from watch.store import heartbeats, tallies
from watch.store.tables import AlertRule, DigestIssue, Incident, IncidentStep, Poll, Topic


def recount(world: World) -> None:
    with world.store.session() as session:
        tallies.recount(session, tallies.differences(session))


# --- series ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def counted(shared):
    program, world = shared
    for hours, tone in [(1, "negative"), (2, "positive"), (30, "negative"), (31, "neutral")]:
        world.mention(hours=hours, sentiment=tone, topics={"delivery": 0.9, "price": 0.4})
    world.mention(hours=1, brand="Rival", source="Presse", reprint=True)
    world.mention(hours=1, spam=True)
    recount(world)
    return program


def series(program, query):
    answer = program.get(f"/api/v1/stats/series?{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_days_are_those_of_the_zone_and_hold_zeros(counted):
    found = series(counted, "since=2026-11-18&until=2026-11-20&brand=Aubrac")
    assert [(day["day"], day["start"], day["total"]) for day in found["items"]] == [
        ("2026-11-18", "2026-11-17T23:00:00Z", 0),
        ("2026-11-19", "2026-11-18T23:00:00Z", 2),
        ("2026-11-20", "2026-11-19T23:00:00Z", 2),
    ]
    assert found["items"][1]["counts"] == {"negative": 1, "neutral": 1, "positive": 0}


@pytest.mark.parametrize(
    ("query", "counts"),
    [
        ("by=sentiment", {"negative": 1, "neutral": 1, "positive": 1}),
        ("by=brand", {"Aubrac": 2, "Rival": 1}),
        ("by=source", {"Forum": 2, "Presse": 1}),
        ("by=topic", {"delivery": 2, "price": 2}),
        ("by=brand&reprints=once", {"Aubrac": 2}),
        ("by=source&reprints=once", {"Forum": 2}),
    ],
)
def test_counts_are_told_apart(counted, query, counts):
    found = series(counted, f"since=2026-11-20&until=2026-11-20&{query}")["items"]
    assert [{name: n for name, n in day["counts"].items() if n} for day in found] == [counts]


def test_a_mention_with_two_topics_counts_once_in_the_total(counted):
    assert series(counted, "since=2026-11-20&until=2026-11-20&by=topic&brand=Aubrac")["items"][0]["total"] == 2


def test_weeks_begin_on_monday(counted):
    found = series(counted, "interval=week&since=2026-11-18&until=2026-11-20")["items"]
    assert [(week["day"], week["total"]) for week in found] == [("2026-11-16", 5)]


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-07-01", 24)])
def test_days_on_which_clocks_move_are_whole(counted, day, hours):
    one = series(counted, f"since={day}&until={day}")["items"]
    assert len(one) == 1
    start, end = (datetime.fromisoformat(one[0][edge]) for edge in ("start", "end"))
    assert end - start == timedelta(hours=hours)
    assert len(series(counted, f"interval=hour&since={day}&until={day}")["items"]) == hours


@pytest.mark.parametrize(
    "query", ["interval=hour&since=2020-01-01", "since=2026-11-21&until=2026-11-01", "since=0001-01-01"]
)
def test_a_span_that_cannot_be_is_refused(counted, query):
    assert counted.get(f"/api/v1/stats/series?{query}").status_code == 400


# --- alerts ------------------------------------------------------------------------------------------------


@pytest.fixture
def incident(world, now):
    rule = world.save(AlertRule(name="vague", kind="negative_spike", brand_id=world.brand()))
    first = Incident(
        rule_id=rule, brand_id=1, severity="high", state="resolved", opened_at=now - timedelta(days=2), observed=9,
        expected=2.0, peak_score=1.4, resolved_at=now,
    )  # fmt: skip
    spike = {"observed": 9, "window": 24, "expected": 2.0, "lower": 0.0, "upper": 5.0, "share": 0.5, "usual_share": 0.1}
    first_id = world.save(first)
    world.save(
        IncidentStep(
            incident_id=first_id, at=now, change="opened", severity="high", spike=spike, mentions=[world.mention()]
        )
    )
    world.save(
        Incident(rule_id=rule, brand_id=1, severity="warning", opened_at=now, observed=4, expected=1.0, peak_score=1.1)
    )
    return first_id


def test_incidents_come_newest_first_page_by_page(program, incident):
    page = program.get("/api/v1/alerts?limit=1").json()
    assert [one["state"] for one in page["items"]] == ["open"]
    page = program.get(f"/api/v1/alerts?limit=1&cursor={page['next']}").json()
    assert [one["state"] for one in page["items"]] == ["resolved"]
    assert page["next"] is None
    assert [one["id"] for one in program.get("/api/v1/alerts?state=resolved").json()["items"]] == [incident]


def test_an_incident_tells_its_reason(program, incident):
    found = program.get(f"/api/v1/alerts/{incident}").json()
    assert (found["rule"], found["brand"], found["reason"]["observed"]) == ("vague", "Aubrac", 9)
    assert [step["change"] for step in found["steps"]] == ["opened"]
    assert program.get("/api/v1/alerts/77").status_code == 404


# --- lists -------------------------------------------------------------------------------------------------


def test_a_source_tells_how_it_is_without_its_password(program, world, now):
    world.source("Bad", url="https://me:secret@s.example/feed", last_failure="timeout", last_message="no answer",
                 failures=2, last_poll_at=now)  # fmt: skip
    world.source("Good", last_poll_at=now, last_success_at=now)
    world.source("New")
    world.source("Gone", active=False)
    found = program.get("/api/v1/sources").json()["items"]
    assert [(one["name"], one["state"], one["message"]) for one in found] == [
        ("Bad", "failing", "no answer"),
        ("Good", "ok", None),
        ("New", "waiting", None),
    ]
    assert found[0]["url"] == "https://s.example/feed"
    assert "too slow" in found[0]["advice"]


def test_the_polls_of_a_source_can_be_read(program, world, now):
    """P39"""
    source = world.source("Le Forum")
    with world.store.session() as session:
        session.add(Poll(source_id=source, at=now, outcome="failed", kind="timeout", message="no answer", seconds=30))
    (poll,) = program.get("/api/v1/sources/Le Forum/polls").json()["items"]
    assert (poll["outcome"], poll["kind"], poll["at"]) == ("failed", "timeout", "2026-11-20T12:00:00Z")
    assert program.get("/api/v1/sources/Nulle part/polls").status_code == 404


def test_brands_and_topics_are_listed(program, world):
    world.brand("Aubrac")
    world.save(Topic(name="livraison", title={"fr": "Livraison"}, department="support"))
    assert [one["name"] for one in program.get("/api/v1/brands").json()["items"]] == ["Aubrac"]
    assert program.get("/api/v1/topics").json()["items"][0]["department"] == "support"


# --- digests -----------------------------------------------------------------------------------------------


@pytest.fixture
def issue(world, now):
    settings = config.parse(TOML + '[[digest]]\nname = "matinale"\n[[brand]]\nname = "Aubrac"\nquery = "aubrac"\n', {})
    plan = settings.digest[0]
    period = schedule.window(plan, "Europe/Paris", now.date(), now)
    world.mention(hours=10, title="Une <b>nouvelle</b>")
    with world.store.session() as session:
        content = frozen.as_json(digest_of(session, settings, plan, period))
    world.save(
        DigestIssue(
            name="matinale", day=now.date(), since=period.since, until=period.until, content=content, created_at=now
        )
    )


@pytest.mark.parametrize(
    ("accept", "form"),
    [("*/*", "application/json"), ("text/html", "text/html"), ("text/plain", "text/plain"), ("text/*", "text/html"),
     ("text/html;q=0.5, text/plain", "text/plain"), ("application/json", "application/json")],
)  # fmt: skip
def test_a_digest_comes_in_the_form_one_accepts(program, issue, accept, form):
    answer = program.get("/api/v1/digests/matinale/2026-11-20", headers={"accept": accept})
    assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, form)
    assert "Aubrac" in answer.text


def test_a_digest_runs_in_an_origin_of_its_own(claire, issue):
    answer = claire.get("/digests/matinale/2026-11-20/mail")
    assert answer.status_code == 200
    assert '<head><base target="_blank">' in answer.text
    assert "script-src" not in answer.headers["content-security-policy"]
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "<b>nouvelle" not in answer.text


def test_a_digest_is_framed_under_the_way_back(claire, issue):
    answer = claire.get("/digests/matinale/2026-11-20")
    assert answer.status_code == 200
    assert 'href="/mentions"' in answer.text
    assert '<iframe src="/digests/matinale/2026-11-20/mail"' in answer.text
    assert answer.headers["content-security-policy"].endswith("frame-src 'self'")
    assert claire.get("/digests/matinale/2026-11-19").status_code == 404


@pytest.mark.parametrize(
    ("path", "status"), [("matinale/2026-11-19", 404), ("autre/2026-11-20", 404), ("matinale/yesterday", 400)]
)
def test_a_digest_that_is_not_there_is_a_problem(program, issue, path, status):
    answer = program.get(f"/api/v1/digests/{path}")
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


def test_a_form_we_do_not_have_is_a_problem(program, issue):
    assert program.get("/api/v1/digests/matinale/2026-11-20", headers={"accept": "image/png"}).status_code == 406


def test_unsubscribing_takes_a_post_and_nothing_else(nobody, sqlite_store):
    with sqlite_store.session() as session:
        token = unsubscribe_token(digest_store.secret(session), "matinale", "claire@example.org")

    def out() -> int:
        with sqlite_store.reading() as session:
            return session.execute(text("SELECT count(*) FROM opt_out")).scalar_one()

    assert "<button>" in nobody.get(f"/unsubscribe/{token}").text
    assert out() == 0
    # As a mail program does it: no cookie, no origin (RFC 8058).
    body = {"List-Unsubscribe": "One-Click"}
    assert nobody.ask("POST", f"/unsubscribe/{token}", data=body).status_code == 200
    assert nobody.ask("POST", f"/unsubscribe/{token}", data=body).status_code == 200
    assert out() == 1
    assert nobody.ask("POST", "/unsubscribe/forged", data=body).status_code == 404


# --- health and description --------------------------------------------------------------------------------


def test_it_is_ready_before_the_first_sweep(nobody):
    answer = nobody.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ready", "ages": {"poll": None, "label": None, "evaluate": None, "digest": None}}


def test_readiness_tells_how_long_ago_each_stage_ended(nobody, sqlite_store, clock):
    with sqlite_store.session() as session:
        heartbeats.beat(session, "poll", clock() - timedelta(seconds=90))
    assert nobody.get("/readyz").json()["ages"]["poll"] == 90.0


def test_it_is_not_ready_with_a_store_of_another_schema(nobody, sqlite_store):
    with sqlite_store.session() as session:
        session.execute(text("DELETE FROM alembic_version"))
    answer = nobody.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (503, "broken")


def test_the_description_is_whole(program):
    description = program.get("/api/v1/openapi.json").json()
    assert description["openapi"] == "3.1.0"
    for path, operations in description["paths"].items():
        for operation in operations.values():
            assert operation["summary"], path
            asked = [one for one in operation.get("parameters", ()) if one["in"] == "query"]
            assert [one["name"] for one in asked if not one.get("description")] == [], path
            if path.startswith("/api/"):
                assert operation["security"] == [{"key": []}]
                assert "application/problem+json" in operation["responses"]["default"]["content"]
                assert "422" not in operation["responses"]
    assert "Problem" in description["components"]["schemas"]


def test_a_reader_keeps_to_what_is_described(program, world):
    world.mention(topics={"livraison": 0.9})
    schemas = program.get("/api/v1/openapi.json").json()["components"]["schemas"]
    item = program.get("/api/v1/mentions").json()["items"][0]
    assert set(item) == set(schemas["MentionOut"]["properties"])


def test_another_configuration_takes_effect(app, program, clock):
    from api.app import reconfigure

    reconfigure(app, config.parse('[hune]\ntimezone = "America/Montreal"', {}))
    found = program.get("/api/v1/stats/series?since=2026-11-20&until=2026-11-20").json()
    assert found["timezone"] == "America/Montreal"
    assert found["items"][0]["start"] == "2026-11-20T05:00:00Z"


def test_the_web_process_does_not_import_what_training_needs():
    import subprocess
    import sys

    code = "import sys, api.app; print([m for m in ('sklearn', 'nltk', 'pebble') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
