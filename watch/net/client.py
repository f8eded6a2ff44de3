"""The HTTP client: our own headers, and a transport that carries them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from watch.net.addresses import Gate
from watch.net.urls import Url
from watch.net.wire import Limits, Outgoing, Pairs, Reply, Transport

if TYPE_CHECKING:
    import httpx

    from watch.net.curl import Resolver


class Client:
    """Sends one request and hands over the reply; nothing more: no cookies, no Referer, no redirects."""

    def __init__(self, transport: Transport, user_agent: str) -> None:
        self._transport = transport
        self._headers = {
            b"user-agent": (b"User-Agent", user_agent.encode()),
            b"accept-encoding": (b"Accept-Encoding", b"gzip"),
            b"accept": (b"Accept", b"*/*"),
        }

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._transport.aclose()

    def build_request(self, method: str, url: Url, *, headers: Pairs = (), body: bytes | None = None) -> Outgoing:
        """A request with our own headers, and `headers` over them, byte for byte."""
        given = {name.lower() for name, _ in headers}
        ours = [pair for name, pair in self._headers.items() if name not in given]
        return Outgoing(method, url, (*ours, *headers), body)

    async def send(self, request: Outgoing, limits: Limits) -> Reply:
        """The reply to `request`, whatever its status. Raises FetchError."""
        return await self._transport.ask(request, limits)


def make_client(
    gate: Gate,
    *,
    user_agent: str,
    transport: Transport | httpx.AsyncBaseTransport | None = None,
    resolve: Resolver | None = None,
) -> Client:
    """A client that keeps no cookies, follows nothing by itself and reads nothing from the environment.

    `transport`, ours or one of httpx, stands for the network in tests; `resolve` for the name server.
    """
    return Client(_ours(transport) if transport else _curl(gate, resolve), user_agent)


def _curl(gate: Gate, resolve: Resolver | None) -> Transport:
    # libcurl and its libraries are loaded by who asks, not by who only knows the gate.
    from watch.net.curl import CurlTransport, resolve_name

    return CurlTransport(gate, resolve=resolve or resolve_name)


def _ours(transport: Transport | httpx.AsyncBaseTransport) -> Transport:
    if isinstance(transport, Transport):
        return transport
    from watch.net.borrowed import Borrowed

    return Borrowed(transport)
