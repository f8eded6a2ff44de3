"""An entry as any store can hold it, whoever read it, with what follows from its words: the last look before it
becomes an item. Pure; done where the page is read, so that the one writer has little left to do.
"""

from __future__ import annotations

from watch.collect import links
from watch.collect import text as texts
from watch.collect.identity import digest_of
from watch.model import Derived, Entry
from watch.query import index_text

_GUID = 2_000
_AUTHOR = 200
_TAG, _TAGS = 100, 50
_LARGEST = 2**31 - 1


def storable(entry: Entry) -> Entry:
    """`entry` with clean strings of bounded length, harmless links, a language code, and counts that fit a column.

    `derived` stands in it; an entry that has it already is given back.
    """
    if entry.derived is not None:
        return entry
    title, text = _words(entry.title, texts.TITLE_BYTES), _words(entry.text, texts.TEXT_BYTES)
    url, full_text = links.absolute(entry.url), _words(entry.full_text or "", texts.TEXT_BYTES) or None
    return Entry(
        guid=texts.clean(entry.guid)[:_GUID],
        url=url,
        title=title,
        text=text,
        author=_words(entry.author or "", _AUTHOR * 4)[:_AUTHOR] or None,
        published=entry.published,
        updated=entry.updated,
        lang=texts.language(entry.lang),
        image=links.absolute(entry.image),
        comments_url=links.absolute(entry.comments_url),
        tags=tuple([tag for one in entry.tags[:_TAGS] if (tag := texts.clean(one)[:_TAG])]),
        engagement=entry.engagement if entry.engagement is not None and abs(entry.engagement) <= _LARGEST else None,
        full_text=full_text,
        derived=_derived(url, title, text, full_text or text),
    )


def _derived(url: str | None, title: str, text: str, words: str) -> Derived:
    # The terms are those of `query.Document.body`: search and matcher must agree.
    body = f"{title}\n{words}" if title else words
    return Derived(links.canonical_url(url), digest_of(title, text), index_text(body))


def _words(text: str, limit: int) -> str:
    return texts.cut(texts.clean(text), limit)
