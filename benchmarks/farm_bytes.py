"""From the text of a feed to its bytes: encodings of old, and what breaks XML without losing an entry."""

from __future__ import annotations

import codecs
import re
from html.entities import codepoint2name
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from farm_values import Feed

LEGACY = ("iso-8859-1", "windows-1252", "iso-8859-15", "utf-16")
FLAWS = ("ampersand", "entities", "unclosed", "cut", "warning", "blank")
"""A bare `&` in titles and links; references that only HTML knows; an end tag missing at the end, or all of them; a
warning of PHP, or blank lines, before the declaration."""
_WARNING = (
    "<br />\n<b>Warning</b>:  Cannot modify header information - headers already sent in "
    "<b>/srv/www/functions.php</b> on line <b>12</b><br />\n"
)
_WORDS = re.compile(r"<(?:title|link)>[^<]*")
_END = re.compile(r"(?:\s*</(?:channel|rss|feed|rdf:RDF)>)+\s*$")
_NAMED = {code: f"&{name};" for code, name in codepoint2name.items() if code > 127}


def written(feed: Feed, kind: str, text: str) -> tuple[str, bytes]:
    """(Content-Type, bytes) of a feed whose media type is `kind`, encoded and broken as it is said to be."""
    if feed.format == "json":
        return kind, text.encode()
    label = f' encoding="{feed.encoding}"' if feed.declared else ""
    declaration = f'<?xml version="1.0"{label}?>\n'
    whole = _broken(feed.flaw, declaration, text)
    # Where the XML says nothing, HTTP must; UTF-8 needs no word.
    charset = "" if feed.declared else f"; charset={feed.encoding}"
    return kind + charset, _encoded(whole, feed.encoding)


def _encoded(text: str, encoding: str) -> bytes:
    if encoding == "utf-16":
        return codecs.BOM_UTF16_LE + text.encode("utf-16-le")
    return text.encode(encoding, "xmlcharrefreplace")


def _broken(flaw: str | None, declaration: str, text: str) -> str:
    if flaw == "ampersand":
        text = _WORDS.sub(lambda found: found[0].replace("&amp;", "&"), text)
    elif flaw == "entities":
        text = text.translate(_NAMED)
    elif flaw == "unclosed":
        text = re.sub(r"</(channel|entry|item)>(?=\s*</[\w:]+>\s*$)", "", text)
    elif flaw == "cut":
        text = _END.sub("\n", text)
    before = {"warning": _WARNING, "blank": "\n\n  \r\n"}.get(flaw or "", "")
    return before + declaration + text
