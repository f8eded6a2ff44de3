"""P34: sources with one address share one request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from loopback import Asked, Loopback, Reply, reply
from sqlmodel import select

from watch.collect import InlineParser, Poller, poll_due
from watch.collect.twins import together
from watch.model import Polled
from watch.net import Gate, Limits, user_agent
from watch.store import Store
from watch.store.due import Due
from watch.store.tables import Source

Serve = Callable[[Callable[[Asked], Reply]], Loopback]
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
FEED = '<rss version="2.0"><channel><title>P</title><item><guid>1</guid><title>a</title></item></channel></rss>'


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path}/hune.db")
    yield opened
    opened.close()


def answer(asked: Asked) -> Reply:
    return reply(304) if asked.header("if-none-match") else reply(200, FEED, 'ETag: "1"')


def add(store: Store, *rows: Source) -> None:
    with store.session() as session:
        session.add_all(rows)


def poll(store: Store, server: Loopback, now: datetime, **options: str) -> list[Polled]:
    limits = Limits(seconds=5)
    poller = Poller(Gate([server.allow]), user_agent("a@b.example"), parser=InlineParser(), spacing=0, limits=limits)
    return poll_due(store, poller, now, **options)


def test_ten_sources_with_one_address_are_one_request(serve: Serve, store: Store) -> None:
    """P34: also when it is spelled in several ways, and again when there is nothing new"""
    server = serve(answer)
    spelled = ["/f", "/f?utm_source=a", "/f#top", "/f/"]
    ten = [Source(name=f"s{n}", kind="feed", url=server.url(spelled[n % 4]), created_at=NOW) for n in range(10)]
    add(store, *ten)
    first = poll(store, server, NOW)
    assert [asked.path for asked in server.asked] == ["/f"]
    assert {(one.outcome, one.entries) for one in first} == {("ok", 1)}
    assert sum(one.bytes for one in first) == len(FEED)
    again = poll(store, server, NOW + timedelta(hours=2))
    assert [one.outcome for one in again] == ["not_modified"] * 10
    assert len(server.asked) == 2


def test_a_twin_comes_along_before_it_is_due(serve: Serve, store: Store) -> None:
    """P34: so that they stay together, and the server is asked as often as for one of them"""
    server = serve(answer)
    later = NOW + timedelta(minutes=30)
    add(store, Source(name="a", kind="feed", url=server.url(), created_at=NOW))
    add(store, Source(name="b", kind="feed", url=server.url(), created_at=NOW, next_poll_at=later))
    add(store, Source(name="c", kind="feed", url=server.url("/c"), created_at=NOW, next_poll_at=later))
    assert [one.source for one in poll(store, server, NOW)] == ["a", "b"]
    assert len(server.asked) == 1
    assert [one.source for one in poll(store, server, later)] == ["c"]


def test_one_that_is_asked_for_by_name_comes_alone(serve: Serve, store: Store) -> None:
    """P33, P34"""
    server = serve(answer)
    add(store, *(Source(name=name, kind="feed", url=server.url(), created_at=NOW) for name in "ab"))
    assert [one.source for one in poll(store, server, NOW, only="b")] == ["b"]


def test_a_failure_is_that_of_all(serve: Serve, store: Store) -> None:
    """P34, P19: a feed that is gone is gone for each of them"""
    server = serve(lambda _: reply(410))
    add(store, *(Source(name=name, kind="feed", url=server.url(), created_at=NOW) for name in "ab"))
    assert [(one.source, one.outcome) for one in poll(store, server, NOW)] == [("a", "disabled"), ("b", "disabled")]
    assert len(server.asked) == 1
    with store.reading() as session:
        assert not any(source.enabled for source in session.exec(select(Source)))


def test_who_reads_in_another_way_asks_for_itself() -> None:
    """P34: another kind, other options, or a page of which the one has read more than the other"""
    url = "https://presse.example/f"
    rows = [
        Due("a", kind="feed", url=url, options={}),
        Due("b", kind="page", url=url, options={}),
        Due("c", kind="page", url=url, options={"select": ".x"}),
        Due("d", kind="feed", url=url, options={}, etag=b'"1"'),
        Due("e", kind="feed", url=url, options={}),
        Due("f", kind="feed", url="https://presse.example/g", options={}),
    ]
    assert [[row.name for row in group] for group in together(rows)] == [["a", "e"], ["b"], ["c"], ["d"], ["f"]]
