"""The writers of the farm: RSS, Atom, RDF and JSON Feed, each in the manners that feeds have."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

import farm_words
from farm_marks import escaped, html, iso, rfc_822

if TYPE_CHECKING:
    from farm_values import Feed, Planted

_NAMESPACES = (
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:media="http://search.yahoo.com/mrss/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/"'
    ' xmlns:atom="http://www.w3.org/2005/Atom" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
)
_ATOM_NAMESPACES = ' xmlns:thr="http://purl.org/syndication/thread/1.0" xmlns:media="http://search.yahoo.com/mrss/"'
_RDF_NAMESPACES = (
    ' xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
)


def write(feed: Feed, entries: Sequence[Planted]) -> tuple[str, str]:
    """(media type, the feed as text, without the XML declaration)."""
    kind, pieces = {"rss": _rss, "atom": _atom, "rdf": _rdf, "json": _json}[feed.format](feed, entries)
    return kind, "".join(pieces)


Written = tuple[str, Iterator[str]]


def _marked(feed: Feed, entry: Planted, text: str) -> str:
    """HTML within XML: escaped, or as CDATA where nothing is malformed."""
    return f"<![CDATA[{text}]]>" if feed.manner % 3 == 0 and not feed.flaw else escaped(text)


def _base(feed: Feed) -> str:
    return f' xml:base="{feed.site}"' if feed.manner % 16 == 0 else ""


def _address(feed: Feed, entry: Planted) -> str:
    """The address, relative where the feed has a base."""
    if not _base(feed):
        return escaped(entry.url)
    path = entry.url.removeprefix(feed.site)
    return escaped(path if entry.style % 2 else f"/{path}")


def _rss(feed: Feed, entries: Sequence[Planted]) -> Written:
    def pieces() -> Iterator[str]:
        yield f'<rss version="2.0"{_NAMESPACES}{_base(feed)}><channel><title>Feed {feed.number}</title>'
        yield f"<link>{feed.site}</link><description>x</description><language>{feed.lang}</language>"
        yield f'<atom:link href="{feed.site}feed" rel="self" type="application/rss+xml"/><ttl>60</ttl>\n'
        for one in entries:
            yield f"<item>{''.join(_rss_item(feed, one))}</item>\n"
        yield "</channel></rss>\n"

    return "text/xml" if feed.manner % 5 == 0 else "application/rss+xml", pieces()


def _rss_item(feed: Feed, one: Planted) -> Iterator[str]:
    yield f"<title>{escaped(one.title)}</title>"
    if one.guid != one.url or one.style % 2:
        # A guid that is the address may stand for the link.
        yield f"<link>{_address(feed, one)}</link>"
    if one.guid:
        yield (
            f"<guid>{escaped(one.guid)}</guid>"
            if one.guid == one.url
            else (f'<guid isPermaLink="false">{one.guid}</guid>')
        )
    if one.at:
        dublin = one.style // 3 % 8 == 0
        yield (
            f"<dc:date>{iso(one.at, one.style)}</dc:date>"
            if dublin
            else (f"<pubDate>{rfc_822(one.at, one.style)}</pubDate>")
        )
    yield from _rss_extras(one)
    text = html(one)
    if feed.manner // 3 % 2:
        teaser = escaped(one.text[:200])
        yield f"<description>{_marked(feed, one, f'<p>{teaser}…</p>')}</description>"
        yield f"<content:encoded>{_marked(feed, one, text)}</content:encoded>"
    else:
        yield f"<description>{_marked(feed, one, text)}</description>"


def _rss_extras(one: Planted) -> Iterator[str]:
    if one.author:
        mail = one.style % 3 == 0 and one.author.isascii()
        yield (
            f"<author>redaction@site.example ({one.author})</author>"
            if mail
            else (f"<dc:creator>{one.author}</dc:creator>")
        )
    yield from (f"<category>{escaped(tag)}</category>" for tag in one.tags)
    if one.image:
        yield (
            f'<media:thumbnail url="{one.image}" width="320"/>',
            f'<media:content url="{one.image}" medium="image"><media:title>x</media:title></media:content>',
            f'<enclosure url="{one.image}" type="image/jpeg" length="1000"/>',
        )[one.style % 3]
    if one.comments is not None:
        yield f"<comments>{escaped(one.url)}#comments</comments><slash:comments>{one.comments}</slash:comments>"


def _atom(feed: Feed, entries: Sequence[Planted]) -> Written:
    def pieces() -> Iterator[str]:
        yield f'<feed xmlns="http://www.w3.org/2005/Atom"{_ATOM_NAMESPACES}{_base(feed)} xml:lang="{feed.lang}">'
        yield f"<title>Feed {feed.number}</title><id>urn:farm:{feed.number}</id><updated>2026-11-20T06:00:00Z</updated>"
        yield f'<link rel="self" href="{feed.site}feed"/><link href="{feed.site}"/>\n'
        for one in entries:
            yield f"<entry>{''.join(_atom_entry(feed, one))}</entry>\n"
        yield "</feed>\n"

    return "application/atom+xml", pieces()


def _atom_entry(feed: Feed, one: Planted) -> Iterator[str]:
    yield f"<title>{escaped(one.title)}</title>"
    yield f'<link rel="alternate" type="text/html" href="{_address(feed, one)}"/><id>{one.guid}</id>'
    if one.at:
        both = one.style % 2
        yield f"<published>{iso(one.at, one.style)}</published>" if both else ""
        yield f"<updated>{iso(one.at + timedelta(seconds=90 * both), one.style // 2)}</updated>"
    if one.author:
        yield f"<author><name>{one.author}</name></author>"
    yield from (f'<category term="{escaped(tag)}"/>' for tag in one.tags)
    if one.image:
        yield f'<media:thumbnail url="{one.image}"/>'
    if one.comments is not None:
        yield f"<thr:total>{one.comments}</thr:total>"
        yield f'<link rel="replies" type="text/html" href="{escaped(one.url)}#comments"/>'
    if feed.manner // 3 % 4 == 0 and not feed.flaw:
        yield '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">'
        yield f"{html(one, named=False)}</div></content>"
    else:
        yield f'<content type="html">{_marked(feed, one, html(one))}</content>'


def _rdf(feed: Feed, entries: Sequence[Planted]) -> Written:
    def pieces() -> Iterator[str]:
        yield f'<rdf:RDF{_RDF_NAMESPACES}><channel rdf:about="{feed.site}"><title>Feed {feed.number}</title>'
        yield f"<link>{feed.site}</link><description>x</description></channel>\n"
        for one in entries:
            yield f'<item rdf:about="{escaped(one.url)}"><title>{escaped(one.title)}</title>'
            yield f"<link>{escaped(one.url)}</link>" + (
                f"<dc:date>{iso(one.at, one.style)}</dc:date>" if one.at else ""
            )
            yield f"<dc:creator>{one.author}</dc:creator>" if one.author else ""
            yield from (f"<dc:subject>{escaped(tag)}</dc:subject>" for tag in one.tags)
            yield f"<description>{_marked(feed, one, html(one))}</description></item>\n"
        yield "</rdf:RDF>\n"

    return "application/rdf+xml", pieces()


def _json(feed: Feed, entries: Sequence[Planted]) -> Written:
    head = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": f"Feed {feed.number}",
        "home_page_url": feed.site,
        "language": feed.lang,
        "items": [{key: value for key, value in _json_item(one).items() if value} for one in entries],
    }
    # Escapes would make a feed in Russian three times as large.
    ascii_only = bool(feed.manner % 2) and feed.lang in farm_words.WESTERN
    return "application/feed+json", iter([json.dumps(head, ensure_ascii=ascii_only)])


def _json_item(one: Planted) -> dict[str, object]:
    return {
        "id": one.guid,
        "url": one.url,
        "title": one.title,
        "content_html": html(one),
        "date_published": one.at.astimezone(UTC).isoformat() if one.at else None,
        "authors": [{"name": one.author}] if one.author else None,
        "tags": list(one.tags),
        "image": one.image,
    }
