"""One source in its turn: permission, request, reading; and, where the operator wishes it, the articles behind."""

from __future__ import annotations

import logging
import time
from dataclasses import replace

from watch.collect import fetch, full_text, pages, registry
from watch.collect.outcome import Seen
from watch.collect.round import Round
from watch.errors import FetchError, HuneError
from watch.model import Entries, Page, SourceSpec, Validators
from watch.store.due import Due, asked_address

log = logging.getLogger(__name__)
HOST_RESTS = "its server asked for rest"


async def in_turn(round_: Round, source: Due) -> Seen:
    """Ask for `source` when it is its host's turn; whatever goes wrong becomes the outcome of this one source."""
    address = asked_address(source) or ""
    try:
        if source.kind == "page":
            await round_.permission.page(address, verify=_verifies(source))
        else:
            await round_.permission.feed(address)
        async with round_.manners.turn(address) as ours:
            seen = await _look(round_, source) if ours else Seen(source, skipped=True, why=HOST_RESTS)
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


async def _look(round_: Round, source: Due) -> Seen:
    """Ask and read. `seconds` are those of the asking, without the wait for the turn."""
    began = time.perf_counter()
    try:
        answer = await _ask(round_, source)
        entries, page, size = None, pages.known(source.page), 0
        if isinstance(answer, Page):
            entries, page = await _read(round_, source, answer)
            # A sweep of thousands of sources must not hold all their pages.
            answer, size = replace(answer, body=b""), len(answer.body)
        return Seen(source, answer, entries, page=page, seconds=time.perf_counter() - began, size=size)
    except Exception as error:
        return Seen(source, error=_explained(source, error), seconds=time.perf_counter() - began)


async def _read(round_: Round, source: Due, page: Page) -> tuple[Entries | None, pages.Known]:
    """The entries of a page and what to keep of it; None for the page that was read last time."""
    before, digest = pages.known(source.page), pages.digest(page)
    if before is not None and before.digest == digest:
        return None, before
    entries = await round_.poller.parser.parse(spec_of(source), page)
    return entries, pages.of(digest, entries)


def _explained(source: Due, error: Exception) -> FetchError:
    if isinstance(error, FetchError):
        return error
    if not isinstance(error, HuneError):
        log.error("poll source=%r outcome=crashed", source.name, exc_info=error)
    return FetchError("protocol", str(error) or type(error).__name__)


async def _ask(round_: Round, source: Due) -> fetch.Answered:
    collector = registry.kinds().get(source.kind)
    if collector is None:
        raise FetchError("protocol", f"sources of kind {source.kind!r} cannot be read yet")
    known = Validators(source.etag, source.last_modified)
    request = collector.request(spec_of(source))
    request = request if _verifies(source) else replace(request, verify=False)
    return await fetch.get(round_.client, request, known, now=round_.now, limits=round_.poller.limits)


def _verifies(source: Due) -> bool:
    return source.options.get("verify_tls") is not False


def spec_of(source: Due) -> SourceSpec:
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
