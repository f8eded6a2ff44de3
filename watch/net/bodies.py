"""Bodies, inflated with a bound inside the decoder.

A limit checked after decoding comes too late: a kilobyte may stand for gigabytes, handed over in one piece.
"""

from __future__ import annotations

import zlib

from watch.errors import FetchError

_AUTOMATIC = 32 + zlib.MAX_WBITS  # gzip or zlib, by the header
_STEP = 1 << 18
_HEAD = 1 << 16
_MEMBER = b"\x1f\x8b"


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
        self._head = bytearray()  # of the wire, until something of it is inflated
        self._ahead = b""  # what may be the beginning of another member
        self._over = False

    def feed(self, piece: bytes) -> None:
        """Take the next piece of the wire."""
        self._raw += len(piece)
        if self._raw > self._limit:
            raise too_large(self._limit)
        if self._zlib is None:
            self._keep(piece)
            return
        if not self._body and len(self._head) < _HEAD:
            self._head += piece
        self._inflate(self._ahead + piece)

    def _inflate(self, piece: bytes) -> None:
        self._ahead = b""
        while piece and self._zlib is not None:
            if self._zlib.eof and not self._begins_again(piece):
                return
            try:
                out = self._zlib.decompress(piece, _STEP)
            except zlib.error as error:
                piece = self._recover(error)
                continue
            self._keep(out)
            piece = self._zlib.unconsumed_tail or self._zlib.unused_data

    def _begins_again(self, piece: bytes) -> bool:
        """A gzip file may be several in a row (RFC 1952, 2.2); anything else after its end is ignored."""
        if piece == _MEMBER[:1]:
            self._ahead = piece
        if self._over or not piece.startswith(_MEMBER):
            self._over = piece != _MEMBER[:1]
            return False
        self._zlib = zlib.decompressobj(_AUTOMATIC)
        return True

    def _recover(self, error: zlib.error) -> bytes:
        """What came so far, to be read in another way.

        Some servers say `deflate` and leave its header out; some say gzip and send plain text.
        """
        head, self._head = bytes(self._head), bytearray()
        if self._body or self._raw != len(head):
            raise FetchError("encoding", f"the compressed answer is damaged: {error}") from error
        if head.lstrip()[:1] in (b"<", b"{", b"\xef"):
            self._zlib = None
            self._keep(head)
            return b""
        self._zlib = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            self._zlib.decompress(head, 1)
        except zlib.error:
            raise FetchError("encoding", f"the compressed answer is damaged: {error}") from error
        self._zlib = zlib.decompressobj(-zlib.MAX_WBITS)
        return head

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
