"""The feeds that a page names: Link headers, `<link rel="alternate">`, links that look like it. Pure, linear."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from typing import Literal
from urllib.parse import urljoin, urlsplit

from watch.collect import encoding, markup
from watch.collect import links as addresses
from watch.collect import text as texts
from watch.model import Page

How = Literal["itself", "named", "linked", "platform", "usual"]
"""How an address was found: it is a feed; the page names it; it links to it; the platform has it there; many do."""

_MAX_HTML = 2_000_000
_TYPES = re.compile(r"application/(?:(?:rss|atom|rdf)(?:\+xml)?|feed\+json|json|xml)|text/(?:xml|rss)", re.IGNORECASE)
_TAG = re.compile(r"<(link|a|base|body)(?=[\s>/])([^<>]{0,4000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([a-zA-Z-]{1,20})\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_FEED_WORD = re.compile(r"(?:\b|_)(?:rss2?|atom|feeds?|flux|syndication|xml)(?:\b|_)", re.IGNORECASE)
_COMMENTS = re.compile(r"comment|reponse|réponse", re.IGNORECASE)
# `application/json` and `text/xml` are named for many things: oEmbed, sitemaps, the API of WordPress.
_NO_FEED = re.compile(
    r"oembed|wp-json|xmlrpc|sitemap|opensearch|manifest|webmention|\.(?:css|js|png|jpe?g|pdf)$", re.IGNORECASE
)
_LINK_HEADER = re.compile(
    r"<([^<>]{1,2000})>((?:\s*;\s*[a-z*]{1,20}\s*=\s*(?:\"[^\"]{0,300}\"|[^\s;,\"]{1,300}))*)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address that may be a feed: how it was found, and what it is called there."""

    url: str
    how: How
    title: str = ""

    @property
    def about_comments(self) -> bool:
        """Whether it is the feed of comments rather than of articles."""
        return bool(_COMMENTS.search(urlsplit(self.url).path) or _COMMENTS.search(self.title))


def links(page: Page) -> list[Candidate]:
    """The addresses that `page` (HTML) and its Link header give for feeds: named ones first, comments last."""
    html = markup.without_scripts(encoding.decode(page.body, page.content_type)[:_MAX_HTML])
    found = [*_of_header(page.link, page.url), *_of_html(html, page.url)]
    return ranked(found)


def ranked(found: Iterable[Candidate]) -> list[Candidate]:
    """One of each address; named before linked, articles before comments, then the shortest path."""
    order = ("itself", "named", "linked", "platform", "usual")
    best: dict[str, Candidate] = {}
    for one in found:
        best.setdefault(one.url, one)
    # The order of the page decides between equals: its first feed is usually that of all articles.
    return sorted(best.values(), key=lambda one: (order.index(one.how), one.about_comments, _depth(one.url)))


def _depth(url: str) -> int:
    return urlsplit(url).path.rstrip("/").count("/")


def _of_header(header: str, base: str) -> Iterator[Candidate]:
    """RFC 8288: `<…>; rel="alternate"; type="application/rss+xml"`."""
    for found in _LINK_HEADER.finditer(header):
        if one := _named(_attributes(found[2].replace(";", " ")) | {"href": found[1]}, base):
            yield one


def _of_html(html: str, page_url: str) -> Iterator[Candidate]:
    base = page_url
    for tag in _TAG.finditer(html):
        name, attributes = tag[1].lower(), _attributes(tag[2])
        if name == "base" and attributes.get("href") and base == page_url:
            base = urljoin(page_url, attributes["href"])
        elif name == "link" and (named := _named(attributes, base)):
            yield named
        elif name == "a" and (linked := _linked(attributes, html[tag.end() : tag.end() + 300], base)):
            yield linked


def _attributes(text: str) -> dict[str, str]:
    pairs = (
        (found[1].lower(), unescape(found[2] or found[3] or found[4] or "")) for found in _ATTRIBUTE.finditer(text)
    )
    return {name: value.strip() for name, value in reversed(list(pairs))}


def _named(attributes: dict[str, str], base: str) -> Candidate | None:
    relations = attributes.get("rel", "").lower().split()
    by_type = "alternate" in relations and _TYPES.fullmatch(attributes.get("type", "").partition(";")[0].strip())
    url = _address(attributes.get("href"), base) if by_type or "feed" in relations else None
    return Candidate(url, "named", texts.title_to_text(attributes.get("title", ""))[:200]) if url else None


def _linked(attributes: dict[str, str], after: str, base: str) -> Candidate | None:
    said = re.sub(r"<[^<>]*>", " ", re.split(r"</a\b", after, maxsplit=1, flags=re.IGNORECASE)[0])
    said = " ".join((said + " " + attributes.get("title", "")).split())[:200]
    url = _address(attributes.get("href"), base)
    if not url or not (_FEED_WORD.search(urlsplit(url).path + "?" + urlsplit(url).query) or _is_word(said)):
        return None
    return Candidate(url, "linked", said)


def _is_word(said: str) -> bool:
    # `Flux RSS` is the name of a link to a feed; a headline that mentions the atom is not.
    return len(said) <= 40 and _FEED_WORD.search(said) is not None


def _address(href: str | None, base: str) -> str | None:
    for scheme in ("feed://", "feed:"):
        if href and href.startswith(scheme):
            rest = href.removeprefix(scheme)
            href = rest if "://" in rest else f"https://{rest}"
    url = addresses.absolute(href, base)
    return None if url is None or _NO_FEED.search(url) else url.partition("#")[0]
