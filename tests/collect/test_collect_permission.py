"""P31: who is asked for robots.txt, how often, and what follows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from loopback import Asked, Loopback, Reply, reply

from watch.collect.manners import Manners
from watch.collect.permission import Permission
from watch.errors import FetchError
from watch.net import Gate, make_client
from watch.store import Store

Serve = Callable[[Callable[[Asked], Reply]], Loopback]
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


async def _ask(server: Loopback, store: Store | None, now: datetime, ways: list[tuple[str, str]]) -> list[str]:
    async with make_client(Gate([server.allow]), user_agent="Hune/1") as client:
        permission = Permission(client, Manners(spacing=0), now, store)
        return [await _said(getattr(permission, kind)(server.url(path))) for kind, path in ways]


async def _said(asked: object) -> str:
    try:
        await asked  # type: ignore[misc]  # a coroutine
    except FetchError as error:
        return error.kind
    return "yes"


def ask(server: Loopback, *ways: tuple[str, str], store: Store | None = None, now: datetime = NOW) -> list[str]:
    return asyncio.run(_ask(server, store, now, list(ways)))


@pytest.mark.parametrize(
    ("status", "text", "said"),
    [
        (200, "User-agent: *\nDisallow: /b", ["yes", "blocked"]),
        (404, "User-agent: *\nDisallow: /", ["yes", "yes"]),
        (403, "", ["yes", "yes"]),
        (500, "", ["http_5xx", "http_5xx"]),
        (503, "", ["http_5xx", "http_5xx"]),
        (429, "", ["http_5xx", "http_5xx"]),
    ],
)
def test_a_site_is_asked_once(serve: Serve, status: int, text: str, said: list[str]) -> None:
    server = serve(lambda _: reply(status, text))
    assert ask(server, ("page", "/a"), ("page", "/b")) == said
    assert [asked.path for asked in server.asked] == ["/robots.txt"]


def test_a_site_that_cannot_be_reached_is_left_alone(serve: Serve) -> None:
    server = serve(lambda _: b"")
    assert ask(server, ("page", "/a")) == ["connect"]


def test_redirects_of_robots_are_followed(serve: Serve) -> None:
    def answer(asked: Asked) -> bytes:
        return (
            reply(301, "", "Location: /r") if asked.path == "/robots.txt" else reply(200, "User-agent: *\nDisallow: /")
        )

    assert ask(serve(answer), ("page", "/a")) == ["blocked"]


@pytest.mark.parametrize(("status", "hours", "asked"), [(200, 23.9, 1), (200, 24.1, 2), (500, 0.2, 1), (500, 0.3, 2)])
def test_robots_are_kept_for_a_day(serve: Serve, sqlite_store: Store, status: int, hours: float, asked: int) -> None:
    server = serve(lambda _: reply(status, ""))
    ask(server, ("page", "/a"), store=sqlite_store)
    ask(server, ("page", "/a"), store=sqlite_store, now=NOW + timedelta(hours=hours))
    assert len(server.asked) == asked


def test_robots_are_kept_on_both_databases(serve: Serve, store: Store) -> None:
    server = serve(lambda _: reply(200, "User-agent: *\nDisallow: /b"))
    for hours in (0, 1, 30):
        assert ask(server, ("page", "/b"), store=store, now=NOW + timedelta(hours=hours)) == ["blocked"]
    assert len(server.asked) == 2


def test_a_feed_never_asks(serve: Serve, sqlite_store: Store) -> None:
    """P25, P31"""
    server = serve(lambda _: reply(200, "User-agent: Hune\nDisallow: /"))
    assert ask(server, ("feed", "/rss"), store=sqlite_store) == ["yes"]
    assert server.asked == []


def test_a_feed_obeys_what_names_us_as_long_as_it_does(serve: Serve, sqlite_store: Store) -> None:
    texts = ["User-agent: Hune\nDisallow: /", "User-agent: *\nDisallow: /"]
    server = serve(lambda _: reply(200, texts.pop(0)))
    ask(server, ("page", "/"), store=sqlite_store)
    assert ask(server, ("feed", "/rss"), store=sqlite_store) == ["blocked"]
    assert ask(server, ("feed", "/rss"), store=sqlite_store, now=NOW + timedelta(days=2)) == ["yes"]
