"""H63, H73: a source that says five hundred things at once, one that goes round in circles, one that only complains."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from loopback import Asked, Loopback, Reply, reply
from sqlmodel import select

from watch.collect import InlineParser, Poller, poll_due
from watch.model import Polled
from watch.net import Gate, Limits, user_agent
from watch.store import Store
from watch.store.tables import Item, Source

Serve = Callable[[Callable[[Asked], Reply]], Loopback]
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path}/hune.db")
    yield opened
    opened.close()


def poll(store: Store, server: Loopback, now: datetime) -> Polled:
    poller = Poller(
        Gate([server.allow]), user_agent("a@b.example"), parser=InlineParser(), spacing=0, limits=Limits(seconds=5)
    )
    (polled,) = poll_due(store, poller, now)
    return polled


def add(store: Store, url: str) -> None:
    with store.session() as session:
        session.add(Source(name="presse", kind="feed", url=url, created_at=NOW))


def rss(names: range, more: str = "") -> str:
    items = "".join(f"<item><guid>{n}</guid><title>Titre {n}</title></item>" for n in names)
    atom = 'xmlns:atom="http://www.w3.org/2005/Atom"'
    return f'<rss version="2.0" {atom}><channel><title>P</title>{more}{items}</channel></rss>'


def test_five_hundred_new_items_at_once_are_stored(serve: Serve, store: Store) -> None:
    """H63: all of them, in one poll, each once, and the next poll finds none of them new"""
    answers = [rss(range(1)), rss(range(501)), rss(range(501))]
    server = serve(lambda _: reply(200, answers.pop(0)))
    add(store, server.url())
    told = [poll(store, server, NOW + timedelta(days=n)) for n in range(3)]
    assert [(one.outcome, one.new) for one in told] == [("ok", 1), ("ok", 500), ("ok", 0)]
    with store.reading() as session:
        titles = [item.title for item in session.exec(select(Item))]
    assert (len(titles), len(set(titles))) == (501, 501)


@pytest.mark.parametrize("to", ["/", "/?page=2", "/page/2"])
@pytest.mark.parametrize("form", ["rss", "json", "link"])
def test_a_next_page_that_goes_round_is_not_gone_round(serve: Serve, store: Store, form: str, to: str) -> None:
    """H73: one poll is one request, whatever a feed calls its next page (RFC 5005; JSON Feed's `next_url`)"""

    def answer(asked: Asked) -> Reply:
        url = f"http://{(asked.header('host') or b'').decode()}{to}"
        if form == "json":
            feed = {"version": "https://jsonfeed.org/version/1.1", "title": "P", "next_url": url}
            return reply(200, json.dumps(feed | {"items": [{"id": "0", "title": "Titre", "content_text": "x"}]}))
        named = f'<atom:link rel="next" href="{url}"/>' if form == "rss" else ""
        return reply(200, rss(range(1), named), *([f'Link: <{url}>; rel="next"'] if form == "link" else []))

    server = serve(answer)
    add(store, server.url())
    told = poll(store, server, NOW)
    assert (told.outcome, told.new) == ("ok", 1)
    assert [asked.path for asked in server.asked] == ["/"]


@pytest.mark.parametrize(
    "body", ['{"error": {"code": 429, "message": "quota"}}', '{"errors": []}', '{"status": "error"}', "[]", "null"]
)
def test_an_error_that_calls_itself_success_is_told(serve: Serve, store: Store, body: str) -> None:
    """H73: 200 with JSON that is no feed; nothing is stored, and the validators are not kept"""
    server = serve(lambda _: reply(200, body, "Content-Type: application/json", 'ETag: "1"'))
    add(store, server.url())
    told = poll(store, server, NOW)
    assert (told.outcome, told.kind, told.new) == ("failed", "not_a_feed", 0)
    assert told.message
    with store.reading() as session:
        assert session.exec(select(Source)).one().etag is None
