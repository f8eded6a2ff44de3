"""Bodies inflate to the same bytes however the wire has cut them."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watch.errors import FetchError
from watch.net.bodies import Inflater

LIMIT = 100_000


def inflated(coding: str, pieces: Iterable[bytes], limit: int = LIMIT) -> bytes:
    inflater = Inflater(coding, limit)
    for piece in pieces:
        inflater.feed(piece)
    return inflater.finish()


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


def cut(wire: bytes, at: list[int]) -> list[bytes]:
    ends = sorted({0, len(wire), *(n % (len(wire) + 1) for n in at)})
    return [wire[a:b] for a, b in pairwise(ends)]


CUTS = st.lists(st.integers(0, 10_000), max_size=8)
BODY = st.binary(min_size=1, max_size=300).map(lambda body: b"<rss>" + body)


@given(st.lists(BODY, min_size=1, max_size=4), CUTS)
def test_members_in_a_row(bodies: list[bytes], at: list[int]) -> None:
    """H01, H14"""
    wire = b"".join(map(gzip.compress, bodies))
    assert inflated("gzip", cut(wire, at)) == b"".join(bodies)


@given(BODY, st.binary(max_size=40), CUTS)
def test_what_follows_the_end_is_ignored(body: bytes, rest: bytes, at: list[int]) -> None:
    """H14"""
    wire = gzip.compress(body) + b"\x00" + rest
    assert inflated("gzip", cut(wire, at)) == body


@given(BODY, CUTS)
def test_deflate_without_its_header(body: bytes, at: list[int]) -> None:
    """H14"""
    assert inflated("deflate", cut(raw_deflate(body), at)) == body
    assert inflated("deflate", cut(zlib.compress(body), at)) == body


@given(st.text("abc <>é", max_size=300), CUTS)
def test_plain_text_that_is_said_to_be_gzip(text: str, at: list[int]) -> None:
    """H14"""
    body = b"<rss>" + text.encode()
    assert inflated("gzip", cut(body, at)) == body


@given(CUTS)
def test_a_bomb_of_many_members_is_too_large(at: list[int]) -> None:
    """H01"""
    wire = gzip.compress(b"<" + bytes(1_000)) * 300
    with pytest.raises(FetchError, match="larger") as caught:
        inflated("gzip", cut(wire, at))
    assert caught.value.kind == "too_large"


@given(BODY, CUTS)
def test_a_stream_that_breaks_off_is_truncated(body: bytes, at: list[int]) -> None:
    """H12"""
    wire = gzip.compress(body)
    with pytest.raises(FetchError) as caught:
        inflated("gzip", cut(wire[:-9], at))
    assert caught.value.kind == "truncated"
