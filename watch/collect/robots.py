"""robots.txt as RFC 9309 reads it: groups, the longest rule, `*` and `$`. Pure, and linear in the text.

Why our own: urllib.robotparser takes the first rule instead of the longest; protego takes the group `un` for
`Hune`, and turns patterns from the web into regular expressions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

TOKEN = "hune"  # noqa: S105 - the product token that groups name us by
MAX_BYTES = 500_000
"""RFC 9309, 2.5: at least 500 KiB must be read; what is beyond does not count."""
_MAX_RULES = 5_000
_LINE = re.compile(r"[ \t]*([A-Za-z-]{1,40})[ \t]*:[ \t]*([^#\r\n]*)")
_PRODUCT = re.compile(r"\*|[A-Za-z_-]+")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


@dataclass(frozen=True, slots=True)
class Rules:
    """What a robots.txt says to us: (pattern, may) pairs; `named` if a group calls Hune by its name."""

    pairs: tuple[tuple[str, bool], ...] = ()
    named: bool = False

    def allows(self, url: str) -> bool:
        """Whether the page at `url` may be asked for: the longest pattern decides, a permission when equal."""
        target = _target(url)
        if target == "/robots.txt":
            return True
        found = [(len(pattern), may) for pattern, may in self.pairs if _matches(pattern, target)]
        return max(found, default=(0, True))[1]

    def allows_feed(self, url: str) -> bool:
        """Whether a feed that a person added may be: unless a group that names Hune forbids it (bar P31)."""
        return not self.named or self.allows(url)


ALLOW_ALL = Rules()
ALLOW_NONE = Rules((("/", False),))


def read(text: str) -> Rules:
    """The rules for us: all groups that name Hune together, or else all groups for `*`."""
    ours: list[tuple[str, bool]] = []
    anyones: list[tuple[str, bool]] = []
    named = False
    for agents, rules in _groups(text[:MAX_BYTES]):
        if TOKEN in agents:
            named = True
            ours += rules
        elif "*" in agents:
            anyones += rules
    return Rules(tuple((ours if named else anyones)[:_MAX_RULES]), named)


def _groups(text: str) -> Iterator[tuple[set[str], list[tuple[str, bool]]]]:
    agents: set[str] = set()
    rules: list[tuple[str, bool]] = []
    open_ = True
    for key, value in _lines(text):
        if key == "user-agent":
            if not open_:
                yield agents, rules
                agents, rules, open_ = set(), [], True
            agents.add(_product(value))
        elif key in ("allow", "disallow"):
            # Other lines (Crawl-delay, Sitemap) do not end a list of agents.
            open_ = False
            if value:
                rules.append((_normal(value if value[0] in "/*" else "/" + value), key == "allow"))
    yield agents, rules


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for line in text.lstrip("\ufeff").splitlines():
        found = _LINE.match(line)
        if found:
            yield found[1].lower(), found[2].strip()


def _product(value: str) -> str:
    # `Hune/1.0` and `Hune (+https://…)` mean us as well; `HuneBot` is somebody else.
    found = _PRODUCT.match(value)
    return found[0].lower() if found else ""


def _target(url: str) -> str:
    parts = urlsplit(url)
    return _normal((parts.path or "/") + ("?" + parts.query if parts.query else ""))


def _normal(path: str) -> str:
    """`path` with escapes written one way, so that `/%7Ea`, `/~a` and `/é`, `/%C3%A9` compare."""
    octets = "".join(c if c.isascii() else "".join(f"%{b:02X}" for b in c.encode("utf-8", "replace")) for c in path)
    return _ESCAPE.sub(_unescape, octets)


def _unescape(found: re.Match[str]) -> str:
    character = chr(int(found[1], 16))
    return character if character in _UNRESERVED else found[0].upper()


def _matches(pattern: str, target: str) -> bool:
    """Whether `target` begins with `pattern`; each piece between stars is looked for once, from left to right."""
    exact = pattern.endswith("$")
    first, *pieces = pattern.removesuffix("$").split("*")
    if not target.startswith(first):
        return False
    at = len(first)
    last = pieces.pop() if pieces and exact else None
    for piece in pieces:
        found = target.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    if last is not None:
        return len(target) - len(last) >= at and target.endswith(last)
    return not exact or at == len(target)
