"""Whether a page may be asked for: robots.txt, fetched politely and kept for a day (bar P31).

Feeds that a person added are no business of robots.txt unless it names Hune; and asking for it with every poll
would be a second request (bar P25). So a feed obeys a robots.txt that pages of the same site brought, if it names us.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from datetime import datetime, timedelta

from watch.collect import encoding, robots
from watch.collect.manners import Manners
from watch.errors import FetchError
from watch.net import Client, Limits, exchange, origin_of, prepare
from watch.store import Store
from watch.store import robots as kept

log = logging.getLogger(__name__)
KEPT = timedelta(hours=24)
KEPT_AFTER_FAILURE = timedelta(minutes=15)
Judged = robots.Rules | FetchError
"""What a site says, or why nobody knows."""
_LIMITS = Limits(body=2_000_000, seconds=15, redirects=5)


class Permission:
    """Asks each site once for its robots.txt. `store` keeps the answers for the next sweep; without it, nobody does."""

    def __init__(self, client: Client, manners: Manners, now: datetime, store: Store | None = None) -> None:
        self._client = client
        self._manners = manners
        self._now = now
        self._store = store
        self._known: dict[str, Judged] = {}
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._naming = _naming(store) if store else {}

    async def page(self, url: str, *, verify: bool = True) -> None:
        """Return if the page at `url` may be asked for; `verify` is for the certificate of its host.

        Raises FetchError: `blocked` when robots.txt forbids it, the kind of its failure when it cannot be had.
        """
        rules = await self._rules(url, verify)
        if isinstance(rules, FetchError):
            raise rules
        if not rules.allows(url):
            raise FetchError("blocked", f"the robots.txt of {origin_of(url)} asks not to read this page")

    async def feed(self, url: str) -> None:
        """Return unless a robots.txt that we hold names Hune and forbids the feed at `url`. Raises FetchError."""
        if not self._naming or (origin := origin_of(url)) not in self._naming:
            return
        rules = await self._rules(url)
        if isinstance(rules, FetchError):
            rules = self._naming[origin]
        if not rules.allows_feed(url):
            raise FetchError("blocked", f"the robots.txt of {origin} asks Hune, by name, not to read this feed")

    async def _rules(self, url: str, verify: bool = True) -> Judged:
        origin = origin_of(url)
        async with self._locks[origin]:
            if origin not in self._known:
                remembered: Judged | None = await asyncio.to_thread(self._remembered, origin)
                self._known[origin] = remembered or await self._ask(origin, verify)
            return self._known[origin]

    async def _ask(self, origin: str, verify: bool) -> Judged:
        status, text = None, ""
        address = f"{origin}/robots.txt"
        try:
            async with self._manners.turn(address) as ours:
                if not ours:
                    return FetchError("rate_limited", f"{origin} asked for rest")
                answer = await exchange(self._client, prepare(self._client, address, verify=verify), limits=_LIMITS)
            status = answer.status
            text = encoding.decode(answer.body[: robots.MAX_BYTES]) if status < 300 else ""
        except FetchError as error:
            log.info("robots origin=%s kind=%s", origin, error.kind)
            if error.kind == "blocked":
                # Our own gate: no word of the site's, and nothing to keep.
                return error
        await asyncio.to_thread(self._remember, origin, status, text)
        return _judge(origin, status, text)

    def _remembered(self, origin: str) -> Judged | None:
        if self._store is None:
            return None
        with self._store.plain(reading=True) as plain:
            row = kept.get(plain, origin)
        return _judge(origin, row.status, row.text) if row and self._holds(row) else None

    def _holds(self, row: kept.Kept) -> bool:
        span = KEPT if row.status is not None and not _failed(row.status) else KEPT_AFTER_FAILURE
        return timedelta() <= self._now - row.asked_at < span

    def _remember(self, origin: str, status: int | None, text: str) -> None:
        if self._store is not None:
            with self._store.plain() as plain:
                kept.put(plain, origin, status=status, text=text, asked_at=self._now)


def _naming(store: Store) -> dict[str, robots.Rules]:
    with store.plain(reading=True) as plain:
        return {row.origin: robots.read(row.text) for row in kept.naming(plain, robots.TOKEN)}


def _judge(origin: str, status: int | None, text: str) -> Judged:
    """RFC 9309, 2.3.1: a missing file allows everything, a broken server nothing."""
    if status is None:
        return FetchError("connect", f"the robots.txt of {origin} cannot be had, so the page is left alone")
    if _failed(status):
        sentence = f"the robots.txt of {origin} answers with {status}, so the page is left alone"
        return FetchError("http_5xx", sentence, http_status=status)
    return robots.read(text) if status < 300 else robots.ALLOW_ALL


def _failed(status: int) -> bool:
    # 429 is no `there is none`: the site asks for rest.
    return status >= 500 or status == 429
