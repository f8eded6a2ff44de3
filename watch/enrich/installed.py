"""The models of one installation: shipped ones that its people's corrections have changed, version by version.

A folder beside sources.toml holds `versions/<name>/` (the changed tasks, each a card and weights, and `version.json`)
and `in-use.json`: which version labels, and those that did before it. That file is replaced in one step, so that a
running process sees the old one or the new one. A version goes with the shipped models it was made from (`base`);
after an upgrade these label by themselves until `hune train all --corrections` makes the version again.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from watch.enrich.weights import CARD, LEXICON, load_card
from watch.errors import ModelError, Refused

FOLDER = "hune-models"
SHIPPED = "shipped"
KEPT = 20  # versions, the newest; one with topics takes 5 MB

_NAME = re.compile(r"[0-9a-f]{12}")
_BASE = ("sentiment", "topics", "filter", "language", "target")

Mark = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Version:
    """What a version is: the shipped models it changes, how many corrections taught each task, and the figures.

    `made` is an ISO 8601 time in UTC; `figures` are those of `watch.train.figures`, as dictionaries.
    """

    name: str
    made: str
    base: str
    corrections: Mapping[str, int]
    figures: tuple[Mapping[str, Any], ...]


class Installed:
    """The versions in a folder, which need not exist yet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def in_use(self) -> str:
        """The version that labels; `shipped` when none does, or the file that says so cannot be read."""
        history = self._history()
        return history[-1] if history else SHIPPED

    def mark(self) -> Mark | None:
        """Changes whenever another version may be in use; cheap enough to ask before every pass."""
        try:
            found = (self.folder / "in-use.json").stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino

    def versions(self) -> list[Version]:
        """Every version there is, oldest first; what is no version is passed over."""
        found = (self._version(path.name) for path in self._home().glob("*/version.json") for path in [path.parent])
        return sorted((one for one in found if one), key=lambda one: (one.made, one.name))

    def path(self, name: str) -> Path:
        """Where the changed tasks of a version are."""
        return self._home() / name

    def made_from(self, base: str) -> Path | None:
        """The version in use, when it was made from those shipped models; None for the shipped ones themselves.

        Raises ModelError when it was made from others, or is gone.
        """
        if (name := self.in_use) == SHIPPED:
            return None
        version = self._version(name)
        if version is None:
            raise ModelError(f"{self.path(name)}: the version in use is not there or not readable")
        if version.base != base:
            raise ModelError(f"{self.path(name)}: made from other shipped models than these")
        return self.path(name)

    def use(self, name: str) -> None:
        """Let a version label, or the shipped models; raises Refused for one that is not there."""
        if name != SHIPPED and self._version(name) is None:
            known = ", ".join([*(one.name for one in self.versions()), SHIPPED])
            raise Refused(f"there is no version {name!r}; there are {known}")
        if name != self.in_use:
            self._keep([*self._history(), name])

    def back(self) -> str:
        """Let label what did before, and say what that is; raises Refused when nothing did."""
        history = self._history()
        if not history:
            raise Refused("the shipped models have labelled from the beginning: there is nothing to go back to")
        del history[-1]
        while history and history[-1] != SHIPPED and self._version(history[-1]) is None:
            del history[-1]  # one of the oldest, which went
        self._keep(history)
        return self.in_use

    def add(self, staged: Path, version: Version) -> None:
        """Take over a folder of changed tasks as a version, and use it; the oldest versions go."""
        said = json.dumps(asdict(version), ensure_ascii=False, indent=1)
        (staged / "version.json").write_text(said + "\n", encoding="utf-8")
        if self.path(version.name).exists():
            shutil.rmtree(self.path(version.name))
        self._home().mkdir(parents=True, exist_ok=True)
        staged.rename(self.path(version.name))
        # Written even when it is in use already: it may be there again after damage.
        history = self._history()
        self._keep(history if history[-1:] == [version.name] else [*history, version.name])
        for old in self.versions()[:-KEPT]:
            if old.name != version.name:
                shutil.rmtree(self.path(old.name))

    def _home(self) -> Path:
        return self.folder / "versions"

    def _version(self, name: str) -> Version | None:
        if not _NAME.fullmatch(name):
            return None
        try:
            said = json.loads((self.path(name) / "version.json").read_text(encoding="utf-8"))
            kept = Version(name, said["made"], said["base"], dict(said["corrections"]), tuple(said["figures"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return kept

    def _history(self) -> list[str]:
        """Versions in the order in which they were put to use, the one in use last."""
        try:
            said = json.loads((self.folder / "in-use.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return []
        names = said.get("history") if isinstance(said, dict) else None
        return [str(name) for name in names] if isinstance(names, list) else []

    def _keep(self, history: list[str]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        new = self.folder / "in-use.json.new"
        new.write_text(json.dumps({"history": history[-KEPT:]}, indent=1) + "\n", encoding="utf-8")
        new.replace(self.folder / "in-use.json")


def base_of(models: Path) -> str:
    """What shipped models are, by their cards and their lexicon; raises ModelError when a card is missing."""
    parts = [hashlib.sha256((models / LEXICON).read_bytes()).hexdigest()] if (models / LEXICON).is_file() else []
    for task in _BASE:
        if task != "target" or (models / task / CARD).is_file():
            card = load_card(models / task)
            parts.append(f"{task} {card.get('sha256')} {card.get('temperature')}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]
