"""One source in its turn: permission, request, reading; and, where the operator wishes it, the articles behind."""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from watch.collect import fetch, full_text, registry
from watch.collect.finished import Finished
from watch.collect.manners import Manners
from watch.collect.outcome import Seen
from watch.collect.permission import Permission
from watch.errors import FetchError, HuneError
from watch.model import Page, SourceSpec, Validators
from watch.net import Client, make_client
from watch.store import Store
from watch.store.sources import asked_address
from watch.store.tables import Source

if TYPE_CHECKING:
    from watch.collect.polling import Poller

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Round:
    """What all sources of one sweep share. Without a `store` nothing is remembered, and no articles are fetched."""

    poller: Poller
    client: Client
    manners: Manners
    permission: Permission
    store: Store | None
    now: datetime
    finished: Finished | None = None


@asynccontextmanager
async def new_round(
    poller: Poller,
    store: Store | None,
    now: datetime,
    *,
    robots: Store | None = None,
    finished: Finished | None = None,
) -> AsyncIterator[Round]:
    """A round at `now`, and its connections, closed at the end; `robots` keeps robots.txt where `store` is None."""
    manners = Manners(spacing=poller.spacing, concurrency=poller.concurrency)
    async with make_client(poller.gate, user_agent=poller.user_agent, transport=poller.transport) as client:
        yield Round(poller, client, manners, Permission(client, manners, now, store or robots), store, now, finished)


async def in_turn(round_: Round, source: Source) -> Seen:
    """Ask for `source` when it is its host's turn; whatever goes wrong becomes the outcome of this one source."""
    address = asked_address(source) or ""
    try:
        await (round_.permission.page(address) if source.kind == "page" else round_.permission.feed(address))
        async with round_.manners.turn(address) as ours:
            seen = await _look(round_, source) if ours else Seen(source, skipped=True)
            if seen.error is not None and seen.error.retry_after:
                round_.manners.rest(address)
            if round_.finished is not None:
                # In the turn: while the store is slow, nothing more is asked.
                await round_.finished.room()
        if seen.entries and source.options.get("full_text") and round_.store:
            # Outside the turn: its articles wait for turns of their own, with the same host.
            seen = replace(seen, entries=await full_text.fill(round_, round_.store, source, seen.entries))
    except Exception as error:
        return Seen(source, error=_explained(source, error))
    return seen


async def _look(round_: Round, source: Source) -> Seen:
    """Ask and read. `seconds` are those of the asking, without the wait for the turn."""
    began = time.perf_counter()
    try:
        answer = await _ask(round_, source)
        entries, size = None, 0
        if isinstance(answer, Page):
            entries, size = await round_.poller.parser.parse(spec_of(source), answer), len(answer.body)
            # A sweep of thousands of sources must not hold all their pages.
            answer = replace(answer, body=b"")
        return Seen(source, answer, entries, seconds=time.perf_counter() - began, size=size)
    except Exception as error:
        return Seen(source, error=_explained(source, error), seconds=time.perf_counter() - began)


def _explained(source: Source, error: Exception) -> FetchError:
    if isinstance(error, FetchError):
        return error
    if not isinstance(error, HuneError):
        log.error("poll source=%r outcome=crashed", source.name, exc_info=error)
    return FetchError("protocol", str(error) or type(error).__name__)


async def _ask(round_: Round, source: Source) -> fetch.Answered:
    collector = registry.kinds().get(source.kind)
    if collector is None:
        raise FetchError("protocol", f"sources of kind {source.kind!r} cannot be read yet")
    known = Validators(source.etag, source.last_modified)
    request = collector.request(spec_of(source))
    return await fetch.get(round_.client, request, known, now=round_.now, limits=round_.poller.limits)


def spec_of(source: Source) -> SourceSpec:
    """What a collector needs to know of `source`."""
    return SourceSpec(
        name=source.name,
        kind=source.kind,
        url=asked_address(source),
        language=source.lang,
        tags=tuple(source.tags),
        brands=tuple(source.brands),
        options=dict(source.options),
    )
