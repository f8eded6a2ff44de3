"""`hune run` as typed: it starts, collects, answers, dies without loss, and ends when asked."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import httpx
import pytest
from webserver import Site, web_server

HUNE = str(Path(sys.executable).parent / "hune")
SOURCES, ENTRIES = 12, 8


def toml(site: Site) -> str:
    sources = "".join(
        f'[[source]]\nname = "Source {n}"\nurl = "{site.url(f"/feed/{n}.xml")}"\n\n' for n in range(SOURCES)
    )
    return (
        f'[network]\nallow = ["127.0.0.1:{site.port}"]\n\n[[brand]]\nname = "Aubrac"\nquery = "aubrac"\n\n'
        f'[[alert]]\nname = "colère"\nkind = "negative_spike"\nbrand = "Aubrac"\n\n'
        f'[[digest]]\nname = "matinale"\n\n{sources}'
    )


def feed(source: int) -> bytes:
    at = datetime.now(UTC) - timedelta(minutes=30)
    items = "".join(
        f"<item><title>Sujet {source}-{n}</title><description>Le bureau Aubrac numéro {source}-{n} plaît.</description>"
        f"<link>https://site{source}.example/{n}</link><guid>{source}-{n}</guid><pubDate>{format_datetime(at)}</pubDate></item>"
        for n in range(ENTRIES)
    )
    return f"<rss version='2.0'><channel><title>S{source}</title>{items}</channel></rss>".encode()


@pytest.fixture
def site() -> Iterator[Site]:
    with web_server() as found:
        found.pages = {f"/feed/{n}.xml": feed(n) for n in range(SOURCES)}
        yield found


@pytest.fixture
def folder(tmp_path: Path, site: Site) -> Path:
    (tmp_path / "sources.toml").write_text(toml(site), "utf-8")
    return tmp_path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(folder: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [HUNE, "run", "--port", str(port)], cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def until(probe: object, seconds: float = 60) -> object:
    """Ask again and again; a real process has no clock that we could move."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if found := probe():  # type: ignore[operator]
                return found
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    raise AssertionError("it did not happen in time")


def hune(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([HUNE, *arguments], cwd=folder, capture_output=True, text=True, timeout=60, check=False)


def mentions(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in hune(folder, "mentions", "--json").stdout.splitlines()]


def test_it_collects_answers_survives_a_kill_and_ends_when_asked(folder: Path, site: Site) -> None:
    """E01, E38: SIGKILL in the middle of a sweep loses and doubles nothing; SIGTERM ends it within 10 s."""
    port = free_port()
    with running(folder, port) as first:
        until(lambda: httpx.get(f"http://127.0.0.1:{port}/readyz").status_code == 200)
        # The sources share a host and take a second each: this is in the middle of the sweep.
        until(lambda: len(site.log) >= 4)
        first.send_signal(signal.SIGKILL)
        first.wait()
    with running(folder, port) as second:
        until(lambda: httpx.get(f"http://127.0.0.1:{port}/readyz").status_code == 200)
        until(lambda: len(mentions(folder)) == SOURCES * ENTRIES)
        key = json.loads(hune(folder, "keys", "create", "--scope", "read", "--json").stdout)["key"]
        answer = httpx.get(
            f"http://127.0.0.1:{port}/api/v1/mentions",
            params={"brand": "Aubrac", "limit": 5},
            headers={"Authorization": f"Bearer {key}"},
        )
        assert answer.status_code == 200
        assert len(answer.json()["items"]) == 5
        assert answer.json()["next"]
        second.send_signal(signal.SIGTERM)
        began = time.monotonic()
        assert second.wait(timeout=20) == 0
        assert time.monotonic() - began < 10
    urls = [one["url"] for one in mentions(folder)]
    assert len(urls) == len(set(urls)) == SOURCES * ENTRIES
    assert hune(folder, "db", "check").returncode == 0


def test_two_at_once_do_no_harm(folder: Path, site: Site) -> None:
    ports = free_port(), free_port()
    with running(folder, ports[0]), running(folder, ports[1]):
        for port in ports:
            until(lambda port=port: httpx.get(f"http://127.0.0.1:{port}/readyz").status_code == 200)
        until(lambda: len(mentions(folder)) == SOURCES * ENTRIES)
    asked = [path for method, path, _ in site.log]
    assert len(asked) == len(set(asked)) == SOURCES
    assert hune(folder, "db", "check").returncode == 0


def test_ctrl_c_ends_it(folder: Path) -> None:
    port = free_port()
    with running(folder, port) as process:
        until(lambda: httpx.get(f"http://127.0.0.1:{port}/readyz").status_code == 200)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 0
        assert process.stdout is not None
        assert "Traceback" not in process.stdout.read()


def test_without_a_configuration_it_writes_one(tmp_path: Path) -> None:
    """… before anything else: here it stops at a port that is in use, since the sources of that file are real."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = hune(tmp_path, "run", "--port", str(taken.getsockname()[1]))
    assert "sources.toml written" in done.stdout
    assert hune(tmp_path, "check").returncode == 0


def test_a_changed_configuration_is_read_again_and_a_broken_one_is_not(folder: Path, site: Site) -> None:
    from watch.config import load
    from watch.pipeline import Pipeline
    from watch.scheduler import Clock
    from watch.store import Store

    store = Store.open(f"sqlite:///{folder / 'hune.db'}")
    now = datetime.now(UTC)
    pipeline = Pipeline.build(load(folder / "sources.toml", {}), store, now=now)
    clock = Clock(pipeline, folder / "sources.toml", now=lambda: now)
    heard: list[str] = []
    clock.reloaded = lambda config: heard.append(config.brand[0].name)
    _write(folder, '[[brand]]\nname = "Ravel"\nquery = "ravel"\n', 1)
    clock.strike()
    _write(folder, '[[brand]]\nnom = "Ravel"\n', 2)
    clock.strike()
    pipeline.close()
    store.close()
    assert heard == ["Ravel"]
    assert [brand.name for brand in pipeline.config.brand] == ["Ravel"]


def _write(folder: Path, text: str, age: int) -> None:
    (folder / "sources.toml").write_text(text, "utf-8")
    os.utime(folder / "sources.toml", ns=(age, age))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--config", "nowhere.toml", "tick"], "nowhere.toml: there is no such file; `hune init` writes one"),
        (["--database", "sqlite:////nowhere/hune.db", "tick"], "the folder /nowhere does not exist"),
        (["--database", "sqlite:////proc/hune.db", "tick"], "cannot use the database"),
        (["--database", "postgresql://u:geheim@host:port/db", "tick"], "no database address"),
        (["mentions", "--q", "(aubrac"], "a closing parenthesis is missing"),
        (["digest", "--name", "soiree"], "soiree"),
        (["alerts", "show", "7"], "there is no incident 7"),
        (["sources", "log", "Nulle part"], "there is no source 'Nulle part'"),
        (["poll", "--source", "Nulle part"], "there is no source 'Nulle part'"),
        (["init"], "exists already"),
    ],
)
def test_what_a_person_can_mend_is_one_line_and_status_1(folder: Path, arguments: list[str], said: str) -> None:
    done = hune(folder, *arguments)
    assert done.returncode == 1, done
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    "arguments",
    [["frobnicate"], ["tick", "--loud"], ["--now", "yesterday", "tick"], ["--now", "9999-12-31", "tick"], ["alerts"]],
)
def test_wrong_usage_is_status_2(folder: Path, arguments: list[str]) -> None:
    assert hune(folder, *arguments).returncode == 2


def test_a_mistake_in_the_configuration_is_one_line(folder: Path) -> None:
    (folder / "sources.toml").write_text('[[brand]]\nname = "A"\nquerry = "a"\n[hune]\nlanguage = "de"\n')
    done = hune(folder, "tick")
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert "(and 2 more: `hune check` lists them)" in done.stderr
    checked = hune(folder, "check")
    assert checked.returncode == 1
    assert len(checked.stdout.strip().splitlines()) == 3


def test_a_port_in_use_is_one_line(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = hune(folder, "run", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 1
    assert "is in use" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_missing_model_is_one_line(folder: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "HUNE_MODELS": str(tmp_path / "no-models")}
    for command in (["run", "--port", "0"], ["tick"], ["label"]):
        done = subprocess.run(
            [HUNE, *command],
            cwd=folder,
            capture_output=True,
            text=True,
            env=environment,
            input="",
            timeout=60,
            check=False,
        )
        assert done.returncode == 1, done
        assert "model" in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1
