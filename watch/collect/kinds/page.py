"""Pages without a feed: their list of articles, by a CSS selector of the operator, or by what repeats on the page.

1. the links that lead to articles (`page_links`); 2. around each, the largest part of the page that is about it alone,
its card; 3. title, date, words and image from the card (`page_cards`).
"""

from __future__ import annotations

from collections.abc import Sequence

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from watch.collect import encoding, markup
from watch.collect import text as texts
from watch.collect.kinds import page_cards, page_links
from watch.errors import HuneError, ParseError
from watch.model import Entries, Page, Request, SourceSpec

KEYS: dict[str, str] = {
    "url": "the address of the page",
    "select": "a CSS selector of its articles, or of the links to them; without it, what repeats on the page",
}
MAX_ENTRIES = 200
_ACCEPT = "text/html, application/xhtml+xml;q=0.9, */*;q=0.5"


def request(source: SourceSpec) -> Request:
    """The page itself. Raises HuneError without an address, or for a selector that cannot be read."""
    if not source.url:
        raise HuneError(f"the source {source.name!r} needs a url")
    if selector := _selector(source):
        _select(LexborHTMLParser("<p>"), selector)
    return Request(url=source.url, headers=(("Accept", _ACCEPT),))


def parse(source: SourceSpec, page: Page) -> Entries:
    """The articles that the page lists, in its order, at most 200. Raises ParseError."""
    document = encoding.decode(page.body, page.content_type)
    if "<" not in document:
        raise ParseError("not_a_feed", "the answer is not a web page", http_status=page.status)
    tree = LexborHTMLParser(texts.bounded(markup.without_scripts(document)))
    selector, base = _selector(source), page_links.base_of(tree, page.url)
    found = page_links.inside(_select(tree, selector), base) if selector else page_links.repeating(tree, base, page.url)
    if not found:
        raise ParseError("not_a_feed", _nothing(selector), http_status=page.status)
    lang = source.language or page_links.language(tree)
    entries = page_cards.read(found[:MAX_ENTRIES], base, lang)
    return Entries(tuple(entries), title=page_links.title(tree), lang=lang)


def _selector(source: SourceSpec) -> str | None:
    selector = source.options.get("select")
    return selector if isinstance(selector, str) and selector.strip() else None


def _select(tree: LexborHTMLParser, selector: str) -> Sequence[LexborNode]:
    try:
        return tree.css(selector)
    except SelectolaxError as error:
        raise HuneError(f"`select` is no CSS selector: {selector!r}") from error


def _nothing(selector: str | None) -> str:
    if selector:
        return f"nothing on the page matches {selector!r}, or there is no link in it"
    return "no list of articles is recognised on this page; `select` can name it by a CSS selector"
