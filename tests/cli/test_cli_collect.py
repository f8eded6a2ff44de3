"""hune poll and hune sources, as a person types them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

sys.path.insert(0, str(Path(__file__).parents[1] / "net"))

from loopback import Asked, Loopback, reply

from watch.cli import hune

RSS = (
    '<?xml version="1.0"?><rss version="2.0"><channel><title>P</title>'
    "<item><title>Un</title><link>https://p.example/1</link><guid>1</guid></item></channel></rss>"
)
FIELDS = [
    "source", "outcome", "http_status", "kind", "message", "entries", "new", "updated", "bytes", "seconds",
    "next_poll_at",
]  # fmt: skip
Hune = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Hune]:
    def answer(asked: Asked) -> bytes:
        return reply(200, RSS, 'ETag: "1"') if asked.path == "/rss" else reply(404)

    with Loopback(answer) as server:
        sources = tmp_path / "sources.toml"
        sources.write_text(
            f'[network]\nallow = ["{server.allow}"]\n'
            '[[brand]]\nname = "Un"\nquery = "un"\n'
            f'[[source]]\nname = "Presse"\nkind = "feed"\nurl = "{server.url("/rss")}"\n'
            f'[[source]]\nname = "Absent"\nkind = "feed"\nurl = "http://127.0.0.1:{server.port}/no"\n'
        )

        def go(*arguments: str, now: str = "2026-11-20T12:00:00Z") -> Result:
            database = f"sqlite:///{tmp_path}/hune.db"
            options = ["--config", str(sources), "--database", database, "--now", now]
            return CliRunner().invoke(hune, [*options, *arguments])

        yield go


def rows(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.output + repr(result.exception)
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_poll_speaks_the_contract(run: Hune) -> None:
    absent, presse = rows(run("poll", "--json"))
    assert list(absent) == list(presse) == FIELDS
    assert (presse["source"], presse["outcome"], presse["http_status"], presse["new"]) == ("Presse", "ok", 200, 1)
    assert (absent["source"], absent["outcome"], absent["kind"]) == ("Absent", "failed", "http_4xx")
    assert presse["next_poll_at"].startswith("2026-11-20T1")
    assert presse["next_poll_at"].endswith("Z")


def test_poll_says_what_is_not_due(run: Hune) -> None:
    run("poll")
    assert [row["outcome"] for row in rows(run("poll", "--json"))] == ["skipped", "skipped"]
    again = rows(run("poll", "--all", "--source", "Presse", "--json"))
    assert [(row["source"], row["outcome"], row["updated"]) for row in again] == [("Presse", "ok", 0)]


def test_poll_for_a_person(run: Hune) -> None:
    told = run("poll")
    assert "2 sources polled (1 failed), 1 new items." in told.stdout
    assert "nothing is there (404)" in told.stdout


def test_sources_list_and_log(run: Hune) -> None:
    run("poll")
    listed = {row["name"]: row for row in rows(run("sources", "list", "--json"))}
    assert (listed["Presse"]["outcome"], listed["Absent"]["failures"], listed["Absent"]["failure"]) == (
        "ok",
        1,
        "http_4xx",
    )
    (logged,) = rows(run("sources", "log", "Absent", "--json"))
    assert (logged["outcome"], logged["http_status"], logged["at"]) == ("failed", 404, "2026-11-20T12:00:00Z")
    assert "Absent" in run("sources", "list").stdout
    assert "404" in run("sources", "log", "Absent").stdout


def test_sources_list_before_the_first_poll(run: Hune) -> None:
    assert [row["outcome"] for row in rows(run("sources", "list", "--json"))] == [None, None]


def test_sources_disable_and_enable(run: Hune) -> None:
    assert run("sources", "disable", "Presse").exit_code == 0
    assert [row["outcome"] for row in rows(run("poll", "--source", "Presse", "--json"))] == ["disabled"]
    assert run("sources", "enable", "Presse").exit_code == 0
    assert [row["outcome"] for row in rows(run("poll", "--source", "Presse", "--json"))] == ["ok"]


@pytest.mark.parametrize("command", [["poll", "--source", "X"], ["sources", "log", "X"], ["sources", "enable", "X"]])
def test_unknown_source_is_refused(run: Hune, command: list[str]) -> None:
    result = run(*command)
    assert "no source 'X'" in str(result.exception)


def test_kinds(run: Hune) -> None:
    assert {"kind": "feed", "keys": {"url": "the address of the feed"}} in rows(run("sources", "kinds", "--json"))
