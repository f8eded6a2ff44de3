"""The HTTP client, whose every connection passes the gate.

The decision falls on the address that is connected to: names are resolved here, each address is checked, and
the connection goes to a checked address, not to the name (bar H24). `Host` and SNI keep the name.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from functools import cache
from typing import Self

import httpcore
import httpx
from httpcore import SOCKET_OPTION, AsyncNetworkBackend, AsyncNetworkStream

from watch.errors import FetchError
from watch.net.addresses import Gate

Headers = Sequence[tuple[bytes, bytes]]
Resolver = Callable[[str, int], Awaitable[list[str]]]
"""(host, port) → addresses, as text."""

CONNECT_SECONDS = 10.0
_MAX_CONNECTIONS = 200


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
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchError("dns", f"the name {host} cannot be resolved: {error}") from error
    return list(dict.fromkeys(str(address[4][0]) for address in found))


class GatedBackend(AsyncNetworkBackend):
    """Opens TCP connections, to addresses that the gate permits."""

    def __init__(self, gate: Gate, resolve: Resolver) -> None:
        self._gate = gate
        self._resolve = resolve
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> AsyncNetworkStream:
        """Resolve, check every address, connect to the first that answers."""
        addresses = await self._checked(host, port)
        failure: Exception | None = None
        for address in addresses[:4]:
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = failure or error
        raise failure or FetchError("dns", f"the name {host} has no address")

    async def _checked(self, host: str, port: int) -> list[str]:
        addresses = await self._resolve(host, port)
        for address in addresses:
            if not self._gate.permits(address, port):
                way = address if host == address else f"{host} leads to {address}, which"
                hint = f"[network] allow can open {address}:{port}"
                raise FetchError("blocked", f"{way} is not on the public internet; {hint}")
        return addresses

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> AsyncNetworkStream:
        """Never."""
        raise FetchError("blocked", "sockets of this machine are not read")

    async def sleep(self, seconds: float) -> None:
        """Between httpcore's own tries."""
        await asyncio.sleep(seconds)


class GatedTransport(httpx.AsyncBaseTransport):
    """httpx over a pool of httpcore connections that pass the gate."""

    def __init__(self, gate: Gate, *, resolve: Resolver = resolve_name) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=_tls(),
            max_connections=_MAX_CONNECTIONS,
            max_keepalive_connections=20,
            keepalive_expiry=5.0,
            network_backend=GatedBackend(gate, resolve),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One request, one answer; httpcore's errors become httpx's of the same name."""
        inner = httpcore.Request(
            method=request.method,
            url=httpcore.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            ),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        try:
            answer = await self._pool.handle_async_request(inner)
        except _HTTPCORE_ERRORS as error:
            raise _translate(error) from error
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=_Body(answer),
            extensions=answer.extensions,
        )

    async def aclose(self) -> None:
        """Close every connection."""
        await self._pool.aclose()


class _Body(httpx.AsyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for part in self._answer.aiter_stream():
                yield part
        except _HTTPCORE_ERRORS as error:
            raise _translate(error) from error

    async def aclose(self) -> None:
        await self._answer.aclose()


_HTTPCORE_ERRORS = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
)


def _translate(error: Exception) -> httpx.TransportError:
    same: type[httpx.TransportError] = getattr(httpx, type(error).__name__, httpx.TransportError)
    return same(str(error))


@cache
def _tls() -> ssl.SSLContext:
    # Loading the certificates takes longer than a fetch, and a sweep begins every minute.
    return httpx.create_ssl_context(trust_env=False)
