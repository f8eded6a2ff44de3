"""Feeds and pages that give only the beginning of an article: the rest of it, from its own page.

Only new and changed entries are looked up, since each is a request. What the source says stays what an edit is told by
(`identity.digest`): else every poll would see the short text again, and call it a change.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import UTC, datetime

from watch.collect import article, fetch
from watch.collect.identity import Named, name_entries
from watch.collect.round import Round
from watch.errors import FetchError
from watch.model import Entries, Entry, Page, Request, SourceSpec, Validators
from watch.store import Store, taken
from watch.store.due import Due

log = logging.getLogger(__name__)
ARTICLES = 20
"""So many articles of a source are fetched in one poll at most: the newest; of the others, the beginning is kept."""
_ACCEPT = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"
_NEVER = datetime(1, 1, 1, tzinfo=UTC)


async def fill(round_: Round, store: Store, source: Due, entries: Entries) -> Entries:
    """`entries` with `full_text` where it could be had: gate, politeness and robots.txt permitting."""
    wanted = await asyncio.to_thread(_wanted, store, source, entries)
    found = dict(zip(map(id, wanted), await asyncio.gather(*(_article(round_, one) for one in wanted)), strict=True))
    texts = [found.get(id(one)) for one in entries.entries]
    # What was worked out from the short text goes with it.
    filled = [
        replace(one, full_text=text, derived=None) if text else one
        for one, text in zip(entries.entries, texts, strict=True)
    ]
    if wanted:
        log.info("full_text source=%r wanted=%d found=%d", source.name, len(wanted), sum(map(bool, found.values())))
    return replace(entries, entries=tuple(filled))


def _wanted(store: Store, source: Due, entries: Entries) -> list[Entry]:
    named = name_entries(source.id, entries.entries)
    with store.plain(reading=True) as plain:
        known = taken.seen(plain, source.id, [one.guid for one in named])
    fresh = [one.entry for one in named if one.entry.url and _is_news(one, known)]
    return sorted(fresh, key=lambda entry: entry.published or _NEVER, reverse=True)[:ARTICLES]


def _is_news(one: Named, known: dict[str, taken.Known]) -> bool:
    before = known.get(one.guid)
    return before is None or before.digest != one.digest


async def _article(round_: Round, entry: Entry) -> str | None:
    assert entry.url is not None
    try:
        await round_.permission.page(entry.url)
        async with round_.manners.turn(entry.url) as ours:
            page = await _page(round_, entry.url) if ours else None
        if page is None:
            return None
        read = await round_.poller.parser.parse(SourceSpec("article", article.KIND, entry.url), page)
    except FetchError as error:
        log.info("full_text url=%s kind=%s", entry.url, error.kind)
        if error.retry_after:
            round_.manners.rest(entry.url)
        return None
    text = read.entries[0].text
    # A wall of consent or payment says less than the feed does.
    return text if len(text) > len(entry.text) else None


async def _page(round_: Round, url: str) -> Page | None:
    request = Request(url=url, headers=(("Accept", _ACCEPT),))
    answer = await fetch.get(round_.client, request, Validators(), now=round_.now, limits=round_.poller.limits)
    return answer if isinstance(answer, Page) else None
