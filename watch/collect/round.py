"""What a sweep is made with: the poller, which lives long, and the round, which is one sweep."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from watch.collect import fetch
from watch.collect.finished import Finished
from watch.collect.keep import PATIENCE
from watch.collect.manners import CONCURRENCY, SPACING, Manners
from watch.collect.parse import Parser, PoolParser
from watch.collect.permission import Permission
from watch.net import Client, Gate, Limits, Transport, make_client
from watch.store import Store

if TYPE_CHECKING:
    import httpx


@dataclass(slots=True)
class Poller:
    """What polling needs, made once and used for every sweep: the gate, our name, the children that read.

    `spacing` is in seconds between two starts on one host; `patience` in seconds, for a store that is locked;
    `transport` stands for the network in tests. `abandoned` are claims that could not be given back.
    """

    gate: Gate
    user_agent: str
    parser: Parser = field(default_factory=PoolParser)
    spacing: float = SPACING
    concurrency: int = CONCURRENCY
    limits: Limits = fetch.LIMITS
    patience: float = PATIENCE
    transport: Transport | httpx.AsyncBaseTransport | None = None
    abandoned: list[str] = field(default_factory=list)

    def close(self) -> None:
        """End the children."""
        if isinstance(self.parser, PoolParser):
            self.parser.close()


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
