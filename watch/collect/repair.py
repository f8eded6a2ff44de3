"""XML as found in the wild to XML that a parser can read without being hurt. Pure, linear in the text.

Why before the parser, and not in it: feedparser crashes on `&#xD800;`, turns a bare `AT&T` into `AT&T;`, and is
quadratic in attributes (measured: bar.md, section 2).
"""

from __future__ import annotations

import re
from html.entities import html5

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]{0,30}:)?(rss|feed|rdf|channel)(?=[\s>/])", re.IGNORECASE)
_END = re.compile(r"</(?:[A-Za-z_][\w.-]{0,30}:)?(rss|feed|rdf|channel)\s*>", re.IGNORECASE)
_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)(?:(#[0-9A-Fa-fxX]{1,12}|[A-Za-z][A-Za-z0-9]{0,31});)?")
# Legal in XML, and read as Windows-1252 all the same.
_C1_REFERENCE = re.compile(r"&#(?:0*1[2-5]\d|[xX]0*[89][0-9a-fA-F]);")
_HUGE_TAG = re.compile(r"<([A-Za-z_][\w.:-]{0,60})\s[^<>]{20000,}>")
_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'


def find_root(text: str) -> int | None:
    """Where the feed begins in `text`: its root tag, past junk, comments and a DOCTYPE; None without one."""
    found = ROOT.search(text, 0, 200_000)
    while found and (end := _end_of_comment(text, found.start())):
        found = ROOT.search(text, end, 200_000)
    return found.start() if found else None


def _end_of_comment(text: str, at: int) -> int | None:
    """Where the comment ends in which the character `at` stands, if it does."""
    begin = text.rfind("<!--", 0, at)
    end = text.find("-->", begin + 4, 300_000) if begin >= 0 else -1
    return end + 3 if end > at else None


def is_cut(text: str) -> bool:
    """Whether a feed breaks off before the end tag of its root."""
    root = ROOT.search(text)
    if root is None:
        return False
    ends = any(_ends(text[-length:], root[1].lower()) for length in (100, 20_000))
    return not ends and not _closes_itself(text, root)


def _ends(tail: str, name: str) -> bool:
    return any(end[1].lower() == name for end in _END.finditer(tail))


def whole_entries(text: str) -> str:
    """A feed that breaks off, without the entry in which it does: half an entry would be stored, then edited."""
    ends = [text.rfind(tag) + len(tag) for tag in ("</item>", "</entry>") if tag in text]
    start = max(text.rfind("<item"), text.rfind("<entry"))
    return text[: max(ends)] if ends else text[:start] if start > 0 else text


def as_it_is(text: str) -> str | None:
    """A feed document from its root on, where all that `repair` would change makes an XML parser refuse it; or None."""
    start = find_root(text) or 0
    if _C1_REFERENCE.search(text, start) or (_is_long_without_tag(text) and _HUGE_TAG.search(text, start)):
        return None
    return text[start:]


def _is_long_without_tag(text: str) -> bool:
    # A tag of 20,000 characters covers one whole step of half that length.
    return any(text.find("<", at, at + 10_000) < 0 for at in range(0, len(text), 10_000))


def repair(text: str) -> str:
    """A feed document with one declaration and no DOCTYPE, whose every `&` begins a reference XML knows."""
    start = find_root(text) or 0
    # From the root on: what stands before is a declaration, a DOCTYPE with its entities, a stylesheet, or junk.
    body = _ILLEGAL.sub("", text[start:])
    if "&" in body:
        body = _outside_cdata(body)
    return _DECLARATION + _HUGE_TAG.sub(r"<\1>", body)


def _closes_itself(text: str, root: re.Match[str]) -> bool:
    return text[root.end() : text.find(">", root.end()) + 1].endswith("/>")


def _outside_cdata(text: str) -> str:
    pieces: list[str] = []
    at = 0
    while (start := text.find("<![CDATA[", at)) >= 0:
        end = text.find("]]>", start + 9)
        pieces += (_AMPERSAND.sub(_mend, text[at:start]), text[start : end + 3 if end >= 0 else None])
        at = end + 3 if end >= 0 else len(text)
    return "".join([*pieces, _AMPERSAND.sub(_mend, text[at:])])


def _mend(found: re.Match[str]) -> str:
    name = found[1]
    if name is None:
        return "&amp;"
    if name.startswith("#"):
        return _character(name)
    characters = html5.get(name + ";")
    return _escape(characters) if characters else f"&amp;{name};"


def _character(reference: str) -> str:
    digits = reference[1:]
    try:
        code = int(digits[1:], 16) if digits[:1] in "xX" else int(digits)
    except ValueError:
        return f"&amp;{reference};"
    if 0x80 <= code <= 0x9F:
        # Windows-1252 in disguise, as HTML reads it.
        return bytes([code]).decode("cp1252", "replace")
    legal = code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000
    return f"&#{code};" if legal else ""


def _escape(characters: str) -> str:
    return "".join(f"&#{ord(c)};" if c in "&<>\"'" else c for c in characters)
