"""Polls that are over, on their way from those who ask to the one who writes."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from itertools import accumulate, islice

from watch.collect.outcome import Seen

TOGETHER = 500
"""So many polls are written in one transaction at most."""
LINGER = 0.2
"""Seconds for which the first of them waits for others: each transaction waits for the disk."""
WAITING = 32_000_000
"""The entries of so many bytes of pages may wait to be written; then no more is asked."""
_HEAVY = 4_000_000  # a transaction with more than this takes seconds: nothing is added to it


class Finished:
    """A queue without an end, so that a poll that is stopped can always hand in its word.

    It is kept short by `room`, for which those wait who still hold their turn with a host. `expected` polls are handed
    in, one after the other.
    """

    def __init__(self, expected: int, *, waiting: int = WAITING) -> None:
        self._expected = expected
        self._queue: list[Seen] = []
        self._changed = asyncio.Event()
        self._room = asyncio.Event()
        self._waiting = waiting
        self._weight = 0

    async def room(self) -> None:
        """Wait until enough of what was read before is written."""
        while self._weight >= self._waiting:
            self._room.clear()
            await self._room.wait()

    def hand_in(self, seen: Seen) -> None:
        """This poll is over. Never waits."""
        self._weight += seen.size
        self._expected -= 1
        self._queue.append(seen)
        self._changed.set()

    async def take(self) -> list[Seen]:
        """What is to be written next, together: at least one poll; none when all were taken."""
        while not self._queue and self._expected > 0:
            await self._news()
        with suppress(TimeoutError):
            async with asyncio.timeout(LINGER):
                while self._expected > 0 and not self._is_enough():
                    await self._news()
        return self._cut()

    async def _news(self) -> None:
        self._changed.clear()
        await self._changed.wait()

    def _is_enough(self) -> bool:
        return len(self._queue) >= TOGETHER or sum(one.size for one in self._queue) >= _HEAVY

    def _cut(self) -> list[Seen]:
        weights = accumulate(one.size for one in self._queue)
        count = 1 + sum(weight < _HEAVY for weight in islice(weights, TOGETHER - 1))
        batch, self._queue = self._queue[:count], self._queue[count:]
        return batch

    def written(self, batch: list[Seen]) -> None:
        """These are in the store, or need not be."""
        self._weight -= sum(one.size for one in batch)
        self._room.set()
