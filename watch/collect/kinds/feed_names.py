"""What feedparser calls the elements of a feed, and its habits with texts, links and dates. Pure.

Where a habit is more than a line, feedparser's own function is called: both readers must agree, and these are not
what costs time.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.sax.saxutils import escape

from feedparser import mixin, urls
from feedparser.datetimes import _parse_date
from lxml import etree

from watch.collect import dates

RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
DATES = {
    "published": "published", "issued": "published", "pubdate": "published", "dcterms_issued": "published",
    "updated": "updated", "modified": "updated", "lastbuilddate": "updated", "dc_date": "updated",
    "dcterms_modified": "updated", "created": "created", "dcterms_created": "created",
}  # fmt: skip
XHTML = "application/xhtml+xml"
_PREFIXES = {uri.lower(): prefix for uri, prefix in mixin._FeedParserMixin.namespaces.items()}
_ATOM, _RSS_10 = "http://www.w3.org/2005/atom", "http://purl.org/rss/1.0/"
_FEEDS_IN_RDF = frozenset({_ATOM, _RSS_10, "http://my.netscape.com/rdf/simple/0.9/"})
_USUAL = frozenset(prefix for prefix in _PREFIXES.values() if prefix)
_OLD_RSS = "backend.userland.com/rss"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_THR_COUNT = "{http://purl.org/syndication/thread/1.0}count"
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+(?:\?subject=\S+)?", re.ASCII)
_TYPES = {"text": "text/plain", "plain": "text/plain", "html": "text/html", "xhtml": XHTML}
_C1 = re.compile("[\x80-\x9f]")
# C1 controls; what UTF-8 looks like when taken for Latin-1; and references to such characters.
_MENDABLE = (
    re.compile(rb"\xc2(?:[\x80-\x9f]|(?<=\xc3[\x82-\xb4]\xc2)[\x80-\xbf])"),
    re.compile(rb"&#(?:0*(?:1[2-9]|2[0-5])\d|[xX]0*[89a-fA-F][0-9a-fA-F]);"),
)
_TAG_PREFIX = re.compile(r"(</?)[\w.-]+:(?=\w)")
_MONTHS = {
    "Jan": 1, "Feb": 2, "Mar": 3, "Apr": 4, "May": 5, "Jun": 6, "Jul": 7, "Aug": 8, "Sep": 9, "Oct": 10, "Nov": 11,
    "Dec": 12,
}  # fmt: skip
_RFC_822 = re.compile(
    r"(?:[A-Z][a-z]{2}, )?(\d\d?) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) (?:GMT|UTC|Z|([+-])(\d\d)(\d\d))",
    re.ASCII,
)
_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)", re.ASCII)


class Names:
    """The names of a document's elements, `dc_creator` for `dc:creator`, looked up once each; `known` by tag."""

    def __init__(self) -> None:
        self.known: dict[str, str] = {}

    def __call__(self, element: etree._Element) -> str:
        """The name of `element`: its namespace's usual prefix, or its own; lower case."""
        tag: str = element.tag
        name = self.known.get(tag)
        return name if name is not None else self._learned(tag, element.prefix)

    def _learned(self, tag: str, prefix: str | None) -> str:
        name = _name(tag, prefix)
        # In a namespace that is not known, the prefix of each element counts.
        if tag[:1] != "{" or _is_known(_namespace(tag)):
            self.known[tag] = name
        return name


def _name(tag: str, given: str | None) -> str:
    uri, local = _namespace(tag), tag.rpartition("}")[2]
    prefix = "" if _OLD_RSS in uri else _PREFIXES.get(uri, given or "")
    return f"{prefix}_{local}".lower() if prefix else local.lower()


def _namespace(tag: str) -> str:
    return tag.rpartition("}")[0][1:].lower()


def _is_known(uri: str) -> bool:
    return uri in _PREFIXES or _OLD_RSS in uri


def attributes(items: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Attributes of no namespace, and `xml:base` and `xml:lang`, by lower-case name."""
    found = {}
    for key, value in items:
        name = "thr:count" if key == _THR_COUNT else key.replace(_XML, "xml:").lower()
        if name[0] != "{":
            found[name] = value.lower() if name in ("rel", "type") else value
    return found


def is_atom(root: etree._Element, kind: str) -> bool:
    """Whether feedparser takes the document for Atom: by its root, or the first of RDF's namespaces that says."""
    known = [uri.lower() for uri in root.nsmap.values() if uri.lower() in (_ATOM, _RSS_10)]
    return kind == "feed" or (kind == "rdf_rdf" and known[:1] == [_ATOM])


def are_usual(root: etree._Element, kind: str) -> bool:
    """Whether every usual prefix stands for its usual namespace (feedparser reads by both), and RDF for a feed."""
    known = {uri.lower() for uri in root.nsmap.values()}
    if kind == "rdf_rdf" and known.isdisjoint(_FEEDS_IN_RDF):
        return False
    return all(p not in _USUAL or _PREFIXES.get(uri.lower(), p) == p for p, uri in root.nsmap.items())


def rebase(base: str, attributes: Mapping[str, str]) -> str:
    """The base address inside an element (https://www.w3.org/TR/xmlbase/)."""
    given = attributes.get("xml:base", attributes.get("base"))
    if not given or not base:
        return join("", given) if given else base
    # A base that is relative is so to the page, which is not known here.
    inner = urls.make_safe_absolute_uri(base, given) if urlsplit(base).scheme else join(base, given)
    return str(inner) or base


def content_type(name: str) -> str:
    """A media type for Atom's short names."""
    return _TYPES.get(name.lower(), name.lower())


def looks_like_html(text: str) -> bool:
    """Whether text that says it is plain is HTML."""
    return ("<" in text or "&" in text) and bool(mixin._FeedParserMixin.looks_like_html(text))


def may_need_mending(document: bytes) -> bool:
    """Whether `mend` would change any text of a document (UTF-8): a look at the whole is cheaper than at each."""
    return any(sign.search(document) for sign in _MENDABLE)


def mend(text: str) -> str:
    """UTF-8 that was taken for Latin-1, and Windows-1252 in disguise, undone."""
    if text.isascii():
        return text
    with suppress(UnicodeError):
        text = text.encode("iso-8859-1").decode("utf-8")
    return text.translate(mixin._cp1252) if _C1.search(text) else text


def markup(element: etree._Element) -> str:
    """The HTML of what stands in an XHTML element."""
    parts = (etree.tostring(child, method="html", encoding="unicode") for child in element)
    html = escape(element.text or "") + "".join(parts)
    return mend(_TAG_PREFIX.sub(r"\1", html).strip())


def join(base: str, address: str) -> str:
    """`address` from `base`; empty for what is no address."""
    if not base and ":///" not in address:
        return address
    return str(urls._urljoin(base, address)) if address else urljoin(base, "")


def link(attributes: Mapping[str, str], base: str) -> dict[str, Any]:
    """An Atom or RSS link with its `href` (absent where the text is the address), `rel` and `type`."""
    rel = attributes.get("rel", "alternate")
    found = {"rel": rel, "type": attributes.get("type", "application/atom+xml" if rel == "self" else "text/html")}
    if "thr:count" in attributes:
        found["thr:count"] = attributes["thr:count"]
    href = address(attributes)
    return found if href is None else found | {"href": join(base, href)}


def address(attributes: Mapping[str, str]) -> str | None:
    """The address in a link's or an enclosure's attributes."""
    return attributes.get("url", attributes.get("uri", attributes.get("href"))) or attributes.get("href")


def person(text: str) -> dict[str, str]:
    """Who `a@b.example (Luc)` or `Luc <a@b.example>` is: `name`, `email`."""
    mail = _MAIL.search(text) if "@" in text else None
    if not mail:
        return {"name": text} if text else {}
    name = text.replace(mail[0], "").replace("()", "").replace("<>", "").replace("&lt;&gt;", "").strip()
    name = name.removeprefix("(").removesuffix(")").strip()
    return {"email": mail[0]} | ({"name": name} if name else {})


def link_text(address: str) -> str:
    """The text of a link without what writers make of `&`."""
    return re.sub(r"&([A-Za-z0-9_]+);", r"&\g<1>", address.replace("&amp;", "&")) if "&" in address else address


def date(text: str) -> datetime | time.struct_time | None:
    """A date to the second: the two usual forms here, then those we know (`dates`), all others by feedparser."""
    try:
        if _ISO.fullmatch(text):
            return datetime.fromisoformat(text).replace(microsecond=0)
        if found := _RFC_822.fullmatch(text):
            return _rfc_822(found)
    except (ValueError, KeyError):
        pass
    if known := dates.parse(text):
        return known.replace(microsecond=0)
    if dates.is_numbered(text):
        return None
    try:
        parsed: time.struct_time | None = _parse_date(text)
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError):
        return None
    return parsed


def _rfc_822(found: re.Match[str]) -> datetime:
    day, month, year, hour, minute, second, sign, hours, minutes = found.groups()
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    zone = timezone(-offset if sign == "-" else offset)
    return datetime(int(year), _MONTHS[month], int(day), int(hour), int(minute), int(second), tzinfo=zone)
