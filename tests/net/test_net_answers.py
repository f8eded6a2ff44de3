"""H08, H12: answers that are odd, and answers that are none, byte for byte."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import httpx
import pytest
from loopback import Asked, Loopback, Reply, reply

from watch.errors import FetchError
from watch.net import Answer, Gate, Limits, exchange, make_client, prepare

Serve = Callable[[Callable[[Asked], Reply]], Loopback]
OK = b"HTTP/1.1 200 OK\r\n"
TWO = b"Content-Length: 2\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"


def ask(server: Loopback, **given: object) -> Answer:
    async def go() -> Answer:
        async with make_client(Gate([server.allow]), user_agent="t") as client:
            request = prepare(client, server.url(), **given)  # type: ignore[arg-type]  # what a test gives
            return await exchange(client, request, limits=Limits(seconds=5))

    return asyncio.run(go())


@pytest.mark.parametrize(
    ("said", "headers"),
    [
        (b"HTTP/1.1 200 OK\nContent-Length: 2\n\nab", {}),
        (b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nab", {}),
        (OK + TWO + TWO + b"\r\nab", {}),
        (OK + b"X-A: one\r\n two\r\n\tthree\r\n" + TWO + b"\r\nab", {"x-a": "one two three"}),
        (OK + b"x-a: \xe9t\xe9\r\n" + TWO + b"\r\nab", {"x-a": "été"}),
        (OK + b"X-A: one\r\nx-a: two\r\n" + TWO + b"\r\nab", {"x-a": "one, two"}),
        (OK + CHUNKED + b"\r\n1\r\na\r\n1;ext=1\r\nb\r\n0\r\nX-A: trailer\r\n\r\n", {"x-a": ""}),
        (OK + b"Content-Length: 99\r\n" + CHUNKED + b"\r\n2\r\nab\r\n0\r\n\r\n", {}),
        (OK + TWO + b"\r\nab, and more than was said", {}),
        (
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nX-A: 1\r\n\r\n" + OK + TWO + b"\r\nab",
            {"x-a": ""},
        ),
    ],
)
def test_odd_answers_are_read(serve: Serve, said: bytes, headers: dict[str, str]) -> None:
    """H08"""
    answer = ask(serve(lambda _: said))
    assert answer.body == b"ab"
    assert {name: answer.headers.joined(name) for name in headers} == headers


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (OK + TWO + b"Content-Length: 3\r\n\r\nabc", "protocol"),
        (OK + b"Content-Length: 2, 3\r\n\r\nabc", "protocol"),
        (OK + b"Content-Length: -2\r\n\r\nab", "protocol"),
        (OK + b"Content-Length: two\r\n\r\nab", "protocol"),
        (OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n", "protocol"),
        (OK + CHUNKED + b"\r\nfffffffffffffffffff\r\nab\r\n0\r\n\r\n", "protocol"),
        (OK + CHUNKED + b"\r\n2\r\nab\r\n", "truncated"),
        (OK + b"no header\r\n" + TWO + b"\r\nab", "protocol"),
        (OK + b"X-A: a\0b\r\n" + TWO + b"\r\nab", "protocol"),
        (OK + b"Content-Length : 2\r\n\r\nab", "protocol"),
        (OK + b": 2\r\n\r\nab", "protocol"),
        (OK + b"Content-Le", "truncated"),
        (OK + b"X-A: " + b"y" * 2_000_000, "too_large"),
        (b"HTTP/1.1 103 Early Hints\r\nX-A: 1\r\n\r\n" * 5_000 + OK + b"\r\n", "too_large"),
        (OK + CHUNKED + b"\r\n2\r\nab\r\n0\r\n" + b"X-A: trailer\r\n" * 9_000 + b"\r\n", "too_large"),
        (b"HTTP/1.1 2x0 OK\r\n\r\nab", "protocol"),
        (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n", "connect"),
        (b"HTTP/2 200 OK\r\n" + TWO + b"\r\nab", "protocol"),
        (b"ICY 200 OK\r\n\r\nab", "protocol"),
        (b"<rss>no head at all</rss>", "protocol"),
    ],
)
def test_what_is_no_answer_is_an_error_of_its_kind(serve: Serve, said: bytes, kind: str) -> None:
    """H12"""
    with pytest.raises(FetchError) as caught:
        ask(serve(lambda _: said))
    assert caught.value.kind == kind
    assert str(caught.value).isprintable()


def test_the_body_of_a_redirect_is_not_waited_for(serve: Serve) -> None:
    """H20"""

    def answer(asked: Asked) -> Iterator[bytes]:
        if asked.path == "/":
            yield reply(302, "", "Location: /b", "Content-Length: 1000000", length=False)
            server.pause(20)
        yield reply(200, "end")

    server = serve(answer)
    assert ask(server).body == b"end"


def test_what_is_sent_is_sent_as_it_is(serve: Serve) -> None:
    """P24: nothing is added to a message"""
    server = serve(lambda _: reply(200))
    ask(server, method="POST", body=b"x" * 2_000_000, headers=[(b"X-Id", b"\xc3\xa9")])
    (asked,) = server.asked
    assert asked.head.startswith(b"POST / HTTP/1.1\r\n")
    assert asked.headers("x-id") == [b"\xc3\xa9"]
    assert not asked.headers("expect")
    assert not asked.headers("content-type")
    assert asked.body == b"x" * 2_000_000


@pytest.mark.parametrize(
    "pair", [(b"X", b"1\r\nX-Evil: 1"), (b"X", b"1\nX-Evil: 1"), (b"X\r\nX-Evil", b"1"), (b"", b"1")]
)
def test_a_header_begins_no_other(serve: Serve, pair: tuple[bytes, bytes]) -> None:
    """H21"""
    server = serve(lambda _: reply(200))
    with pytest.raises(FetchError):
        ask(server, headers=[pair])
    assert not server.asked


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (httpx.ReadTimeout("slow"), "timeout"),
        (httpx.ConnectError("away"), "connect"),
        (httpx.ProxyError(""), "protocol"),
    ],
)
def test_a_transport_of_httpx_fails_in_our_words(error: httpx.TransportError, kind: str) -> None:
    def fail(_request: httpx.Request) -> httpx.Response:
        raise error

    async def go() -> None:
        async with make_client(Gate(), user_agent="t", transport=httpx.MockTransport(fail)) as client:
            await exchange(client, prepare(client, "http://presse.example/"))

    with pytest.raises(FetchError) as caught:
        asyncio.run(go())
    assert caught.value.kind == kind


def test_a_transport_of_httpx_is_held_to_the_same_limits() -> None:
    """H04"""

    async def go() -> None:
        transport = httpx.MockTransport(lambda _: httpx.Response(200, content=b"x" * 2_000))
        async with make_client(Gate(), user_agent="t", transport=transport) as client:
            await exchange(client, prepare(client, "http://presse.example/"), limits=Limits(body=1_000))

    with pytest.raises(FetchError) as caught:
        asyncio.run(go())
    assert caught.value.kind == "too_large"
