"""The feeds of an address a person gave.

1. ask for the address itself: if it is a feed, that is all, after exactly one request (bar P25);
2. else gather candidates: what the page names, what it links to, where its platform keeps feeds, where many do;
3. try them in that order, politely, until a kind of them gave a feed or the budget is spent.

One level only: what a candidate names is not followed (bar H15).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from watch.collect import advertised, encoding, fetch, pages, platforms
from watch.collect.advertised import Candidate, How
from watch.collect.kinds import feed
from watch.collect.manners import Manners
from watch.collect.outcome import Seen
from watch.collect.permission import Permission
from watch.collect.round import Poller
from watch.errors import FetchError, ParseError, Refused
from watch.model import Entries, Page, SourceSpec, Validators
from watch.net import Client, Limits, make_client
from watch.store import Store
from watch.store.due import Due

REQUESTS = 20
"""So many candidates are asked for at most, besides the address itself and robots.txt."""
SECONDS = 60.0
"""After so long no further candidate is begun."""
_EACH = 5
_MAX_HTML = 2_000_000
_LIMITS = Limits(body=10_000_000, seconds=20)


@dataclass(frozen=True, slots=True)
class Found:
    """A feed: its address, how it was found, its own title, how many entries it has; and what was read of it.

    `seen` is a poll of a source that does not exist yet (see `first_look`).
    """

    url: str
    how: How
    title: str | None
    entries: int
    seen: Seen
    lang: str | None = None


@dataclass(frozen=True, slots=True)
class Discovered:
    """What came of looking: the feeds, best first, and the candidates that were none, each with the reason."""

    feeds: tuple[Found, ...]
    failed: tuple[tuple[str, str], ...] = ()


def find(poller: Poller, url: str, now: datetime, *, robots: Store | None = None) -> Discovered:
    """The feeds of `url`; `robots` keeps what robots.txt say.

    Raises FetchError when it cannot be had, Refused for platforms that give no feeds.
    """
    return asyncio.run(_find(poller, url, now, robots))


async def _find(poller: Poller, url: str, now: datetime, robots: Store | None) -> Discovered:
    manners = Manners(spacing=poller.spacing, concurrency=poller.concurrency)
    async with make_client(poller.gate, user_agent=poller.user_agent, transport=poller.transport) as client:
        look = _Look(poller, client, manners, Permission(client, manners, now, robots), now)
        return await look.at(url)


@dataclass(slots=True)
class _Look:
    """One search, and what it has spent."""

    poller: Poller
    client: Client
    manners: Manners
    permission: Permission
    now: datetime
    left: int = REQUESTS

    async def at(self, url: str) -> Discovered:
        if platform := platforms.no_feed_at(url):
            raise Refused(f"{platform} gives nobody a feed")
        by_address = platforms.of_address(url)
        try:
            page = await self._get(url)
            return Discovered((_found(Candidate(url, "itself"), page, await self._read(page)),))
        except ParseError as error:
            if error.kind != "not_a_feed":
                raise
        except FetchError as error:
            # The page may be shut while its feed is not (Reddit, GitHub); nothing else is worth a guess.
            if not by_address or error.kind not in ("http_4xx", "http_5xx", "rate_limited"):
                raise
            return await self._try([by_address])
        given = [one for one in advertised.links(page) if one.url != page.url]
        named = [one for one in given if one.how == "named"]
        linked = [one for one in given if one.how == "linked"]
        return await self._try([(by_address + named)[:_EACH], linked[:_EACH]], _guesses(page))

    async def _try(self, stages: Sequence[Sequence[Candidate]], guesses: Sequence[Candidate] = ()) -> Discovered:
        feeds: dict[str, Found] = {}
        failed: dict[str, str] = {}
        until = time.monotonic() + SECONDS
        for stage in (*stages, guesses):
            for one in stage:
                # Guesses name one feed in several ways: the first that is one will do.
                if one.url in failed or (feeds and stage is guesses):
                    continue
                if not self.left or time.monotonic() > until:
                    break
                try:
                    at, found = await self._try_one(one)
                    feeds.setdefault(at, found)
                except FetchError as error:
                    failed[one.url] = error.message
            if feeds:
                break
        return Discovered(tuple(feeds.values()), tuple(failed.items()))

    async def _try_one(self, one: Candidate) -> tuple[str, Found]:
        # What a page names is meant to be read; a guess of ours is scraping, and obeys robots.txt (bar P31).
        await (self.permission.feed(one.url) if one.how == "named" else self.permission.page(one.url))
        self.left -= 1
        page = await self._get(one.url)
        return page.url, _found(one, page, await self._read(page))

    async def _get(self, url: str) -> Page:
        request = feed.request(SourceSpec("discover", "feed", url))
        async with self.manners.turn(url) as ours:
            if not ours:
                raise FetchError("rate_limited", "its host asked for rest")
            try:
                answer = await fetch.get(self.client, request, Validators(), now=self.now, limits=_LIMITS)
            except FetchError as error:
                if error.retry_after:
                    self.manners.rest(url)
                raise
        if not isinstance(answer, Page):
            raise FetchError("protocol", "the server sends nothing")
        return answer

    async def _read(self, page: Page) -> Entries:
        return await self.poller.parser.parse(SourceSpec("discover", "feed", page.url), page)


def _guesses(page: Page) -> list[Candidate]:
    html = encoding.decode(page.body, page.content_type)[:_MAX_HTML]
    return platforms.of_page(page.url, html)[:_EACH] + platforms.usual(page.url)


def _found(one: Candidate, page: Page, entries: Entries) -> Found:
    url = page.moved_to or one.url
    # It is added under the address it has moved to.
    answer = replace(page, body=b"", moved_to=None)
    seen = Seen(Due(url, url=url), answer, entries, pages.of(pages.digest(page), entries), size=len(page.body))
    return Found(url, one.how, entries.title or one.title or None, len(entries.entries), seen, entries.lang)
