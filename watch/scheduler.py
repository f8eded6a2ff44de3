"""When: APScheduler as a clock. Due work is in our tables, so that the clock keeps nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from apscheduler.schedulers.background import BackgroundScheduler

from watch.config import Config, load
from watch.errors import ConfigError, HuneError, ModelError
from watch.pipeline import Pipeline

log = logging.getLogger(__name__)

EVERY = 60  # seconds between passes


class Clock:
    """Runs the pipeline every minute, and reads sources.toml again when it was changed."""

    def __init__(
        self,
        pipeline: Pipeline,
        path: Path,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._pipeline, self._path, self._now = pipeline, path, now
        self.reloaded: Callable[[Config], None] = lambda config: None
        self._read_at = _changed_at(path)
        # A pass that is late still runs, one that overran is not run twice (bar E23, E33).
        defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        self._scheduler = BackgroundScheduler(timezone=UTC, job_defaults=defaults)

    def start(self) -> None:
        """Begin; the first pass at once."""
        self._scheduler.add_job(self.strike, "interval", seconds=EVERY, next_run_time=datetime.now(UTC))
        self._scheduler.start()

    def stop(self) -> None:
        """No new pass; the running one ends where nothing is half done."""
        self._pipeline.stop()
        self._scheduler.shutdown(wait=True)

    def strike(self) -> None:
        """One pass; an error is logged and the clock goes on."""
        try:
            self._read_again()
            self._pipeline.tick(self._now())
        except HuneError as error:
            log.error("tick outcome=failed reason=%s", error)
        except Exception:
            log.exception("tick outcome=crashed")

    def _read_again(self) -> None:
        changed_at = _changed_at(self._path)
        if changed_at == self._read_at:
            return
        try:
            config = load(self._path)
            self._pipeline.reload(config, self._now())
        except (ConfigError, ModelError) as error:
            self._read_at = changed_at
            log.error("reload outcome=refused reason=%s; the old configuration stays in force", error)
            return
        self.reloaded(config)
        # Last: what could not be taken over is tried again in a minute.
        self._read_at = changed_at
        log.warning("reload outcome=done file=%s", self._path)


def _changed_at(path: Path) -> int | None:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return None
