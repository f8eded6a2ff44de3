"""Serves a farm over the loopback: `python benchmarks/farm_server.py --feeds 400`; the first line it says is its port.

ETag, Last-Modified, gzip when asked for; connections are kept. `/step` on any address goes one step on. Bodies are
made before the port is said, so that what is measured is not the farm.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import resource
import socket
from email.utils import format_datetime
from random import Random

from farm import NEWEST, Farm


class Stock:
    """Every feed as it stands: the head of its answers, and its body, packed."""

    def __init__(self, farm: Farm) -> None:
        self.farm = farm
        self.step = 0
        self.feeds = [self._made(number) for number in range(farm.feeds)]

    def go_on(self) -> None:
        """One step: one feed in ten changes."""
        self.step += 1
        for number in range((self.step - 1) % 10, self.farm.feeds, 10):
            self.feeds[number] = self._made(number)

    def _made(self, number: int) -> tuple[bytes, bytes, bytes]:
        kind, body = self.farm.body(number, self.step)
        grown = self.farm.grown(number, self.step)
        etag = f'"{self.farm.seed}-{number}-{grown}"'.encode()
        modified = format_datetime(NEWEST.replace(second=grown % 60), usegmt=True)
        head = b"Content-Type: %s\r\nETag: %s\r\nLast-Modified: %s\r\n" % (kind.encode(), etag, modified.encode())
        return etag, head, gzip.compress(body, 6, mtime=0)

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
        if etag in request:
            return b"HTTP/1.1 304 Not Modified\r\n" + head + b"\r\n"
        if b"gzip" in request.lower():
            head += b"Content-Encoding: gzip\r\n"
        else:
            body = gzip.decompress(body)
        return b"HTTP/1.1 200 OK\r\n%sContent-Length: %d\r\n\r\n%s" % (head, len(body), body)


class Connection(asyncio.Protocol):
    """One connection: requests without bodies, one after the other."""

    def __init__(self, stock: Stock, latency: tuple[float, float]) -> None:
        self._stock = stock
        self._latency = latency
        self._waiting = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._waiting += data
        while b"\r\n\r\n" in self._waiting:
            request, _, self._waiting = self._waiting.partition(b"\r\n\r\n")
            said = self._stock.answer(request)
            closing = b"HTTP/1.0" in request or b"connection: close" in request.lower()
            low, high = self._latency
            # Drawn from the request: the same feed is always as slow.
            wait = Random(request.split(b" ", 2)[1]).uniform(low, high) if high else 0.0
            asyncio.get_running_loop().call_later(wait, self._say, said, closing)

    def _say(self, said: bytes, closing: bool) -> None:
        if not self._transport.is_closing():
            self._transport.write(said)
            if closing:
                self._transport.close()


def sockets(hosts: list[str]) -> list[socket.socket]:
    """A listening socket on each of `hosts`, all with one port."""
    for port in range(20_000, 30_000, 37):
        opened: list[socket.socket] = []
        try:
            for host in hosts:
                opened.append(socket.create_server((host, port), backlog=256))
        except OSError:
            for one in opened:
                one.close()
        else:
            return opened
    raise OSError("no port is free on all addresses")


async def serve(stock: Stock, latency: tuple[float, float]) -> None:
    """Serve until killed."""
    loop = asyncio.get_running_loop()
    opened = sockets(stock.farm.hosts())
    for one in opened:
        await loop.create_server(lambda: Connection(stock, latency), sock=one)
    print(opened[0].getsockname()[1], flush=True)
    await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=int, default=400)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--latency", default="0-0", help="milliseconds, from-to")
    options = parser.parse_args()
    low, _, high = options.latency.partition("-")
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    stock = Stock(Farm(options.feeds, options.seed))
    asyncio.run(serve(stock, (int(low) / 1000, int(high or low) / 1000)))


if __name__ == "__main__":
    main()
