"""One small message out, through the same gate: webhooks."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

from watch.net.addresses import Gate
from watch.net.client import make_client
from watch.net.exchange import Answer, exchange, prepare
from watch.net.wire import Limits, Transport

if TYPE_CHECKING:
    import httpx


def send(
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    gate: Gate,
    user_agent: str,
    timeout: float = 15.0,
    transport: Transport | httpx.AsyncBaseTransport | None = None,
) -> tuple[int, dict[str, str], bytes]:
    """Send `body` and return (status, headers with lower-case names, body of at most 100 kB).

    Redirects are not followed: a 3xx is an answer like another. Raises FetchError. Not to be called from a
    running event loop.
    """
    limits = Limits(body=100_000, seconds=timeout, redirects=0)
    answer = asyncio.run(_send(method, url, headers, body, gate, user_agent, limits, transport))
    headers_of = {name: answer.headers.joined(name) for name in answer.headers}
    return answer.status, headers_of, answer.body


async def _send(
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    gate: Gate,
    user_agent: str,
    limits: Limits,
    transport: Transport | httpx.AsyncBaseTransport | None,
) -> Answer:
    async with make_client(gate, user_agent=user_agent, transport=transport) as client:
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        request = prepare(client, url, method=method, headers=raw, body=body)
        return await exchange(client, request, limits=limits)
