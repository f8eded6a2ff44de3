"""Polls that are over, on their way from those who ask to the one who writes."""

from __future__ import annotations

import asyncio

from watch.collect.outcome import Seen

TOGETHER = 50
"""So many polls are written in one transaction at most."""
WAITING = 32_000_000
"""The entries of so many bytes of pages may wait to be written; then no more is asked."""
_HEAVY = 4_000_000  # a transaction with more than this takes seconds: nothing is added to it


class Finished:
    """A queue without an end, so that a poll that is stopped can always hand in its word.

    It is kept short by `room`, for which those wait who still hold their turn with a host.
    """

    def __init__(self, waiting: int = WAITING) -> None:
        self._queue: asyncio.Queue[Seen] = asyncio.Queue()
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
        self._queue.put_nowait(seen)

    async def take(self) -> list[Seen]:
        """What is to be written next, together; at least one poll."""
        batch = [await self._queue.get()]
        while len(batch) < TOGETHER and sum(one.size for one in batch) < _HEAVY and not self._queue.empty():
            batch.append(self._queue.get_nowait())
        return batch

    def written(self, batch: list[Seen]) -> None:
        """These are in the store, or need not be."""
        self._weight -= sum(one.size for one in batch)
        self._room.set()
