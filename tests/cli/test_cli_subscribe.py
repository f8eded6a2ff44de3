"""hune sources add, discover, remove, import, export, and list with its advice, as a person types them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

sys.path.insert(0, str(Path(__file__).parents[1] / "net"))

from loopback import Asked, Loopback, reply

from watch.cli import hune
from watch.errors import FetchError, HuneError

RSS = '<?xml version="1.0"?><rss version="2.0"><channel><title>{}</title>{}</channel></rss>'
ITEM = "<item><title>{0}</title><link>https://p.example/{0}</link><guid>{0}</guid></item>"
FEED = RSS.format("La Presse", ITEM.format("un") + ITEM.format("deux"))
ALTERNATE = '<html><link rel="alternate" type="application/rss+xml" href="/rss"><p>Bonjour'
LISTED = "".join(f"<article><h2><a href='/{n}'>Un article numéro {n}</a></h2></article>" for n in (1, 2))
PAGES = {"/rss": FEED, "/": ALTERNATE, "/actus": LISTED, "/declared": FEED}


@dataclass
class World:
    server: Loopback
    folder: Path

    def run(self, *arguments: str, now: str = "2026-11-20T12:00:00Z") -> Result:
        options = ["--config", str(self.folder / "sources.toml"), "--now", now]
        database = f"sqlite:///{self.folder}/hune.db"
        return CliRunner().invoke(hune, [*options, "--database", database, *arguments])

    def rows(self, *arguments: str, now: str = "2026-11-20T12:00:00Z") -> list[dict[str, Any]]:
        result = self.run(*arguments, now=now)
        assert result.exit_code == 0, result.output + repr(result.exception)
        return [json.loads(line) for line in result.stdout.splitlines()]

    def refused(self, *arguments: str) -> str:
        result = self.run(*arguments)
        assert isinstance(result.exception, HuneError), result.output + repr(result.exception)
        return str(result.exception)

    def log(self, name: str) -> list[tuple[str, int]]:
        return [(row["outcome"], row["new"]) for row in self.rows("sources", "log", name, "--json")]

    def names(self) -> list[str]:
        return [row["name"] for row in self.rows("sources", "list", "--json")]

    def paths(self) -> list[str]:
        return [asked.path for asked in self.server.asked]

    def url(self, path: str) -> str:
        return self.server.url(path)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    def answer(asked: Asked) -> bytes:
        return reply(200, PAGES[asked.path], 'ETag: "1"') if asked.path in PAGES else reply(404)

    with Loopback(answer) as server:
        (tmp_path / "sources.toml").write_text(
            f'[hune]\nbase_url = "https://hune.example"\n[network]\nallow = ["{server.allow}"]\n'
            f'[[source]]\nname = "Déclarée"\nurl = "{server.url("/declared")}"\n'
        )
        yield World(server, tmp_path)


def test_a_feed_is_added_and_read_with_one_request(world: World) -> None:
    """P25: what `add` has read is kept, and the next poll is conditional"""
    (row,) = world.rows(
        "sources", "add", world.url("/rss"), "--tag", "presse", "--tag", "lu", "--every", "30m", "--json"
    )
    assert row == {"name": "La Presse", "url": world.url("/rss"), "kind": "feed", "entries": 2, "also": []}
    (skipped,) = world.rows("poll", "--source", "La Presse", "--json")
    assert (skipped["outcome"], world.paths()) == ("skipped", ["/rss"])
    assert skipped["next_poll_at"] < "2026-11-20T12:40"
    assert world.log("La Presse") == [("ok", 2)]
    (later,) = world.rows("poll", "--source", "La Presse", "--json", now="2026-11-20T13:00:00Z")
    assert (later["entries"], later["new"]) == (2, 0)
    assert world.server.asked[-1].headers("if-none-match") == [b'"1"']
    listed = {row["name"]: row for row in world.rows("sources", "list", "--json")}
    assert (listed["La Presse"]["managed"], listed["La Presse"]["tags"]) == (False, ["presse", "lu"])
    assert listed["Déclarée"]["managed"] is True


def test_the_feed_of_a_page_is_added(world: World) -> None:
    """H15"""
    told = world.run("sources", "add", world.url("/"), "--name", "Ma presse")
    assert told.stdout.splitlines() == [f"Ma presse: read from now on, 2 entries at {world.url('/rss')}"]
    assert world.paths() == ["/", "/rss"]


def test_a_page_without_a_feed_is_added_as_a_page(world: World) -> None:
    (row,) = world.rows("sources", "add", world.url("/actus"), "--kind", "page", "--name", "Actus", "--json")
    assert (row["entries"], row["kind"]) == (2, "page")
    assert world.log("Actus") == [("ok", 2)]
    assert world.paths() == ["/robots.txt", "/actus"]


def test_options_of_a_page_reach_the_poll(world: World) -> None:
    world.run("sources", "add", world.url("/actus"), "--kind", "page", "--name", "A", "--select", "article:first-child")
    assert world.log("A") == [("ok", 1)]


def test_full_text_is_for_the_first_poll_to_fetch(world: World) -> None:
    world.run("sources", "add", world.url("/rss"), "--full-text")
    assert world.log("La Presse") == []
    assert world.rows("poll", "--source", "La Presse", "--json")[0]["new"] == 2


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["{}/declared"], "is read already, as 'Déclarée'"),
        (["{}/rss", "--name", "Déclarée"], "another source 'Déclarée'"),
        (["{}/rss", "--name", "deux\nlignes"], "one line"),
        (["{}/rss", "--name", "x" * 201], "at most 200"),
        (["{}/nothing"], "nothing is there (404)"),
        (["{}/actus", "--kind", "page", "--select", "a[["], "no CSS selector"),
        (["http://127.0.0.1:1/rss"], "not on the public internet"),
        (["http://localhost/rss"], "not on the public internet"),
        (["http://[::1]/rss"], "not on the public internet"),
        (["http://2130706433/rss"], "refused"),
        (["file:///etc/passwd"], "only http and https"),
        (["https://a:b@example.org/"], "password"),
        (["https://hune.example/feeds/x.atom"], "its own echo"),
        (["https://www.facebook.com/x"], "gives nobody a feed"),
    ],
)
def test_what_cannot_be_added_is_refused_in_a_sentence(world: World, arguments: list[str], why: str) -> None:
    """H27, H29, H64"""
    site = world.url("/").rstrip("/")
    assert why in world.refused("sources", "add", *(argument.format(site) for argument in arguments))
    assert world.names() == ["Déclarée"]


@pytest.mark.parametrize("arguments", [["--every", "5m"], ["--every", "souvent"], ["--select", "a"]])
def test_options_that_cannot_be_are_wrong_usage(world: World, arguments: list[str]) -> None:
    assert world.run("sources", "add", world.url("/rss"), *arguments).exit_code == 2
    assert world.paths() == []


def test_discover_lists_feeds(world: World) -> None:
    (row,) = world.rows("sources", "discover", world.url("/"), "--json")
    assert (row["url"], row["how"], row["title"], row["entries"]) == (world.url("/rss"), "named", "La Presse", 2)
    assert "named by the page" in world.run("sources", "discover", world.url("/")).stdout
    assert world.names() == ["Déclarée"]


def test_discover_says_when_there_is_none(world: World) -> None:
    world.server.answer = lambda asked: reply(
        200, "User-agent: *\nDisallow: /" if "robots" in asked.path else "<p>Rien"
    )
    assert "--kind page" in world.refused("sources", "discover", world.url("/"))


def test_remove_and_add_again(world: World) -> None:
    world.run("sources", "add", world.url("/rss"))
    world.run("poll")
    assert world.run("sources", "remove", "La Presse").exit_code == 0
    assert world.names() == ["Déclarée"]
    assert "no source 'La Presse'" in world.refused("sources", "remove", "La Presse")
    world.run("sources", "add", world.url("/rss"), "--tag", "lu")
    assert world.log("La Presse") == [("ok", 0), ("ok", 2)]


def test_what_the_file_declares_is_removed_there(world: World) -> None:
    assert "declared in sources.toml" in world.refused("sources", "remove", "Déclarée")
    assert world.names() == ["Déclarée"]


def opml(world: World, outlines: str) -> str:
    file = world.folder / "liste.opml"
    file.write_text(f'<opml version="2.0">\n<body>\n{outlines}\n</body></opml>')
    return str(file)


def test_import_tells_of_every_line(world: World) -> None:
    """H64"""
    file = opml(
        world,
        '<outline text="Presse">\n<outline text="Un" xmlUrl="https://un.example/f"/>\n'
        '<outline text="Un" xmlUrl="https://deux.example/f"/>\n</outline>\n'
        '<outline text="Lu">\n<outline text="Un encore" xmlUrl="http://un.example/f/"/>\n</outline>\n'
        '<outline text="Local" xmlUrl="file:///etc/passwd"/>\n<outline text="Privé" xmlUrl="http://192.168.0.1/f"/>\n'
        '<outline text="Script" xmlUrl="javascript:alert(1)"/>\n<outline text="Rien"/>\n'
        f'<outline xmlUrl="{world.url("/declared")}"/>\n<outline xmlUrl="https://sans-titre.example/f"/>',
    )
    rows = world.rows("sources", "import", file, "--json")
    assert [(row["line"], row["outcome"], row["name"]) for row in rows] == [
        (4, "added", "Un"),
        (5, "added", "Un (deux.example)"),
        (8, "known", "Un"),
        (10, "refused", "Local"),
        (11, "refused", "Privé"),
        (12, "refused", "Script"),
        (13, "refused", "Rien"),
        (14, "known", "Déclarée"),
        (15, "added", "sans-titre.example"),
    ]
    assert all(row["reason"] for row in rows if row["outcome"] == "refused")
    tags = {row["name"]: row["tags"] for row in world.rows("sources", "list", "--json")}
    assert (tags["Un"], tags["Un (deux.example)"]) == (["Presse", "Lu"], ["Presse"])
    assert world.paths() == []
    again = world.run("sources", "import", file)
    assert again.stdout.splitlines()[-1] == "0 added, 5 known already, 4 refused."
    assert "    4  known    Un  https://un.example/f" in again.stdout


def test_import_of_something_else_is_refused(world: World) -> None:
    file = world.folder / "x.opml"
    file.write_text("<html>")
    assert "no OPML file" in world.refused("sources", "import", str(file))


def test_export_is_read_again(world: World, tmp_path: Path) -> None:
    world.run(
        "sources", "import", opml(world, '<outline text="A"><outline text="x" xmlUrl="https://x.example/f"/></outline>')
    )
    world.run("sources", "add", world.url("/actus"), "--kind", "page", "--name", "Actus")
    exported = world.run("sources", "export")
    assert ('category="/A"' in exported.stdout, "Déclarée" in exported.stdout) == (True, True)
    assert "1 sources that are no feeds are left out" in exported.stderr
    file = tmp_path / "out.opml"
    assert world.run("sources", "export", "--output", str(file)).stdout == ""
    assert file.read_text("utf-8") == exported.stdout
    other = World(world.server, tmp_path / "other")
    other.folder.mkdir()
    (other.folder / "sources.toml").write_text(f'[network]\nallow = ["{world.server.allow}"]\n')
    assert [row["outcome"] for row in other.rows("sources", "import", str(file), "--json")] == ["added", "added"]
    assert other.names() == ["Déclarée", "x"]


def test_list_says_what_to_do(world: World) -> None:
    world.server.answer = lambda _: reply(404)
    world.run("poll")
    (row,) = world.rows("sources", "list", "--json")
    assert (row["state"], row["failure"], row["failures"]) == ("failing", "http_4xx", 1)
    assert "hune sources discover" in row["advice"]
    assert row["advice"] in world.run("sources", "list").stdout


def test_list_tells_rhythm_and_silence(world: World) -> None:
    days = "".join(
        f"<item><title>{day}</title><guid>{day}</guid><pubDate>{day:02} Nov 2026 08:00:00 GMT</pubDate></item>"
        for day in (3, 4, 5, 6)
    )
    world.server.answer = lambda _: reply(200, RSS.format("P", days))
    world.run("poll", now="2026-11-06T12:00:00Z")
    (row,) = world.rows("sources", "list", "--json", now="2026-11-06T12:00:00Z")
    assert (row["state"], row["rhythm_seconds"], row["silence_seconds"]) == ("ok", 86_400, 4 * 3_600)
    assert "usually every 24 h · silent for 14 days" in world.run("sources", "list").stdout
    assert world.rows("sources", "list", "--json")[0]["state"] == "silent"


def test_errors_are_of_a_kind_that_has_advice(world: World) -> None:
    from typing import get_args

    from watch.collect.health import ADVICE
    from watch.errors import FailureKind

    assert set(ADVICE) == set(get_args(FailureKind))
    assert issubclass(FetchError, HuneError)
