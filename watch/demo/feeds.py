"""Entries → the bytes of a feed in RSS 2.0, Atom, RSS 1.0 (RDF) or JSON Feed 1.1 (pure)."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from hashlib import sha256
from html import escape

from watch.demo.outlets import FeedFormat, Outlet
from watch.demo.rhythm import ZONE
from watch.demo.written import Text

CONTENT_TYPES: dict[FeedFormat, str] = {
    "rss2": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "rdf": "application/rdf+xml; charset=utf-8",
    "jsonfeed": "application/feed+json; charset=utf-8",
}
_XML = '<?xml version="1.0" encoding="utf-8"?>\n'
_DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'


@dataclass(frozen=True, slots=True)
class Published:
    """A text and the moment (UTC) at which its outlet shows it."""

    at: datetime
    text: Text

    @property
    def name(self) -> str:
        """Short, unlike any other, and it tells nothing of the plot."""
        return sha256(self.text.id.encode()).hexdigest()[:8]


def link(outlet: Outlet, entry: Published) -> str:
    """The address of the entry's page, under the outlet's `.example` host."""
    words = unicodedata.normalize("NFKD", entry.text.title or entry.text.text)
    plain = re.sub(r"[^a-z0-9]+", "-", words.encode("ascii", "ignore").decode().lower()).strip("-")
    slug = plain[:48].rstrip("-") or "note"
    return f"{outlet.home}/{entry.at.astimezone(ZONE):%Y/%m}/{slug}-{entry.name}"


def http_date(moment: datetime) -> str:
    """The moment as HTTP writes it (RFC 9110, 5.6.7)."""
    return format_datetime(moment.replace(microsecond=0), usegmt=True)


def render(outlet: Outlet, entries: Sequence[Published], changed: datetime) -> bytes:
    """The feed of `outlet` with `entries` (newest first) in the outlet's own format, UTF-8."""
    if outlet.format == "jsonfeed":
        return _jsonfeed(outlet, entries)
    written = {"rss2": _rss2, "atom": _atom, "rdf": _rdf}[outlet.format](outlet, entries, changed)
    return (_XML + written).encode()


def _rss2(outlet: Outlet, entries: Sequence[Published], changed: datetime) -> str:
    items = "".join(_rss2_item(outlet, entry) for entry in entries)
    head = f"{_tag('title', outlet.name)}{_tag('link', outlet.home)}{_tag('description', outlet.name)}"
    dates = f"{_tag('language', outlet.lang)}{_tag('lastBuildDate', http_date(changed))}"
    return f'<rss version="2.0" {_DC}><channel>{head}{dates}\n{items}</channel></rss>\n'


def _rss2_item(outlet: Outlet, entry: Published) -> str:
    parts = (
        _tag("title", entry.text.title) if entry.text.title else "",
        _tag("link", link(outlet, entry)),
        f'<guid isPermaLink="false">{outlet.id}-{entry.name}</guid>',
        _tag("pubDate", format_datetime(entry.at.astimezone(ZONE))),
        _tag("dc:creator", entry.text.author or outlet.name),
        _tag("description", _html(entry.text)),
    )
    return f"<item>{''.join(parts)}</item>\n"


def _atom(outlet: Outlet, entries: Sequence[Published], changed: datetime) -> str:
    items = "".join(_atom_entry(outlet, entry) for entry in entries)
    head = f'{_tag("id", outlet.home)}{_tag("title", outlet.name)}<link href="{outlet.home}"/>'
    updated = _tag("updated", changed.isoformat())
    return f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{outlet.lang}">{head}{updated}\n{items}</feed>\n'


def _atom_entry(outlet: Outlet, entry: Published) -> str:
    moment = entry.at.isoformat()
    author = _tag("name", entry.text.author or outlet.name)
    parts = (
        _tag("id", f"tag:{outlet.id}.example,2020:{entry.name}"),
        _tag("title", entry.text.title),
        f'<link href="{link(outlet, entry)}"/>',
        f"{_tag('published', moment)}{_tag('updated', moment)}<author>{author}</author>",
        f'<content type="html">{escape(_html(entry.text))}</content>',
    )
    return f"<entry>{''.join(parts)}</entry>\n"


def _rdf(outlet: Outlet, entries: Sequence[Published], _changed: datetime) -> str:
    links = [link(outlet, entry) for entry in entries]
    listed = "".join(f'<rdf:li rdf:resource="{address}"/>' for address in links)
    items = "".join(_rdf_item(outlet, entry, link(outlet, entry)) for entry in entries)
    return (
        f'<rdf:RDF xmlns="http://purl.org/rss/1.0/" '
        f'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" {_DC}>'
        f'<channel rdf:about="{outlet.home}">{_tag("title", outlet.name)}{_tag("link", outlet.home)}'
        f"{_tag('description', outlet.name)}{_tag('dc:language', outlet.lang)}"
        f"<items><rdf:Seq>{listed}</rdf:Seq></items></channel>\n{items}</rdf:RDF>\n"
    )


def _rdf_item(outlet: Outlet, entry: Published, address: str) -> str:
    parts = (
        _tag("title", entry.text.title),
        _tag("link", address),
        _tag("description", _html(entry.text)),
        _tag("dc:date", entry.at.isoformat()),
        _tag("dc:creator", entry.text.author or outlet.name),
    )
    return f'<item rdf:about="{address}">{"".join(parts)}</item>\n'


def _jsonfeed(outlet: Outlet, entries: Sequence[Published]) -> bytes:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.name,
        "home_page_url": outlet.home,
        "language": outlet.lang,
        "items": [_json_item(outlet, entry) for entry in entries],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1).encode()


def _json_item(outlet: Outlet, entry: Published) -> dict[str, object]:
    title = {"title": entry.text.title} if entry.text.title else {}
    return {
        "id": f"{outlet.id}-{entry.name}",
        "url": link(outlet, entry),
        **title,
        "content_text": entry.text.text,
        "date_published": entry.at.isoformat(),
        "authors": [{"name": entry.text.author or outlet.name}],
    }


def _html(text: Text) -> str:
    return f"<p>{escape(text.text, quote=False)}</p>"


def _tag(name: str, value: str) -> str:
    return f"<{name}>{escape(value, quote=False)}</{name}>"
