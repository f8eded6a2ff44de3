"""H35: reading what is hostile leaves no memory behind."""

from __future__ import annotations

import asyncio
import gc

import psutil
import pytest

from watch.collect import PoolParser
from watch.errors import ParseError
from watch.model import Page, SourceSpec

SOURCE = SourceSpec("x", "feed", url="https://x.example/")
_ITEM = b"<item><title>%d</title><description>%s</description></item>"
_BOMB = b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
)
BODIES = [
    b'<rss version="2.0"><channel>' + b"".join(_ITEM % (n, b"x" * 90) for n in range(4_000)) + b"</channel></rss>",
    _BOMB + b"]><rss><channel><item><title>&j;</title></item></channel></rss>",
    b'<rss version="2.0"><channel><item>' + b"<a>" * 3_000,
    b"<rss><channel><item " + b" ".join(b'a%d="x"' % n for n in range(20_000)) + b"></item></channel></rss>",
    b'<rss version="2.0"><channel><item><title>' + b"y" * 1_000_000,
    b'{"version": "https://jsonfeed.org/version/1", "items": ' + b"[" * 50_000,
    b'{"version": "https://jsonfeed.org/version/1", "items": [' + b'{"id": 1},' * 20_000 + b"{}]}",
    b"\x00\xff\xfe<html>" * 20_000,
    b"",
    b"\x1f\x8b" + bytes(range(256)) * 400,
]


async def _poll(parser: PoolParser, times: int) -> None:
    for n in range(times):
        page = Page("https://x.example/", 200, BODIES[n % len(BODIES)])
        try:
            await parser.parse(SOURCE, page)
        except ParseError:
            continue


def _resident() -> int:
    gc.collect()
    return int(psutil.Process().memory_info().rss)


@pytest.mark.slow
def test_memory_is_back_where_it_began() -> None:
    """H35: 300 polls, which is scaled down; within 10 % of what a first round took"""
    with PoolParser(workers=2, cpu_seconds=5) as parser:
        asyncio.run(_poll(parser, 5 * len(BODIES)))
        before = _resident()
        asyncio.run(_poll(parser, 300))
        after = _resident()
        children = [child.memory_info().rss for child in psutil.Process().children(recursive=True)]
    assert after < before * 1.10
    assert all(size < 512 * 1024 * 1024 for size in children)
