"""The transport of the way out: libcurl, whose every connection passes the gate.

The decision falls on the address that is connected to (bar H24): names are resolved here, and each of their addresses
is checked; libcurl is told these addresses, and asks the gate again for every socket it opens. `Host` and SNI keep the
name.
"""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import certifi
import pycurl

from watch.errors import FetchError
from watch.net import failures
from watch.net.addresses import Gate
from watch.net.multi import Multi
from watch.net.reception import Reception
from watch.net.urls import Url
from watch.net.wire import Limits, Outgoing, Reply

Resolver = Callable[[str, int], Awaitable[list[str]]]
"""(host, port) → addresses, as text."""

CONNECT_SECONDS = 10.0
_MAX_CONNECTIONS = 256
_IDLE = 128
# What may stand in a header (RFC 9110, 5.5): a line end would begin another one.
_LINE = re.compile(rb"[!#-'*+.^_`|~0-9A-Za-z-]+: *[\x20-\x7e\x80-\xff\t]*")


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
        self._multi: Multi | None = None
        self._free: list[_Transfer] = []

    async def ask(self, request: Outgoing, limits: Limits) -> Reply:
        """One request, one reply. Raises FetchError."""
        addresses = await self._checked(request.url)
        if self._multi is None:
            self._multi = Multi(most=_MAX_CONNECTIONS, idle=_IDLE)
        transfer = self._free.pop() if self._free else _Transfer(self._gate)
        transfer.begin(request, addresses, Reception(request.url.host, limits))
        code, sentence = await self._multi.perform(transfer.easy)
        reply = transfer.end(code, sentence)
        if request.method == "GET":
            self._free.append(transfer)
        return reply

    async def aclose(self) -> None:
        """Close every connection."""
        if self._multi is not None:
            self._multi.close()
        self._multi = None
        self._free.clear()

    async def _checked(self, url: Url) -> list[str]:
        """The addresses of a name, each permitted; none for what is an address itself: its socket is checked."""
        if url.is_address:
            return []
        addresses = await self._resolve(url.host, url.port)
        if not addresses:
            raise FetchError("dns", f"the name {url.host} has no address")
        for address in addresses:
            if not self._gate.permits(address, url.port):
                raise failures.closed(url.host, address, url.port)
        return addresses


class _Lent(socket.socket):
    """libcurl works on a duplicate of it, made at once; this one is closed when pycurl lets go of it."""

    def __del__(self) -> None:
        self.close()


class _Transfer:
    """A handle of libcurl, and what it receives."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._error: Exception | None = None
        self._enough = False
        self.easy = pycurl.Curl()
        self.easy.setopt(pycurl.OPENSOCKETFUNCTION, self._open)
        self.easy.setopt(pycurl.HEADERFUNCTION, self._line)
        self.easy.setopt(pycurl.WRITEFUNCTION, self._piece)
        for option, value in _OPTIONS.items():
            self.easy.setopt(option, value)

    def begin(self, request: Outgoing, addresses: list[str], reception: Reception) -> None:
        """Make ready for `request`; the name in it stands for `addresses`, or is an address itself."""
        self._host, self._reception = request.url.host, reception
        self._error, self._enough = None, False
        url = request.url
        self.easy.setopt(pycurl.URL, str(url))
        self.easy.setopt(pycurl.REQUEST_TARGET, url.target)  # as it is: libcurl would write its escapes anew
        self.easy.setopt(pycurl.HTTPHEADER, _lines(request))
        # Of an earlier transfer: libcurl keeps what it was told.
        self.easy.setopt(pycurl.RESOLVE, [f"+{url.host}:{url.port}:{_listed(addresses)}"] if addresses else [])
        if url.scheme == "https":
            self.easy.setopt(pycurl.CAINFO, certifi.where())
        if request.method != "GET":
            self.easy.setopt(pycurl.CUSTOMREQUEST, request.method)
        if request.body is not None:
            self.easy.setopt(pycurl.POSTFIELDS, request.body)

    def end(self, code: int, sentence: str) -> Reply:
        """What came, when libcurl has ended with `code` and `sentence`. Raises FetchError."""
        if self._error is not None:
            raise self._error
        if code and not self._enough:
            raise failures.explain(code, sentence, self._host, self.easy.getinfo(pycurl.OS_ERRNO))
        return self._reception.reply()

    # The three below are called by libcurl, through which no exception finds its way.

    def _open(self, _purpose: int, address: Any) -> socket.socket | int:
        try:
            host, port = str(address.addr[0]), int(address.addr[1])
            if address.family not in (socket.AF_INET, socket.AF_INET6) or not self._gate.permits(host, port):
                raise failures.closed(self._host, host, port)
            return _Lent(address.family, address.socktype, address.protocol)
        except Exception as error:
            self._error = error
            return _NO_SOCKET

    def _line(self, line: bytes) -> int | None:
        try:
            if self._reception.line(line):
                return None
            self._enough = True
        except Exception as error:
            self._error = error
        return _STOP

    def _piece(self, piece: bytes) -> int | None:
        try:
            self._reception.piece(piece)
        except Exception as error:
            self._error = error
            return _STOP
        return None


_NO_SOCKET: int = pycurl.SOCKET_BAD
_STOP = -1
_OPTIONS = {
    pycurl.PROTOCOLS: pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS,
    pycurl.HTTP_VERSION: pycurl.CURL_HTTP_VERSION_1_1,
    pycurl.HTTP09_ALLOWED: 0,
    pycurl.FOLLOWLOCATION: 0,  # by hand: each hop is a request of its own
    # Nothing from the environment.
    pycurl.PROXY: "",
    pycurl.NOPROXY: "*",
    pycurl.NETRC: pycurl.NETRC_IGNORED,
    pycurl.SSL_VERIFYPEER: 1,
    pycurl.SSL_VERIFYHOST: 2,
    pycurl.CONNECTTIMEOUT_MS: int(CONNECT_SECONDS * 1000),
    pycurl.NOSIGNAL: 1,
}


def _lines(request: Outgoing) -> list[bytes]:
    """The headers as libcurl takes them; a name without a value keeps it from adding one of its own."""
    lines = [name + b": " + value for name, value in request.headers]
    for line in lines:
        if not _LINE.fullmatch(line):
            raise FetchError("protocol", f"a header of the request cannot be sent: {line[:80]!r}")
    if request.body is not None:
        lines.append(b"Expect:")
        if not any(name.lower() == b"content-type" for name, _ in request.headers):
            lines.append(b"Content-Type:")
    return lines


def _listed(addresses: list[str]) -> str:
    return ",".join(f"[{address}]" if ":" in address else address for address in addresses)
