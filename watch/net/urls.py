"""One strict parser of addresses, for the check and for the fetch.

What it returns is rebuilt from its parts, in ASCII, so that nobody after us can read it another way.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address
from typing import NamedTuple
from urllib.parse import quote, urljoin

from watch.errors import FetchError

_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\xa0\\\ufffd\u2028\u2029]")
# RFC 3986, appendix B: scheme, authority, path, query; what begins with # is left out.
_PARTS = re.compile(r"(?:([^:/?#]+):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?")
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?")
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")
_QUAD = re.compile(r"(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}", re.ASCII)
_DEFAULT_PORTS = {"http": 80, "https": 443}
# Everything a path or query may hold as it is (RFC 3986), the percent sign included.
_KEEP = "/?:@!$&'()*+,;=%-._~[]|^`{}"
_MAX_LENGTH = 8192


class Url(NamedTuple):
    """An address that may be asked: `host` in ASCII and lower case, `target` the path and query."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def is_address(self) -> bool:
        """Whether `host` is an address, not a name; `parse` lets no name end in a number."""
        return ":" in self.host or self.host.rpartition(".")[2].isdigit()

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.target}"


def parse(text: str) -> Url:
    """Read an absolute http or https address.

    Raises ValueError with one sentence for other schemes, credentials, and whatever parsers disagree about.
    """
    if len(text) > _MAX_LENGTH:
        raise ValueError("the address is longer than 8 kB")
    if _FORBIDDEN.search(text):
        raise ValueError("the address holds a space, a backslash or a control character")
    parts = _PARTS.match(text)
    assert parts is not None
    scheme, netloc, path, query = parts.groups("")
    scheme = scheme.lower()
    if scheme not in _DEFAULT_PORTS:
        raise ValueError(f"only http and https addresses are read, not {scheme or 'relative'!r} ones")
    if "@" in netloc:
        raise ValueError("an address with a user name or password in it is refused")
    host, port = _host_and_port(netloc, scheme)
    target = _without_dots(path or "/") + (f"?{query}" if query else "")
    return Url(scheme, host, port, quote(target, safe=_KEEP))


def origin_of(text: str) -> str:
    """`scheme://host`, with the port unless it is the usual one. Raises FetchError of kind `blocked`."""
    try:
        url = parse(text)
    except ValueError as error:
        raise FetchError("blocked", f"the address is refused: {error}") from error
    return str(url._replace(target=""))


def join(base: str, location: str) -> Url:
    """Read `location` as written on a page at `base`. Raises ValueError like `parse`."""
    location = location.strip(" \t\r\n")
    if _FORBIDDEN.search(location):
        raise ValueError("the address holds a space, a backslash or a control character")
    return parse(urljoin(base, location))


def _without_dots(path: str) -> str:
    """RFC 3986, 5.2.4: `.` and `..` are steps, not names; a server may take them for either."""
    if "/." not in path:
        return path
    segments = path.split("/")[1:]
    kept: list[str] = []
    for segment in segments:
        if segment == "..":
            kept = kept[:-1]
        elif segment != ".":
            kept.append(segment)
    end = [""] if segments[-1] in (".", "..") else []
    return "/" + "/".join(kept + end)


def _host_and_port(netloc: str, scheme: str) -> tuple[str, int]:
    if netloc.startswith("["):
        inside, end, rest = netloc[1:].partition("]")
        if not end:
            raise ValueError(f"{netloc!r} is no IPv6 address: its bracket is not closed")
        return str(IPv6Address(_no_zone(inside))), _port(rest, scheme)
    name, colon, digits = netloc.partition(":")
    # With the dot of the root it is the same name; gate, spacing and twins compare names.
    host = _ascii(name).removesuffix(".")
    if not _HOST.fullmatch(host) or len(host) > 253:
        raise ValueError(f"{name!r} is no host name")
    if _NUMBER.fullmatch(host.rpartition(".")[2]):
        # Decimal, octal, hexadecimal and short spellings: every parser reads them its own way.
        host = _dotted(host)
    return host, _port(colon + digits, scheme)


def _dotted(host: str) -> str:
    if _QUAD.fullmatch(host):
        return host
    try:
        return str(IPv4Address(host))
    except ValueError as error:
        raise ValueError(f"{host!r} is an odd spelling of an IPv4 address") from error


def _no_zone(text: str) -> str:
    if "%" in text:
        raise ValueError("an IPv6 address with a zone is refused")
    return text


def _ascii(name: str) -> str:
    if name.isascii():
        return name.lower()
    import idna  # its tables take 5 ms to load, and few names need them

    try:
        return idna.encode(name, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise ValueError(f"{name!r} is no host name: {error}") from error


def _port(text: str, scheme: str) -> int:
    if text in ("", ":"):
        return _DEFAULT_PORTS[scheme]
    digits = text.removeprefix(":")
    if not text.startswith(":") or not digits.isascii() or not digits.isdigit() or len(digits) > 5:
        raise ValueError(f"{text!r} is no port")
    if not 0 < int(digits) < 65536:
        raise ValueError(f"{digits} is no port")
    return int(digits)
