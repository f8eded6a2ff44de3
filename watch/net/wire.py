"""What goes over the wire and what comes back, as values; and the seam between the exchange and who carries it.

Named tuples, not dataclasses: each is made in a seventh of the time when the process starts, and in half for a request.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol, runtime_checkable

from watch.net.urls import Url

Pairs = Sequence[tuple[bytes, bytes]]
"""Names and values of headers, byte for byte."""


class Limits(NamedTuple):
    """What one exchange may cost: bytes of the body (raw, and inflated), of headers; seconds; hops."""

    body: int = 10_000_000
    headers: int = 64_000
    seconds: float = 30.0
    redirects: int = 8


class Outgoing(NamedTuple):
    """One request, to one address, with every header it carries besides Host and the length of its body.

    `verify` says whether the certificate of its host must be valid.
    """

    method: str
    url: Url
    headers: Pairs
    body: bytes | None = None
    verify: bool = True

    @property
    def is_plain(self) -> bool:
        """Whether it only asks, and sends nothing."""
        return self.method == "GET" and self.body is None


class Headers:
    """The headers of an answer: values byte for byte, in their order; names in any case."""

    __slots__ = ("_values",)

    def __init__(self, pairs: Iterable[tuple[bytes, bytes]]) -> None:
        self._values: dict[bytes, list[bytes]] = {}
        for name, value in pairs:
            self._values.setdefault(name.lower(), []).append(value)

    def first(self, name: str) -> bytes | None:
        """The first value of `name`, None without one."""
        values = self._values.get(name.lower().encode())
        return values[0] if values else None

    def all(self, name: str) -> list[bytes]:
        """Every value of `name`."""
        return self._values.get(name.lower().encode(), [])

    def joined(self, name: str) -> str:
        """All values of `name`, with commas between them (RFC 9110, 5.3); empty without one."""
        return ", ".join(map(text, self.all(name)))

    def __iter__(self) -> Iterator[str]:
        """The names, in lower case."""
        return map(text, self._values)


class Reply(NamedTuple):
    """The answer to one request, `body` inflated; the bodies of redirects are left out."""

    status: int
    headers: Headers
    body: bytes


@runtime_checkable
class Transport(Protocol):
    """Carries requests. It follows nothing, and holds every reply to the limits while it comes in."""

    async def ask(self, request: Outgoing, limits: Limits) -> Reply:
        """The reply to `request`. Raises FetchError. To be cancelled at the deadline, by whoever asks."""

    async def aclose(self) -> None:
        """Close every connection."""


def text(value: bytes) -> str:
    """What a header most likely says: UTF-8, or else Latin-1."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")
