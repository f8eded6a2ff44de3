"""poll_due against real servers on loopback and a real store: what is asked, what is kept, when we come again."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import make
import pytest
from loopback import Asked, Loopback, Reply, reply
from sqlmodel import select

from watch.collect import InlineParser, Poller, claims, poll_due, skipped
from watch.collect.finished import Finished
from watch.collect.manners import Manners
from watch.collect.outcome import Seen
from watch.collect.polling import try_out
from watch.errors import FetchError, StoreError
from watch.model import Entries, Page, Polled, SourceSpec
from watch.net import Gate, Limits, user_agent
from watch.net.curl import CurlTransport
from watch.store import Store, due, sources
from watch.store.due import Due
from watch.store.tables import Item, Poll, Source

Serve = Callable[[Callable[[Asked], Reply]], Loopback]
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def rss(*names: str) -> str:
    items = "".join(
        f"<item><title>{name}</title><link>https://presse.example/{name}</link><guid>{name}</guid></item>"
        for name in names
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>P</title>{items}</channel></rss>'


class World:
    """A server, a source that reads it, a store, and a clock that is moved by hand."""

    def __init__(self, folder: Path, server: Loopback) -> None:
        self.server = server
        self.store = Store.open(f"sqlite:///{folder}/hune.db", upgrade=False)
        self.now = NOW
        self.poller = Poller(
            Gate([server.allow]), user_agent("a@b.example"), parser=InlineParser(), spacing=0, limits=Limits(seconds=5)
        )
        self.add("presse", "/")

    def add(self, name: str, path: str, **values: Any) -> None:
        with self.store.session() as session:
            session.add(
                Source(name=name, kind=values.pop("kind", "feed"), url=self.server.url(path), created_at=NOW, **values)
            )

    def poll(self, after: timedelta = timedelta(), **options: Any) -> list[Polled]:
        self.now += after
        return poll_due(self.store, self.poller, self.now, **options)

    def one(self, after: timedelta = timedelta()) -> Polled:
        (polled,) = self.poll(after)
        return polled

    @property
    def source(self) -> Source:
        with self.store.reading() as session:
            return sources.get(session, "presse")

    @property
    def titles(self) -> set[str]:
        with self.store.reading() as session:
            return {item.title for item in session.exec(select(Item))}


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An upgraded database to copy, which is quicker than upgrading one a test."""
    file = tmp_path_factory.mktemp("empty") / "hune.db"
    Store.open(f"sqlite:///{file}").close()
    return file


@pytest.fixture
def world(tmp_path: Path, empty: Path, serve: Serve) -> Iterator[Callable[[Callable[[Asked], Reply]], World]]:
    made: list[World] = []

    def make(answer: Callable[[Asked], Reply]) -> World:
        shutil.copy(empty, tmp_path)
        made.append(World(tmp_path, serve(answer)))
        return made[-1]

    yield make
    for one in made:
        one.store.close()


Make = Callable[[Callable[[Asked], Reply]], World]


def script(*answers: Reply) -> Callable[[Asked], Reply]:
    """One answer after the other; the last one stays."""
    left = list(answers)
    return lambda _asked: left.pop(0) if len(left) > 1 else left[0]


def test_a_poll_stores_items_and_tells(world: Make) -> None:
    """P25: exactly one request; P39: the poll is kept."""
    w = world(lambda _: reply(200, rss("a", "b"), "Content-Type: text/xml"))
    told = w.one()
    assert (told.outcome, told.http_status, told.entries, told.new, told.updated) == ("ok", 200, 2, 2, 0)
    assert told.bytes == len(rss("a", "b"))
    assert told.next_poll_at is not None
    assert timedelta(minutes=53) < told.next_poll_at - NOW < timedelta(minutes=67)
    assert w.titles == {"a", "b"}
    assert len(w.server.asked) == 1
    assert w.poll() == []
    source = w.source
    assert (source.first_success_at, source.last_new_at, source.claim) == (NOW, NOW, None)
    with w.store.reading() as session:
        (row,) = session.exec(select(Poll)).all()
    assert (row.outcome, row.new, row.at) == ("ok", 2, NOW)


@pytest.mark.parametrize(
    ("etag", "modified"),
    [
        (b'W/"rev-19/b"', b"Mon Feb 12 06:45:00 2024"),
        (b"unquoted", b"yesterday"),
        (b'"caf\xe9-gzip"', b"Thu, 01 Jan 1970 00:00:00 GMT"),
        (b'"' + b"x" * 8_000 + b'"', b"0"),
    ],
)
def test_validators_come_back_byte_for_byte(world: Make, etag: bytes, modified: bytes) -> None:
    """P01, P02, P03, H60"""
    first = reply(200, rss("a"), b"ETag: " + etag, b"Last-Modified: " + modified)
    w = world(script(first, reply(304)))
    assert w.one().outcome == "ok"
    told = w.one(2 * HOUR)
    assert (told.outcome, told.http_status, told.new) == ("not_modified", 304, 0)
    assert w.server.asked[0].headers("if-none-match") == []
    assert w.server.asked[1].headers("if-none-match") == [etag]
    assert w.server.asked[1].headers("if-modified-since") == [modified]


def test_endless_etag_is_dropped_whole(world: Make) -> None:
    """P03"""
    w = world(lambda _: reply(200, rss("a"), b'ETag: "' + b"x" * 17_000 + b'"'))
    w.one()
    assert w.source.etag is None


def test_newest_validators_are_kept_though_nothing_is_new(world: Make) -> None:
    """P04"""
    w = world(script(reply(200, rss("a"), 'ETag: "1"'), reply(200, rss("a"), 'ETag: "2"')))
    w.one()
    assert w.one(2 * HOUR).new == 0
    assert w.source.etag == b'"2"'


def test_304_renews_validators(world: Make) -> None:
    """P05"""
    w = world(script(reply(200, rss("a"), 'ETag: "1"', "Last-Modified: x"), reply(304, "", 'ETag: "2"')))
    w.one()
    w.one(2 * HOUR)
    assert (w.source.etag, w.source.last_modified) == (b'"2"', b"x")


def test_withdrawn_validators_are_forgotten(world: Make) -> None:
    """P06"""
    w = world(script(reply(200, rss("a"), 'ETag: "1"'), reply(200, rss("b"))))
    w.one()
    w.one(2 * HOUR)
    assert w.source.etag is None


def test_validators_on_an_error_are_not_kept(world: Make) -> None:
    """P07"""
    w = world(script(reply(200, rss("a"), 'ETag: "1"'), reply(500, "", 'ETag: "err"'), reply(304)))
    w.one()
    assert w.one(2 * HOUR).kind == "http_5xx"
    assert w.source.etag == b'"1"'


@pytest.mark.parametrize("body", ["<html>no</html>", rss("a", "b", "c")[:-60], "<rss"])
def test_validators_of_what_was_not_read_whole_are_not_kept(world: Make, body: str) -> None:
    """P08"""
    w = world(script(reply(200, body, 'ETag: "1"'), reply(200, rss("a"))))
    w.one()
    w.one(DAY)
    assert w.server.asked[1].headers("if-none-match") == []


def test_short_body_is_an_error_and_keeps_nothing(world: Make) -> None:
    """P08, H12"""
    w = world(lambda _: reply(200, rss("a"), 'ETag: "1"', "Content-Length: 99999", length=False))
    assert w.one().kind == "truncated"
    assert (w.source.etag, w.titles) == (None, set())


def test_304_that_nobody_asked_for(world: Make) -> None:
    """P09"""
    w = world(lambda _: reply(304, ""))
    assert w.one().kind == "protocol"


@pytest.mark.parametrize("status", [200, 304])
@pytest.mark.parametrize(
    ("headers", "hours"),
    [
        (["Cache-Control: max-age=14400"], 4),
        (["Cache-Control: public", "Cache-Control: max-age=14400"], 4),
        (["Cache-Control: public, max-age=14400, must-revalidate", "Age: 7200"], 2),
        (["Date: Fri, 20 Nov 2026 00:00:00 GMT", "Expires: Fri, 20 Nov 2026 05:00:00 GMT"], 5),
        (["Cache-Control: max-age=" + "9" * 5_000], 168),
        (["Cache-Control: max-age=315360000"], 168),
        (["Cache-Control: max-age=0"], 0),
        (["Cache-Control: max-age=-5, no-cache"], 0),
        (["Expires: 0"], 0),
        (["Cache-Control: max-age=60"], 0),
    ],
)
def test_freshness_is_heeded(world: Make, status: int, headers: list[str], hours: int) -> None:
    """P10, P11, P12, P13"""
    w = world(script(reply(200, rss("a"), 'ETag: "1"'), reply(status, rss("a") if status == 200 else "", *headers)))
    w.one()
    told = w.one(2 * HOUR)
    assert told.next_poll_at is not None
    wait = (told.next_poll_at - w.now) / HOUR
    assert wait == pytest.approx(hours) if hours else 0.85 < wait < 1.15
    assert w.poll(timedelta(hours=max(hours, 0.85) - 0.01)) == []


def test_a_304_that_says_nothing_repeats_what_the_page_said(world: Make) -> None:
    """P10: RFC 9111, 4.3.4"""
    w = world(script(reply(200, rss("a"), 'ETag: "1"', "Cache-Control: max-age=14400"), reply(304, "")))
    w.one()
    for _ in range(2):
        assert w.one(5 * HOUR).next_poll_at == w.now + 4 * HOUR


def test_a_part_keeps_no_validators(world: Make) -> None:
    """P08: 206"""
    w = world(lambda _: reply(206, rss("a"), 'ETag: "1"', "Content-Range: bytes 0-99/500"))
    assert w.one().new == 1
    assert w.source.etag is None


def test_nothing_said_is_told_as_it_was(world: Make) -> None:
    """H13: 204"""
    w = world(lambda _: reply(204, ""))
    told = w.one()
    assert (told.outcome, told.http_status) == ("not_modified", 204)


def test_ttl_is_heeded(world: Make) -> None:
    """P14"""
    w = world(lambda _: reply(200, rss("a").replace("<title>P", "<ttl>300</ttl><title>P")))
    assert w.one().next_poll_at == NOW + 5 * HOUR


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("header", "hours"),
    [
        ("Retry-After: 10800", 3.0),
        ("Retry-After: Fri, 20 Nov 2026 15:00:00 GMT", 3.0),
        ("Retry-After: " + "9" * 5_000, 168.0),
    ],
)
def test_retry_after_binds_even_all(world: Make, status: int, header: str, hours: float) -> None:
    """P12, P15, P33"""
    w = world(script(reply(status, "", header, "Date: Fri, 20 Nov 2026 12:00:00 GMT"), reply(200, rss("a"))))
    told = w.one()
    assert (told.outcome, told.kind) == ("failed", "rate_limited" if status == 429 else "http_5xx")
    assert told.next_poll_at == NOW + timedelta(hours=hours)
    assert w.poll(timedelta(hours=hours - 0.1), all=True) == []
    assert len(w.server.asked) == 1
    assert w.one(timedelta(hours=0.2)).outcome == "ok"
    assert w.source.not_before is None


@pytest.mark.parametrize("header", ["X: y", "Retry-After: soon", "Retry-After: -5"])
def test_429_without_a_useful_hint_backs_off(world: Make, header: str) -> None:
    """P16"""
    w = world(lambda _: reply(429, "", header))
    first = w.one()
    assert first.next_poll_at is not None
    assert HOUR <= first.next_poll_at - w.now < 1.2 * HOUR
    second = w.one(2 * HOUR)
    assert second.next_poll_at is not None
    assert 2 * HOUR <= second.next_poll_at - w.now < 2.4 * HOUR


@pytest.mark.parametrize(
    ("status", "kind"), [(401, "http_4xx"), (403, "http_4xx"), (404, "http_4xx"), (502, "http_5xx")]
)
def test_errors_back_off_are_shown_and_end(world: Make, status: int, kind: str) -> None:
    """P17, P18"""
    w = world(script(*[reply(status)] * 8, reply(200, rss("a"))))
    for _ in range(8):
        told = w.one(DAY)
        assert (told.outcome, told.kind, told.http_status) == ("failed", kind, status)
        assert told.message
    assert told.next_poll_at is not None
    assert 0.9 * DAY <= told.next_poll_at - w.now <= DAY
    assert (w.source.failures, w.source.last_failure, w.source.last_message) == (8, kind, told.message)
    assert w.one(DAY).new == 1
    assert (w.source.failures, w.source.last_failure, w.source.last_message) == (0, None, None)


def test_gone_ends_polling_until_a_person_says_otherwise(world: Make) -> None:
    """P19"""
    w = world(script(reply(200, rss("a")), reply(410), reply(200, rss("b"))))
    w.one()
    told = w.one(2 * HOUR)
    assert (told.outcome, told.http_status) == ("disabled", 410)
    assert w.poll(99 * DAY) == w.poll(all=True) == []
    assert [one.outcome for one in skipped(w.store, w.now)] == ["disabled"]
    assert w.titles == {"a"}
    with w.store.session() as session:
        sources.enable(session, "presse")
    assert w.one().outcome == "ok"


def moving(status: int = 301) -> Callable[[Asked], Reply]:
    return lambda asked: reply(status, "", "Location: /new") if asked.path == "/" else reply(200, rss("a"))


def test_permanent_redirect_is_believed_on_the_third_day(world: Make) -> None:
    """P20"""
    w = world(moving())
    assert [w.one(DAY).outcome for _ in range(3)] == ["moved"] * 3
    assert w.one(DAY).outcome == "ok"
    assert [asked.path for asked in w.server.asked[-3:]] == ["/", "/new", "/new"]
    assert w.source.url == w.server.url("/")


def test_permanent_redirect_twice_a_day_counts_once(world: Make) -> None:
    """P20"""
    w = world(moving(308))
    for _ in range(4):
        w.one(2 * HOUR)
    assert w.source.moved_days == 1


def test_temporary_redirect_is_never_believed(world: Make) -> None:
    """P21"""
    w = world(moving(302))
    assert [w.one(DAY).outcome for _ in range(5)] == ["ok"] * 5
    assert w.source.moved_to is None


def test_redirect_to_no_feed_keeps_the_address(world: Make) -> None:
    """P23"""
    w = world(lambda asked: reply(301, "", "Location: /x") if asked.path == "/" else reply(200, "<html></html>"))
    assert w.one().kind == "not_a_feed"
    assert w.source.moved_to is None


def test_226_is_read_and_absent_items_stay(world: Make) -> None:
    """P26"""
    w = world(script(reply(200, rss("a", "b")), reply(226, rss("c"), "IM: feed")))
    w.one()
    assert w.one(2 * HOUR).new == 1
    assert w.titles == {"a", "b", "c"}


@pytest.mark.parametrize(("status", "outcome"), [(200, "failed"), (204, "not_modified")])
def test_nothing_is_never_everything_gone(world: Make, status: int, outcome: str) -> None:
    """H13"""
    w = world(script(reply(200, rss("a")), reply(status)))
    w.one()
    assert w.one(2 * HOUR).outcome == outcome
    assert w.titles == {"a"}


def test_the_next_time_survives_a_restart(world: Make) -> None:
    """P28"""
    w = world(lambda _: reply(200, rss("a")))
    w.one()
    w.store.close()
    w.store = Store.open(w.store.url)
    assert w.poll(timedelta(minutes=50)) == []


def test_the_whole_host_rests(world: Make) -> None:
    """P38"""
    w = world(lambda asked: reply(429, "", "Retry-After: 7200") if asked.path == "/" else reply(200, rss("a")))
    w.one()
    w.add("autre", "/autre")
    w.poll(2.5 * HOUR)
    w.add("troisième", "/3")
    assert [one.source for one in w.poll(HOUR)] == ["troisième"]


def test_private_addresses_are_refused(world: Make) -> None:
    """H23, H28: only what the operator opened"""
    w = world(lambda _: reply(200, rss("a")))
    w.poller.gate = Gate()
    assert w.one().kind == "blocked"
    assert w.server.asked == []


def offline(world: Make, unreachable: int, reachable: int) -> tuple[World, list[Polled]]:
    async def resolve(host: str, _port: int) -> list[str]:
        if host.startswith("no"):
            raise FetchError("dns", f"the name {host} cannot be resolved")
        return ["127.0.0.1"]

    w = world(lambda asked: reply(200, rss("x")))
    w.poller.transport = CurlTransport(w.poller.gate, resolve=resolve)
    with w.store.session() as session:
        sources.disable(session, "presse")
        for n in range(unreachable + reachable):
            host = f"{'no' if n < unreachable else 'yes'}{n}.example:{w.server.port}"
            session.add(Source(name=f"s{n}", kind="feed", url=f"http://{host}/", created_at=NOW))
    return w, w.poll()


@pytest.mark.parametrize(("unreachable", "reachable", "counted"), [(4, 2, 0), (3, 3, 1), (4, 0, 1)])
def test_our_own_outage_is_nobodys_failure(world: Make, unreachable: int, reachable: int, counted: int) -> None:
    """P40: more than half of at least five hosts"""
    w, told = offline(world, unreachable, reachable)
    assert [one.kind for one in told].count("dns") == unreachable
    with w.store.reading() as session:
        failures = {source.failures for source in session.exec(select(Source)) if source.last_outcome == "failed"}
    assert failures == {counted}


def test_unknown_kind_fails_alone(world: Make) -> None:
    w = world(lambda _: reply(200, rss("a")))
    w.add("b", "/b", kind="telepathy")
    assert {one.source: one.outcome for one in w.poll()} == {"presse": "ok", "b": "failed"}


def test_a_bug_while_reading_costs_one_source(world: Make, caplog: pytest.LogCaptureFixture) -> None:
    class Broken(InlineParser):
        async def parse(self, source: SourceSpec, page: Page) -> Entries:
            if source.name == "b":
                raise ZeroDivisionError("a bug")
            return await super().parse(source, page)

    w = world(lambda asked: reply(200, rss("x" + asked.path.strip("/"))))
    w.poller.parser = Broken()
    w.add("b", "/b")
    w.add("c", "/c")
    assert {one.source: one.outcome for one in w.poll()} == {"presse": "ok", "b": "failed", "c": "ok"}
    assert "ZeroDivisionError" in caplog.text
    assert len(w.titles) == 2


def test_a_page_that_cannot_be_stored_costs_one_source(world: Make, caplog: pytest.LogCaptureFixture) -> None:
    class Poison(InlineParser):
        async def parse(self, source: SourceSpec, page: Page) -> Entries:
            found = await super().parse(source, page)
            return Entries((None,)) if source.name == "b" else found  # type: ignore[arg-type]  # a bug to come

    w = world(lambda asked: reply(200, rss("x" + asked.path.strip("/"))))
    w.poller.parser = Poison()
    w.add("b", "/b")
    told = {one.source: one for one in w.poll()}
    assert (told["presse"].outcome, told["b"].outcome) == ("ok", "failed")
    assert told["b"].next_poll_at is not None
    assert w.poll() == []
    assert w.titles == {"x"}
    assert "Traceback" in caplog.text


def test_a_claim_taken_over_is_not_written(world: Make) -> None:
    w = world(lambda _: reply(200, rss("a")))

    class Slow(InlineParser):
        async def parse(self, source: SourceSpec, page: Page) -> Entries:
            with w.store.session() as session:
                sources.get(session, "presse").claim = "someone else"
            return await super().parse(source, page)

    w.poller.parser = Slow()
    assert w.poll() == []
    assert w.titles == set()
    assert w.source.last_poll_at is None


def test_claims_of_a_killed_process_are_freed_at_once(world: Make) -> None:
    """E01: the next process does not wait for the lease"""
    w = world(lambda _: reply(200, rss("a")))
    killed = claims.new_token().replace(f" {os.getpid()} ", f" {2**22 + 1} ")
    with w.store.plain() as plain:
        assert [source.name for source in due.claim(plain, w.now, killed)] == ["presse"]
    assert w.one().outcome == "ok"


def test_stopping_gives_back_what_is_under_way(world: Make) -> None:
    def silent(_asked: Asked) -> Iterator[bytes]:
        w.server.pause(20)
        yield b""

    w = world(silent)
    began = time.monotonic()
    told = w.poll(stop=lambda: bool(w.server.asked))
    assert time.monotonic() - began < 3
    assert [one.outcome for one in told] == ["skipped"]
    assert (w.source.claim, w.source.failures, w.source.next_poll_at) == (None, 0, None)


def test_stopping_a_large_sweep_ends_it(world: Make) -> None:
    """Far more polls are over than could be written meanwhile."""
    w = world(lambda _: reply(200, rss("a")))
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(200, content=rss("a").encode())

    w.poller.transport, w.poller.gate = httpx.MockTransport(answer), Gate()
    with w.store.session() as session:
        session.add_all(
            Source(name=f"s{n}", kind="feed", url=f"https://h{n}.example/", created_at=NOW) for n in range(400)
        )
    sweep = threading.Thread(target=lambda: w.poll(stop=lambda: len(asked) > 150), daemon=True)
    sweep.start()
    sweep.join(30)
    assert not sweep.is_alive()
    with w.store.plain() as plain:
        assert due.claims(plain) == []


def test_a_page_that_was_read_is_dropped(world: Make) -> None:
    w = world(lambda _: reply(200, rss("a")))
    (seen,) = try_out(w.poller, [make.due(w.source)], NOW)
    assert isinstance(seen.answer, Page)
    assert (seen.answer.body, seen.size, len(seen.entries.entries if seen.entries else ())) == (b"", len(rss("a")), 1)


def test_no_more_is_read_than_can_be_written() -> None:
    async def main() -> None:
        finished = Finished(2, waiting=100)
        await finished.room()
        for name in "ab":
            finished.hand_in(Seen(Due(name), size=60))
        room = asyncio.create_task(finished.room())
        await asyncio.sleep(0)
        assert not room.done()
        batch = await finished.take()
        assert [seen.source.name for seen in batch] == ["a", "b"]
        finished.written(batch)
        await room

    asyncio.run(main())


class Locking(InlineParser):
    """Another writer takes the store while the page is read, and keeps it."""

    def __init__(self, w: World) -> None:
        # The ten seconds for which SQLite waits by itself would make these tests slow.
        w.store = Store.open(w.store.url, busy=20)
        self.writer = sqlite3.connect(w.store.address.target, isolation_level=None, check_same_thread=False)

    async def parse(self, source: SourceSpec, page: Page) -> Entries:
        self.writer.execute("BEGIN IMMEDIATE")
        return await super().parse(source, page)


def test_a_store_that_is_locked_is_waited_for(world: Make, caplog: pytest.LogCaptureFixture) -> None:
    """E24: nothing is lost, and no source is to blame"""
    w = world(lambda _: reply(200, rss("a")))
    w.poller.parser = locking = Locking(w)

    class Release(logging.Handler):
        def emit(self, _record: logging.LogRecord) -> None:
            locking.writer.rollback()

    logging.getLogger("watch.collect.keep").addHandler(release := Release())
    assert w.one().outcome == "ok"
    logging.getLogger("watch.collect.keep").removeHandler(release)
    assert "store outcome=waiting" in caplog.text
    assert (w.titles, w.source.failures) == ({"a"}, 0)


def test_a_store_that_stays_locked_leaves_the_sources_due(world: Make) -> None:
    """E24: the claim that could not be given back is freed by the next poll"""
    w = world(lambda _: reply(200, rss("a")))
    w.poller.parser, w.poller.patience = (locking := Locking(w)), 0
    with pytest.raises(StoreError, match="locked"):
        w.poll()
    locking.writer.rollback()
    assert (w.source.failures, w.source.last_outcome, w.source.next_poll_at) == (0, None, None)
    w.poller.parser = InlineParser()
    assert w.one().outcome == "ok"


def test_claims_of_the_living_and_of_other_machines_stand(world: Make) -> None:
    w = world(lambda _: reply(200, rss("a")))
    for token in (claims.new_token(), "another-machine 1 1 x", "x"):
        with w.store.session() as session:
            sources.get(session, "presse").claim = token
            sources.get(session, "presse").claimed_until = w.now + HOUR
        assert w.poll() == []


@pytest.mark.parametrize("elsewhere", ["boot_id", "pid:[1]"])
def test_a_container_of_the_same_name_is_another_machine(world: Make, elsewhere: str) -> None:
    """Its process numbers mean nothing here: who lives there is not known."""
    w = world(lambda _: reply(200, rss("a")))
    machine, _pid, started, mine = claims.new_token().split(" ")
    host, boot, namespace = machine.split("/", 2)
    machine = f"{host}/{elsewhere}/{namespace}" if elsewhere == "boot_id" else f"{host}/{boot}/{elsewhere}"
    token = f"{machine} {2**22 + 1} {started} {mine}"
    assert claims.of_the_dead([token]) == []
    with w.store.plain() as plain:
        assert due.claim(plain, w.now, token)
    assert w.poll() == []


def test_what_is_not_due_is_told_as_skipped(world: Make) -> None:
    w = world(lambda _: reply(200, rss("a")))
    assert skipped(w.store, w.now) == []
    due = w.one().next_poll_at
    (told,) = skipped(w.store, w.now)
    assert (told.source, told.outcome, told.next_poll_at, told.message) == ("presse", "skipped", due, "not due yet")


def test_manners_two_in_flight_starts_a_second_apart() -> None:
    """P27"""
    clock = [0.0]
    starts: list[tuple[float, str]] = []
    flying: list[int] = [0, 0]

    async def sleep(seconds: float) -> None:
        until = clock[0] + seconds
        while clock[0] < until - 1e-9:
            await asyncio.sleep(0)
            clock[0] += 0.01

    async def fetch(manners: Manners, url: str) -> None:
        async with manners.turn(url):
            starts.append((clock[0], url))
            flying[0] += "one" in url
            flying[1] = max(flying)
            await sleep(3)
            flying[0] -= "one" in url

    async def main() -> None:
        manners = Manners(clock=lambda: clock[0], sleep=sleep)
        many = [fetch(manners, f"http://one.example/{n}") for n in range(20)]
        others = [fetch(manners, f"http://other{n}.example:80{n}/") for n in range(5)]
        await asyncio.gather(*many, *others)

    asyncio.run(main())
    of_one = sorted(at for at, url in starts if "one" in url)
    assert all(b - a >= 1 - 1e-6 for a, b in pairwise(of_one))
    assert flying[1] == 2
    assert all(at < 0.2 for at, url in starts if "other" in url)


def test_manners_do_not_hold_back_a_host_that_is_ours() -> None:
    async def main() -> int:
        manners = Manners(spacing=0)
        inside = 0

        async def fetch() -> None:
            nonlocal inside
            async with manners.turn("http://127.0.0.1/"):
                inside += 1
                await asyncio.sleep(0)

        await asyncio.gather(*(fetch() for _ in range(40)))
        return inside

    assert asyncio.run(main()) == 40
