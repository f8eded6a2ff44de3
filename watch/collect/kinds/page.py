"""Pages without a feed: their list of articles, by a CSS selector of the operator, or by what repeats on the page.

1. the links that lead to articles (`page_links`); 2. around each, the largest part of the page that is about it alone,
its card; 3. title, date, words and image from the card (`page_cards`).
"""

from __future__ import annotations

from watch.errors import HuneError
from watch.model import Entries, Page, Request, SourceSpec

KEYS: dict[str, str] = {
    "url": "the address of the page",
    "select": "a CSS selector of its articles, or of the links to them; without it, what repeats on the page",
}
_ACCEPT = "text/html, application/xhtml+xml;q=0.9, */*;q=0.5"


def request(source: SourceSpec) -> Request:
    """The page itself. Raises HuneError without an address, or for a selector that cannot be read."""
    if not source.url:
        raise HuneError(f"the source {source.name!r} needs a url")
    if selector := _selector(source):
        # The library that reads pages is for the children, and for the few who name a selector.
        from watch.collect.kinds import page_read

        page_read.check(selector)
    return Request(url=source.url, headers=(("Accept", _ACCEPT),))


def parse(source: SourceSpec, page: Page) -> Entries:
    """The articles that the page lists, in its order, at most 200. Raises ParseError."""
    from watch.collect.kinds import page_read

    return page_read.read(page, _selector(source), source.language)


def _selector(source: SourceSpec) -> str | None:
    selector = source.options.get("select")
    return selector if isinstance(selector, str) and selector.strip() else None
