"""The farm as it is served: what pollers rely on when they are measured."""

from __future__ import annotations

import gzip
import http.client
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SERVER = Path(__file__).resolve().parents[1] / "benchmarks" / "farm_server.py"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with subprocess.Popen([sys.executable, SERVER, "--feeds", "30"], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield int(server.stdout.readline())
        server.kill()


def ask(port: int, path: str, host: str = "127.1.0.1", **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection(host, port, timeout=30)
    try:
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer, answer.read()
    finally:
        connection.close()


def test_every_address_of_the_loopback_answers(port: int) -> None:
    bodies = {ask(port, "/feeds/3", host)[1] for host in ("127.1.0.4", "127.9.250.1")}
    assert len(bodies) == 1


def test_a_body_is_packed_when_asked_for(port: int) -> None:
    packed, body = ask(port, "/feeds/3", Accept_Encoding="gzip")
    assert packed.getheader("Content-Encoding") == "gzip"
    assert gzip.decompress(body) == ask(port, "/feeds/3")[1]


@pytest.mark.parametrize(("said", "sent"), [("ETag", "If_None_Match"), ("Last-Modified", "If_Modified_Since")])
def test_what_is_known_is_not_sent_again(port: int, said: str, sent: str) -> None:
    validator = ask(port, "/feeds/3")[0].getheader(said)
    assert validator is not None
    assert ask(port, "/feeds/3", **{sent: validator})[0].status == 304


def test_an_etag_wins_over_a_date(port: int) -> None:
    since = str(ask(port, "/feeds/3")[0].getheader("Last-Modified"))
    assert ask(port, "/feeds/3", If_None_Match='"another"', If_Modified_Since=since)[0].status == 200


def test_a_step_changes_one_feed_in_ten(port: int) -> None:
    before = [ask(port, f"/feeds/{number}")[1] for number in range(30)]
    ask(port, "/step")
    after = [ask(port, f"/feeds/{number}")[1] for number in range(30)]
    assert [number for number in range(30) if before[number] != after[number]] == [0, 10, 20]
