"""What a page says of each article it lists: the card around its link. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from selectolax.lexbor import LexborNode

from watch.collect import dates, links
from watch.collect import text as texts
from watch.collect.kinds.page_links import HEADINGS, Link, words
from watch.model import Entry

_LISTS = frozenset({"body", "html", "main", "ul", "ol", "dl", "table", "tbody"})
_LEVELS = 8
_DATES = "time[datetime], [itemprop=datePublished], time, [class*=date], [class*=Date]"
_AUTHORS = "[rel=author], [itemprop=author], .author, .auteur, .byline"
_DAY_MONTH_YEAR = re.compile(r"\b(\d{1,2})[/.](\d{1,2})[/.](\d{4})\b")
_SHORTEST_PARAGRAPH = 20


def read(found: Sequence[Link], base: str, lang: str | None) -> list[Entry]:
    """An entry for each of `found` that has a title. Links of entries are absolute against `base`."""
    times = Counter(node.mem_id for link in found for node in _ancestors(link.node))
    entries = (_entry(link, _card(link.node, times), base, lang) for link in found)
    return [entry for entry in entries if entry.title]


def _ancestors(node: LexborNode) -> Iterator[LexborNode]:
    parent = node.parent
    for _level in range(_LEVELS):
        if parent is None or parent.tag in _LISTS:
            return
        yield parent
        parent = parent.parent


def _card(node: LexborNode, times: Counter[int]) -> LexborNode:
    """The highest part of the page that holds this article's link and no other's."""
    card = node
    for ancestor in _ancestors(node):
        if times[ancestor.mem_id] > 1:
            break
        card = ancestor
    return card


def _entry(link: Link, card: LexborNode, base: str, lang: str | None) -> Entry:
    title = _title(link.node, card)
    published = _published(card, lang)
    return Entry(
        guid=links.canonical_url(link.url) or link.url,
        url=link.url,
        title=texts.cut(title, texts.TITLE_BYTES),
        text=texts.cut("\n".join(_paragraphs(card, title)), texts.TEXT_BYTES),
        author=_author(card),
        published=published,
        lang=lang,
        image=_image(card, base),
    )


def _title(anchor: LexborNode, card: LexborNode) -> str:
    own = anchor.css_first(", ".join(HEADINGS))
    if own is not None:
        return words(own)
    said = words(anchor)
    heading = card.css_first(", ".join(HEADINGS)) if card.mem_id != anchor.mem_id else None
    # `Lire la suite` is the link, the heading beside it is the title.
    found = words(heading) if heading is not None and heading.mem_id != card.mem_id else ""
    attributes = anchor.attributes
    return found or said or " ".join((attributes.get("title") or attributes.get("aria-label") or "").split())


def _published(card: LexborNode, lang: str | None) -> datetime | None:
    for node in card.css(_DATES)[:10]:
        attributes = node.attributes
        said = words(node)[:100]
        found = dates.parse(attributes.get("datetime") or attributes.get("content")) or dates.parse_words(said)
        found = found or dates.parse(said) or _numbers(said, lang)
        if found:
            return found
    return None


def _numbers(said: str, lang: str | None) -> datetime | None:
    """`20/11/2026`, which is a date in French, and two possible ones in English."""
    found = _DAY_MONTH_YEAR.search(said)
    if not found or lang == "en":
        return None
    return dates.parse(f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}")


def _paragraphs(card: LexborNode, title: str) -> Iterator[str]:
    seen = {title}
    for node in card.css("p")[:50]:
        said = words(node)
        if len(said) >= _SHORTEST_PARAGRAPH and said not in seen:
            seen.add(said)
            yield said


def _author(card: LexborNode) -> str | None:
    node = card.css_first(_AUTHORS)
    return words(node)[:200] or None if node is not None else None


def _image(card: LexborNode, base: str) -> str | None:
    for node in card.css("img")[:5]:
        source = node.attributes.get("data-src") or node.attributes.get("src") or ""
        if not source.startswith("data:") and (found := links.absolute(source, base)):
            return found
    return None
