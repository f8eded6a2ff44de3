"""Polls that are over, into the store: one source whole or not at all, several in one transaction."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from watch.collect.intake import Taken, take_in
from watch.collect.manners import host_of
from watch.collect.outcome import Seen, state_after, told
from watch.errors import FetchError, StoreError
from watch.model import Polled
from watch.store import Store, due, polls
from watch.store.plain import Plain

log = logging.getLogger(__name__)
PATIENCE = 30.0
"""Seconds."""
_PAUSE = 0.5
_LONGEST_REST_OF_A_HOST = timedelta(hours=24)


def keep(store: Store, batch: Sequence[Seen], token: str, now: datetime, *, patience: float = PATIENCE) -> list[Polled]:
    """Write what `batch` brought, as far as the sources are still ours under `token`.

    When the whole cannot be written, each source is written by itself, so that a bad one costs only itself; it is
    recorded as failed and pushed ahead. A store that is locked, full or away is no source's fault: it is tried again
    for `patience` seconds, then StoreError is raised.
    """
    if not batch:
        return []
    try:
        done = _patiently(lambda: _together(store, batch, token, now), patience)
    except StoreError:
        raise
    except Exception as error:
        log.exception("store sources=%d outcome=crashed", len(batch))
        if len(batch) == 1:
            return _keep_failure(store, batch[0], error, token, now)
        return [polled for seen in batch for polled in keep(store, [seen], token, now, patience=patience)]
    for polled in done:
        _log(polled)
    return done


def _patiently(work: Callable[[], list[Polled]], patience: float) -> list[Polled]:
    until = time.monotonic() + patience
    while True:
        try:
            return work()
        except StoreError as error:
            # SQLite has waited for the lock by then; a server that starts again says no at once.
            if not error.passing or time.monotonic() + _PAUSE > until:
                raise
            log.warning("store outcome=waiting reason=%s", error)
        time.sleep(_PAUSE)


def _together(store: Store, batch: Sequence[Seen], token: str, now: datetime) -> list[Polled]:
    with store.plain() as plain:
        return _keep(plain, batch, token, now)


def _keep(plain: Plain, batch: Sequence[Seen], token: str, now: datetime) -> list[Polled]:
    ours = due.held(plain, token, [seen.source.id for seen in batch])
    mine = [seen for seen in batch if seen.source.id in ours]
    asked = [seen for seen in mine if not seen.skipped]
    states = [(seen, taken, state_after(seen, taken, now)) for seen, taken in _taken(plain, asked, now)]
    done = [told(seen, taken, state) for seen, taken, state in states]
    rows = [_row(seen.source.id, polled, now) for seen, polled in zip(asked, done, strict=True)]
    polls.record(plain, [state for _, _, state in states], rows)
    polls.forget_old(plain, [seen.source.id for seen in asked if _is_time_to_tidy(seen.source.id, now)])
    _after(plain, mine, token, now)
    return done + [Polled(seen.source.name, "skipped", None, message=seen.why) for seen in mine if seen.skipped]


def _taken(plain: Plain, asked: Sequence[Seen], now: datetime) -> Iterator[tuple[Seen, Taken]]:
    taken = iter(take_in(plain, [(seen.source, seen.entries) for seen in asked if seen.entries], now))
    return ((seen, next(taken) if seen.entries else Taken()) for seen in asked)


def _is_time_to_tidy(source_id: int, now: datetime) -> bool:
    # Old polls are cleared away with one poll in eight: looking for them costs more than a poll with nothing new.
    return crc32(f"{source_id} {now}".encode()) % 8 == 0


def _after(plain: Plain, mine: Sequence[Seen], token: str, now: datetime) -> None:
    """What single sources ask for besides: to be left alone, or their whole host."""
    if skipped := [seen.source.id for seen in mine if seen.skipped]:
        due.give_back(plain, skipped, token)
    for seen in mine:
        if seen.error is not None and seen.error.disable:
            polls.switch_off(plain, seen.source.id)
        if seen.error is not None and seen.error.retry_after:
            _rest(plain, seen, now + timedelta(seconds=seen.error.retry_after), now)


def _rest(plain: Plain, seen: Seen, until: datetime, now: datetime) -> None:
    host = host_of(due.asked_address(seen.source) or "")
    neighbours = [id_ for id_, url in due.addresses(plain) if host_of(url) == host]
    others = [id_ for id_ in neighbours if id_ != seen.source.id]
    due.hold(plain, others, min(until, now + _LONGEST_REST_OF_A_HOST))


def _keep_failure(store: Store, seen: Seen, error: Exception, token: str, now: datetime) -> list[Polled]:
    why = FetchError("parse", f"what came could not be stored ({type(error).__name__})")
    failed = Seen(seen.source, error=why, seconds=seen.seconds)
    with store.plain() as plain:
        return _keep(plain, [failed], token, now)


def _row(source_id: int, polled: Polled, now: datetime) -> dict[str, Any]:
    return {
        "source_id": source_id,
        "at": now,
        "outcome": polled.outcome,
        "http_status": polled.http_status,
        "kind": polled.kind,
        "message": polled.message,
        "entries": polled.entries,
        "new": polled.new,
        "updated": polled.updated,
        "bytes": polled.bytes,
        "seconds": polled.seconds,
    }


def _log(polled: Polled) -> None:
    log.info(
        "poll source=%r outcome=%s kind=%s status=%s new=%d updated=%d bytes=%d seconds=%.3f",
        polled.source,
        polled.outcome,
        polled.kind or "-",
        polled.http_status or "-",
        polled.new,
        polled.updated,
        polled.bytes,
        polled.seconds,
    )
