"""RSS, RDF and Atom: lxml for what is well-formed and usual, feedparser for all else.

feedparser only ever sees a stream of mended UTF-8: given text, it would open files and addresses; given what the
web sends, it can be crashed by one character (bar.md, section 2, points 5 to 8).
"""

from __future__ import annotations

import io
import re
from typing import Any

import feedparser

from watch.collect import repair, trim
from watch.collect import text as texts
from watch.collect.kinds import feed_entry, feed_lxml, feed_rhythm
from watch.errors import ParseError
from watch.model import Entries

# What feedparser makes too much of, or too little: empty links, other spellings of a word, ids of Atom, attributes.
_MENDS = (
    (re.compile(r"<link\s*/>|<link\s*>(?:\s|<!\[CDATA\[\s*\]\]>)*</link\s*>"), ""),
    (re.compile(r"isPermaLink\s*=\s*[\"']\s*[Ff][Aa][Ll][Ss][Ee]\s*[\"']"), 'isPermaLink="false"'),
    (re.compile(r"isPermaLink\s*=\s*[\"'](?!false[\"'])[^\"'<>]{0,20}[\"']"), 'isPermaLink="true"'),
    (re.compile(r"<podcast:person\s[^<>]{1,2000}(?<!/)>"), "<podcast:person>"),
)
_ATOM_ID = re.compile(r"<((?:atom:)?id)(?=[\s>])")
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
    given = feed_entry.given(feed, base)
    return Entries(
        tuple(feed_entry.read(raw, given) for raw in raws[:limit]),
        title=texts.title_to_text(str(feed.get("title") or "")) or None,
        lang=given.lang,
        poll_hint=feed_rhythm.hint(feed),
        rests=feed_rhythm.rests(document),
        damaged=damaged,
    )


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
    parsed.feed["atom"] = str(parsed.get("version")).startswith("atom")
    return parsed.feed, parsed.entries


def _tolerant(document: str) -> Any:
    # No base address: feedparser would join guids to it, and they would change when the feed moves.
    stream = io.BytesIO(_tamed(document).encode("utf-8", "replace"))
    try:
        return feedparser.parse(stream, response_headers=_HEADERS, sanitize_html=False, resolve_relative_uris=False)
    except RecursionError as error:
        raise ParseError("parse", "the feed is nested too deeply") from error
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, LookupError, OverflowError) as error:
        # feedparser promises never to raise, and does: the sentence says so, the cause is chained.
        raise ParseError("parse", f"the feed cannot be read ({type(error).__name__})") from error


def _tamed(document: str) -> str:
    for habit, instead in _MENDS:
        document = habit.sub(instead, document)
    root = repair.ROOT.search(document)
    is_atom = root is not None and root[1].lower() == "feed"
    return _ATOM_ID.sub(r'<\1 isPermaLink="false"', document) if is_atom else document
