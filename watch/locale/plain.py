"""Text from strangers, made harmless for a subject, a header or a line of a mail (bar H55–H57).

Removed: control characters, those that reverse the direction of writing, those that cannot be seen. Heaps of combining
marks are thinned. Everything that breaks a line in any standard becomes a space.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

_BREAKS = re.compile(r"[\s\x1c-\x1f\x85\u2028\u2029]+")
_JOINER = "\u200d"  # the only invisible character that stays: it holds families of emoji together
_MARK = r"[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_MARKS = re.compile(f"({_MARK}{{2}}){_MARK}+")
_KEPT_SPACES = re.compile(r"[ \u00a0\u202f]")
_KEPT = "\u00a0\u202f" + _JOINER
_LONG = 20_000  # characters looked at: a title of a megabyte is not worth a second


def one_line(text: str, limit: int = 200) -> str:
    """`text` on one line of at most `limit` characters, cut at a word with `…`; no-break spaces stay."""
    visible = _visible(_BREAKS.sub(_space, text[:_LONG]))
    return _cut(_MARKS.sub(r"\1", visible).strip(), limit)


def paragraph(text: str, limit: int) -> str:
    """The same for a snippet; what `one_line` does, under the name that says where it goes."""
    return one_line(text, limit)


def legible(text: str) -> str:
    """`text` with its line ends and tabs, without what reverses, hides or towers: for a cell of a table."""
    kept = "".join(c for c in text if c.isprintable() or c in _KEPT or c in "\t\r\n")
    return _MARKS.sub(r"\1", kept)


def web_address(url: str | None) -> str | None:
    """`url` if it is http or https, with a host in ASCII (punycode) and no credentials; None otherwise."""
    if not url or len(url) > 2000 or _BREAKS.search(url) or not url.isprintable():
        return None
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or parts.username is not None:
        return None
    place = _ascii(host)
    return urlunsplit(parts._replace(netloc=f"{place}:{port}" if port else place)) if place else None


def _ascii(host: str) -> str | None:
    if ":" in host:
        return f"[{host}]"
    try:
        return host.encode("idna").decode() if not host.isascii() else host
    except UnicodeError:
        return None


def _visible(text: str) -> str:
    # isprintable: nothing of the Unicode categories Other and Separator, but the plain space.
    if text.isprintable():
        return text
    return "".join(c for c in text if c.isprintable() or c in _KEPT)


def _space(found: re.Match[str]) -> str:
    return found[0] if _KEPT_SPACES.fullmatch(found[0]) else " "


def _cut(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    at_word = head.rsplit(" ", 1)[0] if " " in head[limit // 2 :] else head
    return at_word.rstrip(" ,;:.\u00a0\u200d") + "…"
