"""The transport of the way out: libcurl, whose every connection passes the gate.

The decision falls on the address that is connected to (bar H24): names are resolved here, and each of their addresses
is checked; libcurl is told these addresses, and asks the gate again for every socket it opens. `Host` and SNI keep the
name.
"""

from __future__ import annotations

import asyncio
import resource
import socket
import time
from collections.abc import Awaitable, Callable

from watch.errors import FetchError
from watch.net import failures
from watch.net.addresses import Gate
from watch.net.multi import Multi
from watch.net.reception import Reception
from watch.net.transfer import Transfer
from watch.net.urls import Url
from watch.net.wire import Limits, Outgoing, Reply

Resolver = Callable[[str, int], Awaitable[list[str]]]
"""(host, port) → addresses, as text."""

_NAMES_HOLD = 60.0
# A connection that waits for another request costs 80 kB with TLS, and hardly more than its descriptor without.
_MOST = 256
_IDLE_TLS = 64
_IDLE = 1024


async def resolve_name(host: str, port: int) -> list[str]:
    """All addresses of `host`, as the system knows them. Raises FetchError of kind `dns`."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchError("dns", f"the name {host} cannot be resolved: {error}") from error
    return list(dict.fromkeys(str(address[4][0]) for address in found))


class CurlTransport:
    """libcurl under the running event loop, with a few handles that are used again and again."""

    def __init__(self, gate: Gate, *, resolve: Resolver = resolve_name) -> None:
        self._gate = gate
        self._resolve = resolve
        self._multis: dict[str, Multi] = {}
        self._free: list[Transfer] = []
        self._known: dict[tuple[str, int], tuple[float, list[str]]] = {}

    async def ask(self, request: Outgoing, limits: Limits) -> Reply:
        """One request, one reply. Raises FetchError."""
        addresses = await self._addresses(request.url)
        multi = self._multi(request.url.scheme)
        transfer = self._free.pop() if self._free else Transfer(self._gate)
        try:
            transfer.begin(request, addresses, Reception(request.url.host, limits))
            return transfer.end(*await multi.perform(transfer.easy))
        finally:
            self._put_back(transfer, request)

    async def aclose(self) -> None:
        """Close every connection."""
        while self._multis:
            self._multis.popitem()[1].close()
        while self._free:
            self._free.pop().easy.close()

    def _multi(self, scheme: str) -> Multi:
        if scheme not in self._multis:
            descriptors = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
            kept = min(_IDLE, descriptors // 2) if descriptors > 0 else _IDLE
            most, idle = (_MOST, _IDLE_TLS) if scheme == "https" else (kept, kept)
            self._multis[scheme] = Multi(most=most, idle=idle)
        return self._multis[scheme]

    def _put_back(self, transfer: Transfer, request: Outgoing) -> None:
        if request.is_plain and self._multis:
            transfer.forget()
            self._free.append(transfer)
        else:
            transfer.easy.close()

    async def _addresses(self, url: Url) -> list[str]:
        """The addresses of a name, each permitted; none for what is an address itself: its socket is checked."""
        if url.is_address:
            return []
        until, addresses = self._known.get((url.host, url.port), (0.0, []))
        if time.monotonic() > until:
            addresses = await self._checked(url)
            self._known[url.host, url.port] = (time.monotonic() + _NAMES_HOLD, addresses)
        return addresses

    async def _checked(self, url: Url) -> list[str]:
        addresses = await self._resolve(url.host, url.port)
        if not addresses:
            raise FetchError("dns", f"the name {url.host} has no address")
        for address in addresses:
            if not self._gate.permits(address, url.port):
                raise failures.closed(url.host, address, url.port)
        return addresses
