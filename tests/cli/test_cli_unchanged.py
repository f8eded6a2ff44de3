"""A sources.toml that has not changed is not read again by `hune poll`; one that has is, whatever changed in it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

sys.path.insert(0, str(Path(__file__).parents[1] / "net"))

from loopback import Loopback, reply

from watch.cli import hune
from watch.store import Store
from watch.store.unchanged import remembered

RSS = '<rss version="2.0"><channel><title>P</title><item><title>Un</title><guid>1</guid></item></channel></rss>'


class Folder:
    """A configuration and a store."""

    def __init__(self, path: Path, server: Loopback) -> None:
        self.file, self.database, self.server = path / "sources.toml", f"sqlite:///{path}/hune.db", server

    def write(self, more: str = "", *, allow: str | None = None) -> None:
        address = self.server.allow if allow is None else allow
        source = f'[[source]]\nname = "a"\nkind = "feed"\nurl = "{self.server.url("/rss")}"\n'
        self.file.write_text(f'[network]\nallow = ["{address}"]\n{source}{more}')

    def poll(self, **env: str) -> Result:
        options = ["--config", str(self.file), "--database", self.database, "--now", "2026-11-20T12:00:00Z"]
        return CliRunner().invoke(hune, [*options, "poll", "--all"], env=env)

    def command(self) -> list[str]:
        python = [sys.executable, "-X", "importtime", "-c", "from watch.cli import main; main()"]
        return [*python, "--config", str(self.file), "--database", self.database, "poll", "--all"]


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    with Loopback(lambda _: reply(200, RSS)) as server:
        yield Folder(tmp_path, server)


def test_a_second_poll_needs_neither_schema_nor_orm(folder: Folder) -> None:
    folder.write()
    loaded: list[set[str]] = []
    for _ in range(2):
        done: Any = subprocess.run(folder.command(), capture_output=True, text=True, check=True)
        loaded.append({line.rpartition("|")[2].strip() for line in done.stderr.splitlines()})
    assert {"pydantic", "tomllib"} <= loaded[0]
    assert not {"pydantic", "tomllib", "sqlalchemy"} & loaded[1]
    assert "a" in done.stdout


def test_a_changed_file_is_read(folder: Folder) -> None:
    folder.write()
    folder.poll()
    folder.write('[[source]]\nname = "b"\nkind = "feed"\nurl = "https://b.invalid/"\n')
    assert "b ·" in folder.poll().output


def test_a_mistake_made_since_is_told(folder: Folder) -> None:
    folder.write()
    folder.poll()
    folder.write("[[source]]\nnom = 1\n")
    assert folder.poll().exit_code == 1


def test_another_way_out_holds_at_once(folder: Folder) -> None:
    """H28"""
    folder.write()
    assert "ok" in folder.poll().output
    folder.write(allow="10.0.0.1")
    assert "not on the public internet" in folder.poll().output


def test_another_environment_is_another_file(folder: Folder) -> None:
    folder.write('[[source]]\nname = "b"\nkind = "feed"\nurl = "${B}"\n')
    assert folder.poll(B="https://b.invalid/").exit_code == 0
    assert folder.poll(B="no address").exit_code == 1


def test_what_another_file_declared_since_is_undone(folder: Folder) -> None:
    folder.write()
    folder.poll()
    other = Folder(folder.file.parent, folder.server)
    other.file, other.database = folder.file.with_name("other.toml"), folder.database
    other.write('[[source]]\nname = "b"\nkind = "feed"\nurl = "https://b.invalid/"\n')
    assert "b ·" in other.poll().output
    assert "b ·" not in folder.poll().output


def test_what_is_remembered_is_of_one_text(folder: Folder) -> None:
    folder.write()
    folder.poll()
    store = Store.open(folder.database)
    assert remembered(store, "another text") is None
    store.close()
