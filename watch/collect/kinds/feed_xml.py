"""RSS, RDF and Atom: lxml for what is well-formed and usual, feedparser for all else.

feedparser only ever sees a stream of mended UTF-8: given text, it would open files and addresses; given what the
web sends, it can be crashed by one character (bar.md, section 2, points 5 to 8).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import feedparser

from watch.collect import dates, links, repair, trim
from watch.collect import text as texts
from watch.collect.kinds import feed_lxml
from watch.errors import ParseError
from watch.model import Entries, Entry

_HOURS = {"hourly": 1.0, "daily": 24.0, "weekly": 168.0, "monthly": 720.0, "yearly": 8760.0}
_MAIL_FIRST = re.compile(r"\S{1,200}@\S{1,200} \((.+)\)")
_NAME_FIRST = re.compile(r"([^(<]+?) ?[(<]\S{1,200}@\S{1,200}[)>]")
_WITH_IMAGES = frozenset({"media_thumbnail", "media_content", "enclosures", "links", "image"})
_HEADERS = {"content-type": "application/xml; charset=utf-8"}


def read(document: str, base: str, limit: int, *, quick: bool = True) -> Entries:
    """The entries of an XML feed, newest `limit`. Raises ParseError.

    `quick=False` leaves lxml out: what comes out is the same (tests/collect/test_collect_feed_agreement.py).
    """
    damaged = repair.is_cut(document)
    feed, raws = (_sound(document, limit) if quick and not damaged else None) or _mended(
        document, limit, damaged, quick
    )
    if damaged and not raws:
        raise ParseError("truncated", "the feed breaks off before the end of its first entry")
    lang = _language(feed)
    entries = tuple(_entry(raw, base, lang) for raw in raws[:limit])
    title = texts.title_to_text(str(feed.get("title") or "")) or None
    return Entries(entries, title=title, lang=lang, poll_hint=_poll_hint(feed), damaged=damaged)


def _sound(document: str, limit: int) -> tuple[Any, list[Any]] | None:
    whole = repair.as_it_is(document)
    return feed_lxml.parse(trim.newest(whole, limit)) if whole is not None else None


def _mended(document: str, limit: int, damaged: bool, quick: bool) -> tuple[Any, list[Any]]:
    whole = repair.whole_entries(document) if damaged else document
    mended = trim.newest(repair.repair(whole), limit)
    return (feed_lxml.parse(mended) if quick else None) or _parse(mended, damaged)


def _parse(document: str, damaged: bool) -> tuple[Any, list[Any]]:
    parsed = _tolerant(document)
    if not damaged and not parsed.get("version") and not parsed.entries:
        raise ParseError("not_a_feed", "the answer looks like a feed, but has none of its parts")
    return parsed.feed, parsed.entries


def _tolerant(document: str) -> Any:
    # No base address: feedparser would join guids to it, and they would change when the feed moves.
    stream = io.BytesIO(document.encode("utf-8", "replace"))
    try:
        return feedparser.parse(stream, response_headers=_HEADERS, sanitize_html=False, resolve_relative_uris=False)
    except RecursionError as error:
        raise ParseError("parse", "the feed is nested too deeply") from error
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, LookupError, OverflowError) as error:
        # feedparser promises never to raise, and does: the sentence says so, the cause is chained.
        raise ParseError("parse", f"the feed cannot be read ({type(error).__name__})") from error


def _entry(raw: Any, base: str, lang: str | None) -> Entry:
    text = texts.cut(_body(raw), texts.TEXT_BYTES)
    published, updated = _dates(raw)
    return Entry(
        guid=texts.clean(str(raw.get("id") or "")).strip()[:2_000],
        url=_link(raw, base),
        title=texts.cut(_title(raw) or text.partition("\n")[0][:100], texts.TITLE_BYTES),
        text=text,
        author=_author(raw),
        published=published or updated,
        updated=updated,
        lang=_language(raw) or lang,
        image=_image(raw, base),
        comments_url=links.absolute(str(raw.get("comments") or ""), base) or _replies(raw, base),
        tags=tuple(_tags(raw)),
        engagement=_engagement(raw),
    )


def _title(raw: Any) -> str:
    detail = raw.get("title_detail") or {}
    title = str(raw.get("title") or "")
    # Atom says what a title is; RSS does not, and writers put HTML into it.
    if detail.get("type") in ("text/html", "application/xhtml+xml"):
        return " ".join(texts.html_to_text(title).split())
    return texts.title_to_text(title)


def _body(raw: Any) -> str:
    details = [*raw.get("content", []), raw.get("summary_detail") or {"value": raw.get("summary") or ""}]
    for detail in details:
        value = str(detail.get("value") or "")
        plain = detail.get("type") == "text/plain" and "<" not in value
        found = texts.plain_to_text(texts.unescape_exactly(value)) if plain else texts.html_to_text(value)
        if found:
            return found
    return ""


def _link(raw: Any, base: str) -> str | None:
    address = links.absolute(str(raw.get("link") or ""), base)
    if address is None and not raw.get("link"):
        # RSS: a guid that is an address stands for the link, unless it says otherwise.
        guid = str(raw.get("id") or "")
        address = links.absolute(guid) if raw.get("guidislink", guid.startswith("http")) else None
        enclosures = raw.get("enclosures") or [{}]
        address = address or links.absolute(str(enclosures[0].get("href") or ""), base)
    return address


def _dates(raw: Any) -> tuple[datetime | None, datetime | None]:
    # dict.get: feedparser answers `updated` with `published`, and warns.
    return _date(raw, "published") or _date(raw, "created"), _date(raw, "updated")


def _date(raw: Any, name: str) -> datetime | None:
    value, text = dict.get(raw, f"{name}_parsed"), dict.get(raw, name)
    if isinstance(value, datetime):
        return dates.plausible(value)
    # feedparser takes CET for UTC, 2024/12/03 for a day of November, and the year 1 for 2001.
    found = (
        dates.parse(text) or dates.parse_words(text) or (None if dates.is_numbered(text) else dates.of_struct(value))
    )
    return found and found.replace(microsecond=0)


def _author(raw: Any) -> str | None:
    text = texts.title_to_text(str(raw.get("author") or ""))[:500]
    # RSS: `mail (Name)`; feedparser writes Atom's as `Name (mail)`. The name is what we are after.
    found = _MAIL_FIRST.fullmatch(text) or _NAME_FIRST.fullmatch(text)
    return (found[1] if found else text)[:200] or None


def _language(raw: Any) -> str | None:
    for value in (raw.get("dc_language"), raw.get("language"), (raw.get("title_detail") or {}).get("language")):
        if code := texts.language(value):
            return code
    return None


def _image(raw: Any, base: str) -> str | None:
    if _WITH_IMAGES.isdisjoint(raw):
        return None
    for address in _images(raw):
        found = links.absolute(address, base)
        if found:
            return found
    return None


def _images(raw: Any) -> Iterator[str]:
    yield from (str(image.get("url") or "") for image in raw.get("media_thumbnail", [])[:3])
    for media in raw.get("media_content", [])[:10]:
        if str(media.get("medium")) == "image" or str(media.get("type", "")).startswith("image/"):
            yield str(media.get("url") or "")
    for enclosure in raw.get("enclosures", [])[:10]:
        if str(enclosure.get("type", "")).startswith("image/"):
            yield str(enclosure.get("href") or "")
    image = raw.get("image")
    yield str(image.get("href") or "") if isinstance(image, dict) else ""


def _replies(raw: Any, base: str) -> str | None:
    for link in raw.get("links", [])[:20]:
        if link.get("rel") == "replies" and "html" in str(link.get("type", "html")):
            return links.absolute(str(link.get("href") or ""), base)
    return None


def _tags(raw: Any) -> Iterator[str]:
    seen: set[str] = set()
    for tag in raw.get("tags", [])[:500]:
        name = texts.title_to_text(str(tag.get("label") or tag.get("term") or ""))[:100]
        if name and name not in seen and len(seen) < 50:
            seen.add(name)
            yield name


def _engagement(raw: Any) -> int | None:
    for key in ("slash_comments", "thr_total"):
        digits = str(raw.get(key) or "").strip()
        if digits.isascii() and digits.isdigit() and len(digits) < 10:
            return int(digits)
    return None


def _poll_hint(feed: Any) -> float | None:
    """The feed's own rhythm in seconds: `ttl` (minutes), `sy:updatePeriod` over `sy:updateFrequency`."""
    ttl = str(feed.get("ttl") or "").strip()
    if ttl.isascii() and ttl.isdigit() and len(ttl) < 8:
        return int(ttl) * 60.0
    hours = _HOURS.get(str(feed.get("sy_updateperiod") or "").strip().lower())
    times = str(feed.get("sy_updatefrequency") or "1").strip()
    if hours is None or not (times.isascii() and times.isdigit() and 0 < len(times) < 6 and int(times)):
        return None
    return hours * 3600 / int(times)
