"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from watch.collect import dates, links
from watch.collect import text as texts
from watch.errors import ParseError
from watch.model import Entries, Entry

_NEVER = datetime(1, 1, 1, tzinfo=UTC)


def read(document: str, base: str, limit: int) -> Entries:
    """The entries of a JSON Feed, newest `limit`. Raises ParseError."""
    feed = _load(document)
    rows = feed.get("items")
    if not isinstance(rows, list):
        raise ParseError("not_a_feed", "this is JSON, but no JSON Feed: it has no `items`")
    lang = texts.language(_text(feed, "language"))
    authors = ", ".join(_authors(feed))
    entries = [_entry(row, base, lang, authors) for row in rows if isinstance(row, dict)]
    if len(entries) > limit:
        entries = sorted(entries, key=lambda e: e.published or _NEVER, reverse=True)[:limit]
    return Entries(tuple(entries), title=texts.title_to_text(_text(feed, "title") or "") or None, lang=lang)


def _load(document: str) -> Mapping[str, Any]:
    try:
        loaded = json.loads(document.lstrip("\ufeff \t\r\n\x00"), parse_int=_integer)
    except RecursionError as error:
        raise ParseError("parse", "the JSON is nested too deeply") from error
    except ValueError as error:
        kind = "truncated" if "Unterminated" in str(error) or _at_end(error, document) else "parse"
        raise ParseError(
            "truncated" if kind == "truncated" else "parse", f"the JSON cannot be read: {error}"
        ) from error
    if not isinstance(loaded, dict):
        raise ParseError("not_a_feed", "this is JSON, but no JSON Feed")
    return loaded


def _at_end(error: ValueError, document: str) -> bool:
    return isinstance(error, json.JSONDecodeError) and error.pos >= len(document.strip()) - 1


def _integer(digits: str) -> int:
    # Python refuses integers of thousands of digits with an error of its own.
    return int(digits) if len(digits) < 20 else 0


def _entry(row: Mapping[str, Any], base: str, lang: str | None, authors: str) -> Entry:
    guid = row.get("id")
    text = texts.html_to_text(_text(row, "content_html") or "") or texts.plain_to_text(_text(row, "content_text") or "")
    text = texts.cut(text or texts.plain_to_text(_text(row, "summary") or ""), texts.TEXT_BYTES)
    title = texts.title_to_text(_text(row, "title") or "") or text.partition("\n")[0][:100]
    published = dates.parse(row.get("date_published"))
    updated = dates.parse(row.get("date_modified"))
    return Entry(
        guid=texts.clean(str(guid))[:2_000] if isinstance(guid, str | int | float) else "",
        url=links.absolute(_text(row, "url"), base) or links.absolute(_text(row, "external_url"), base),
        title=texts.cut(title, texts.TITLE_BYTES),
        text=text,
        author=(", ".join(_authors(row)) or authors)[:200] or None,
        published=published or updated,
        updated=updated,
        lang=texts.language(_text(row, "language")) or lang,
        image=links.absolute(_text(row, "image") or _text(row, "banner_image"), base),
        tags=tuple(_tags(row))[:50],
    )


def _text(row: Mapping[str, Any], key: str) -> str | None:
    value = row.get(key)
    return value if isinstance(value, str) else None


def _authors(row: Mapping[str, Any]) -> Iterator[str]:
    authors = row.get("authors") or [row.get("author")]
    for author in authors if isinstance(authors, list) else []:
        name = author.get("name") if isinstance(author, dict) else None
        if isinstance(name, str) and name.strip():
            yield texts.title_to_text(name)


def _tags(row: Mapping[str, Any]) -> Iterator[str]:
    tags = row.get("tags")
    for tag in tags if isinstance(tags, list) else []:
        if isinstance(tag, str) and tag.strip():
            yield texts.title_to_text(tag)[:100]
