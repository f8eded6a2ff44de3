"""The children in which documents are read: how they are started, and what it looks like when they die.

Apart from `parse`, so that a sweep in which nothing is new starts and imports none of it.
"""

from __future__ import annotations

import contextlib
import multiprocessing
from concurrent.futures import CancelledError, Future
from concurrent.futures.process import BrokenProcessPool
from threading import Thread
from typing import Any

from pebble import ProcessExpired, ProcessPool

from watch.collect import reading

DIED = (ProcessExpired, TimeoutError, CancelledError, BrokenProcessPool)
"""What a page's future raises whose child was killed."""
BROKEN = (BrokenProcessPool, RuntimeError)
"""What it raises when the pool itself has to be started anew."""
# Renewing costs 0.1 s; what a child has learnt of words goes with it.
_TASKS_BEFORE_RENEWAL = 2_000
# All that a child needs: what is imported before the fork is shared by all of them.
_READERS = ("feed_xml", "feed_json", "page_read")
_PRELOAD = ["watch.collect.reading", *(f"watch.collect.kinds.{name}" for name in _READERS)]


def start(workers: int, memory: int) -> Future[Any]:
    """A pool to be, of `workers` children with `memory` bytes each; all start at once, in a thread of their own."""
    started: Future[Any] = Future()
    # So that none of those who wait can cancel it for the others.
    started.set_running_or_notify_cancel()
    Thread(target=_start, args=(started, workers, memory), name="children", daemon=True).start()
    return started


def _start(started: Future[Any], workers: int, memory: int) -> None:
    try:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(_PRELOAD)
        pool = ProcessPool(
            max_workers=workers,
            max_tasks=_TASKS_BEFORE_RENEWAL,
            initializer=reading.confine,
            initargs=[memory],
            context=context,
        )
        # To ask is to start: the server that forks imports first, which takes a while.
        if not pool.active:
            raise BrokenProcessPool
    except BaseException as error:  # whoever waits raises it
        started.set_exception(error)
    else:
        started.set_result(pool)


def end(started: Future[Any], *, wait: float = 0.0) -> None:
    """End the children, also those that are being started; what they were reading is dropped."""
    with contextlib.suppress(Exception):  # that it could not be started was told to who needed it
        pool = started.result()
        pool.stop()
        if wait:
            pool.join(timeout=wait)
