"""HTML to plain text, and text that every store and channel can hold. Pure."""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape
from itertools import accumulate

from watch.collect.harmless import between_tags
from watch.collect.stripped import strip

TITLE_BYTES = 1_000
TEXT_BYTES = 1_000_000
_MAX_HTML = 3_000_000
_MAX_DEPTH = 512
# What a tree is built of: the parser is quadratic in each of these, and real texts stay far below.
_TREE_CHARACTERS, _TREE_TAGS, _TREE_DEPTH = 200_000, 1_000, 64
_LONG_TAG = re.compile(r"<[^<>]{5000}")
# Tags that HTML closes by itself do not nest.
_LEAF = r"(?:area|b(?:ase|r)|col|d[dt]|hr|i(?:mg|nput)|li(?:nk)?|meta|option|p|source|t[dhr]|wbr)[\s/>]"
_NESTING_TAG = re.compile(rf"<(/?)(?!{_LEAF})([a-z][^\s/>]{{0,20}})", re.IGNORECASE)
# Quicker, and never less deep: of capitals, every tag opens and none closes.
_MAY_NEST = re.compile(rf"<(?:(/)(?!{_LEAF})[a-z]|(?!{_LEAF})[a-zA-Z])")

# C0 (but tab and line feed), DEL and C1, surrogates, non-characters: PostgreSQL, XML or a terminal refuses them.
_UNSTORABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
# Apart: one set for all planes would be three times slower on the texts that need none of it.
_FAR = re.compile("[\U00010000-\U0010ffff]")
_UNSTORABLE_FAR = re.compile(
    f"[{''.join(f'{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}' for plane in range(0x10000, 0x110000, 0x10000))}]"
)
_BLOCKS = (
    "address|article|aside|blockquote|br|caption|dd|details|dialog|div|dl|dt|fieldset|figcaption|figure|footer"
    "|form|h[1-6]|header|hr|li|main|nav|ol|p|pre|section|summary|table|td|th|tr|ul|title"
)
_BLOCK = re.compile(rf"<(?=/?(?:{_BLOCKS})[\s/>])", re.IGNORECASE)
_BREAK = "\u2029"
_BARE_AMPERSAND = re.compile(r"&(?!#?\w{1,32};)")
# What is not read by a person, or is not text.
_SILENT = [
    "script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "math", "select", "textarea",
    "button", "head",
]  # fmt: skip
_TAG = re.compile(
    r"</?(?:a|abbr|b|big|br|center|cite|code|del|div|em|embed|font|form|h[1-6]|hr|i|iframe|img|input|ins|li|link"
    r"|math|meta|object|ol|p|pre|q|s|script|small|span|strike|strong|style|sub|sup|svg|table|td|tr|tt|u|ul|video"
    r")(?=[\s/>])[^<>]{0,2000}>",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"&#?\w{1,32};")


def clean(text: str) -> str:
    """`text` without NUL, control characters, lone surrogates and non-characters."""
    if text.replace("\n", "").isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n")
    text = _UNSTORABLE.sub("", text)
    return _UNSTORABLE_FAR.sub("", text) if _FAR.search(text) else text


def html_to_text(html: str) -> str:
    """The text of an HTML fragment: one line a paragraph, nothing that is not read by a person."""
    if "<" not in html:
        return _lines(unescape_exactly(html).replace("\n", " "))
    kept = html if len(html) <= _MAX_HTML else html[:_MAX_HTML] + "…"
    text = between_tags(kept)
    if text is None:
        text = _in_tree(kept) if _fits_a_tree(kept) else strip(kept)
    return _lines(text)


def _fits_a_tree(html: str) -> bool:
    tags = html.count("<")
    small = len(html) <= _TREE_CHARACTERS and tags <= _TREE_TAGS and not _LONG_TAG.search(html)
    return small and (tags <= _TREE_DEPTH or not _stays_open(html))


def _stays_open(html: str) -> bool:
    """Whether more tags than a tree may be deep are open at once; an end tag closes its own name only, as for `<b>`."""
    opened: dict[str, int] = {}
    depth = 0
    for tag in _NESTING_TAG.finditer(html):
        name = tag[2].lower()
        step = 1 if not tag[1] else -1 if opened.get(name) else 0
        opened[name] = opened.get(name, 0) + step
        depth += step
        if depth > _TREE_DEPTH:
            return True
    return False


def _in_tree(html: str) -> str:
    # Here, not above: a process that asks and stores parses nothing.
    from selectolax.lexbor import LexborHTMLParser

    marked = _BLOCK.sub(_BREAK + "<", _BARE_AMPERSAND.sub("&amp;", html.replace("\x00", "")))
    tree = LexborHTMLParser(marked)
    tree.strip_tags(_SILENT, recursive=True)
    root = tree.body or tree.root
    return root.text(deep=True) if root is not None else ""


def bounded(html: str) -> str:
    """No more than can become a text, and no deeper than browsers nest: the parser is quadratic in depth."""
    kept = html[:_MAX_HTML]
    if kept.count("<") > _MAX_DEPTH:
        kept = kept[: _too_deep(kept)]
    return kept if len(kept) == len(html) else kept + "…"


def _too_deep(html: str) -> int | None:
    found = _MAY_NEST.findall(html)
    if len(found) <= _MAX_DEPTH or max(accumulate([-1 if end else 1 for end in found])) <= _MAX_DEPTH:
        return None
    depth = 0
    for tag in _NESTING_TAG.finditer(html):
        depth += -1 if tag[1] else 1
        if depth > _MAX_DEPTH:
            return tag.start()
    return None


def plain_to_text(text: str) -> str:
    """Text that was never HTML: lines kept, spaces tidied."""
    return _lines(text.replace("\n", _BREAK))


def title_to_text(title: str) -> str:
    """A title on one line. Tags and references in it are read as HTML only where they look like it."""
    if "<" in title and _TAG.search(title):
        title = html_to_text(title)
    elif "&" in title:
        title = unescape_exactly(title)
    return _line(title)


def plain_title(title: str) -> str:
    """A title on one line, of which it is known that its tags are words."""
    return _line(unescape_exactly(title))


def unescape_exactly(text: str) -> str:
    """HTML references turned to characters, but only those with a semicolon: `R&D`, `AT&T`, `S&reg` stay."""
    return _REFERENCE.sub(lambda reference: unescape(reference[0]), text) if "&" in text else text


def language(code: object) -> str | None:
    """`fr` of `fr-FR` or `fr_CA`: the two or three letters that name a language; None for anything else."""
    return _language(str(code)[:100]) if code else None


@lru_cache(maxsize=1_000)
def _language(code: str) -> str | None:
    letters = code.strip().lower().replace("_", "-").partition("-")[0]
    return letters if letters.isascii() and letters.isalpha() and 2 <= len(letters) <= 3 else None


def cut(text: str, limit: int) -> str:
    """`text` in at most `limit` bytes of UTF-8; what was cut ends in an ellipsis."""
    if len(text) * 4 <= limit or len(text.encode()) <= limit:
        return text
    return text.encode()[: limit - 3].decode(errors="ignore").rstrip() + "…"


def _lines(text: str) -> str:
    lines = []
    for part in text.replace("\n", " ").replace("\xa0", " ").split(_BREAK):
        line = part.strip(" ")
        if not line.isprintable() or "  " in line:
            line = _line(line)
        if line:
            lines.append(line)
    return "\n".join(lines)


def _line(text: str) -> str:
    text = text.strip(" ")
    # All white space but the space, and all that cannot be stored, is not printable.
    if text.isprintable() and "  " not in text:
        return text
    return " ".join(clean(text).split())
