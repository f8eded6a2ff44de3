"""The demo's server: real HTTP on loopback, conditional answers, a clock that is set."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from watch.demo.outlets import BUSY_FORUM, OUTLETS
from watch.demo.server import DemoServer
from watch.demo.world import World

NOW = datetime(2026, 11, 21, 7, 45, tzinfo=UTC)
WORLD = World.build(NOW)
PATH = next(outlet.path for outlet in OUTLETS if outlet.id == BUSY_FORUM)


@pytest.fixture
def server() -> Iterator[DemoServer]:
    with DemoServer(WORLD, at=NOW) as running:
        yield running


@pytest.fixture
def client(server: DemoServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"http://127.0.0.1:{server.port}", trust_env=False) as open_client:
        yield open_client


def test_a_feed_is_served_as_the_world_has_it(client: httpx.Client) -> None:
    answer = client.get(PATH)
    assert answer.status_code == 200
    assert answer.content == WORLD.feed(PATH, NOW).body
    assert answer.headers["content-type"].startswith("application/rss+xml")


def test_the_etag_sent_back_gives_304_without_a_body(client: httpx.Client) -> None:
    etag = client.get(PATH).headers["etag"]
    again = client.get(PATH, headers={"If-None-Match": etag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)


def test_the_connection_is_kept_over_a_304(client: httpx.Client, server: DemoServer) -> None:
    etag = client.get(PATH).headers["etag"]
    statuses = [client.get(PATH, headers={"If-None-Match": etag}).status_code, client.get(PATH).status_code]
    assert statuses == [304, 200]
    assert server.requests == {200: 2, 304: 1}


def test_last_modified_sent_back_gives_304(client: httpx.Client) -> None:
    date = client.get(PATH).headers["last-modified"]
    assert client.get(PATH, headers={"If-Modified-Since": date}).status_code == 304


def test_the_etag_wins_over_the_date(client: httpx.Client) -> None:
    date = client.get(PATH).headers["last-modified"]
    headers = {"If-None-Match": '"other"', "If-Modified-Since": date}
    assert client.get(PATH, headers=headers).status_code == 200


def test_a_date_that_cannot_be_read_is_ignored(client: httpx.Client) -> None:
    assert client.get(PATH, headers={"If-Modified-Since": "yesterday"}).status_code == 200


def test_moving_the_clock_moves_the_feed(client: httpx.Client, server: DemoServer) -> None:
    etag = client.get(PATH).headers["etag"]
    server.at = NOW - timedelta(days=30)
    assert client.get(PATH, headers={"If-None-Match": etag}).status_code == 200


def test_in_the_outage_even_a_conditional_request_gets_503(client: httpx.Client, server: DemoServer) -> None:
    etag = client.get(PATH).headers["etag"]
    server.at = WORLD.outage[0]
    answer = client.get(PATH, headers={"If-None-Match": etag})
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "3600"


def test_the_server_stops_and_frees_its_port() -> None:
    with DemoServer(WORLD, at=NOW) as running:
        port = running.port
    with DemoServer(WORLD, at=NOW, port=port) as again:
        assert again.port == port
