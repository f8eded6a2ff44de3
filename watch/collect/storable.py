"""An entry as any store can hold it, whoever read it: the last look before it becomes an item. Pure."""

from __future__ import annotations

from dataclasses import replace

from watch.collect import links
from watch.collect import text as texts
from watch.model import Entry

_GUID = 2_000
_AUTHOR = 200
_TAG, _TAGS = 100, 50
_LARGEST = 2**31 - 1


def storable(entry: Entry) -> Entry:
    """`entry` with clean strings of bounded length, harmless links, a language code, and counts that fit a column."""
    return replace(
        entry,
        guid=texts.clean(entry.guid)[:_GUID],
        url=links.absolute(entry.url),
        title=_words(entry.title, texts.TITLE_BYTES),
        text=_words(entry.text, texts.TEXT_BYTES),
        author=_words(entry.author or "", _AUTHOR * 4)[:_AUTHOR] or None,
        lang=texts.language(entry.lang),
        image=links.absolute(entry.image),
        comments_url=links.absolute(entry.comments_url),
        tags=tuple(tag for one in entry.tags[:_TAGS] if (tag := texts.clean(one)[:_TAG])),
        engagement=entry.engagement if entry.engagement is not None and abs(entry.engagement) <= _LARGEST else None,
        full_text=_words(entry.full_text or "", texts.TEXT_BYTES) or None,
    )


def _words(text: str, limit: int) -> str:
    return texts.cut(texts.clean(text), limit)
