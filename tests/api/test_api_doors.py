"""Who comes in: keys, sign-in, set-up, sessions (bar W01–W12, W15, W31, W32, W42, W43)."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from asking import PASSWORD, SETUP, Client
from fastapi import FastAPI, routing
from fastapi.routing import APIRoute

from api.app import create_app
from api.guard import CSP
from api.pages.visitor import local
from watch import config
from watch.store import keys, people

OPEN = {"/healthz", "/readyz", "/unsubscribe/{token}", "/setup", "/sign-in", "/static/hune.css", "/static/mark.svg"}
NEW = {"token": SETUP, "name": "Claire", "password": PASSWORD}


def routes(app: FastAPI) -> list[tuple[str, str]]:
    """Every address and method, whatever routers it is nested in."""
    return [(method, route.path) for route in contexts(app) for method in sorted(route.methods)]


def contexts(app: FastAPI) -> list[Any]:
    # FastAPI keeps included routers whole since 0.130 or so; before, it copied their routes into one list.
    return list(getattr(routing, "iter_route_contexts", iter)(app.routes))


def example(path: str) -> str:
    return re.sub(r"{date[^}]*}", "2026-11-20", re.sub(r"{(?!date)[^}]*}", "1", path))


def test_the_walk_sees_the_routes(app):
    paths = {path for _, path in routes(app)}
    assert {"/", "/api/v1/mentions", "/api/v1/alerts/{id}", "/sources"} | OPEN <= paths
    assert all(getattr(route, "original_route", route).__class__ is APIRoute for route in contexts(app)), "no mounts"


def test_nobody_gets_nothing(app, nobody):
    for method, path in routes(app):
        if path in OPEN:
            continue
        answer = nobody.ask(method, example(path), headers={"sec-fetch-site": "same-origin"})
        if path.startswith("/api/"):
            assert answer.status_code == 401, (method, path)
            assert answer.headers["www-authenticate"].startswith("Bearer")
        else:
            assert (answer.status_code, answer.headers["location"]) == (303, "/setup"), (method, path)


def test_a_key_without_the_scope_gets_nothing(app, sqlite_store, clock):
    with sqlite_store.session() as session:
        key = keys.create(session, name="", scopes=["ingest"], now=clock())
    client = Client(app, {"authorization": f"Bearer {key}"})
    for method, path in routes(app):
        if path.startswith("/api/"):
            assert client.ask(method, example(path)).status_code == 403, (method, path)


def test_the_scope_admin_implies_the_others(app, sqlite_store, clock):
    with sqlite_store.session() as session:
        key = keys.create(session, name="", scopes=["admin"], now=clock())
    assert Client(app, {"authorization": f"Bearer {key}"}).get("/api/v1/brands").status_code == 200


@pytest.mark.parametrize(
    "spoil", [str.upper, lambda key: key[:-1], lambda key: key[:5] + "x" + key[6:], lambda key: ""]
)
def test_a_key_that_is_not_whole_opens_nothing(program, spoil):
    key = program.headers["authorization"].split()[1]
    program.headers["authorization"] = f"Bearer {spoil(key)}"
    assert program.get("/api/v1/brands").status_code == 401


def test_a_key_ends_when_it_expires(app, sqlite_store, clock):
    with sqlite_store.session() as session:
        key = keys.create(session, name="", scopes=["read"], now=clock(), expires_at=clock() + timedelta(hours=1))
    client = Client(app, {"authorization": f"Bearer {key}"})
    assert client.get("/api/v1/brands").status_code == 200
    clock.forward(hours=1)
    assert client.get("/api/v1/brands").status_code == 401


def test_the_use_of_a_key_is_recorded_once_a_minute(program, sqlite_store, clock):
    def used():
        with sqlite_store.reading() as session:
            return keys.every(session)[0].used_at

    first = clock()
    program.get("/api/v1/brands")
    clock.forward(seconds=59)
    program.get("/api/v1/brands")
    assert used() == first
    clock.forward(seconds=1)
    program.get("/api/v1/brands")
    assert used() == clock()


def test_a_key_in_the_address_opens_nothing(program):
    key = program.headers.pop("authorization").split()[1]
    assert program.get(f"/api/v1/brands?key={key}&access_token={key}").status_code == 401


# --- set-up ------------------------------------------------------------------------------------------------


def test_the_first_page_asks_for_the_first_person(nobody):
    assert nobody.get("/").headers["location"] == "/setup"
    assert "One-time token" in nobody.get("/setup").text
    done = nobody.post("/setup", data=NEW)
    assert (done.status_code, done.headers["location"]) == (303, "/")
    assert nobody.get("/").status_code == 200


@pytest.mark.parametrize(
    ("change", "status"),
    [({"token": "wrong"}, 400), ({"password": "short"}, 400), ({"password": "x" * 129}, 400), ({"name": " "}, 400),
     ({"name": "a\nb"}, 400), ({"role": "admin"}, 400)],
)  # fmt: skip
def test_the_set_up_refuses(nobody, sqlite_store, change, status):
    assert nobody.post("/setup", data={**NEW, **change}).status_code == status
    with sqlite_store.reading() as session:
        assert not people.anyone(session)


def test_the_token_serves_once(nobody, claire):
    assert nobody.post("/setup", data=NEW).headers["location"] == "/sign-in"
    assert nobody.get("/setup").headers["location"] == "/sign-in"


def test_the_token_cannot_be_guessed_quickly(nobody):
    tries = [nobody.post("/setup", data={**NEW, "token": str(n)}).status_code for n in range(6)]
    assert tries == [400] * 5 + [429]


def test_without_a_token_nobody_is_created_through_the_web(sqlite_store, clock):
    client = Client(create_app(config.parse("", {}), sqlite_store, now=clock))
    assert "hune users add" in client.get("/setup").text
    assert client.post("/setup", data={**NEW, "token": ""}).status_code == 400
    assert client.post("/setup", data={**NEW, "token": "None"}).status_code == 400


# --- sign-in and sessions ----------------------------------------------------------------------------------


def test_wrong_passwords_and_unknown_names_get_one_answer(claire, app):
    wrong = Client(app).post("/sign-in", data={"name": "Claire", "password": "not the password"})
    unknown = Client(app).post("/sign-in", data={"name": "Nobody", "password": "not the password"})
    assert (wrong.status_code, unknown.status_code) == (401, 401)
    assert wrong.text.replace("Claire", "Nobody") == unknown.text


def test_the_sixth_try_in_a_minute_waits(claire, app, clock):
    client = Client(app)
    clock.forward(minutes=2)
    tries = [client.post("/sign-in", data={"name": "Claire", "password": "x" * 12}) for _ in range(6)]
    assert [one.status_code for one in tries] == [401] * 5 + [429]
    assert 1 <= int(tries[-1].headers["retry-after"]) <= 61
    clock.forward(seconds=61)
    assert client.post("/sign-in", data={"name": "Claire", "password": PASSWORD}).status_code == 303


def test_the_password_counts_to_its_last_character(app, sqlite_store, clock):
    from watch.store import passwords

    long = "x" * 79
    with sqlite_store.session() as session:
        people.add(session, name="Long", sealed=passwords.seal(long + "a"), role="reader", now=clock())
    assert Client(app).post("/sign-in", data={"name": "Long", "password": long + "b"}).status_code == 401
    assert Client(app).post("/sign-in", data={"name": "Long", "password": long + "a"}).status_code == 303


def test_the_cookie_is_out_of_reach_of_scripts(nobody):
    cookie = nobody.post("/setup", data=NEW).headers["set-cookie"]
    assert cookie.startswith("hune=")
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))


def test_under_tls_the_cookie_is_bound_to_the_host(sqlite_store, clock):
    settings = config.parse('[hune]\nbase_url = "https://hune.example.org"', {})
    client = Client(create_app(settings, sqlite_store, now=clock, setup_token=SETUP), origin="https://hune.example.org")
    answer = client.post("/setup", data=NEW)
    assert answer.headers["set-cookie"].startswith("__Host-hune=")
    assert "Secure" in answer.headers["set-cookie"]
    assert "max-age" in answer.headers["strict-transport-security"]


def test_signing_out_ends_the_session_on_the_server(claire, app):
    kept = Client(app, cookies=claire.cookies.__class__(claire.cookies))
    assert kept.get("/").status_code == 200
    assert claire.post("/sign-out").headers["location"] == "/sign-in"
    assert kept.get("/").headers["location"] == "/sign-in"


def test_signing_in_again_changes_the_token(claire):
    before = claire.cookies["hune"]
    claire.post("/sign-in", data={"name": "Claire", "password": PASSWORD})
    assert claire.cookies["hune"] != before


def test_a_session_ends_after_twelve_idle_hours(claire, clock):
    clock.forward(hours=11, minutes=59)
    assert claire.get("/").status_code == 200
    clock.forward(hours=12, minutes=1)
    assert claire.get("/").status_code == 303


def test_a_session_ends_after_thirty_days(claire, clock):
    for _ in range(60):
        assert claire.get("/sources").status_code == 200
        clock.forward(hours=12)
    clock.forward(minutes=1)
    assert claire.get("/sources").status_code == 303


def test_who_is_disabled_is_out_at_once(claire, sqlite_store):
    with sqlite_store.session() as session:
        people.disable(session, "Claire")
    assert claire.get("/").status_code == 303
    assert claire.post("/sign-in", data={"name": "Claire", "password": PASSWORD}).status_code == 401


def test_the_cookie_reads_the_api_too(claire):
    assert claire.get("/api/v1/brands").status_code == 200


def test_the_store_keeps_no_secret(claire, program, sqlite_store, tmp_path):
    kept = b"".join(file.read_bytes() for file in tmp_path.glob("hune.db*"))
    secrets = [PASSWORD, claire.cookies["hune"], program.headers["authorization"].rsplit("_", 1)[1], SETUP]
    assert [secret for secret in secrets if secret.encode() in kept] == []


# --- what holds for every answer ---------------------------------------------------------------------------


def test_every_answer_carries_the_headers(app, claire, nobody):
    paths = [example(path) for method, path in routes(app) if method == "GET"]
    for client in (claire, nobody):
        for path in [*paths, "/nowhere", "/api/v1/nowhere", "/api/v1/mentions?x=1"]:
            answer = client.get(path)
            assert answer.headers["content-security-policy"] == CSP, path
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["referrer-policy"] == "no-referrer"
            assert answer.headers["cross-origin-opener-policy"] == "same-origin"
            assert len(answer.headers["x-request-id"]) == 36
            assert "server" not in answer.headers
            assert "access-control-allow-origin" not in answer.headers


def test_what_nobody_foresaw_is_a_problem_without_details(app, program, caplog):
    def broken():
        raise RuntimeError("the secret of the house")

    app.state.service.now = broken
    answer = program.get("/api/v1/brands")
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert "secret" not in answer.text
    assert answer.headers["content-security-policy"] == CSP
    assert answer.headers["x-request-id"] in caplog.text


@pytest.mark.parametrize("accept", ["text/html", "*/*"])
def test_people_see_a_page_and_programs_a_problem(claire, accept):
    answer = claire.get("/nowhere", headers={"accept": accept})
    assert answer.status_code == 404
    assert answer.headers["content-type"].split(";")[0] == (
        "text/html" if accept == "text/html" else "application/problem+json"
    )


def test_a_wrong_method_is_a_problem(program):
    answer = program.ask("DELETE", "/api/v1/mentions")
    assert (answer.status_code, answer.json()["type"]) == (405, "urn:hune:problem:method-not-allowed")


def test_errors_escape_what_they_repeat(claire):
    answer = claire.get("/mentions", params={"q": '"><script>alert(1)</script>'}, headers={"accept": "text/html"})
    assert "<script>" not in answer.text


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "", "127.0.0.2", "[::2]", "a:b:c"])
def test_another_name_is_not_served(claire, host):
    assert claire.get("/", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8765", "[::1]:8765", "LOCALHOST", "hune.example.org:443"])
def test_our_names_are_served(sqlite_store, clock, host):
    settings = config.parse('[hune]\nbase_url = "https://hune.example.org"', {})
    client = Client(create_app(settings, sqlite_store, now=clock))
    assert client.get("/sign-in", headers={"host": host}).status_code == 303


def test_health_is_told_under_any_name(nobody):
    assert nobody.get("/healthz", headers={"host": "10.1.2.3:8765"}).json() == {"status": "alive"}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"origin": "null"},
        {"origin": "https://evil.example"},
        {"origin": "http://localhost:9999"},
        {"sec-fetch-site": "cross-site", "origin": "http://localhost:8765"},
    ],
)
def test_a_form_of_another_site_does_nothing(claire, app, headers):
    for method, path in routes(app):
        if method == "POST" and not path.startswith("/unsubscribe"):
            assert claire.ask(method, path, headers=headers, data={}).status_code == 403, path
    assert claire.get("/").status_code == 200


def test_a_browser_that_only_tells_its_origin_is_believed(claire):
    assert claire.ask("POST", "/sign-out", headers={"origin": "http://localhost:8765"}).status_code == 303


def test_a_body_too_large_is_refused(nobody, claire):
    answer = nobody.post("/sign-in", data={"name": "x" * 1_100_000})
    assert answer.status_code == 413


def test_a_body_that_hides_its_size_is_refused_too(nobody, claire):
    async def endless():
        for _ in range(20):
            yield b"name=" + b"x" * 100_000

    headers = {"sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded"}
    assert nobody.ask("POST", "/sign-in", headers=headers, content=endless()).status_code in (400, 413)


@pytest.mark.parametrize("path", ["/", "/mentions", "/mentions?q=a%20b&brand=x", "/alerts/3"])
def test_next_may_be_a_path_of_ours(path):
    assert local(path) == path


@pytest.mark.parametrize(
    "path",
    ["", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil", "https://evil.example", "/\t/evil",
     "/\n/evil",
     "javascript:alert(1)", " /", "/ /evil", "evil.example", "/\x00", "/%0d\r\nx", "http:/evil", "/\u2028/x", "//",
     None, "/" + "a" * 3000],
)  # fmt: skip
def test_next_may_not_lead_elsewhere(path):
    assert local(path) == "/"


def test_the_sign_in_goes_where_one_wanted_to(claire, app):
    client = Client(app)
    door = client.get("/mentions?q=x").headers["location"]
    assert door == "/sign-in?next=%2Fmentions%3Fq%3Dx"
    answer = client.post("/sign-in", data={"name": "Claire", "password": PASSWORD, "next": "/mentions?q=x"})
    assert answer.headers["location"] == "/mentions?q=x"
    other = Client(app).post("/sign-in", data={"name": "Claire", "password": PASSWORD, "next": "//evil.example"})
    assert other.headers["location"] == "/"


def test_an_answer_does_not_wait_for_its_mark(program, claire, sqlite_store, clock):
    clock.forward(minutes=5)
    begun = time.monotonic()
    with sqlite_store.session():  # another process writes, for as long as it likes
        assert program.get("/api/v1/mentions").status_code == 200
        assert claire.get("/mentions").status_code == 200
    assert time.monotonic() - begun < 5
