"""The connections: opened to addresses that the gate permits and to no others, kept for a while, used again.

httpx's own transport was the bottleneck of a sweep: its pool is looked through at each request, and half of its
time goes into layers that we do not use. This one does HTTP/1.1 and nothing else.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import cache
from typing import NamedTuple

import httpx

from watch.errors import FetchError
from watch.net.addresses import Gate
from watch.net.wire import Wire

Resolver = Callable[[str, int], Awaitable[list[str]]]
"""(host, port) → addresses, as text."""
CONNECT_SECONDS = 10.0
_MAX_IDLE = 20
_IDLE_SECONDS = 5.0
_TRIED = 4
_REPEATABLE = ("GET", "HEAD")


class _Peer(NamedTuple):
    scheme: str
    host: str
    port: int


class GatedTransport(httpx.AsyncBaseTransport):
    """HTTP/1.1 over connections that pass the gate. `resolve` is the name server."""

    def __init__(self, gate: Gate, *, resolve: Resolver) -> None:
        self._gate = gate
        self._resolve = resolve
        self._idle: dict[Wire, tuple[_Peer, float]] = {}
        self._open: set[Wire] = set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One request, one answer, its body not yet read."""
        url = request.url
        peer = _Peer(url.scheme, url.raw_host.decode("ascii").strip("[]"), url.port or _PORTS[url.scheme])
        wire = self._take(peer) if request.method in _REPEATABLE else None
        if wire is not None:
            try:
                return await self._asked(wire, peer, request)
            except (httpx.NetworkError, httpx.RemoteProtocolError):
                # It was closed while it waited; a new one tells.
                pass
        return await self._asked(await self._connect(peer), peer, request)

    async def _asked(self, wire: Wire, peer: _Peer, request: httpx.Request) -> httpx.Response:
        wire.patience = request.extensions.get("timeout", {}).get("read")
        try:
            wire.writer.write(_written(request))
            if request.content:
                await wire.writer.drain()
            head = await wire.head()
            pieces = wire.body(head, request.method)
        except OSError as error:
            self._close(wire)
            raise httpx.WriteError(str(error)) from error
        except BaseException:
            self._close(wire)
            raise
        body = _Body(self, wire, peer, pieces, persistent=head.persistent)
        return httpx.Response(head.status, headers=head.headers, stream=body)

    async def _connect(self, peer: _Peer) -> Wire:
        failure: OSError | TimeoutError | None = None
        for address in (await self._checked(peer.host, peer.port))[:_TRIED]:
            try:
                async with asyncio.timeout(CONNECT_SECONDS):
                    wire = Wire(*await _opened(address, peer))
            except OSError as error:
                failure = failure or error
            else:
                self._open.add(wire)
                return wire
        if failure is None:
            raise FetchError("dns", f"the name {peer.host} has no address")
        kind = httpx.ConnectTimeout if isinstance(failure, TimeoutError) else httpx.ConnectError
        raise kind(str(failure)) from failure

    async def _checked(self, host: str, port: int) -> list[str]:
        addresses = await self._resolve(host, port)
        for address in addresses:
            if not self._gate.permits(address, port):
                way = address if host == address else f"{host} leads to {address}, which"
                hint = f"[network] allow can open {address}:{port}"
                raise FetchError("blocked", f"{way} is not on the public internet; {hint}")
        return addresses

    def _take(self, peer: _Peer) -> Wire | None:
        now = asyncio.get_running_loop().time()
        for wire, (whose, until) in list(self._idle.items()):
            if until < now or not wire.quiet:
                self._close(wire)
            elif whose == peer:
                del self._idle[wire]
                return wire
        return None

    def keep(self, wire: Wire, peer: _Peer) -> None:
        """This connection is free for the next request; of too many, the oldest is closed."""
        if len(self._idle) >= _MAX_IDLE:
            self._close(next(iter(self._idle)))
        self._idle[wire] = (peer, asyncio.get_running_loop().time() + _IDLE_SECONDS)

    def _close(self, wire: Wire) -> None:
        self._idle.pop(wire, None)
        self._open.discard(wire)
        wire.writer.transport.abort()

    def drop(self, wire: Wire) -> None:
        """Close this connection."""
        self._close(wire)

    async def aclose(self) -> None:
        """Close every connection."""
        for wire in list(self._open):
            self._close(wire)
        # The event loop closes sockets in its next round.
        await asyncio.sleep(0)


class _Body(httpx.AsyncByteStream):
    """The body on its way; whoever reads it to the end leaves a connection that can be used again."""

    def __init__(
        self,
        transport: GatedTransport,
        wire: Wire,
        peer: _Peer,
        pieces: AsyncIterator[bytes] | None,
        *,
        persistent: bool,
    ) -> None:
        self._transport = transport
        self._wire: Wire | None = wire
        self._peer = peer
        self._pieces = pieces
        self._whole = persistent and pieces is None
        self._persistent = persistent

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if self._pieces is not None:
            async for piece in self._pieces:
                yield piece
        self._whole = self._persistent

    async def aclose(self) -> None:
        """Done with this answer."""
        wire, self._wire = self._wire, None
        if wire is None:
            return
        if self._whole and wire.quiet:
            self._transport.keep(wire, self._peer)
        else:
            self._transport.drop(wire)


_PORTS = {"http": 80, "https": 443}


def _written(request: httpx.Request) -> bytes:
    lines = [b"%s %s HTTP/1.1" % (request.method.encode("ascii"), request.url.raw_path)]
    lines += [b"%s: %s" % pair for pair in request.headers.raw]
    head = b"\r\n".join(lines)
    if b"\n" in head.replace(b"\r\n", b"") or head.count(b"\r\n") != len(lines) - 1:
        raise httpx.LocalProtocolError("a header holds the end of a line")
    return head + b"\r\n\r\n" + request.content


async def _opened(address: str, peer: _Peer) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if peer.scheme == "https":
        return await asyncio.open_connection(address, peer.port, ssl=_tls(), server_hostname=peer.host)
    return await asyncio.open_connection(address, peer.port)


@cache
def _tls() -> ssl.SSLContext:
    # Loading the certificates takes longer than a fetch, and a sweep begins every minute.
    return httpx.create_ssl_context(trust_env=False)
