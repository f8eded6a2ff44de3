"""The pool of killable children in which documents are read.

Documents can be evil: 200,000 nested tags, a megabyte of attributes. A child has 15 s of CPU and 512 MB; when it
dies, one source has failed and the others go on.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import threading
from concurrent.futures import CancelledError
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType
from typing import Any, Protocol, Self

from pebble import ProcessExpired, ProcessPool

from watch.collect import reading
from watch.errors import ParseError
from watch.model import Entries, Page, SourceSpec

CPU_SECONDS = 15
MEMORY = 512 * 1024 * 1024
# Renewing costs 0.1 s; what a child has learnt of words goes with it.
_TASKS_BEFORE_RENEWAL = 2_000


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
        self._pool: Any = None
        self._lock = threading.Lock()

    async def parse(self, source: SourceSpec, page: Page) -> Entries:
        """The entries of `page`. Raises ParseError, also when the child had to be killed or died."""
        try:
            return _entries(await self._read(source, page), page)
        except (ProcessExpired, TimeoutError, CancelledError, BrokenProcessPool) as error:
            sentence = "reading the answer took more time or memory than it may"
            raise ParseError("parse", sentence, http_status=page.status) from error

    async def _read(self, source: SourceSpec, page: Page, *, again: bool = True) -> reading.Read:
        pool = self._started()
        try:
            future = pool.schedule(
                reading.read_within,
                args=(source, page, self._cpu_seconds),
                # CPU time is bounded in the child; this is for a child that waits for ever.
                timeout=self._cpu_seconds * 4,
            )
            read: reading.Read = await asyncio.wrap_future(future)
        except (BrokenProcessPool, RuntimeError):
            # A child that died between two pages (the system was out of memory, say) breaks the whole pool.
            self._drop(pool)
            if not again:
                raise
            return await self._read(source, page, again=False)
        return read

    def _drop(self, pool: Any) -> None:
        if self._pool is pool:
            self._pool = None
            pool.stop()

    def _started(self) -> Any:
        with self._lock:
            if self._pool is None:
                self._pool = self._new()
            return self._pool

    def _new(self) -> Any:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["watch.collect.reading", "watch.collect.kinds.feed"])
        return ProcessPool(
            max_workers=self._workers,
            max_tasks=_TASKS_BEFORE_RENEWAL,
            initializer=reading.confine,
            initargs=[self._memory],
            context=context,
        )

    def close(self) -> None:
        """End the children; what they were reading is dropped."""
        if self._pool is not None:
            self._pool.stop()
            self._pool.join(timeout=5)
            self._pool = None

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
