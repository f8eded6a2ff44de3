"""In which order, and the one place where everything is put together.

One pass (`tick`): poll what is due, label what is new, judge the rules, build the digests that are due, deliver what
waits. Every stage reads rows that the one before it wrote and may run twice, alone, or in another process.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from watch.collect.manners import CONCURRENCY, SPACING
from watch.collect.polling import poll_due
from watch.collect.round import Poller
from watch.model import Polled
from watch.net import Gate, user_agent
from watch.store import Store, heartbeats
from watch.store.declared import declare

if TYPE_CHECKING:
    from watch import alerts, notify
    from watch.config import Config
    from watch.enrich import Classifier
    from watch.enrich.installed import Installed, Mark
    from watch.enrich.load import Loaded
    from watch.notify import Channel

log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ticked:
    """What one pass did."""

    polled: Sequence[Polled]
    labelled: int
    incidents: Sequence[str]
    digests: int
    delivered: Sequence[notify.Told]


class Pipeline:
    """The stages over one configuration and one store."""

    def __init__(
        self,
        config: Config,
        store: Store,
        *,
        models: Path | None = None,
        installed: Installed | None = None,
        spacing: float = SPACING,
        concurrency: int = CONCURRENCY,
        channels: Mapping[str, Channel] | None = None,
    ) -> None:
        """`spacing` is in seconds between requests to one host, of `concurrency` at most at once.

        `channels` stand for those of `config`. Without `installed` the shipped models label.
        """
        self.config = config
        self.store = store
        self.stopping = threading.Event()
        self._models, self._installed = models, installed
        self._loaded: Loaded | None = None
        self._mark: Mark | None = None
        self._poller = Poller(self.gate, user_agent(config.hune.contact), spacing=spacing, concurrency=concurrency)
        self._given = channels
        self._channels = channels

    @classmethod
    def build(cls, config: Config, store: Store, *, now: datetime, installed: Installed | None = None) -> Pipeline:
        """A pipeline, with what `config` declares brought into the store."""
        pipeline = cls(config, store, installed=installed)
        pipeline.reload(config, now)
        return pipeline

    def reload(self, config: Config, now: datetime) -> None:
        """Go on with another configuration. Raises ModelError, and nothing has changed, when its model is wrong."""
        if self._loaded is not None and config.labels != self.config.labels:
            self._loaded = self._load(config)
        declare(self.store, config, now)
        self.config = config
        self._channels = self._given
        self._poller = replace(self._poller, gate=self.gate, user_agent=user_agent(config.hune.contact))

    @property
    def gate(self) -> Gate:
        """Where requests may go."""
        return Gate(self.config.network.allow)

    @property
    def poller(self) -> Poller:
        """What polling needs, for who polls or looks by themselves."""
        return self._poller

    @property
    def classifier(self) -> Classifier:
        """The models, loaded when first needed and when another version was put to use. Raises ModelError."""
        return self.loaded.classifier

    @property
    def loaded(self) -> Loaded:
        """The models, and which version of this installation they are. Raises ModelError."""
        mark = self._installed.mark() if self._installed else None
        if self._loaded is None or mark != self._mark:
            # The mark first: what is put to use while we read is then read again in the next pass.
            self._mark, self._loaded = mark, self._load(self.config)
        return self._loaded

    def _load(self, config: Config) -> Loaded:
        from watch.enrich.classify import default_models
        from watch.enrich.load import load_installed

        return load_installed(self._models or default_models(), config.labels, self._installed)

    def tick(self, now: datetime) -> Ticked:
        """One pass over all stages. Raises ModelError before anything is done when a model is missing.

        A stage that crashes does not keep the later ones from their turn; the first exception is raised at the end.
        Time goes on during a pass: what waits for the network or a person is judged by the hour it has become.
        """
        # Not at the top: `hune poll` needs none of these, and importing them takes longer than asking a hundred feeds.
        from watch import alerts, digest
        from watch.enrich import enrich_new

        classifier, began = self.classifier, time.monotonic()
        crashed: list[Exception] = []

        def stage(work: Callable[[], T]) -> T | None:
            try:
                return work()
            except Exception as error:
                if crashed:
                    log.exception("tick outcome=crashed again")
                crashed.append(error)
                return None

        polled = stage(lambda: self.poll(now)) or ()
        labelled = stage(lambda: enrich_new(self.store, classifier, now, stop=self.stopping.is_set)) or 0
        changes = stage(lambda: alerts.evaluate(self.store, self._desk(), now)) or ()
        issues = stage(lambda: digest.send_due(self.store, self.config, now)) or ()
        told = stage(lambda: self.deliver(now + timedelta(seconds=int(time.monotonic() - began)))) or ()
        if crashed:
            raise crashed[0]
        return Ticked(polled, labelled, changes, len(issues), told)

    def poll(self, now: datetime, *, all: bool = False, only: str | None = None) -> Sequence[Polled]:
        """Ask the sources that are due, or `all` that may be asked, or `only` one. Raises Refused."""
        return poll_due(self.store, self._poller, now, all=all, only=only, stop=self.stopping.is_set)

    def deliver(self, now: datetime) -> Sequence[notify.Told]:
        """Send what waits."""
        from watch import notify

        if self._channels is None:
            # Kept until the configuration changes: a webhook that said 410 is not asked again.
            self._channels = notify.channels(self.config, gate=self.gate)
        told = notify.deliver_due(self.store, self._channels, now, stop=self.stopping.is_set)
        with self.store.plain() as plain:
            heartbeats.beat(plain, "deliver", now)
        return told

    def stop(self) -> None:
        """Ask a running pass to end at the next place where nothing is half done."""
        self.stopping.set()

    def close(self) -> None:
        """End the child processes."""
        self._poller.close()

    def _desk(self) -> alerts.Desk:
        from watch import alerts
        from watch.alerts.message import Voice

        hune = self.config.hune
        recipients = {channel.name: [channel.email] for channel in self.config.channel}
        return alerts.Desk(recipients, Voice(hune.language, hune.timezone, hune.base_url))
