"""Polls that are over, into the store: one source whole or not at all, several in one transaction."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from watch.collect.intake import Taken, take_in
from watch.collect.manners import host_of
from watch.collect.outcome import Seen, state_after, told
from watch.errors import FetchError, StoreError
from watch.model import Polled
from watch.store import Store, sources

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
    with store.session() as session:
        return _keep(session, batch, token, now)


def _keep(session: Session, batch: Sequence[Seen], token: str, now: datetime) -> list[Polled]:
    ours = sources.held(session, token, [seen.source.id or 0 for seen in batch])
    mine = [seen for seen in batch if seen.source.id in ours]
    asked = [seen for seen in mine if not seen.skipped]
    done: list[Polled] = []
    states: list[dict[str, Any]] = []
    for seen in asked:
        taken = take_in(session, seen.source, seen.entries, now) if seen.entries else Taken()
        state = state_after(seen, taken, now)
        states.append(state)
        done.append(told(seen, taken, state))
    ids = [seen.source.id or 0 for seen in asked]
    sources.record(session, states, [_row(id_, polled, now) for id_, polled in zip(ids, done, strict=True)])
    sources.forget_old_polls(session, ids)
    _after(session, mine, token, now)
    return done + [Polled(seen.source.name, "skipped", None) for seen in mine if seen.skipped]


def _after(session: Session, mine: Sequence[Seen], token: str, now: datetime) -> None:
    """What single sources ask for besides: to be left alone, or their whole host."""
    sources.give_back(session, [seen.source.id or 0 for seen in mine if seen.skipped], token)
    for seen in mine:
        if seen.error is not None and seen.error.disable:
            sources.disable(session, seen.source.name)
        if seen.error is not None and seen.error.retry_after:
            _rest(session, seen, now + timedelta(seconds=seen.error.retry_after), now)


def _rest(session: Session, seen: Seen, until: datetime, now: datetime) -> None:
    host = host_of(sources.asked_address(seen.source) or "")
    neighbours = [id_ for id_, url in sources.addresses(session) if host_of(url) == host]
    others = [id_ for id_ in neighbours if id_ != seen.source.id]
    sources.hold(session, others, min(until, now + _LONGEST_REST_OF_A_HOST))


def _keep_failure(store: Store, seen: Seen, error: Exception, token: str, now: datetime) -> list[Polled]:
    why = FetchError("parse", f"what came could not be stored ({type(error).__name__})")
    failed = Seen(seen.source, error=why, seconds=seen.seconds)
    with store.session() as session:
        return _keep(session, [failed], token, now)


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
