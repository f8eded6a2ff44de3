from __future__ import annotations

import json
import logging
import re
import threading
from collections.abc import Iterator
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest
from pydantic import SecretStr

from watch.errors import DeliveryError
from watch.model import Message
from watch.notify.apprise import Chat, neutral


class Room(BaseHTTPRequestHandler):
    heard: ClassVar[list[dict[str, Any]]]
    status: ClassVar[int]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.heard.append(json.loads(body))
        self.send_response(self.status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def room() -> Iterator[str]:
    Room.heard, Room.status = [], 200
    server = ThreadingHTTPServer(("127.0.0.1", 0), Room)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"json://127.0.0.1:{server.server_address[1]}/s3cr3t-token"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_message_arrives_with_title_text_and_link(room: str, now: datetime) -> None:
    told = Chat(SecretStr(room)).send(
        Message("a", "Un titre", "Un texte", link="https://hune.example.org/alerts/1"), None, now=now
    )
    assert told.startswith("taken by")
    assert Room.heard[0]["title"] == "Un titre"
    assert Room.heard[0]["message"] == "Un texte\n\nhttps://hune.example.org/alerts/1"


@pytest.mark.parametrize(("status", "permanent"), [(500, False), (429, False), (404, True), (401, True)])
def test_a_refusal_names_the_service_and_no_secret(
    room: str, now: datetime, caplog: pytest.LogCaptureFixture, status: int, permanent: bool
) -> None:
    Room.status = status
    with caplog.at_level(logging.DEBUG), pytest.raises(DeliveryError, match=str(status)) as caught:
        Chat(SecretStr(room)).send(Message("a", "t", "x"), None, now=now)
    assert caught.value.permanent is permanent
    assert "s3cr3t" not in str(caught.value) + caplog.text


def test_an_address_that_apprise_does_not_know_is_final(now: datetime) -> None:
    with pytest.raises(DeliveryError) as caught:
        Chat(SecretStr("nosuch://s3cr3t")).send(Message("a", "t", "x"), None, now=now)
    assert caught.value.permanent
    assert "s3cr3t" not in str(caught.value)


@pytest.mark.parametrize("called", ["@everyone", "@here", "<!channel>", "<@U0123>", "<#C1>", "<:x:1>", "@Claire"])
def test_nobody_is_called_by_what_strangers_write(called: str) -> None:
    """H59"""
    assert called not in neutral(f"bonjour {called} !")
    assert neutral(f"bonjour {called} !").replace("\u200b", "") == f"bonjour {called} !"


@pytest.mark.parametrize("whole", ["https://social.example/@claire/11", "claire@example.org"])
def test_addresses_stay_whole(whole: str) -> None:
    assert neutral(whole) == whole


def test_template_marks_stay_as_they_are() -> None:
    """H59"""
    assert neutral("{{7*7}} a < b, c@ d") == "{{7*7}} a < b, c@ d"


@pytest.mark.parametrize(
    "hidden",
    ["[notre banque](https://evil.example)", "<https://evil.example|notre banque>", "<mailto:a@evil.example|nous>"],
)
def test_no_address_hides_behind_other_words(hidden: str) -> None:
    """H59: links in the syntax of Discord, Slack, Mattermost and Google Chat stay as they were written"""
    assert hidden not in neutral(hidden)
    assert neutral(hidden).replace("\u200b", "") == hidden


@pytest.mark.parametrize("address", ["slack://Tabc/Babc/Xabcdefghijklmnopqrst", "discord://1234567/abcdefg"])
def test_markup_of_a_service_is_not_asked_for(address: str, monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    """H59: what apprise would send holds no mention that the service would act on"""
    import requests

    bodies: list[str] = []

    def send(_session: requests.Session, request: requests.PreparedRequest, **_: Any) -> requests.Response:
        bodies.append(json.dumps(json.loads(request.body or ""), ensure_ascii=False))
        answer = requests.Response()
        answer.status_code, answer._content = 200, b"ok"
        return answer

    monkeypatch.setattr(requests.Session, "send", send)  # the network ends here
    Chat(SecretStr(address)).send(Message("a", "@everyone <!channel>", "@here <@U0123> *{{7*7}}*"), None, now=now)
    assert bodies
    assert not re.search(r"@(everyone|here)|<[!@]|&lt;!channel&gt;.*parse.*full", bodies[0])
    assert "{{7*7}}" in bodies[0]
