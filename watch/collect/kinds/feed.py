"""Feeds: RSS 0.9x to 2.0, RDF, Atom and JSON Feed.

1. bytes to text; 2. what is it: JSON, XML, a web page, nothing; 3. the reader of that form.
"""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urljoin

from watch.collect import encoding, repair
from watch.errors import HuneError, ParseError
from watch.model import Entries, Page, Request, SourceSpec

KEYS: dict[str, str] = {"url": "the address of the feed"}
MAX_ENTRIES = 2_000

_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/rdf+xml, application/feed+json, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body)(?=[\s>])", re.IGNORECASE)
_PAGE = re.compile(r"<(?:html|head|body|meta|title|script|div)(?=[\s>])", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_LINK = re.compile(r"<link\s[^<>]{1,1000}>", re.IGNORECASE)
_FEED_TYPE = re.compile(r"application/(?:rss|atom|rdf)\+xml|application/feed\+json", re.IGNORECASE)
_HREF = re.compile(r"href\s*=\s*[\"']?([^\"'\s>]{1,500})", re.IGNORECASE)


def request(source: SourceSpec) -> Request:
    """The feed itself; nothing else is ever asked for."""
    if not source.url:
        raise HuneError(f"the source {source.name!r} needs a url")
    return Request(url=source.url, headers=(("Accept", _ACCEPT),))


def parse(source: SourceSpec, page: Page) -> Entries:
    """The entries of a feed, newest 2,000 at most, as plain text with absolute links.

    Raises ParseError of kind `not_a_feed`, `truncated` or `parse`.
    """
    document = encoding.decode(page.body, page.content_type)
    entries = _read(document, page)
    if not source.language:
        return entries
    # The operator's word wins: half of the French WordPress sites say en-US.
    return replace(entries, entries=tuple(replace(entry, lang=source.language) for entry in entries.entries))


def _read(document: str, page: Page) -> Entries:
    # Their libraries are for the children: who only asks needs none of them.
    from watch.collect.kinds import feed_json, feed_xml

    start = document.lstrip("\ufeff \t\r\n\x00")[:1]
    if start in ("{", "["):
        return feed_json.read(document, page.url, MAX_ENTRIES)
    if not start:
        raise ParseError("not_a_feed", "the answer is empty", http_status=page.status)
    if repair.find_root(document) is None or _is_html(document):
        raise _not_a_feed(document, page)
    return feed_xml.read(document, page.url, MAX_ENTRIES)


def _is_html(document: str) -> bool:
    """Whether a page begins before the feed does, in it; a DOCTYPE or a comment alone is put there by mistake."""
    root = repair.find_root(document) or 0
    if "<?xml" in document[:root]:
        return False
    return _PAGE.search(_COMMENT.sub("", document[: min(root, 20_000)])) is not None


def _not_a_feed(document: str, page: Page) -> ParseError:
    if not _HTML.search(document, 0, 20_000):
        if document.lstrip()[:5] == "<?xml" and len(document) < 2_000 and ">" not in document.rstrip()[-1:]:
            return ParseError("truncated", "the answer breaks off before the feed begins", http_status=page.status)
        return ParseError("not_a_feed", "the answer is not a feed", http_status=page.status)
    hint = _advertised(document, page.url)
    more = f"; it names a feed at {hint}" if hint else "; `hune sources discover` looks for its feeds"
    return ParseError("not_a_feed", f"this is a web page, not a feed{more}", http_status=page.status)


def _advertised(document: str, base: str) -> str | None:
    for found in _LINK.finditer(document, 0, 200_000):
        link = found[0]
        href = _HREF.search(link)
        if href and _FEED_TYPE.search(link) and not re.search(r"comment", link, re.IGNORECASE):
            return urljoin(base, str(href[1]))[:500]
    return None
