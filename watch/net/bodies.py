"""Bodies, inflated with a bound inside the decoder.

A limit checked after decoding comes too late: a kilobyte may stand for gigabytes, handed over in one piece.
"""

from __future__ import annotations

import zlib

from watch.errors import FetchError

_AUTOMATIC = 32 + zlib.MAX_WBITS  # gzip or zlib, by the header
_STEP = 1 << 18


class Inflater:
    """Takes raw pieces, keeps what they stand for, up to `limit` bytes on either side.

    `coding` is the value of Content-Encoding. Raises FetchError: `encoding` for codings we did not ask for or
    data that is not what it says, `too_large` past the limit.
    """

    def __init__(self, coding: str, limit: int) -> None:
        self._zlib = _decoder(coding)
        self._limit = limit
        self._raw = 0
        self._body = bytearray()

    def feed(self, piece: bytes) -> None:
        """Take the next piece of the wire."""
        self._raw += len(piece)
        if self._raw > self._limit:
            raise too_large(self._limit)
        if self._zlib is None:
            self._keep(piece)
        else:
            self._inflate(piece)

    def _inflate(self, piece: bytes) -> None:
        assert self._zlib is not None
        while piece and not self._zlib.eof:
            try:
                out = self._zlib.decompress(piece, _STEP)
            except zlib.error as error:
                piece = self._recover(piece, error)
                continue
            self._keep(out)
            piece = self._zlib.unconsumed_tail or self._next_member()

    def _next_member(self) -> bytes:
        """A gzip file may be several in a row (RFC 1952, 2.2); anything else after its end is ignored."""
        assert self._zlib is not None
        rest = self._zlib.unused_data
        if not rest.startswith(b"\x1f\x8b"):
            return b""
        self._zlib = zlib.decompressobj(_AUTOMATIC)
        return rest

    def _recover(self, piece: bytes, error: zlib.error) -> bytes:
        """Some servers say `deflate` and leave its header out; some say gzip and send plain text."""
        assert self._zlib is not None
        if self._body or self._raw != len(piece):
            raise FetchError("encoding", f"the compressed answer is damaged: {error}") from error
        if piece.lstrip()[:1] in (b"<", b"{", b"\xef"):
            self._zlib = None
            self._keep(piece)
            return b""
        self._zlib = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            self._zlib.decompress(piece, 1)
        except zlib.error:
            raise FetchError("encoding", f"the compressed answer is damaged: {error}") from error
        self._zlib = zlib.decompressobj(-zlib.MAX_WBITS)
        return piece

    def _keep(self, piece: bytes) -> None:
        self._body += piece
        if len(self._body) > self._limit:
            raise too_large(self._limit)

    def finish(self) -> bytes:
        """The whole body. Raises FetchError of kind `truncated` when the compressed stream is cut."""
        if self._zlib is not None and self._raw:
            self._keep(self._zlib.flush())
        if self._zlib is not None and self._raw and not self._zlib.eof:
            raise FetchError("truncated", "the compressed answer breaks off before its end")
        return bytes(self._body)


def too_large(limit: int) -> FetchError:
    """The error of an answer over `limit` bytes."""
    return FetchError("too_large", f"the answer is larger than {limit // 1_000_000 or 1} MB")


def _decoder(coding: str) -> zlib._Decompress | None:
    names = [name.strip().lower() for name in coding.split(",")]
    names = [name for name in names if name not in ("", "identity", "none", "utf-8")]
    if not names:
        return None
    if len(names) > 1:
        raise FetchError("encoding", f"the answer is encoded more than once ({coding.strip()[:80]})")
    if names[0] not in ("gzip", "x-gzip", "deflate"):
        raise FetchError("encoding", f"the answer is encoded as {names[0][:40]!r}; only gzip was asked for")
    return zlib.decompressobj(_AUTOMATIC)
