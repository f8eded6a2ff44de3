"""H70: a log is one JSON line a record; what strangers write steers no terminal, begins no line and adds no key."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watch import logs

EVIL = (
    'Titre\r\n{"time":"2026-11-20T12:00:00Z","level":"ERROR","message":"forged"}\x1b[2J\x1b]0;owned\x07\x7f\x85'
    "\u2028\u2029\x9b31m\0 \u202eabc\u2066 outcome=ok \ud800"
)


def written(statement: str, **environment: str) -> list[dict[str, Any]]:
    """What a process logs, a record each; `log` is its logger, `evil` the title."""
    code = f"""
import logging
from watch import logs
logs.setup(verbose=True)
log, evil = logging.getLogger("watch.collect"), {EVIL!r}
{statement}
"""
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, check=True, encoding="utf-8", env=environment or None)
    lines = done.stderr.split("\n")[:-1]
    assert all(line.isprintable() for line in lines)
    return [json.loads(line) for line in lines]


def one(message: str, *arguments: object, logger: str = "watch.collect") -> dict[str, Any]:
    """A record as it is written."""
    record = logging.LogRecord(logger, logging.INFO, __file__, 1, message, arguments, None)
    line = logs.JsonLines().format(record)
    assert line.isprintable()
    found = json.loads(line)
    assert isinstance(found, dict)
    return found


def test_a_unit_of_work_is_one_json_line_with_its_fields() -> None:
    """H70"""
    (found,) = written("log.info('poll source=%r outcome=%s new=%d seconds=%.3f', evil, 'ok', 3, 0.12345)")
    assert found.pop("time").endswith("Z")
    assert found == {
        "level": "INFO",
        "logger": "watch.collect",
        "message": "poll",
        "source": EVIL,
        "outcome": "ok",
        "new": 3,
        "seconds": 0.123,
    }


def test_an_error_that_quotes_a_title_is_one_line_with_its_traceback() -> None:
    """H70"""
    (found,) = written("try: raise ValueError(evil)\nexcept ValueError: log.exception('store outcome=crashed')")
    assert found["message"] == "store"
    assert found["outcome"] == "crashed"
    assert found["exception"].startswith("Traceback")
    assert "ValueError: Titre" in found["exception"]


def test_what_libraries_log_is_a_json_line_too() -> None:
    """H70: uvicorn's, say, whose message ends in a line break."""
    code = "logging.getLogger('uvicorn.error').error('Exception in ASGI application\\n')"
    (found,) = written(code)
    assert found["logger"] == "uvicorn.error"
    assert found["message"] == "Exception in ASGI application"


def test_the_command_line_logs_nothing_but_json_lines(tmp_path: Path) -> None:
    """H70, from `hune poll` to standard error."""
    source = '[[source]]\nname = "Déçu"\nkind = "feed"\nurl = "http://127.0.0.1:9/flux"\n'
    (tmp_path / "sources.toml").write_text(source, encoding="utf-8")
    command = [str(Path(sys.executable).parent / "hune"), "-v", "poll", "--json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True, encoding="utf-8")
    records = [json.loads(line) for line in done.stderr.splitlines()]
    assert [record["source"] for record in records if record["message"] == "poll"] == ["Déçu"]


def test_a_stream_that_is_not_utf_8_gets_ascii() -> None:
    """H70: a character that the stream escapes in its own way would be no JSON."""
    (found,) = written("log.info('poll source=%r', 'Déçu')", PYTHONIOENCODING="ascii:backslashreplace")
    assert found["source"] == "Déçu"


@given(st.text(), st.text())
def test_any_text_stays_in_its_field(title: str, url: str) -> None:
    """H70"""
    found = one("poll source=%r url=%s", title, url)
    assert (found["message"], found["source"], found["url"]) == ("poll", title, url)
    assert len(found) == 6


@pytest.mark.parametrize(
    ("template", "arguments", "message", "fields"),
    [
        ("nothing to add", (), "nothing to add", {}),
        ("reload outcome=refused reason=%s; the old one stays", ("a; b=c",), "reload; the old one stays",
         {"outcome": "refused", "reason": "a; b=c"}),
        ("label item=%s then=one-by-one", (None,), "label", {"item": None, "then": "one-by-one"}),
        ("mark reason=%s", (ValueError("x=1"),), "mark", {"reason": "x=1"}),
        ("%s said twice=%d", ("who", True), "who said", {"twice": True}),
        ("alert score=%.2f", (float("inf"),), "alert", {"score": "inf"}),
        ("too few=%s more=%s", ("a",), "too few=%s more=%s ('a',)", {}),
        ("100%% done=%s", ("a=b",), "100% done=a=b", {}),
    ],
)  # fmt: skip
def test_fields_come_from_the_template_alone(
    template: str, arguments: tuple[object, ...], message: str, fields: dict[str, object]
) -> None:
    found = one(template, *arguments)
    assert found.pop("message") == message
    assert {key: found[key] for key in found if key not in ("time", "level", "logger")} == fields


def test_what_others_log_is_not_taken_apart() -> None:
    found = one("GET /?q=%s", "x", logger="uvicorn.access")
    assert found["message"] == "GET /?q=x"
    assert len(found) == 4


def test_the_time_is_utc_to_the_millisecond() -> None:
    record = logging.LogRecord("watch", logging.INFO, __file__, 1, "x", (), None)
    record.created = datetime(2026, 11, 20, 12, 0, 0, 5_000, tzinfo=UTC).timestamp()
    assert json.loads(logs.JsonLines().format(record))["time"] == "2026-11-20T12:00:00.005Z"
