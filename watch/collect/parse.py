"""The pool of killable children in which documents are read.

Documents can be evil: 200,000 nested tags, a megabyte of attributes. A child has 15 s of CPU and 512 MB; when it
dies, one source has failed and the others go on.
"""

from __future__ import annotations

import asyncio
import os
import threading
from concurrent.futures import CancelledError, Future
from types import TracebackType
from typing import Any, Protocol, Self

from watch.collect import reading
from watch.errors import ParseError
from watch.model import Entries, Page, SourceSpec

CPU_SECONDS = 15
MEMORY = 512 * 1024 * 1024


class Parser(Protocol):
    """Reads pages."""

    async def parse(self, source: SourceSpec, page: Page) -> Entries:
        """The entries of `page`. Raises ParseError."""
        ...


class InlineParser:
    """Reads pages in this process, without a limit: for tests, and for pages that we wrote ourselves."""

    async def parse(self, source: SourceSpec, page: Page) -> Entries:
        """The entries of `page`. Raises ParseError."""
        return _entries(reading.read(source, page), page)


class PoolParser:
    """Reads pages in children, which start with the first page and are renewed from time to time.

    Use it as a context manager, or call `close`. Safe to share between event loops and threads.
    """

    def __init__(self, *, workers: int | None = None, cpu_seconds: int = CPU_SECONDS, memory: int = MEMORY) -> None:
        self._workers = workers or min(os.cpu_count() or 1, 4)
        self._cpu_seconds = cpu_seconds
        self._memory = memory
        self._pool: Future[Any] | None = None
        self._closings = 0
        self._lock = threading.Lock()

    async def parse(self, source: SourceSpec, page: Page) -> Entries:
        """The entries of `page`. Raises ParseError, also when the child had to be killed or died."""
        from watch.collect import children

        try:
            return _entries(await self._read(source, page), page)
        except children.DIED as error:
            sentence = "reading the answer took more time or memory than it may"
            raise ParseError("parse", sentence, http_status=page.status) from error

    async def _read(self, source: SourceSpec, page: Page, *, again: bool = True) -> reading.Read:
        from watch.collect import children

        started, closings = self._started(), self._closings
        try:
            # Fetching goes on while the children start.
            pool = await asyncio.wrap_future(started)
            future = pool.schedule(
                reading.read_within,
                args=(source, page, self._cpu_seconds),
                # CPU time is bounded in the child; this is for a child that waits for ever.
                timeout=self._cpu_seconds * 4,
            )
            read: reading.Read = await asyncio.wrap_future(future)
        except children.BROKEN as error:
            if self._closings != closings:
                raise CancelledError from error
            # A child that died between two pages (the system was out of memory, say) breaks the whole pool.
            self._drop(started)
            if not again:
                raise
            return await self._read(source, page, again=False)
        return read

    def _drop(self, started: Future[Any]) -> None:
        from watch.collect import children

        with self._lock:
            mine = self._pool is started
            self._pool = None if mine else self._pool
        if mine:
            children.end(started)

    def _started(self) -> Future[Any]:
        from watch.collect import children

        with self._lock:
            if self._pool is None or (self._pool.done() and self._pool.exception()):
                self._pool = children.start(self._workers, self._memory)
            return self._pool

    def close(self) -> None:
        """End the children, started or starting; what they were reading is dropped."""
        with self._lock:
            started, self._pool = self._pool, None
            self._closings += 1
        if started is not None:
            from watch.collect import children

            children.end(started, wait=5)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()


def _entries(read: reading.Read, page: Page) -> Entries:
    if isinstance(read, Entries):
        return read
    kind, message = read
    raise ParseError(kind, message, http_status=page.status)
