"""One sweep: many sources asked at once, what they say written as it comes.

Those who ask hand in what is over (`finished`), one writer takes it.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import chain, zip_longest

from watch.collect import twins
from watch.collect.asking import in_turn
from watch.collect.finished import TOGETHER, Finished
from watch.collect.keep import keep
from watch.collect.manners import host_of, is_our_outage
from watch.collect.outcome import Seen
from watch.collect.round import Poller, Round, new_round
from watch.model import Polled
from watch.store import Store
from watch.store.due import Due, asked_address

log = logging.getLogger(__name__)
_BEGUN = 1_000  # polls under way or waiting for their turn: each takes some memory


async def sweep(
    store: Store,
    poller: Poller,
    claimed: Sequence[Due],
    token: str,
    now: datetime,
    stop: Callable[[], bool],
) -> list[Polled]:
    """Poll `claimed`, ours under `token`, and write what comes; `stop` gives back what is under way then."""
    finished, done, trouble = Finished(len(claimed)), list[Polled](), None
    async with new_round(poller, store, now, finished=finished) as round_, asyncio.TaskGroup() as tasks:
        polls = tasks.create_task(_poll_all(round_, finished, twins.together(claimed), stop))
        guard = tasks.create_task(_cancel_on(stop, polls))
        try:
            done = await _write(partial(keep, store, token=token, now=now, patience=poller.patience), finished)
        except Exception as error:
            # As it is: the group of tasks would wrap it.
            trouble = error
            polls.cancel()
        guard.cancel()
    if trouble:
        raise trouble
    return done


async def _cancel_on(stop: Callable[[], bool], polls: asyncio.Task[None]) -> None:
    while not stop():  # noqa: ASYNC110 - it is set from another thread
        await asyncio.sleep(0.25)
    polls.cancel()


async def _poll_all(
    round_: Round, finished: Finished, groups: Iterable[Sequence[Due]], stop: Callable[[], bool]
) -> None:
    """Poll all, host by host in turn; whatever has not begun when it is cancelled by `stop` was skipped."""
    waiting, places = deque(in_rounds(groups)), asyncio.Semaphore(_BEGUN)
    try:
        async with asyncio.TaskGroup() as tasks:
            while waiting:
                await places.acquire()
                poll = tasks.create_task(_poll(round_, waiting.popleft(), finished, stop))
                poll.add_done_callback(lambda _: places.release())
    except asyncio.CancelledError:
        if not stop():
            raise
        for source in chain.from_iterable(waiting):
            finished.hand_in(Seen(source, skipped=True))


def in_rounds(groups: Iterable[Sequence[Due]]) -> Iterator[Sequence[Due]]:
    """One group of each host, then the second of each: so that nobody waits behind one host with many sources."""
    hosts: dict[str, list[Sequence[Due]]] = {}
    for group in groups:
        hosts.setdefault(host_of(asked_address(group[0]) or ""), []).append(group)
    return (group for turn in zip_longest(*hosts.values()) for group in turn if group is not None)


async def _write(keep: Callable[[Sequence[Seen]], list[Polled]], finished: Finished) -> list[Polled]:
    """Keep what is finished as it comes; what failed at the end, when it shows whose fault it was."""
    done: list[Polled] = []
    everything: list[Seen] = []
    while batch := await finished.take():
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
