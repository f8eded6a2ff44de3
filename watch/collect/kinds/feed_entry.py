"""An entry of an XML feed, from the parts that either reader gave it the names of. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from watch.collect import dates, links
from watch.collect import text as texts
from watch.collect.kinds import feed_names as names
from watch.model import Entry

_MAIL_FIRST = re.compile(r"\S{1,200}@\S{1,200} \((.+)\)")
_NAME_FIRST = re.compile(r"([^(<]+?) ?[(<]\S{1,200}@\S{1,200}[)>]")
_WITH_IMAGES = frozenset({"media_thumbnail", "media_content", "enclosures", "links", "image"})
# Many writers of Atom forget to say that it is HTML.
_IS_HTML = re.compile(r"</[a-z]|<(?:p|br|div|img)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Given:
    """What the feed says for all its entries; `base` is the address it came from."""

    base: str
    lang: str | None
    atom: bool = False
    author: str | None = None


def given(feed: Any, base: str) -> Given:
    """What `feed`, its own parts, says for its entries."""
    atom = bool(feed.get("atom"))
    # RSS names there who runs the site, Atom who wrote what says nothing else.
    return Given(base, _language(feed), atom, _author(feed) if atom else None)


def read(raw: Any, given: Given) -> Entry:
    """The entry of the parts `raw`."""
    base = given.base
    text = texts.cut(_body(raw, given.atom), texts.TEXT_BYTES)
    published, updated = _dates(raw)
    return Entry(
        guid=texts.clean(str(raw.get("id") or "")).strip()[:2_000],
        url=_link(raw, given),
        title=texts.cut(_title(raw, given.atom) or text.partition("\n")[0][:100], texts.TITLE_BYTES),
        text=text,
        author=_author(raw) or given.author,
        published=published or updated,
        updated=updated,
        lang=_language(raw) or given.lang,
        image=_image(raw, base),
        comments_url=_absolute(raw, "comments", base) or _replies(raw, base),
        tags=tuple(_tags(raw)),
        engagement=_engagement(raw),
    )


def _title(raw: Any, atom: bool) -> str:
    detail = raw.get("title_detail") or {}
    title = str(raw.get("title") or "")
    # Atom says what a title is; RSS does not, and writers put HTML into it.
    if detail.get("type") in ("text/html", "application/xhtml+xml"):
        return " ".join(texts.html_to_text(title).split())
    return texts.plain_title(title) if atom and detail.get("type") == "text/plain" else texts.title_to_text(title)


def _body(raw: Any, atom: bool) -> str:
    details = [*raw.get("content", []), raw.get("summary_detail") or {"value": raw.get("summary") or ""}]
    for detail in [*details, {"value": raw.get("subtitle"), "type": "text/plain"}]:
        value = str(detail.get("value") or "")
        has_tags = "<" in value and not (atom and not _IS_HTML.search(value))
        plain = detail.get("type") == "text/plain" and not has_tags
        found = texts.plain_to_text(texts.unescape_exactly(value)) if plain else texts.html_to_text(value)
        if found:
            return found
    return ""


def _link(raw: Any, given: Given) -> str | None:
    """The article's own address, and not that of who counts its readers."""
    address = _absolute(raw, "feedburner_origlink", given.base) or links.absolute(
        str(raw.get("link") or ""), given.base
    )
    if address is None and not raw.get("link"):
        # A guid that is an address stands for the link, unless RSS says otherwise.
        guid = str(raw.get("id") or "")
        is_link = guid.startswith("http") and (given.atom or raw.get("guidislink", True))
        enclosures = raw.get("enclosures") or [{}]
        address = links.absolute(guid) if is_link else None
        address = address or links.absolute(str(enclosures[0].get("href") or ""), given.base)
    return address


def _absolute(raw: Any, key: str, base: str) -> str | None:
    text = raw.get(key)
    return links.absolute(names.link_text(text), base) if isinstance(text, str) else None


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
    """Who wrote it, all of them; the persons of a podcast where nobody is named else."""
    people = raw.get("authors", [])[:20]
    # Of one alone, the words as they are: feedparser takes names of hosts for four letters at most.
    several = len(people) > 1
    written = [one.get("name") or one.get("email") for one in people] if several else [raw.get("author")]
    found = dict.fromkeys(name for one in written if one and (name := _name(str(one))))
    person = raw.get("podcast_person")
    if not found and isinstance(person, str):
        return _name(person)
    return ", ".join(found)[:200] or None


def _name(written: str) -> str | None:
    text = texts.title_to_text(written)[:500]
    # `mail (Name)`, `Name <mail>`: the name is what we are after.
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
    """How many comments; where nobody says, how many ratings, favourites or, last, views."""
    for value in _counts(raw):
        digits = str(value or "").strip()
        if digits.isascii() and digits.isdigit() and len(digits) < 10:
            return int(digits)
    return None


def _counts(raw: Any) -> Iterator[object]:
    yield raw.get("slash_comments")
    yield raw.get("thr_total")
    yield from (link.get("thr:count") for link in raw.get("links", [])[:20] if link.get("rel") == "replies")
    rating, statistics = raw.get("media_starrating"), raw.get("media_statistics")
    yield rating.get("count") if isinstance(rating, dict) else None
    if isinstance(statistics, dict):
        yield statistics.get("favorites")
        yield statistics.get("views")
