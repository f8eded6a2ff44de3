from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest
from pydantic import SecretStr
from standardwebhooks.webhooks import Webhook as Reference

from watch.errors import DeliveryError
from watch.model import Message
from watch.net import Gate
from watch.notify.webhook import Webhook, payload, signature

SECRET = "whsec_aHVuZS10ZXN0LXNlY3JldC0zMi1ieXRlcy1sb25nISE="
ALERT = Message(
    "alert.7.1", "Aubrac : 14 négatives", "Détail", severity="high", link="https://hune.example.org/alerts/7",
    data={"type": "incident.opened", "incident": 7},
)  # fmt: skip


class Peer(BaseHTTPRequestHandler):
    """Answers what it is told, and keeps what it heard."""

    heard: ClassVar[list[tuple[dict[str, str], bytes]]]
    answer: ClassVar[tuple[int, dict[str, str]]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.heard.append(({k.lower(): v for k, v in self.headers.items()}, body))
        status, headers = self.answer
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", "4")
        self.end_headers()
        self.wfile.write(b"noted"[:4])

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def peer() -> Iterator[ThreadingHTTPServer]:
    Peer.heard, Peer.answer = [], (200, {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), Peer)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def hook(peer: ThreadingHTTPServer, secret: str | None = SECRET) -> Webhook:
    port = peer.server_address[1]
    address = SecretStr(f"http://127.0.0.1:{port}/hook")
    return Webhook(address, SecretStr(secret) if secret else None, gate=Gate([f"127.0.0.1:{port}"]))


def answer(status: int, **headers: str) -> None:
    Peer.answer = (status, {name.replace("_", "-"): value for name, value in headers.items()})


def test_the_signature_is_that_of_the_test_vector() -> None:
    body = b'{"type":"mention.created","timestamp":"2026-11-20T08:12:05Z","data":{"id":"hun_01JD9T4K"}}'
    signed = signature(SECRET, "hun_01JD9T4K", "1795162325", body)
    assert signed == "v1,Q+x4Singd15n83HBfaqLtFbmYHK+Hc1uXPpXuGALUxQ="


@pytest.mark.parametrize("secret", [SECRET, f"whsec_{'QUJD' * 8} {SECRET}"])
def test_the_reference_library_verifies_what_we_send(peer: ThreadingHTTPServer, secret: str) -> None:
    assert hook(peer, secret).send(ALERT, None, now=datetime.now(UTC)).startswith("200")  # it verifies the age
    headers, body = Peer.heard[0]
    told = Reference(SECRET).verify(body.decode(), headers)
    assert told["type"] == "incident.opened"
    assert told["data"]["id"] == "alert.7.1"
    assert headers["webhook-id"] == "alert-7-1"
    assert len(body) < 20_000


def test_the_id_is_the_same_on_every_try_and_the_time_is_that_of_the_try(
    peer: ThreadingHTTPServer, now: datetime
) -> None:
    for later in (now, now + timedelta(minutes=5)):
        hook(peer).send(ALERT, None, now=later)
    first, second = (headers for headers, _ in Peer.heard)
    assert first["webhook-id"] == second["webhook-id"]
    assert int(second["webhook-timestamp"]) - int(first["webhook-timestamp"]) == 300


def test_without_a_secret_nothing_is_signed(peer: ThreadingHTTPServer, now: datetime) -> None:
    hook(peer, None).send(ALERT, None, now=now)
    assert "webhook-signature" not in Peer.heard[0][0]


@pytest.mark.parametrize("status", [301, 302, 400, 404, 429, 500, 503])
def test_all_but_2xx_is_a_failure_worth_another_try(peer: ThreadingHTTPServer, now: datetime, status: int) -> None:
    answer(status, location="/elsewhere")
    with pytest.raises(DeliveryError, match=str(status)) as caught:
        hook(peer).send(ALERT, None, now=now)
    assert not caught.value.permanent
    assert len(Peer.heard) == 1


@pytest.mark.parametrize(
    ("value", "seconds"), [("120", 120.0), ("Fri, 20 Nov 2026 12:10:00 GMT", 600.0), ("soon", None), ("", None)]
)
def test_retry_after_is_read(peer: ThreadingHTTPServer, now: datetime, value: str, seconds: float | None) -> None:
    answer(429, retry_after=value)
    with pytest.raises(DeliveryError) as caught:
        hook(peer).send(ALERT, None, now=now)
    assert caught.value.retry_after == seconds


def test_gone_is_final_and_not_asked_again(peer: ThreadingHTTPServer, now: datetime) -> None:
    answer(410)
    endpoint = hook(peer)
    for _ in range(2):
        with pytest.raises(DeliveryError) as caught:
            endpoint.send(ALERT, None, now=now)
        assert caught.value.permanent
    assert len(Peer.heard) == 1


def test_private_addresses_are_not_reached_unless_allowed(peer: ThreadingHTTPServer, now: datetime) -> None:
    closed = Webhook(hook(peer).url, None, gate=Gate())
    with pytest.raises(DeliveryError) as caught:
        closed.send(ALERT, None, now=now)
    assert caught.value.permanent
    assert Peer.heard == []


def test_a_broken_secret_is_told_without_showing_it(peer: ThreadingHTTPServer, now: datetime) -> None:
    with pytest.raises(DeliveryError) as caught:
        hook(peer, "whsec_not*base64").send(ALERT, None, now=now)
    assert "base64" in str(caught.value)
    assert "not*" not in str(caught.value)


def test_a_long_message_is_shortened(now: datetime) -> None:
    body = payload(Message("a", "t", "é" * 100_000, data={"mentions": list(range(9000))}), now)
    assert len(body) < 20_000
    assert json.loads(body)["data"]["shortened"] is True
