"""poll_due: claim what is due, ask, read, store.

One event loop a call; what waits is parallel, what is written is written in order.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from watch.collect import claims
from watch.collect.asking import HOST_RESTS, in_turn
from watch.collect.keep import keep
from watch.collect.outcome import Seen
from watch.collect.round import Poller, new_round
from watch.collect.sweep import sweep
from watch.errors import StoreError
from watch.model import Polled
from watch.store import Store, due, heartbeats
from watch.store.due import Due

log = logging.getLogger(__name__)
_BATCH = 10_000


def poll_due(
    store: Store,
    poller: Poller,
    now: datetime,
    *,
    all: bool = False,
    only: str | None = None,
    stop: Callable[[], bool] = bool,
) -> list[Polled]:
    """Poll every source that is due at `now`, and say what came of each.

    `all` ignores due times (never a Retry-After); `only` names one source. `stop` is asked
    all the time: what is under way then is given back unpolled. A
    source that fails is recorded and backs off; nothing is raised for it. Raises StoreError when the store could not be
    written for long: what was asked stays due.
    """
    done: list[Polled] = []
    after, token = 0, claims.new_token()
    _free_the_lost(store, poller)
    try:
        while not stop():
            with store.plain() as plain:
                claimed = due.claim(plain, now, token, all=all, only=only, after=after, limit=_BATCH)
            if not claimed:
                break
            done += asyncio.run(sweep(store, poller, claimed, token, now, stop))
            after = claimed[-1].id
    except BaseException:
        _give_back(store, poller, token)
        raise
    with store.plain() as plain:
        heartbeats.beat(plain, "poll", now)
    return done


def _free_the_lost(store: Store, poller: Poller) -> None:
    with store.plain(reading=True) as plain:
        lost = claims.of_the_dead(due.claims(plain)) + poller.abandoned
    if lost:
        log.warning("poll outcome=freed claims=%d", len(lost))
        with store.plain() as plain:
            due.free(plain, lost)
        poller.abandoned.clear()


def _give_back(store: Store, poller: Poller, token: str) -> None:
    """On the way out of a sweep that broke: its sources are due again, now or, failing that, with the next poll."""
    try:
        with store.plain() as plain:
            due.free(plain, [token])
    except StoreError as error:
        log.error("poll outcome=abandoned reason=%s", error)
        poller.abandoned.append(token)


def first_look(store: Store, name: str, seen: Seen, now: datetime) -> list[Polled]:
    """Keep what was read of the source `name` before it was one: adding and polling are one request (bar P25)."""
    token = claims.new_token()
    with store.plain() as plain:
        ours = due.claim(plain, now, token, only=name)
    return keep(store, [replace(seen, source=source) for source in ours], token, now)


def skipped(store: Store, now: datetime, *, all: bool = False, only: str | None = None) -> list[Polled]:
    """The sources that a poll at `now` leaves alone, each with the reason; the options are those of `poll_due`.

    Raises Refused when there is no source of the name `only`.
    """
    with store.plain(reading=True) as plain:
        if only is not None:
            due.require(plain, only)
        return [_skipped(source, now) for source in due.waiting(plain, now, all=all, only=only)]


def _skipped(source: Due, now: datetime) -> Polled:
    held = source.not_before is not None and source.not_before > now
    if not source.enabled:
        return Polled(source.name, "disabled", None, message=source.last_message or "switched off")
    at = max(filter(None, (source.next_poll_at, source.not_before)), default=None)
    return Polled(source.name, "skipped", at, message=HOST_RESTS if held else "not due yet")


def try_out(poller: Poller, rows: Sequence[Due], now: datetime, *, robots: Store | None = None) -> list[Seen]:
    """Ask and read these sources, in their order, and store nothing of them: what `hune doctor` looks at.

    `robots` keeps what their robots.txt say.
    """
    return asyncio.run(_tried(poller, rows, now, robots))


async def _tried(poller: Poller, rows: Sequence[Due], now: datetime, robots: Store | None) -> list[Seen]:
    async with new_round(poller, None, now, robots=robots) as round_:
        return list(await asyncio.gather(*(in_turn(round_, row) for row in rows)))
