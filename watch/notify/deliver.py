"""The postman: takes what is due from the outbox, one at a time, and records what became of it."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Literal

from watch.errors import DeliveryError
from watch.model import Message
from watch.notify.channel import Abortable, Channel
from watch.store import Store, deliveries
from watch.store.deliveries import Claimed

log = logging.getLogger(__name__)

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 120, 240, 480))
"""How long to wait after the first, second … try that failed; the last one repeats."""
GIVE_UP = timedelta(hours=24)
"""After the first try."""
UNCERTAIN = timedelta(minutes=10)
"""RFC 5321, 4.5.3.2.6: as long as a client waits for the reply to its final dot."""
LATE = timedelta(hours=1)
_TROUBLES = 3  # failures in a row after which a peer is left alone until the next call
_AT_MOST = 500
# A send begins in the first half of its lease and is over within the second: while it lasts, the row is ours.
_HALF = deliveries.LEASE.total_seconds() / 2
_LOOK = 0.2  # seconds between two looks at whether we should stop

State = Literal["sent", "uncertain", "queued", "dead", "lost"]


@dataclass(frozen=True, slots=True)
class Told:
    """One try and what came of it. `lost`: the claim had passed to someone else."""

    id: int
    channel: str
    recipient: str | None
    state: State
    reply: str


def deliver_due(
    store: Store,
    channels: Mapping[str, Channel],
    now: datetime,
    *,
    stop: Callable[[], bool] = bool,
    clock: Callable[[], float] = time.monotonic,
) -> list[Told]:
    """Try everything in the outbox that is due; what was tried, in order.

    `now` is the time at the call; `clock` counts the seconds since, so that a lease runs from its claim. `stop` is
    asked before each claim, and ends the conversation under way of a channel that has `abort`.
    """
    told: list[Told] = []
    troubles: Counter[int] = Counter()
    began = clock()
    while len(told) < _AT_MOST and not stop():
        shut = [name for name, channel in channels.items() if troubles[id(channel)] >= _TROUBLES]
        claimed_at = clock()
        at = now + timedelta(seconds=int(claimed_at - began))
        with store.session() as session:
            claimed = deliveries.claim(session, at, without=shut)
        if not claimed:
            break
        channel = channels.get(claimed[0].channel)
        with _cut_short(channel, stop):
            told.append(_deliver(store, channel, claimed[0], at, ours=partial(_before, clock, claimed_at + _HALF)))
        _count(troubles, channel, told[-1])
    return told


@contextmanager
def _cut_short(channel: object, stop: Callable[[], bool]) -> Iterator[None]:
    """End the conversation in the block when `stop` says so, or when it outlasts what the lease leaves."""
    if not isinstance(channel, Abortable):
        yield
        return
    done = threading.Event()
    watcher = threading.Thread(target=_watch, args=(channel, stop, done), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def _watch(channel: Abortable, stop: Callable[[], bool], done: threading.Event) -> None:
    end = time.monotonic() + _HALF
    while not done.wait(_LOOK):
        if stop() or time.monotonic() > end:
            channel.abort()  # again and again: a cut connection may be followed by one to the next address


def _before(clock: Callable[[], float], end: float) -> bool:
    return clock() < end


def _count(troubles: Counter[int], channel: Channel | None, told: Told) -> None:
    failed = told.state in ("queued", "uncertain")
    troubles[id(channel)] = troubles[id(channel)] + 1 if failed else 0


def _deliver(
    store: Store, channel: Channel | None, claimed: Claimed, now: datetime, *, ours: Callable[[], bool]
) -> Told:
    state: State
    # A process that was frozen wakes here with a claim that may have passed to another (bar E22).
    if not ours():
        state, reply = "lost", "the claim grew old before it could be used"
    else:
        state, reply = _send(store, channel, claimed, now)
    log.info("delivered id=%d channel=%s attempt=%d state=%s", claimed.id, claimed.channel, claimed.attempts, state)
    return Told(claimed.id, claimed.channel, claimed.recipient, state, reply)


def _send(store: Store, channel: Channel | None, claimed: Claimed, now: datetime) -> tuple[State, str]:
    try:
        if channel is None:
            unusable = f"there is no channel {claimed.channel!r} that can be used; mail needs [smtp]"
            raise DeliveryError(unusable, permanent=False)
        reply = channel.send(_marked(claimed, now), claimed.recipient, now=now)
    except DeliveryError as error:
        return _failed(store, claimed, now, error)
    except Exception as error:  # a mistake of ours must not hold back the other messages
        log.exception("delivery failed id=%d channel=%s", claimed.id, claimed.channel)
        mistake = DeliveryError(f"a mistake in Hune: {type(error).__name__}", permanent=False)
        return _failed(store, claimed, now, mistake)
    with store.session() as session:
        ours = deliveries.sent(session, claimed, now, reply)
    return ("sent" if ours else "lost"), reply


def _marked(claimed: Claimed, now: datetime) -> Message:
    """A digest that could not leave for an hour says so in its subject (bar E10)."""
    late = claimed.message.data.get("late")
    if not isinstance(late, str) or now - claimed.created_at < LATE:
        return claimed.message
    return replace(claimed.message, title=f"{late} {claimed.message.title}")


def _failed(store: Store, claimed: Claimed, now: datetime, error: DeliveryError) -> tuple[State, str]:
    reply = str(error)
    again = _again(claimed, now, error)
    state: State
    with store.session() as session:
        if again is None:
            ours = deliveries.dead(session, claimed, now, reply, flag=error.permanent)
            state = "dead"
        elif error.uncertain:
            ours, state = deliveries.uncertain(session, claimed, now, reply, again), "uncertain"
        else:
            ours, state = deliveries.retry(session, claimed, now, reply, again), "queued"
    return (state if ours else "lost"), reply


def _again(claimed: Claimed, now: datetime, error: DeliveryError) -> datetime | None:
    """When to try again; None: never."""
    if error.permanent:
        return None
    pause = UNCERTAIN if error.uncertain else PAUSES[min(claimed.attempts, len(PAUSES)) - 1]
    asked = timedelta(seconds=min(error.retry_after or 0, GIVE_UP.total_seconds()))
    again = now + max(pause, asked)
    return again if again - claimed.tried_at <= GIVE_UP else None
