"""Serves a farm over the loopback: `python benchmarks/farm_server.py --feeds 400`; the first line it says is its port.

ETag, Last-Modified, gzip when asked for; connections are kept. `/step` on any address goes one step on. Bodies are
made before the port is said, on all cores, so that what is measured is not the farm: 10,000 feeds take about a minute
and 200 MB. One socket answers on every address 127.x.y.z, and on no other interface. For Linux.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import multiprocessing
import re
import resource
import socket
from contextlib import suppress
from datetime import timedelta
from email.utils import format_datetime
from functools import partial

from farm import NEWEST, Farm

Packed = tuple[bytes, bytes, bytes]
"""A feed as it is served: ETag, the head of its answers, its body in gzip."""


def packed(farm: Farm, step: int, number: int) -> Packed:
    """The feed `number` after `step` steps."""
    kind, body = farm.body(number, step)
    grown = farm.grown(number, step)
    etag = f'"{farm.seed}-{number}-{grown}"'.encode()
    modified = format_datetime(NEWEST + timedelta(seconds=grown), usegmt=True)
    head = b"Content-Type: %s\r\nETag: %s\r\nLast-Modified: %s\r\n" % (kind.encode(), etag, modified.encode())
    return etag, head, gzip.compress(body, 4, mtime=0)


class Stock:
    """Every feed as it stands."""

    def __init__(self, farm: Farm) -> None:
        self.farm = farm
        self.step = 0
        self.feeds = self._made(range(farm.feeds))

    def go_on(self) -> None:
        """One step: one feed in ten changes."""
        self.step += 1
        changed = range((self.step - 1) % 10, self.farm.feeds, 10)
        for number, feed in zip(changed, self._made(changed), strict=True):
            self.feeds[number] = feed

    def _made(self, numbers: range) -> list[Packed]:
        make = partial(packed, self.farm, self.step)
        if len(numbers) < 500:
            return [make(number) for number in numbers]
        with multiprocessing.get_context("forkserver").Pool() as pool:
            return pool.map(make, numbers, chunksize=50)

    def answer(self, request: bytes) -> bytes:
        """The answer to one request, whole."""
        path = request.split(b" ", 2)[1]
        if path == b"/step":
            self.go_on()
            return b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
        number = path.removeprefix(b"/feeds/")
        if not number.isdigit() or int(number) >= len(self.feeds):
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        etag, head, body = self.feeds[int(number)]
        if etag in request or _is_unmodified(request, head):
            return b"HTTP/1.1 304 Not Modified\r\n" + head + b"\r\n"
        if b"gzip" in request.lower():
            head += b"Content-Encoding: gzip\r\n"
        else:
            body = gzip.decompress(body)
        return b"HTTP/1.1 200 OK\r\n%sContent-Length: %d\r\n\r\n%s" % (head, len(body), body)


_SINCE = re.compile(rb"\r\nIf-Modified-Since: ([^\r]+)", re.IGNORECASE)
_MODIFIED = re.compile(rb"Last-Modified: ([^\r]+)")


def _is_unmodified(request: bytes, head: bytes) -> bool:
    since, modified = _SINCE.search(request), _MODIFIED.search(head)
    # If-None-Match wins over a date (RFC 9110, 13.1.3); the date must be the very one, as nginx wants it.
    if since is None or modified is None or b"if-none-match" in request.lower():
        return False
    return since[1] == modified[1]


class Connection(asyncio.Protocol):
    """One connection: requests without bodies, one after the other."""

    def __init__(self, stock: Stock, latency: tuple[float, float]) -> None:
        self._stock = stock
        self._latency = latency
        self._waiting = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        if not transport.get_extra_info("peername")[0].startswith("127."):
            transport.abort()

    def data_received(self, data: bytes) -> None:
        self._waiting += data
        while b"\r\n\r\n" in self._waiting:
            request, _, self._waiting = self._waiting.partition(b"\r\n\r\n")
            said = self._stock.answer(request)
            closing = b"HTTP/1.0" in request or b"connection: close" in request.lower()
            wait = self._wait(request)
            if wait:
                asyncio.get_running_loop().call_later(wait, self._say, said, closing)
            else:
                self._say(said, closing)

    def _wait(self, request: bytes) -> float:
        number = request.split(b" ", 2)[1].removeprefix(b"/feeds/")
        return self._stock.farm.latency(int(number), *self._latency) if number.isdigit() else 0.0

    def _say(self, said: bytes, closing: bool) -> None:
        if not self._transport.is_closing():
            self._transport.write(said)
            if closing:
                self._transport.close()


def listening() -> socket.socket:
    """A socket on every address of the loopback: one for all, as ten thousand would be many."""
    one = socket.socket()
    with suppress(AttributeError, OSError):
        one.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"lo")
    one.bind(("0.0.0.0", 0))
    one.listen(1024)
    return one


async def serve(stock: Stock, latency: tuple[float, float]) -> None:
    """Serve until killed."""
    opened = listening()
    await asyncio.get_running_loop().create_server(lambda: Connection(stock, latency), sock=opened)
    print(opened.getsockname()[1], flush=True)
    await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=int, default=400)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--hosts", type=int, help="addresses to spread them over; one each if not given")
    parser.add_argument("--latency", default="0-0", help="milliseconds, from-to")
    options = parser.parse_args()
    low, _, high = options.latency.partition("-")
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    stock = Stock(Farm(options.feeds, options.seed, options.hosts))
    asyncio.run(serve(stock, (int(low) / 1000, int(high or low) / 1000)))


if __name__ == "__main__":
    main()
