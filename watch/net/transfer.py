"""A handle of libcurl: what it is told before a request, and what it hands over of the answer."""

from __future__ import annotations

import re
import socket
from typing import Any

import pycurl

from watch.errors import FetchError
from watch.net import failures
from watch.net.addresses import Gate
from watch.net.reception import Reception
from watch.net.wire import Outgoing, Reply

CONNECT_SECONDS = 10.0
# What may stand in a header (RFC 9110, 5.5): a line end would begin another one.
_LINE = re.compile(rb"[!#-'*+.^_`|~0-9A-Za-z-]+: *[\x20-\x7e\x80-\xff\t]*")


class _Lent(socket.socket):
    """libcurl works on a duplicate of it, made at once; this one is closed when pycurl lets go of it."""

    def __del__(self) -> None:
        self.close()


class Transfer:
    """A handle of libcurl, and what it receives."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._host = ""
        self._reception: Reception | None = None
        self._error: Exception | None = None
        self._enough = False
        self.easy = pycurl.Curl()
        self.easy.setopt(pycurl.OPENSOCKETFUNCTION, self._open)
        self.easy.setopt(pycurl.HEADERFUNCTION, self._line)
        self.easy.setopt(pycurl.WRITEFUNCTION, self._piece)
        for option, value in _OPTIONS.items():
            self.easy.setopt(option, value)

    def begin(self, request: Outgoing, addresses: list[str], reception: Reception) -> None:
        """Make ready for `request`; the name in it stands for `addresses`, or is an address itself.

        After one that is not plain, the handle is of no use for another.
        """
        self._host, self._reception = request.url.host, reception
        self._error, self._enough = None, False
        url = request.url
        self.easy.setopt(pycurl.URL, str(url))
        self.easy.setopt(pycurl.REQUEST_TARGET, url.target)  # as it is: libcurl would write its escapes anew
        self.easy.setopt(pycurl.HTTPHEADER, _lines(request))
        # Of an earlier transfer: libcurl keeps what it was told.
        self.easy.setopt(pycurl.RESOLVE, [f"{url.host}:{url.port}:{_listed(addresses)}"] if addresses else [])
        if url.scheme == "https":
            self.easy.setopt(pycurl.CAINFO, _authorities())
            # libcurl keeps connections apart by these: one that was not verified serves none that must be.
            self.easy.setopt(pycurl.SSL_VERIFYPEER, int(request.verify))
            self.easy.setopt(pycurl.SSL_VERIFYHOST, 2 if request.verify else 0)
        if not request.is_plain:
            self.easy.setopt(pycurl.CUSTOMREQUEST, request.method)
            self.easy.setopt(pycurl.POSTFIELDS, request.body or b"")

    def end(self, code: int, sentence: str) -> Reply:
        """What came, when libcurl has ended with `code` and `sentence`. Raises FetchError."""
        if self._error is not None:
            raise self._error
        if code and not self._enough:
            raise failures.explain(code, sentence, self._host, self.easy.getinfo(pycurl.OS_ERRNO))
        assert self._reception is not None
        return self._reception.reply()

    def forget(self) -> None:
        """Let go of what came: a handle that waits for another request must not hold a page."""
        self._reception = self._error = None

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
        assert self._reception is not None
        try:
            if self._reception.line(line):
                return None
            self._enough = True
        except Exception as error:
            self._error = error
        return _STOP

    def _piece(self, piece: bytes) -> int | None:
        assert self._reception is not None
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
    pycurl.CONNECTTIMEOUT_MS: int(CONNECT_SECONDS * 1000),
    pycurl.NOSIGNAL: 1,
}


def _authorities() -> str:
    import certifi  # 3 ms that a sweep without https need not spend

    return certifi.where()


def _lines(request: Outgoing) -> list[bytes]:
    """The headers as libcurl takes them; a name without a value keeps it from adding one of its own."""
    lines = [name + b": " + value for name, value in request.headers]
    for line in lines:
        if not _LINE.fullmatch(line):
            raise FetchError("protocol", f"a header of the request cannot be sent: {line[:80]!r}")
    if not request.is_plain:
        lines.append(b"Expect:")
        if not any(name.lower() == b"content-type" for name, _ in request.headers):
            lines.append(b"Content-Type:")
    return lines


def _listed(addresses: list[str]) -> str:
    return ",".join(f"[{address}]" if ":" in address else address for address in addresses)
