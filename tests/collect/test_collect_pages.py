"""A page that was read before is known again, and not read again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from loopback import Asked, Loopback, Reply, reply
from sqlmodel import select

from watch.collect import InlineParser, Poller, poll_due
from watch.model import Entries, Page, Polled, SourceSpec
from watch.net import Gate, Limits, user_agent
from watch.store import Store
from watch.store.tables import Item, Source

Serve = Callable[[Callable[[Asked], Reply]], Loopback]
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
FEED = "<rss><channel><title>P</title><ttl>600</ttl>{}</channel></rss>"
ITEM = "<item><title>{0}</title><guid>{0}</guid></item>"


class Counting(InlineParser):
    def __init__(self) -> None:
        self.read = 0

    async def parse(self, source: SourceSpec, page: Page) -> Entries:
        self.read += 1
        return await super().parse(source, page)


class World:
    def __init__(self, store: Store, server: Loopback) -> None:
        self.store, self.now, self.parser = store, NOW, Counting()
        agent = user_agent("a@b.example")
        limits = Limits(seconds=5)
        self.poller = Poller(Gate([server.allow]), agent, parser=self.parser, spacing=0, limits=limits)
        self.url = server.url("/")
        self.add("presse")

    def add(self, name: str, **values: Any) -> None:
        with self.store.session() as session:
            session.add(Source(name=name, kind="feed", url=self.url, created_at=NOW, **values))

    def poll(self, after: timedelta = timedelta()) -> list[Polled]:
        self.now += after
        return poll_due(self.store, self.poller, self.now)

    @property
    def titles(self) -> set[str]:
        with self.store.reading() as session:
            return {item.title for item in session.exec(select(Item))}


@pytest.fixture
def world(tmp_path: Path, serve: Serve) -> Iterator[Callable[..., World]]:
    store = Store.open(f"sqlite:///{tmp_path}/hune.db")
    yield lambda *answers: World(store, serve(script(*answers)))
    store.close()


def script(*answers: Reply) -> Callable[[Asked], Reply]:
    left = list(answers)
    return lambda _asked: left.pop(0) if len(left) > 1 else left[0]


def feed(*names: str) -> str:
    return FEED.format("".join(map(ITEM.format, names)))


def test_the_same_page_is_read_once(world: Callable[..., World]) -> None:
    """P04: and its newest validators are kept"""
    w = world(reply(200, feed("a", "b"), 'ETag: "1"'), reply(200, feed("a", "b"), 'ETag: "2"'))
    w.poll()
    (told,) = w.poll(12 * HOUR)
    assert (told.outcome, told.http_status, told.entries, told.new, w.parser.read) == ("ok", 200, 2, 0, 1)
    with w.store.reading() as session:
        assert session.exec(select(Source)).one().etag == b'"2"'


def test_another_page_is_read(world: Callable[..., World]) -> None:
    w = world(reply(200, feed("a")), reply(200, feed("a", "b")), reply(200, feed("a")))
    for _ in range(3):
        w.poll(12 * HOUR)
    assert (w.titles, w.parser.read) == ({"a", "b"}, 3)


def test_the_same_bytes_as_another_type_are_another_page(world: Callable[..., World]) -> None:
    """Its charset may differ."""
    body = feed("caf\xe9").encode("latin-1")
    w = world(
        reply(200, body, "Content-Type: text/xml; charset=utf-8"),
        reply(200, body, "Content-Type: text/xml; charset=iso-8859-1"),
    )
    w.poll()
    w.poll(12 * HOUR)
    assert "café" in w.titles


def test_a_page_cut_at_its_end_is_asked_for_whole_and_read_once(world: Callable[..., World]) -> None:
    """P08"""
    w = world(reply(200, feed("a", "b").removesuffix("</channel></rss>"), 'ETag: "1"'))
    w.poll()
    w.poll(12 * HOUR)
    with w.store.reading() as session:
        assert session.exec(select(Source)).one().etag is None
    assert w.parser.read == 1


def test_who_reads_it_for_the_first_time_reads_it(world: Callable[..., World]) -> None:
    """P34: another source of the same address, added later"""
    w = world(reply(200, feed("a")))
    w.poll()
    w.add("later")
    told = {one.source: one.entries for one in w.poll(12 * HOUR)}
    assert (told, w.parser.read) == ({"presse": 1, "later": 1}, 2)


def test_the_wish_of_the_feed_outlives_a_304(world: Callable[..., World]) -> None:
    """P14: `ttl` is in minutes"""
    w = world(reply(200, feed("a"), 'ETag: "1"'), reply(304, ""))
    for _ in range(2):
        (told,) = w.poll(12 * HOUR)
        assert told.next_poll_at is not None
        assert told.next_poll_at - w.now >= 10 * HOUR
