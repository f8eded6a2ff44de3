"""The children that read documents: they can be killed, and cost one source."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import psutil
import pytest

from watch.collect import InlineParser, PoolParser
from watch.errors import ParseError
from watch.model import Page, SourceSpec

SOURCE = SourceSpec("x", "feed", url="https://x.example/")
GOOD = b'<rss version="2.0"><channel><item><title>a</title></item></channel></rss>'


def page(body: bytes) -> Page:
    return Page("https://x.example/", 200, body)


def titles(parser: PoolParser | InlineParser, body: bytes = GOOD) -> list[str]:
    return [entry.title for entry in asyncio.run(parser.parse(SOURCE, page(body))).entries]


@pytest.fixture(scope="module")
def pool() -> Iterator[PoolParser]:
    with PoolParser(workers=1, cpu_seconds=2) as parser:
        yield parser


def test_pages_are_read_in_a_child(pool: PoolParser) -> None:
    assert titles(pool) == titles(InlineParser()) == ["a"]


def test_parse_errors_cross_the_border(pool: PoolParser) -> None:
    with pytest.raises(ParseError, match="web page") as caught:
        titles(pool, b"<html></html>")
    assert (caught.value.kind, caught.value.http_status) == ("not_a_feed", 200)


def test_a_child_that_takes_too_long_is_killed_and_the_next_page_is_read(pool: PoolParser) -> None:
    """H32"""
    deep = b'<rss version="2.0"><channel><item>' + b"<a>" * 400_000 + b"</item></channel></rss>"
    with pytest.raises(ParseError) as caught:
        titles(pool, deep)
    assert caught.value.kind == "parse"
    assert titles(pool) == ["a"]


def test_a_child_that_died_between_pages_costs_nothing(pool: PoolParser) -> None:
    assert titles(pool) == ["a"]
    children = [child for child in psutil.Process().children(recursive=True) if _reads(child)]
    for child in children:
        os.kill(child.pid, signal.SIGKILL)
    assert titles(pool) == ["a"]


def _reads(process: psutil.Process) -> bool:
    # Children of the fork server, not the server and not the resource tracker.
    parent = process.parent()
    return parent is not None and parent.pid != os.getpid()


def test_a_pool_that_was_never_used_closes() -> None:
    PoolParser().close()


def test_a_pool_that_is_still_starting_closes() -> None:
    before = set(filter(_reads, psutil.Process().children(recursive=True)))
    parser = PoolParser(workers=2)
    parser._started()
    parser.close()
    assert set(filter(_reads, psutil.Process().children(recursive=True))) <= before


def test_others_go_on_while_the_children_start() -> None:
    async def turns_meanwhile(parser: PoolParser) -> int:
        reading, turns = asyncio.create_task(parser.parse(SOURCE, page(GOOD))), 0
        while not reading.done():
            await asyncio.sleep(0)
            turns += parser._pool is not None and not parser._pool.done()
        return turns

    with PoolParser(workers=2) as parser:
        assert asyncio.run(turns_meanwhile(parser)) > 0


def test_who_only_asks_imports_no_reader() -> None:
    program = (
        "import sys, watch.collect.polling; from watch.collect import registry; from watch.model import SourceSpec;"
        "[one.request(SourceSpec('x', kind, url='https://x.example/')) for kind, one in registry.kinds().items()];"
        "print(*({'feedparser', 'lxml', 'selectolax', 'pebble', 'multiprocessing', 'idna'} & sys.modules.keys()))"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == ""
