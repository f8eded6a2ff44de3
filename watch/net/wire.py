"""HTTP/1.1 as it comes over a connection: the head of an answer, strictly; its body, piece by piece (RFC 9112).

Errors are httpx's, of the kinds that `failures` explains.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx

MAX_HEAD = 100_000
"""Bytes of a head, or of the trailers, at most; `exchange` has a finer limit."""
_PIECE = 1 << 16
_MAX_EARLY = 16
_HEAD_END = re.compile(rb"\n\r?\n")
_STATUS = re.compile(rb"HTTP/1\.([01]) (\d{3})(?: [^\x00\r]*)?")
_NAME = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_BAD_VALUE = re.compile(rb"[\x00\r]")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\x00\r\n]*)?\r?\n")
_BROKEN_OFF = "peer closed connection without sending complete message body"


@dataclass(frozen=True, slots=True)
class Head:
    """The first lines of an answer; `persistent` when the connection may be used again after its body."""

    status: int
    headers: list[tuple[bytes, bytes]]
    persistent: bool

    def values(self, name: bytes) -> list[bytes]:
        """The values of all headers `name` (lower case), split at commas, in lower case."""
        found = b",".join(value for key, value in self.headers if key.lower() == name)
        return [part.strip().lower() for part in found.split(b",") if part.strip()]


class Wire:
    """What is read from one connection. `patience`: seconds without a byte, then httpx.ReadTimeout."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writer = writer
        self.patience: float | None = None
        self._reader = reader
        self._left = b""

    @property
    def quiet(self) -> bool:
        """Whether nothing came unasked, not even the end."""
        return not (self._left or self._reader.at_eof() or self.writer.is_closing() or _has_data(self._reader))

    async def some(self) -> bytes:
        """The next bytes; empty at the end."""
        if self._left:
            piece, self._left = self._left, b""
            return piece
        try:
            async with asyncio.timeout(self.patience):
                return await self._reader.read(_PIECE)
        except TimeoutError as error:
            raise httpx.ReadTimeout("no byte came in time") from error
        except OSError as error:
            raise httpx.ReadError(str(error)) from error

    async def head(self) -> Head:
        """The head of the final answer; those before it (1xx) are read over."""
        for _ in range(_MAX_EARLY):
            head = _parsed(await self._until(_HEAD_END))
            if head.status >= 200 or head.status == 101:
                return head
        raise httpx.RemoteProtocolError("too many answers before the answer")

    async def _until(self, end: re.Pattern[bytes]) -> bytes:
        """All bytes up to `end`, with it."""
        data = await self.some()
        if not data:
            raise httpx.RemoteProtocolError("Server disconnected without sending a response.")
        while not (found := end.search(data)):
            if len(data) > MAX_HEAD:
                raise httpx.RemoteProtocolError("head too long")
            piece = await self.some()
            if not piece:
                raise httpx.RemoteProtocolError("the answer breaks off in its head")
            data += piece
        self._left = data[found.end() :]
        return data[: found.end()]

    def body(self, head: Head, method: str) -> AsyncIterator[bytes] | None:
        """The pieces of the body; None where there is none by definition."""
        if method == "HEAD" or head.status in (101, 204, 304):
            return None
        codings = head.values(b"transfer-encoding")
        if codings:
            if codings != [b"chunked"]:
                raise httpx.RemoteProtocolError("a transfer encoding other than chunked")
            return self._chunks()
        lengths = set(head.values(b"content-length"))
        if not lengths:
            return self._rest()
        length = lengths.pop()
        if lengths or not length.isdigit():
            raise httpx.RemoteProtocolError("a Content-Length that is no number")
        # A number of thousands of digits, which int() refuses, is over every limit.
        return self._exactly(int(length) if len(length) < 19 else 10**18) if length.strip(b"0") else None

    async def _rest(self) -> AsyncIterator[bytes]:
        while piece := await self.some():
            yield piece

    async def _exactly(self, length: int) -> AsyncIterator[bytes]:
        while length:
            piece = await self.some()
            if not piece:
                raise httpx.RemoteProtocolError(_BROKEN_OFF)
            piece, self._left = piece[:length], piece[length:]
            length -= len(piece)
            yield piece

    async def _chunks(self) -> AsyncIterator[bytes]:
        while size := await self._chunk_size():
            async for piece in self._exactly(size):
                yield piece
            if await self._line() not in (b"\r\n", b"\n"):
                raise httpx.RemoteProtocolError("a chunk without its end")
        trailers = 0
        while (line := await self._line()) not in (b"\r\n", b"\n"):
            trailers += len(line)
            if trailers > MAX_HEAD:
                raise httpx.RemoteProtocolError("trailers too long")

    async def _chunk_size(self) -> int:
        line = await self._line()
        found = _CHUNK.fullmatch(line)
        if not found:
            raise httpx.RemoteProtocolError(f"illegal chunk header: {line[:40]!r}")
        return int(found[1], 16)

    async def _line(self) -> bytes:
        data = b""
        while b"\n" not in data:
            piece = await self.some()
            if not piece:
                raise httpx.RemoteProtocolError(f"{_BROKEN_OFF} (incomplete chunked read)")
            data += piece
            if len(data) > MAX_HEAD and b"\n" not in data:
                raise httpx.RemoteProtocolError("a line of a chunk is too long")
        line, newline, self._left = data.partition(b"\n")
        return line + newline


def _has_data(reader: asyncio.StreamReader) -> bool:
    # A public way to look without taking does not exist.
    return bool(getattr(reader, "_buffer", b""))


def _parsed(data: bytes) -> Head:
    lines = [line.removesuffix(b"\r") for line in data.rstrip(b"\r\n").split(b"\n")]
    found = _STATUS.fullmatch(lines[0])
    if not found:
        raise httpx.RemoteProtocolError(f"illegal status line: {lines[0][:60]!r}")
    headers: list[tuple[bytes, bytes]] = []
    for line in lines[1:]:
        headers.append(_continued(headers, line) if line[:1] in (b" ", b"\t") else _header(line))
    head = Head(int(found[2]), headers, False)
    return Head(head.status, headers, found[1] == b"1" and b"close" not in head.values(b"connection"))


def _continued(headers: list[tuple[bytes, bytes]], line: bytes) -> tuple[bytes, bytes]:
    """A header over several lines (obsolete, and still written)."""
    if not headers:
        raise httpx.RemoteProtocolError("the headers begin with a space")
    name, value = headers.pop()
    return _header(name + b":" + value + b" " + line.strip(b" \t"))


def _header(line: bytes) -> tuple[bytes, bytes]:
    name, colon, value = line.partition(b":")
    if not colon or not _NAME.fullmatch(name) or _BAD_VALUE.search(value):
        raise httpx.RemoteProtocolError(f"illegal header line: {line[:60]!r}")
    return name, value.strip(b" \t")
