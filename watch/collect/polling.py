"""poll_due: claim what is due, ask, read, store.

One event loop a call; what waits is parallel, what is written is written in order.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from watch.collect import claims, twins
from watch.collect.asking import in_turn
from watch.collect.finished import TOGETHER, Finished
from watch.collect.keep import keep
from watch.collect.manners import is_our_outage
from watch.collect.outcome import Seen
from watch.collect.round import Poller, Round, new_round
from watch.errors import StoreError
from watch.model import Polled
from watch.store import Store, due
from watch.store.due import Due, asked_address

log = logging.getLogger(__name__)
_BATCH = 1_000


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
            done += asyncio.run(_sweep(store, poller, claimed, token, now, stop))
            after = claimed[-1].id
    except BaseException:
        _give_back(store, poller, token)
        raise
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
    return Polled(source.name, "skipped", at, message="its server asked for rest" if held else "not due yet")


def try_out(poller: Poller, rows: Sequence[Due], now: datetime, *, robots: Store | None = None) -> list[Seen]:
    """Ask and read these sources, in their order, and store nothing of them: what `hune doctor` looks at.

    `robots` keeps what their robots.txt say.
    """
    return asyncio.run(_tried(poller, rows, now, robots))


async def _tried(poller: Poller, rows: Sequence[Due], now: datetime, robots: Store | None) -> list[Seen]:
    async with new_round(poller, None, now, robots=robots) as round_:
        return list(await asyncio.gather(*(in_turn(round_, row) for row in rows)))


async def _sweep(
    store: Store,
    poller: Poller,
    claimed: Sequence[Due],
    token: str,
    now: datetime,
    stop: Callable[[], bool],
) -> list[Polled]:
    finished, done, trouble = Finished(), list[Polled](), None
    async with new_round(poller, store, now, finished=finished) as round_, asyncio.TaskGroup() as tasks:
        polls = [tasks.create_task(_poll(round_, group, finished, stop)) for group in twins.together(claimed)]
        # Last, so that every poll has begun when it is cancelled, and hands in its word.
        guard = tasks.create_task(_cancel_on(stop, polls))
        try:
            done = await _write(
                partial(keep, store, token=token, now=now, patience=poller.patience), finished, len(claimed)
            )
        except Exception as error:
            # As it is: the group of tasks would wrap it.
            trouble = error
            for poll in polls:
                poll.cancel()
        guard.cancel()
    if trouble:
        raise trouble
    return done


async def _cancel_on(stop: Callable[[], bool], polls: Sequence[asyncio.Task[None]]) -> None:
    while not stop():  # noqa: ASYNC110 - it is set from another thread
        await asyncio.sleep(0.25)
    for poll in polls:
        poll.cancel()


async def _write(keep: Callable[[Sequence[Seen]], list[Polled]], finished: Finished, expected: int) -> list[Polled]:
    """Keep what is finished as it comes; what failed at the end, when it shows whose fault it was."""
    done: list[Polled] = []
    everything: list[Seen] = []
    while len(everything) < expected:
        batch = await finished.take()
        everything += [_light(seen) for seen in batch]
        # In a thread: a slow disk must not stop the clocks of the fetches that are under way.
        done += await asyncio.to_thread(keep, [seen for seen in batch if not seen.error])
        finished.written(batch)
        batch.clear()
    failed = _judged([seen for seen in everything if not seen.skipped])
    for start in range(0, len(failed), TOGETHER):
        done += await asyncio.to_thread(keep, failed[start : start + TOGETHER])
    return done


def _light(seen: Seen) -> Seen:
    """Without what it read, which may be megabytes, and is kept by now or soon."""
    return seen if seen.error or seen.skipped else Seen(seen.source)


def _judged(everything: Sequence[Seen]) -> list[Seen]:
    failed = [seen for seen in everything if seen.error]
    polls = [(asked_address(seen.source) or "", seen.error.kind if seen.error else None) for seen in everything]
    if not is_our_outage(polls):
        return failed
    log.warning("poll outcome=offline failed=%d of=%d", len(failed), len(everything))
    return [replace(seen, offline=True) for seen in failed]


async def _poll(round_: Round, group: Sequence[Due], finished: Finished, stop: Callable[[], bool]) -> None:
    try:
        seen = await in_turn(round_, group[0])
    except asyncio.CancelledError:
        if not stop():
            raise
        seen = Seen(group[0], skipped=True)
    for each in twins.shared(seen, group):
        finished.hand_in(each)
