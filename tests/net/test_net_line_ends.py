"""H21: the end of a line in an address begins no header."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from loopback import Asked, Loopback, Reply, reply

from watch.errors import FetchError
from watch.net import Gate, Limits, exchange, make_client, prepare, vet

ENDS = ["\r\nX-Evil: 1", "\nX-Evil: 1", "\rX-Evil: 1", "\r\n\r\nGET /evil HTTP/1.1\r\n", "\x0bX", "\x85X", "\u2028X"]
AGENT = "Hune/test"
Serve = Callable[[Callable[[Asked], Reply]], Loopback]


def follow(serve: Serve, location: bytes) -> tuple[Loopback, str | None]:
    """Ask a server whose first answer leads to `location`: the server, and the kind of the error if there is one."""

    def answer(asked: Asked) -> Reply:
        return reply(302, "", b"Location: " + location) if asked.path == "/" else reply(200, "end")

    server = serve(answer)

    async def go() -> str | None:
        async with make_client(Gate([server.allow]), user_agent=AGENT) as client:
            try:
                await exchange(client, prepare(client, server.url("/")), limits=Limits(seconds=5))
            except FetchError as error:
                assert str(error).isprintable()
                return error.kind
        return None

    return server, asyncio.run(go())


@pytest.mark.parametrize("end", ENDS)
def test_a_location_begins_no_header(serve: Serve, end: str) -> None:
    """H21"""
    server, _kind = follow(serve, f"/b{end}".encode())
    assert len(server.asked) <= 2
    assert not any(asked.header("x-evil") or asked.path == "/evil" for asked in server.asked)
    for asked in server.asked:
        assert asked.head.count(b"\n") == asked.head.count(b"\r\n") == asked.head.count(b"\r")


@pytest.mark.parametrize("end", ["%0d%0aX-Evil:%201", "%0AX-Evil:1", "%250d%250aX-Evil:1"])
def test_what_is_escaped_stays_escaped(serve: Serve, end: str) -> None:
    """H21"""
    server, kind = follow(serve, f"/b{end}".encode())
    assert kind is None
    assert [asked.path for asked in server.asked] == ["/", f"/b{end}"]
    assert not server.asked[1].header("x-evil")


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("where", ["http://presse.example/{}", "http://presse.example{}", "{}http://presse.example/"])
def test_an_address_that_is_added_is_refused(where: str, end: str) -> None:
    """H21, H22"""
    with pytest.raises(FetchError) as caught:
        vet(Gate(), where.format(end))
    assert caught.value.kind == "blocked"
