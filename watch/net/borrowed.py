"""A transport of httpx as one of ours, held to the same limits: tests, and clients of APIs that bring their own."""

from __future__ import annotations

import httpx

from watch.errors import FailureKind, FetchError
from watch.net.reception import Reception
from watch.net.wire import Headers, Limits, Outgoing, Reply

_KINDS: tuple[tuple[type[httpx.TransportError], FailureKind], ...] = (
    (httpx.TimeoutException, "timeout"),
    (httpx.NetworkError, "connect"),
    (httpx.TransportError, "protocol"),
)


class Borrowed:
    """Asks `transport`. What it connects to is its own business: the gate knows nothing of it."""

    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        self._transport = transport

    async def ask(self, request: Outgoing, limits: Limits) -> Reply:
        """One request, one reply. Raises FetchError."""
        host = request.url.host
        asked = httpx.Request(request.method, str(request.url), headers=list(request.headers), content=request.body)
        try:
            return await self._received(asked, Reception(host, limits))
        except httpx.TransportError as error:
            kind = next(kind for type_, kind in _KINDS if isinstance(error, type_))
            raise FetchError(kind, f"{host} cannot be asked: {error or type(error).__name__}") from error

    async def _received(self, asked: httpx.Request, reception: Reception) -> Reply:
        response = await self._transport.handle_async_request(asked)
        assert isinstance(response.stream, httpx.AsyncByteStream)
        try:
            if reception.head(response.status_code, Headers(response.headers.raw)):
                async for piece in response.stream:
                    reception.piece(piece)
            return reception.reply()
        finally:
            await response.stream.aclose()

    async def aclose(self) -> None:
        """Close the transport."""
        await self._transport.aclose()
