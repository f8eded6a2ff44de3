"""Which addresses may be connected to: our own list, and the operator's narrow exceptions.

`ipaddress.is_global` is not asked: it says yes to NAT64, 6to4, multicast and site-local addresses, and
changed its mind between versions of Python (CVE-2024-4032).
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from socket import AF_INET, inet_pton
from typing import NamedTuple

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# https://www.iana.org/assignments/iana-ipv4-special-registry, and what clouds put in public ranges; ascending.
_CLOSED_V4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT; Alibaba's metadata
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's metadata and DNS
        "169.254.0.0/16",  # link-local; AWS, GCP and Azure metadata
        "172.16.0.0/12",
        "192.0.0.0/24",  # IETF; Oracle's metadata
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
_FIRST_V4 = [int(network.network_address) for network in _CLOSED_V4]
_LAST_V4 = [int(network.broadcast_address) for network in _CLOSED_V4]
# Outside 2000::/3 nothing is global unicast; these are the exceptions inside it.
_GLOBAL_V6 = IPv6Network("2000::/3")
_CLOSED_V6 = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # Teredo, benchmarks, ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "3ffe::/16",  # 6bone
        "3fff::/20",  # documentation
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")
_LOW_32 = 0xFFFFFFFF
_ISATAP = (0x00005EFE, 0x02005EFE)


def is_public(address: Address | str) -> bool:
    """Whether `address` belongs to the public internet; what is no address at all is not public."""
    plain = _read(address)
    return plain is not None and _is_public(plain)


def _is_public(plain: Address) -> bool:
    if isinstance(plain, IPv4Address):
        at = bisect(_FIRST_V4, int(plain)) - 1
        return int(plain) > _LAST_V4[at]
    if plain not in _GLOBAL_V6 or any(plain in network for network in _CLOSED_V6):
        return False
    return not _hides_private_v4(plain)


def _read(address: Address | str) -> Address | None:
    try:
        # As strict as ip_address, and four times as quick for what nearly all of them are.
        return IPv4Address(inet_pton(AF_INET, str(address)))
    except (OSError, ValueError):
        pass
    try:
        return _unwrap(ip_address(address))
    except ValueError:
        return None


def _unwrap(address: Address) -> Address:
    """The IPv4 address that a mapped (RFC 4291) or NAT64 (RFC 6052) address stands for, else itself."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return IPv4Address(int(address) & _LOW_32) if address in _NAT64 else address


def _hides_private_v4(address: IPv6Address) -> bool:
    """An ISATAP interface (RFC 5214) carries an IPv4 address in its last 32 bits."""
    number = int(address)
    return (number >> 32) & _LOW_32 in _ISATAP and not is_public(IPv4Address(number & _LOW_32))


class Opening(NamedTuple):
    """An address or network that the operator opened; `port` None means every port."""

    network: Network
    port: int | None

    @classmethod
    def parse(cls, text: str) -> Opening:
        """Read `10.0.0.5:8080`, `192.168.1.0/24:80`, `127.0.0.1`, `[fd00::1]:80` or `fd00::/8`.

        Raises ValueError with one sentence.
        """
        host, port = _split_port(text.strip())
        try:
            return cls(ip_network(host), int(port) if port else None)
        except ValueError as error:
            raise ValueError(f"{text!r} is no address or network with an optional port: {error}") from error


def _split_port(text: str) -> tuple[str, str]:
    if text.startswith("["):
        host, _, port = text[1:].partition("]")
        return host, port.removeprefix(":")
    if text.count(":") == 1:
        host, _, port = text.partition(":")
        return host, port
    return text, ""


@dataclass(frozen=True, slots=True)
class Gate:
    """Decides which address and port may be connected to: public ones, and those in `allow`.

    Raises ValueError for an entry of `allow` that cannot be read.
    """

    allow: tuple[str, ...] = ()
    _openings: tuple[Opening, ...] = field(init=False, repr=False, compare=False)

    def __init__(self, allow: Iterable[str] = ()) -> None:
        object.__setattr__(self, "allow", tuple(allow))
        object.__setattr__(self, "_openings", tuple(Opening.parse(text) for text in self.allow))

    def permits(self, address: Address | str, port: int) -> bool:
        """Whether a connection to `address` at `port` may be opened."""
        plain = _read(address)
        if plain is None:
            return False
        return _is_public(plain) or any(plain in e.network and e.port in (None, port) for e in self._openings)
