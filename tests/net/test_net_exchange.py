"""The exchange against a real server on loopback: what a hostile or broken peer can do, and what we say."""

from __future__ import annotations

import asyncio
import gzip
import tracemalloc
import zlib
from collections.abc import Callable, Iterator

import httpx
import pytest
from loopback import Asked, Loopback, Reply, reply

from watch.errors import FetchError
from watch.net import Answer, Gate, Limits, exchange, make_client, prepare, send, user_agent

Serve = Callable[[Callable[[Asked], Reply]], Loopback]
PATIENT = Limits(seconds=5)
AGENT = user_agent("veille@example.org")


def ask(server: Loopback, path: str = "/", *, limits: Limits = PATIENT, times: int = 1) -> Answer:
    async def go() -> Answer:
        async with make_client(Gate([server.allow]), user_agent=AGENT) as client:
            for _ in range(times):
                answer = await exchange(client, prepare(client, server.url(path)), limits=limits)
            return answer

    return asyncio.run(go())


def kind_of(server: Loopback, path: str = "/", *, limits: Limits = PATIENT) -> str:
    with pytest.raises(FetchError) as caught:
        ask(server, path, limits=limits)
    assert str(caught.value).strip()
    assert "\n" not in str(caught.value)
    return caught.value.kind


def test_headers_of_every_request(serve: Serve) -> None:
    """P24, P29, P30: who we are, gzip only, no cookies, no Referer."""

    def answer(asked: Asked) -> Reply:
        if asked.path == "/":
            return reply(302, "", "Location: /b", "Set-Cookie: a=1")
        return reply(200, "x", "Set-Cookie: b=2")

    server = serve(answer)
    ask(server, times=2)
    assert len(server.asked) == 4
    for asked in server.asked:
        assert asked.headers("user-agent") == [AGENT.encode()]
        assert asked.headers("accept-encoding") == [b"gzip"]
        assert not asked.headers("cookie")
        assert not asked.headers("referer")
        assert asked.headers("host") == [f"127.0.0.1:{server.port}".encode()]
    assert AGENT.startswith("Hune/")
    assert AGENT.endswith("(+https://github.com/hune-watch/hune; veille@example.org)")


def test_contact_cannot_break_the_header() -> None:
    assert "\n" not in user_agent("a\r\nX: y (z)")


def test_environment_proxies_are_ignored(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """H26"""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    assert ask(serve(lambda _: reply(200, "plain"))).body == b"plain"


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "GZIP", "deflate"])
def test_gzip_is_inflated(serve: Serve, coding: str) -> None:
    packed = zlib.compress(b"text" * 99) if coding == "deflate" else gzip.compress(b"text" * 99)
    server = serve(lambda _: reply(200, packed, f"Content-Encoding: {coding}"))
    assert ask(server).body == b"text" * 99


def test_raw_deflate_and_plain_text_called_gzip_are_read(serve: Serve) -> None:
    """H14"""
    raw = zlib.compressobj(wbits=-15)
    packed = raw.compress(b"<rss/>") + raw.flush()
    assert ask(serve(lambda _: reply(200, packed, "Content-Encoding: deflate"))).body == b"<rss/>"
    assert ask(serve(lambda _: reply(200, "<rss/>", "Content-Encoding: gzip"))).body == b"<rss/>"


def test_several_gzip_members_are_one_body(serve: Serve) -> None:
    packed = gzip.compress(b"a" * 1000) + gzip.compress(b"b" * 1000)
    assert ask(serve(lambda _: reply(200, packed, "Content-Encoding: gzip"))).body == b"a" * 1000 + b"b" * 1000


def test_bomb_is_stopped_inside_the_decoder(serve: Serve) -> None:
    """H01"""
    bomb = gzip.compress(b" " * 200_000_000)
    server = serve(lambda _: reply(200, bomb, "Content-Encoding: gzip"))
    tracemalloc.start()
    assert kind_of(server) == "too_large"
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 64_000_000


@pytest.mark.parametrize(
    "headers",
    [
        ["Content-Encoding: br"],
        ["Content-Encoding: zstd"],
        ["Content-Encoding: gzip, gzip"],
        ["Content-Encoding: gzip", "Content-Encoding: gzip"],
    ],
)
def test_codings_not_asked_for_are_refused(serve: Serve, headers: list[str]) -> None:
    """H02, H03"""
    assert kind_of(serve(lambda _: reply(200, gzip.compress(b"x"), *headers))) == "encoding"


def test_damaged_gzip(serve: Serve) -> None:
    """H14"""
    broken = gzip.compress(bytes(range(256)) * 99)
    broken = broken[:40] + b"\xff\xff\xff" + broken[43:]
    assert kind_of(serve(lambda _: reply(200, broken, "Content-Encoding: gzip"))) == "encoding"


def test_cut_gzip(serve: Serve) -> None:
    """P08"""
    cut = gzip.compress(bytes(range(256)) * 99)[:-40]
    assert kind_of(serve(lambda _: reply(200, cut, "Content-Encoding: gzip"))) == "truncated"


def test_announced_length_over_the_cap_is_refused_at_once(serve: Serve) -> None:
    """H04, H61"""
    assert kind_of(serve(lambda _: reply(200, "x", "Content-Length: 5497558138880", length=False))) == "too_large"
    many = "Content-Length: " + "9" * 5000
    assert kind_of(serve(lambda _: reply(200, "x", many, length=False))) in ("too_large", "protocol")


def test_endless_body(serve: Serve) -> None:
    """H04"""

    def endless(_asked: Asked) -> Iterator[bytes]:
        yield reply(200, length=False)
        while True:
            yield b"x" * 65536

    assert kind_of(serve(endless), limits=Limits(body=1_000_000, seconds=10)) == "too_large"


def test_drip_ends_at_the_deadline(serve: Serve) -> None:
    """H06, H07"""

    def drip(_asked: Asked) -> Iterator[bytes]:
        yield reply(200, "", "Content-Length: 1000", length=False)
        for _ in range(1000):
            server.pause(0.05)
            yield b"x"

    server = serve(drip)
    assert kind_of(server, limits=Limits(seconds=0.4)) == "deadline"


def test_silence_ends_at_the_deadline(serve: Serve) -> None:
    """H06"""

    def silent(_asked: Asked) -> Iterator[bytes]:
        server.pause(20)
        yield b""

    server = serve(silent)
    assert kind_of(server, limits=Limits(seconds=0.3)) == "deadline"


@pytest.mark.parametrize("size", [70_000, 4_000_000])
def test_headers_over_the_cap(serve: Serve, size: int) -> None:
    """H05"""
    lines = [f"X-{n}: {'y' * 900}" for n in range(size // 900)]
    assert kind_of(serve(lambda _: reply(200, "x", *lines))) == "too_large"


def test_old_and_early_answers_are_accepted(serve: Serve) -> None:
    """H08: HTTP/1.0, and 103 before the answer."""
    assert ask(serve(lambda _: b"HTTP/1.0 200 OK\r\nContent-Type: text/xml\r\n\r\nold")).body == b"old"
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + reply(200, "late")
    assert ask(serve(lambda _: early)).body == b"late"


@pytest.mark.parametrize(
    ("said", "kinds"),
    [
        (reply(200, "short", "Content-Length: 99", length=False), {"truncated"}),
        (b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nxx", {"protocol"}),
        (b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", {"truncated", "protocol"}),
        (b"220 mail.example.org ESMTP\r\n\r\n", {"protocol"}),
        (b"", {"connect"}),
    ],
)
def test_broken_peers(serve: Serve, said: bytes, kinds: set[str]) -> None:
    """H12"""
    assert kind_of(serve(lambda _: said)) in kinds


def test_nobody_listens(serve: Serve) -> None:
    server = serve(lambda _: b"")
    server.socket.close()
    assert kind_of(server) == "connect"


def redirecting(steps: dict[str, tuple[int, str]]) -> Callable[[Asked], Reply]:
    def answer(asked: Asked) -> Reply:
        if asked.path in steps:
            status, location = steps[asked.path]
            return reply(status, "", f"Location: {location}")
        return reply(200, "end")

    return answer


def test_permanent_redirect_is_told(serve: Serve) -> None:
    """P20"""
    server = serve(redirecting({"/": (301, "/b"), "/b": (308, "c")}))
    answer = ask(server)
    assert answer.url == answer.moved_to == server.url("/c")


@pytest.mark.parametrize("status", [302, 303, 307])
def test_temporary_redirect_is_not_told(serve: Serve, status: int) -> None:
    """P21"""
    answer = ask(serve(redirecting({"/": (status, "/b")})))
    assert answer.body == b"end"
    assert answer.moved_to is None


def test_only_the_permanent_prefix_is_told(serve: Serve) -> None:
    """P22"""
    server = serve(redirecting({"/": (301, "/b"), "/b": (302, "/c"), "/c": (301, "/d")}))
    answer = ask(server)
    assert answer.url == server.url("/d")
    assert answer.moved_to == server.url("/b")


def test_permanent_redirect_from_https_to_http_is_not_told() -> None:
    """P36"""

    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.scheme == "https":
            return httpx.Response(301, headers={"Location": "http://example.org/"})
        return httpx.Response(200, content=b"end")

    async def go() -> Answer:
        async with make_client(Gate(), user_agent=AGENT, transport=httpx.MockTransport(handler)) as client:
            return await exchange(client, prepare(client, "https://example.org/"))

    answer = asyncio.run(go())
    assert answer.url == "http://example.org/"
    assert answer.moved_to is None


def test_redirects_end_after_eight(serve: Serve) -> None:
    """H20"""
    steps = {f"/{n}": (302, f"/{n + 1}") for n in range(40)}
    server = serve(redirecting(steps))
    assert kind_of(server, "/0") == "redirect"
    assert len(server.asked) == 9


def test_redirect_without_location(serve: Serve) -> None:
    """H20"""
    assert kind_of(serve(lambda _: reply(302))) == "redirect"


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/group",
        "gopher://127.0.0.1/",
        "javascript:alert(1)",
        "http://172.31.0.1/admin",
        "http://169.254.169.254/latest/meta-data",
        "http://0x7f000002/",
        "http://127.2/",
        "http://0177.0.0.2/",
        "http://2130706434/",
        "http://[::ffff:127.0.0.2]/",
        "http://①②⑦.⓪.⓪.②/",
        "http://user:pw@example.org/",
        "http://example.org\\@127.0.0.2/",
    ],
)
def test_every_hop_passes_the_gate(serve: Serve, location: str) -> None:
    """H22, H23, H25"""
    assert kind_of(serve(lambda _: reply(302, "", f"Location: {location}".encode()))) == "blocked"


def test_decision_falls_on_the_connected_address() -> None:
    """H24: the name answers with a public address, then with a private one."""
    answers = iter([["203.0.113.1"], ["127.0.0.1"], ["93.184.216.34", "10.0.0.1"]])

    async def resolve(_host: str, _port: int) -> list[str]:
        return next(answers)

    async def go() -> list[str]:
        kinds = []
        async with make_client(Gate(), user_agent=AGENT, resolve=resolve) as client:
            for _ in range(3):
                with pytest.raises(FetchError) as caught:
                    await exchange(client, prepare(client, "http://rebinding.example/"))
                kinds.append(caught.value.kind)
        return kinds

    assert asyncio.run(go()) == ["blocked"] * 3


def test_host_header_keeps_the_name(serve: Serve) -> None:
    """H24"""
    server = serve(lambda _: reply(200, "x"))

    async def resolve(_host: str, _port: int) -> list[str]:
        return ["127.0.0.1"]

    async def go() -> None:
        gate = Gate([server.allow])
        async with make_client(gate, user_agent=AGENT, resolve=resolve) as client:
            await exchange(client, prepare(client, f"http://inside.example:{server.port}/"))

    asyncio.run(go())
    assert server.asked[0].header("host") == f"inside.example:{server.port}".encode()


def test_unknown_name() -> None:
    """H11"""

    async def go() -> None:
        async with make_client(Gate(), user_agent=AGENT) as client:
            await exchange(client, prepare(client, "http://does-not-exist.invalid/"))

    with pytest.raises(FetchError) as caught:
        asyncio.run(go())
    assert caught.value.kind == "dns"


def test_send_tells_redirects_instead_of_following(serve: Serve) -> None:
    """H27"""
    server = serve(lambda _: reply(307, "moved", "Location: http://127.0.0.2/"))
    status, headers, _ = send(
        "POST", server.url("/hook"), {"X-Id": "1"}, b"{}", gate=Gate([server.allow]), user_agent=AGENT
    )
    assert status == 307
    assert headers["location"] == "http://127.0.0.2/"
    assert server.asked[0].body == b"{}"
    assert server.asked[0].headers("x-id") == [b"1"]


def test_send_refuses_private_targets() -> None:
    """H27"""
    with pytest.raises(FetchError) as caught:
        send("POST", "http://127.0.0.1:9/", {}, b"", gate=Gate(), user_agent=AGENT)
    assert caught.value.kind == "blocked"
