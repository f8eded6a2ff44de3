"""A real server on the loopback, asked over a real socket."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading

import httpx
import pytest

from api.server import Server
from watch.errors import Refused


@pytest.fixture
def server(app):
    running = Server(app, port=0)
    running.bind()
    thread = threading.Thread(target=running.run)
    thread.start()
    yield running
    running.stop()
    thread.join(10)
    assert not thread.is_alive(), "the server did not stop"


def test_it_answers_from_a_thread_and_stops(server):
    # The socket listens since `bind`: a request that comes too early waits instead of failing.
    answer = httpx.get(f"{server.url}/readyz", timeout=10)
    assert answer.status_code == 200
    assert answer.json()["status"] == "ready"
    assert "server" not in answer.headers


def test_a_port_in_use_is_refused_before_anything_starts(app):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Refused, match=rf"port {port} is in use on 127\.0\.0\.1; choose another with --port"):
            Server(app, port=port).bind()


def test_an_address_that_is_not_ours_is_refused(app):
    with pytest.raises(Refused, match=r"cannot listen on 192\.0\.2\.1"):
        Server(app, host="192.0.2.1", port=0).bind()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_serve_cleanly(tmp_path, number):
    (tmp_path / "sources.toml").write_text("")
    code = "from watch.cli import main; main()"
    command = [sys.executable, "-c", code, "--database", f"sqlite:///{tmp_path / 'hune.db'}", "serve", "--port", "0"]
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    ) as process:
        assert process.stdout is not None
        first, second = process.stdout.readline(), process.stdout.readline()
        url = first.removeprefix("Hune listens at ").strip()
        assert "/setup with the one-time token" in second
        assert httpx.get(f"{url}/healthz", timeout=20).json() == {"status": "alive"}
        process.send_signal(number)
        assert process.wait(10) == 0
