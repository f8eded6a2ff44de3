"""The text of one article, without what stands around it. Pure, and slow: it runs in the children."""

from __future__ import annotations

from watch.collect import encoding, links, markup
from watch.collect import text as texts
from watch.errors import ParseError
from watch.model import Entries, Entry, Page, SourceSpec

KIND = "article"
"""The kind under which the children know this reader; no source has it."""
_SHORTEST = 200


def parse(source: SourceSpec, page: Page) -> Entries:
    """One entry with the text of the article on `page`. Raises ParseError where there is none to speak of."""
    # Half a second to import, and only sources with `full_text` need it.
    from trafilatura import extract

    document = texts.bounded(markup.without_scripts(encoding.decode(page.body, page.content_type)))
    found = extract(document, url=page.url, include_comments=False, include_tables=False, include_formatting=False)
    text = texts.cut(texts.plain_to_text(found or ""), texts.TEXT_BYTES)
    if len(text) < _SHORTEST:
        raise ParseError("parse", "no article is recognised on the page", http_status=page.status)
    return Entries((Entry(guid=page.url, url=links.absolute(page.url), title="", text=text),))
