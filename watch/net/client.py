"""The HTTP client, whose every connection passes the gate.

The decision falls on the address that is connected to: names are resolved here, each address is checked, and
the connection goes to a checked address, not to the name (bar H24). `Host` and SNI keep the name.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from ipaddress import ip_address
from typing import Self

import httpx

from watch.errors import FetchError
from watch.net.addresses import Gate
from watch.net.transport import CONNECT_SECONDS, GatedTransport, Resolver

Headers = Sequence[tuple[bytes, bytes]]


class Client:
    """Sends one request and hands over the answer; nothing more.

    Not httpx.AsyncClient: that one keeps cookies, and fails on a redirect it cannot read before we can refuse it.
    """

    def __init__(self, transport: httpx.AsyncBaseTransport, user_agent: str) -> None:
        self._transport = transport
        self._headers = httpx.Headers(
            {"User-Agent": user_agent, "Accept-Encoding": "gzip", "Accept": "*/*"}, encoding="utf-8"
        )

    async def __aenter__(self) -> Self:
        await self._transport.__aenter__()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._transport.aclose()

    def build_request(
        self, method: str, url: str, *, headers: Headers = (), body: bytes | None = None
    ) -> httpx.Request:
        """A request with our own headers, and `headers` over them, byte for byte."""
        merged = self._headers.copy()
        merged.update(list(headers))
        timeout = {"timeout": {"connect": CONNECT_SECONDS, "read": 30.0, "write": 30.0, "pool": None}}
        return httpx.Request(method, url, headers=merged, content=body, extensions=timeout)

    async def send(self, request: httpx.Request) -> httpx.Response:
        """The answer, its body not yet read; the caller closes it."""
        return await self._transport.handle_async_request(request)


def make_client(
    gate: Gate,
    *,
    user_agent: str,
    transport: httpx.AsyncBaseTransport | None = None,
    resolve: Resolver | None = None,
) -> Client:
    """A client that keeps no cookies, follows nothing by itself and reads nothing from the environment.

    `transport` stands for the network in tests; `resolve` for the name server.
    """
    return Client(transport or GatedTransport(gate, resolve=resolve or resolve_name), user_agent)


async def resolve_name(host: str, port: int) -> list[str]:
    """All addresses of `host`, as the system knows them. Raises FetchError of kind `dns`."""
    if _is_number(host):
        return [host]
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchError("dns", f"the name {host} cannot be resolved: {error}") from error
    return list(dict.fromkeys(str(address[4][0]) for address in found))


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
