"""Politeness to each host: few requests in flight, starts apart, rest where rest was asked for."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from watch.errors import FailureKind

SPACING = 1.05
"""Seconds between the starts of two requests to one host: a second as the host counts, who sees some leave late."""
IN_FLIGHT = 2
CONCURRENCY = 64
PATIENCE = 0.25
"""Seconds after which a request no longer keeps others from beginning: servers that say nothing hold up nobody else."""
SLOW = 192
"""So many requests may be past that at once; each holds a connection, and a process has a thousand."""


class Manners:
    """Gives each host its turns. `clock` (seconds) and `sleep` stand for time in tests.

    The host is the name without the port. No host is exempt by itself: whoever owns all of them (the demo, a
    test) passes `spacing=0`.
    """

    def __init__(
        self,
        *,
        spacing: float = SPACING,
        in_flight: int = IN_FLIGHT,
        concurrency: int = CONCURRENCY,
        patience: float = PATIENCE,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._spacing = spacing
        self._clock = clock
        self._sleep = sleep
        # A host that is ours alone (spacing 0) needs no protection from us.
        per_host = in_flight if spacing else concurrency
        self._hosts: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(per_host))
        # Who asks for one at a time means it.
        self._slots = _Slots(concurrency, patience, slow=SLOW if concurrency > 1 else 0)
        self._starts: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._free_at: dict[str, float] = {}
        self._resting: set[str] = set()

    @asynccontextmanager
    async def turn(self, url: str) -> AsyncIterator[bool]:
        """Wait for a turn with the host of `url` and hold it; False when the host asked for rest meanwhile."""
        host = host_of(url)
        async with self._hosts[host]:
            holder = await self._slots.lend()
            try:
                if self._spacing and host not in self._resting:
                    await self._wait(host)
                yield host not in self._resting
            finally:
                self._slots.take_back(holder)

    def rest(self, url: str) -> None:
        """Leave the host of `url` alone from now on."""
        self._resting.add(host_of(url))

    async def _wait(self, host: str) -> None:
        # One after the other: each start is counted from when the one before really was.
        async with self._starts[host]:
            delay = self._free_at.get(host, 0.0) - self._clock()
            if delay > 0:
                await self._sleep(delay)
            self._free_at[host] = self._clock() + self._spacing


class _Slots:
    """Places for requests, each lent for `patience` seconds: who needs longer goes on without (bar H09)."""

    def __init__(self, places: int, patience: float, *, slow: int) -> None:
        self._free = asyncio.Semaphore(places)
        self._patience = patience
        self._spare = slow

    async def lend(self) -> _Holder:
        """Wait for a place; it must be given back."""
        await self._free.acquire()
        holder = _Holder()
        holder.timer = asyncio.get_running_loop().call_later(self._patience, self._let_on, holder)
        return holder

    def take_back(self, holder: _Holder) -> None:
        """The place is free again."""
        if holder.timer is not None:
            holder.timer.cancel()
        if holder.slow:
            self._spare += 1
        else:
            self._free.release()

    def _let_on(self, holder: _Holder) -> None:
        if self._spare:
            holder.slow = True
            self._spare -= 1
            self._free.release()


@dataclass(slots=True)
class _Holder:
    timer: asyncio.TimerHandle | None = None
    slow: bool = False


@lru_cache(maxsize=32_768)
def host_of(url: str) -> str:
    """The host of an address in lower case; empty for none."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


_UNREACHABLE = ("dns", "connect", "timeout", "deadline")
_FEW_HOSTS = 5


def is_our_outage(polls: Iterable[tuple[str, FailureKind | None]]) -> bool:
    """Whether the fault is ours: of at least five hosts, more than half could not be reached.

    `polls` are those of one sweep: the address that was asked, and the kind of failure, if it failed.
    """
    reached: dict[str, bool] = {}
    for url, kind in polls:
        host = host_of(url)
        reached[host] = reached.get(host, False) or kind not in _UNREACHABLE
    unreached = sum(not answered for answered in reached.values())
    return len(reached) >= _FEW_HOSTS and unreached * 2 > len(reached)
