"""How each reader is set up, swept once, and asked what it holds."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

_NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


class Reader(ABC):
    """One reader with its files in `folder`."""

    name: ClassVar[str]

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @abstractmethod
    def found(self) -> bool:
        """Whether it can run here."""

    @abstractmethod
    def prepare(self, urls: Sequence[str]) -> None:
        """Subscribe to `urls`."""

    @abstractmethod
    def command(self, index: int) -> list[str]:
        """What sweeps all feeds, the time number `index` from 0."""

    @abstractmethod
    def items(self) -> int:
        """How many entries it holds."""


def _count(database: Path, table: str) -> int:
    if not database.exists():
        return 0
    with sqlite3.connect(database) as connection:
        count: int = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    return count


class Hune(Reader):
    """`hune poll`, all sources each time."""

    name = "hune"

    def found(self) -> bool:
        return True

    def prepare(self, urls: Sequence[str]) -> None:
        lines = ["[network]", 'allow = ["127.0.0.0/8"]']
        for number, url in enumerate(urls):
            lines += ["[[source]]", f'name = "feed {number}"', 'kind = "feed"', f'url = "{url}"']
        (self.folder / "sources.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def command(self, index: int) -> list[str]:
        now = (_NOW + timedelta(hours=2 * index)).isoformat().replace("+00:00", "Z")
        return [str(Path(sys.executable).parent / "hune"), "--now", now, "poll", "--all", "--json"]

    def items(self) -> int:
        return _count(self.folder / "hune.db", "item")


_SWEEP = """
import sys
from reader import make_reader
reader = make_reader("reader.db")
for url in open("urls").read().split():
    reader.add_feed(url, exist_ok=True)
if len(sys.argv) > 1:
    reader.update_feeds(workers=32, scheduled=False)
"""


class PyPIReader(Reader):
    """`reader` (from PyPI), 32 workers, in an environment of its own."""

    name = "reader"
    _home = Path(tempfile.gettempdir()) / "bench_reader"

    def found(self) -> bool:
        python = str(self._home / "bin" / "python")
        for attempt in (
            [sys.executable, "-m", "venv", str(self._home)],
            # Its feedparser needs sgmllib3k, which it does not always bring.
            [python, "-m", "pip", "install", "-q", "reader", "sgmllib3k"],
        ):
            if not self._imports(python):
                subprocess.run(attempt, capture_output=True, check=False)
        return self._imports(python)

    @staticmethod
    def _imports(python: str) -> bool:
        check = [python, "-c", "import reader, sgmllib"]
        return Path(python).exists() and not subprocess.run(check, capture_output=True, check=False).returncode

    def prepare(self, urls: Sequence[str]) -> None:
        (self.folder / "urls").write_text("\n".join(urls), encoding="utf-8")
        (self.folder / "sweep.py").write_text(_SWEEP, encoding="utf-8")
        subprocess.run([self._home / "bin" / "python", "sweep.py"], cwd=self.folder, check=True)

    def command(self, index: int) -> list[str]:
        return [str(self._home / "bin" / "python"), "sweep.py", "now"]

    def items(self) -> int:
        return _count(self.folder / "reader.db", "entries")


class Newsboat(Reader):
    """newsboat, 32 threads."""

    name = "newsboat"

    def found(self) -> bool:
        return shutil.which("newsboat") is not None

    def prepare(self, urls: Sequence[str]) -> None:
        (self.folder / "urls").write_text("\n".join(urls) + "\n", encoding="utf-8")
        (self.folder / "config").write_text("reload-threads 32\nmax-items 0\n", encoding="utf-8")

    def command(self, index: int) -> list[str]:
        return ["newsboat", "-u", "urls", "-c", "cache.db", "-C", "config", "-x", "reload"]

    def items(self) -> int:
        return _count(self.folder / "cache.db", "rss_item")


class Rss2Email(Reader):
    """rss2email, without sending."""

    name = "rss2email"

    def found(self) -> bool:
        return shutil.which("r2e") is not None

    def prepare(self, urls: Sequence[str]) -> None:
        lines = ["[DEFAULT]", "from = a@example.org", "to = b@example.org"]
        for number, url in enumerate(urls):
            lines += [f"[feed.f{number}]", f"url = {url}"]
        (self.folder / "r2e.cfg").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def command(self, index: int) -> list[str]:
        return ["r2e", "-c", "r2e.cfg", "-d", "r2e.json", "run", "--no-send"]

    def items(self) -> int:
        file = self.folder / "r2e.json"
        held = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {"feeds": []}
        return sum(len(feed["seen"]) for feed in held["feeds"])


READERS: tuple[type[Reader], ...] = (Hune, PyPIReader, Newsboat, Rss2Email)
