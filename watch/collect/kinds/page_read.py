"""Reading the list of articles of a page, in the steps of `page`. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from watch.collect import encoding, markup
from watch.collect import text as texts
from watch.collect.kinds import page_cards, page_links
from watch.errors import HuneError, ParseError
from watch.model import Entries, Page

MAX_ENTRIES = 200


def read(page: Page, selector: str | None, language: str | None) -> Entries:
    """The articles that the page lists, in its order, at most 200. Raises ParseError."""
    document = encoding.decode(page.body, page.content_type)
    if "<" not in document:
        raise ParseError("not_a_feed", "the answer is not a web page", http_status=page.status)
    tree = LexborHTMLParser(texts.bounded(markup.without_scripts(document)))
    base = page_links.base_of(tree, page.url)
    found = page_links.inside(_select(tree, selector), base) if selector else page_links.repeating(tree, base, page.url)
    if not found:
        raise ParseError("not_a_feed", _nothing(selector), http_status=page.status)
    lang = language or page_links.language(tree)
    entries = page_cards.read(found[:MAX_ENTRIES], base, lang)
    return Entries(tuple(entries), title=page_links.title(tree), lang=lang)


def check(selector: str) -> None:
    """Raises HuneError for a selector that cannot be read."""
    _select(LexborHTMLParser("<p>"), selector)


def _select(tree: LexborHTMLParser, selector: str) -> Sequence[LexborNode]:
    try:
        return tree.css(selector)
    except SelectolaxError as error:
        raise HuneError(f"`select` is no CSS selector: {selector!r}") from error


def _nothing(selector: str | None) -> str:
    if selector:
        return f"nothing on the page matches {selector!r}, or there is no link in it"
    return "no list of articles is recognised on this page; `select` can name it by a CSS selector"
