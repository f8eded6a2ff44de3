"""The shared sample of hostile feeds, played step by step against poll_due and a fresh store for each case."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from shared_data import SHARED
from sqlmodel import select

from watch.collect import Poller, PoolParser, poll_due
from watch.net import Gate, Limits, user_agent
from watch.store import Store
from watch.store.tables import Item, Source

pytestmark = pytest.mark.shared
_FOLDER = (SHARED or Path("absent")) / "hostile"
_PORT = 18_800 + os.getpid() % 900 * 2
# The words of the sample for kinds that the contract names more finely.
_SAME = {"deadline": "timeout", "connect": "network", "dns": "network", "tls": "network"}


def _cases() -> list[dict[str, Any]]:
    manifest = _FOLDER / "manifest.json"
    return json.loads(manifest.read_text())["cases"] if manifest.is_file() else []


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, str(_FOLDER / "server.py"), "--port", str(_PORT)], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.readline()
    yield f"http://127.0.0.1:{_PORT}"
    process.terminate()
    process.wait()
    process.stdout.close()


@pytest.fixture(scope="module")
def parser() -> Iterator[PoolParser]:
    with PoolParser(workers=1) as pool:
        yield pool


def _get(url: str) -> Any:
    with urllib.request.urlopen(url) as answer:
        return json.load(answer)


@pytest.mark.parametrize("case", _cases() or [None], ids=lambda case: case["id"] if case else "absent")
def test_hostile_case(case: dict[str, Any] | None, server: str, parser: PoolParser, tmp_path: Path) -> None:
    assert case is not None
    now = datetime.now(UTC)
    store = Store.open(f"sqlite:///{tmp_path}/hune.db")
    with store.session() as session:
        session.add(Source(name=case["id"], kind="feed", url=server + case["path"], created_at=now))
    # The drip would take the whole 30 s; what is tested is that a deadline ends it, not its length.
    limits = Limits(seconds=2.0 if case["id"] == "drip" else 30.0)
    gate = Gate([f"127.0.0.1:{_PORT}"])
    poller = Poller(gate, user_agent("veille@example.org"), parser=parser, limits=limits)
    for step in case["steps"]:
        now += timedelta(seconds=step["advance_s"])
        _get(f"{server}/step?case={case['id']}&step={step['step']}")
        began = time.monotonic()
        done = poll_due(store, poller, now)
        assert time.monotonic() - began < case["limits"]["max_seconds"]
        status, kind, new = ("skipped", None, 0)
        if done:
            status, kind, new = done[0].outcome, done[0].kind, done[0].new
        assert any(_fits(outcome, status, kind, new) for outcome in step["outcome"]), (step, done)
    for check in case["log"]:
        _check_log([row for row in _get(server + "/log") if row["case"] == case["id"]], check)
    _check_content(store, case["content"], now)
    store.close()


def _fits(outcome: dict[str, Any], status: str, kind: str | None, new: int) -> bool:
    status = "error" if status == "failed" else status
    low, high = outcome.get("new_items", [0, 10**9])
    kinds = outcome.get("kind", [kind])
    same_kind = kind in kinds or _SAME.get(kind or "") in kinds
    return status == outcome["status"] and same_kind and low <= new <= high


def _check_log(rows: list[dict[str, Any]], check: dict[str, Any]) -> None:
    of_step = [row for row in rows if row["step"] == check.get("step")]
    names = [[value for key, value in row["headers"] if key.lower() == check.get("name")] for row in of_step]
    match check["check"]:
        case "header_equals":
            assert names[0] == [check["value"]]
        case "header_absent":
            assert names[0] == []
        case "no_request":
            assert not of_step
        case "first_path_is":
            assert of_step[0]["target"] == check["value"]
        case "max_bytes_sent":
            assert all(row["bytes_sent"] <= check["value"] for row in rows)
        case "no_trap_hit":
            assert not any(row["trap"] for row in rows)
        case "max_requests":
            assert len(of_step) <= check["value"]
        case other:
            pytest.fail(f"unknown check {other}")


def _check_content(store: Store, content: dict[str, Any], now: datetime) -> None:
    with store.reading() as session:
        items = session.exec(select(Item)).all()
    words = "\n".join(f"{item.title}\n{item.text}" for item in items)
    if "text_excludes" in content:
        assert not any(text in words for text in content["text_excludes"])
    assert len(words) <= content.get("max_text_len", 10**9)
    assert {*content.get("titles_include", [])} <= {item.title for item in items}
    if content.get("no_control_chars"):
        assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", words)
    if "dates_between" in content:
        assert all(datetime(1970, 1, 1, tzinfo=UTC) <= item.published <= now for item in items)
    assert len(items) >= content.get("min_items", 0)
    if "links_schemes" in content:
        assert all(item.url is None or item.url.split(":")[0] in content["links_schemes"] for item in items)
    if content.get("html_inert"):
        assert not re.search(r"<script|onerror|srcdoc|<svg", words)
