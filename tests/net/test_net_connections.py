"""H24, H26: where connections go, when they are used again, and when they end."""

from __future__ import annotations

import asyncio
import resource
import socket
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from loopback import Asked, Loopback, Reply, reply

from watch.errors import FetchError
from watch.net import Client, Gate, Limits, exchange, make_client, prepare

Serve = Callable[[Callable[[Asked], Reply]], Loopback]
NOT_MODIFIED = b"HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab"


class Keeping:
    """A server that keeps its connections: `said` has the answers of each, after which it is closed."""

    def __init__(self, *said: list[bytes], host: str = "127.0.0.1", port: int = 0) -> None:
        self.said = said
        self.socket = socket.create_server((host, port), backlog=500)
        self.port: int = self.socket.getsockname()[1]
        self.accepted = 0
        self.ended = threading.Event()
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        for said in self.said:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.accepted += 1
            with connection:
                for answer in said:
                    while b"\r\n\r\n" not in connection.recv(65536):
                        pass
                    connection.sendall(answer)
        self.ended.set()

    def close(self) -> None:
        self.socket.close()


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.fixture
def few_descriptors() -> Iterator[int]:
    """So many descriptors a process may have, no more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (200, hard))
    yield 200
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def run(gate: Gate, go: Callable[[Client], Coroutine[None, None, list[int]]], **given: object) -> list[int]:
    async def whole() -> list[int]:
        async with make_client(gate, user_agent="t", **given) as client:  # type: ignore[arg-type]  # what a test gives
            return await go(client)

    return asyncio.run(whole())


async def ask(client: Client, *urls: str) -> list[int]:
    limits = Limits(seconds=5)
    return [(await exchange(client, prepare(client, url), limits=limits)).status for url in urls]


def test_a_connection_is_kept_over_an_answer_without_a_body() -> None:
    """P25: a 304 that names a length has no body all the same"""
    with closing(Keeping([NOT_MODIFIED, b"HTTP/1.1 204 No Content\r\n\r\n", OK])) as server:
        url = f"http://127.0.0.1:{server.port}/"
        assert run(Gate(["127.0.0.1"]), lambda client: ask(client, url, url, url)) == [304, 204, 200]
        assert server.accepted == 1


def test_a_kept_connection_that_the_server_closed_is_opened_again() -> None:
    """H12"""
    with closing(Keeping([OK], [OK], [OK])) as server:
        url = f"http://127.0.0.1:{server.port}/"
        assert run(Gate(["127.0.0.1"]), lambda client: ask(client, url, url, url)) == [200, 200, 200]


def test_what_follows_an_answer_is_no_answer_to_the_next_request() -> None:
    """H12: response splitting"""
    evil = b"HTTP/1.1 418 Evil\r\nContent-Length: 0\r\n\r\n"
    with closing(Keeping([OK + evil], [OK])) as server:
        url = f"http://127.0.0.1:{server.port}/"
        assert run(Gate(["127.0.0.1"]), lambda client: ask(client, url, url)) == [200, 200]


def test_a_request_that_is_cancelled_closes_its_connection(serve: Serve) -> None:
    """H06"""
    begun, gone = threading.Event(), threading.Event()

    def endless(_asked: Asked) -> Iterator[bytes]:
        yield reply(200, length=False)
        try:
            while True:
                begun.set()
                server.pause(0.01)
                yield b"x"
        finally:
            gone.set()

    server = serve(endless)

    async def go(client: Client) -> list[int]:
        asking = asyncio.create_task(ask(client, server.url()))
        assert await asyncio.to_thread(begun.wait, 5)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert await asyncio.to_thread(gone.wait, 5)
        return []

    run(Gate([server.allow]), go)


def test_descriptors_stay_few(few_descriptors: int) -> None:
    """H09: as many connections as there are hosts would be too many"""
    hosts = [f"127.0.{n // 250}.{n % 250 + 2}" for n in range(400)]
    held: list[int] = []
    with closing(Keeping(*[[OK]] * 400, host="0.0.0.0")) as server:  # all of 127.0.0.0/8

        async def go(client: Client) -> list[int]:
            for host in hosts:
                assert await ask(client, f"http://{host}:{server.port}/") == [200]
                held.append(descriptors())
            return []

        run(Gate(["127.0.0.0/8"]), go)
    assert max(held) - held[0] <= few_descriptors // 2


@pytest.mark.parametrize("name", ["inside.example", "inside.example.", "localhost", "a_b.example"])
def test_a_name_leads_to_the_addresses_that_were_checked(name: str) -> None:
    """H24: and to nothing else that the system or libcurl knows of it"""
    with closing(Keeping([OK], host="127.0.0.77")) as server:

        async def resolve(_host: str, _port: int) -> list[str]:
            return ["127.0.0.77"]

        url = f"http://{name}:{server.port}/"
        assert run(Gate(["127.0.0.77"]), lambda client: ask(client, url), resolve=resolve) == [200]


def test_the_next_address_is_tried() -> None:
    """H11"""
    with closing(Keeping([OK], host="127.0.0.77")) as server:

        async def resolve(_host: str, _port: int) -> list[str]:
            return ["127.0.0.78", "127.0.0.77"]

        url = f"http://inside.example:{server.port}/"
        assert run(Gate(["127.0.0.0/8"]), lambda client: ask(client, url), resolve=resolve) == [200]


def test_a_kept_connection_is_no_way_around_the_gate(serve: Serve) -> None:
    """H24: what was permitted for one port is not for another, nor for another name"""
    server = serve(lambda _: reply(200))

    async def resolve(host: str, _port: int) -> list[str]:
        return ["127.0.0.1"] if host == "one.example" else ["10.0.0.1"]

    async def go(client: Client) -> list[int]:
        statuses = await ask(client, f"http://one.example:{server.port}/")
        for url in (f"http://two.example:{server.port}/", "http://one.example:9/", "http://127.0.0.1:9/"):
            with pytest.raises(FetchError) as caught:
                await ask(client, url)
            assert caught.value.kind == "blocked"
        return statuses

    assert run(Gate([server.allow]), go, resolve=resolve) == [200]


def test_a_refusal_names_the_way_out_of_it() -> None:
    """H25"""
    with pytest.raises(FetchError) as caught:
        run(Gate(), lambda client: ask(client, "http://[::1]:8080/"))
    assert str(caught.value) == "::1 is not on the public internet; [network] allow can open [::1]:8080"


def test_nothing_is_taken_from_the_environment(serve: Serve, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """H26"""
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password secret\n")
    for name in ("http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    server = serve(lambda _: reply(200))
    assert run(Gate([server.allow]), lambda client: ask(client, server.url())) == [200]
    assert not server.asked[0].headers("authorization")
