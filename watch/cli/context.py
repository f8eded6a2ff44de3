"""What every command needs, made when it is first asked for."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from watch.collect.round import Poller
    from watch.config import Config
    from watch.enrich.installed import Installed
    from watch.pipeline import Pipeline
    from watch.store import Store


_FIRST_YEAR, _LAST_YEAR = 1990, 2200


@dataclass
class Context:
    """The options of `hune`, and the configuration, store and pipeline they lead to."""

    config_file: str | None = None
    database: str | None = None
    clock: datetime | None = None
    verbose: bool = False
    _config: Config | None = field(default=None, repr=False)
    _store: Store | None = field(default=None, repr=False)
    _pipeline: Pipeline | None = field(default=None, repr=False)
    _poller: Poller | None = field(default=None, repr=False)

    @property
    def now(self) -> datetime:
        """The time of this run, aware and in UTC: `--now` if it was given."""
        return self.clock or datetime.now(UTC)

    @property
    def path(self) -> Path:
        """Where the configuration is, or would be."""
        return Path(self.config_file or os.environ.get("HUNE_CONFIG") or "sources.toml")

    @property
    def url(self) -> str:
        """The address of the store."""
        given = self.database or os.environ.get("HUNE_DATABASE")
        return given or f"sqlite:///{self.path.resolve().parent / 'hune.db'}"

    @property
    def installed(self) -> Installed:
        """The models that corrections made here: HUNE_TAUGHT, else a folder beside the configuration."""
        from watch.enrich.installed import FOLDER, Installed

        given = os.environ.get("HUNE_TAUGHT")
        return Installed(Path(given) if given else self.path.resolve().parent / FOLDER)

    def config(self) -> Config:
        """The configuration. Raises ConfigError."""
        if self._config is None:
            from watch.config import load

            self._config = load(self.path)
        return self._config

    def store(self) -> Store:
        """The store, open and upgraded. Raises StoreError."""
        if self._store is None:
            from watch.store import Store

            self._store = Store.open(self.url)
        return self._store

    def pipeline(self) -> Pipeline:
        """The pipeline over that configuration and store, with what the file declares brought into the store."""
        if self._pipeline is None:
            from watch.pipeline import Pipeline

            self._pipeline = Pipeline.build(self.config(), self.store(), now=self.now, installed=self.installed)
        return self._pipeline

    def poller(self) -> Poller:
        """What polling needs, with what the file declares brought into the store.

        A file that has not changed since is not read again: most of the time there is nothing new, neither in it nor
        in the sources, and reading it would take longer than asking hundreds of them.
        """
        if self._poller is None:
            from watch.config import text

            mark = text.mark(text.read(self.path))
            self._poller = self._known_poller(mark) or self._new_poller(mark)
        return self._poller

    def _known_poller(self, mark: str) -> Poller | None:
        from watch.collect.round import Poller
        from watch.net import Gate, user_agent
        from watch.store import unchanged

        way = unchanged.remembered(self.store(), mark)
        return Poller(Gate(way.allow), user_agent(way.contact)) if way else None

    def _new_poller(self, mark: str) -> Poller:
        from watch.store import unchanged

        poller = self.pipeline().poller
        unchanged.remember(self.store(), self.config(), mark)
        return poller

    def close(self) -> None:
        """Give back what was opened."""
        if self._poller is not None:
            self._poller.close()
        if self._pipeline is not None:
            self._pipeline.close()
        if self._store is not None:
            self._store.close()


def moment(text: str) -> datetime:
    """An ISO 8601 time → aware UTC; without a zone it is UTC. Raises click.BadParameter."""
    try:
        at = datetime.fromisoformat(text)
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
        if not _FIRST_YEAR <= at.year <= _LAST_YEAR:
            raise ValueError(text)
    except (ValueError, OverflowError):
        sentence = f"{text!r} is no ISO 8601 time of our days, such as 2026-11-21T07:30:00Z"
        raise click.BadParameter(sentence, param_hint="--now") from None
    return at


pass_context = click.make_pass_decorator(Context)
