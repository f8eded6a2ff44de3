"""One answer as it comes in: its head line by line, its body piece by piece, stopped at the limits."""

from __future__ import annotations

from watch.errors import FetchError
from watch.net import bodies
from watch.net.wire import Headers, Limits, Reply

REDIRECTS = (301, 302, 303, 307, 308)
_EMPTY = (204, 304)
_EARLY = (100, *range(102, 200))


class Reception:
    """Takes the answer of `host`, and knows when enough of it is there.

    Every method raises FetchError: `too_large` past a limit, `protocol` for what is no HTTP, and what `bodies` raises.
    """

    def __init__(self, host: str, limits: Limits) -> None:
        self._host = host
        self._limits = limits
        self._size = 0
        self._lines: list[bytes] = []
        self._status = 0
        self._headers: Headers | None = None
        self._inflater: bodies.Inflater | None = None

    def line(self, line: bytes) -> bool:
        """Take a line of the head with its end; False when nothing of the body is wanted.

        Early answers (1xx) before the head and trailers behind the body are passed over, and count for the limit.
        """
        self._size += len(line)
        if self._size > self._limits.headers:
            raise FetchError("too_large", f"{self._host} sent more than {self._limits.headers // 1000} kB of headers")
        if line not in (b"\r\n", b"\n"):
            self._lines.append(line)
            return True
        if self._headers is not None:
            return True
        status, *lines = self._lines or [b""]
        self._status, self._lines = self._read_status(status), []
        return self._status in _EARLY or self.head(self._status, Headers(self._read_headers(lines)))

    def head(self, status: int, headers: Headers) -> bool:
        """Take the head as a whole; False when nothing of the body is wanted."""
        self._status, self._headers = status, headers
        length = headers.first("content-length") or b""
        if status in REDIRECTS:
            return length == b"0"
        if status not in _EMPTY:
            # A length of thousands of digits is a length over the limit; int() would refuse it.
            if length.isdigit() and (len(length) > 15 or int(length) > self._limits.body):
                raise bodies.too_large(self._limits.body)
            coding = b",".join(headers.all("content-encoding")).decode("latin-1")
            self._inflater = bodies.Inflater(coding, self._limits.body)
        return True

    def piece(self, piece: bytes) -> None:
        """Take the next piece of the body."""
        if self._inflater is not None:
            self._inflater.feed(piece)

    def reply(self) -> Reply:
        """The answer, when its end has come."""
        if self._headers is None:
            raise FetchError("truncated", f"{self._host} closed the connection before the end of its headers")
        return Reply(self._status, self._headers, self._inflater.finish() if self._inflater else b"")

    def _read_status(self, line: bytes) -> int:
        code = line.partition(b" ")[2][:3]
        if not line.startswith(b"HTTP/") or not code.isdigit():
            raise self._improper("its first line says no status")
        return int(code)

    def _read_headers(self, lines: list[bytes]) -> list[tuple[bytes, bytes]]:
        pairs: list[tuple[bytes, bytes]] = []
        for line in lines:
            name, colon, value = line.partition(b":")
            if line[0] in b" \t" and pairs:
                # A value over several lines (RFC 9112, 5.2), from before 2014.
                pairs[-1] = (pairs[-1][0], pairs[-1][1] + b" " + line.strip())
            elif not colon or not name or name != name.strip():
                raise self._improper("one of its headers is none")
            else:
                pairs.append((name, value.strip()))
        return pairs

    def _improper(self, why: str) -> FetchError:
        return FetchError("protocol", f"{self._host} does not answer in proper HTTP: {why}")
