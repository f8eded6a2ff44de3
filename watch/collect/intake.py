"""take_in: the entries of one source to items, in the transaction it is given.

1. make the entries such that any store can hold them, and name them; 2. those the source carried before: the same, or
edited; 3. those under a key that stands: carried by another source first; 4. the others are new. New and edited items
go into the full-text index at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from watch.collect.identity import Named, key_of_guid, name_entries
from watch.collect.storable import storable
from watch.model import Entries
from watch.query import index_text
from watch.store import items
from watch.store.items import Known
from watch.store.tables import Source

BACKLOG_AGE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a page: entries on it, items that are new, items whose words changed."""

    entries: int = 0
    new: int = 0
    updated: int = 0


def take_in(session: Session, source: Source, entries: Entries, now: datetime) -> Taken:
    """Store what is new or changed among `entries`, collected at `now`.

    What comes with the first successful poll of a source is no reason for an alert; of it, entries older than 24 h or
    without a date are its backlog: stored and labelled, but no news. A date in the future is taken as `now`; an edit
    keeps when the item was published.
    """
    assert source.id is not None
    named = name_entries(source.id, map(storable, entries.entries))
    known = items.seen(session, source.id, [one.guid for one in named] + [one.spare for one in named])
    fresh, edited, counted = _sort(source, named, known)
    new = _add(session, source, fresh, now)
    items.edit(session, [_edit(one, known_, now) for one, known_ in edited])
    items.count(session, [{"b_id": k.id, "b_engagement": one.entry.engagement} for one, k in counted])
    words = [(item_id, one) for one, item_id in new] + [(known_.id, one) for one, known_ in edited]
    items.index(session, [(item_id, _index_text(one)) for item_id, one in words])
    return Taken(len(entries.entries), len(new), len(edited))


Pair = tuple[Named, Known]


def _sort(
    source: Source, named: Iterable[Named], known: Mapping[str, Known]
) -> tuple[list[Named], list[Pair], list[Pair]]:
    fresh: list[Named] = []
    edited: list[Pair] = []
    counted: list[Pair] = []
    for one in named:
        before = known.get(one.guid)
        if before is not None and _is_another(one, before):
            one = _without_guid(source, one)
            before = known.get(one.guid)
        if before is None:
            fresh.append(one)
        elif before.source_id != source.id:
            continue  # its words are those of the source that carried it first
        elif before.digest != one.digest:
            edited.append((one, before))
        elif before.engagement != one.entry.engagement and one.entry.engagement is not None:
            counted.append((one, before))
    return fresh, edited, counted


def _is_another(one: Named, before: Known) -> bool:
    """Some feeds give every entry the same guid: another address and another title are another item."""
    return one.key != before.key and one.key != one.guid and one.entry.title != before.title


def _without_guid(source: Source, one: Named) -> Named:
    assert source.id is not None
    key = one.spare if not one.spare.startswith("# ") else key_of_guid(source.id, one.spare)
    return Named(one.entry, one.url, one.spare, key, one.digest, one.spare)


def _add(session: Session, source: Source, fresh: list[Named], now: datetime) -> list[tuple[Named, int]]:
    assert source.id is not None
    standing = items.by_key(session, [one.key for one in fresh])
    fresh = [_apart(source, one, standing.get(one.key)) for one in fresh]
    rows = [_row(source, one, now) for one in fresh if one.key not in standing]
    added = items.add_new(session, rows)
    late = [one.key for one in fresh if one.key not in standing and one.key not in added]
    ids = {key: known.id for key, known in {**standing, **items.by_key(session, late)}.items()} | added
    sightings = [
        {"source_id": source.id, "guid": one.guid, "item_id": ids[one.key], "first_seen": now} for one in fresh
    ]
    items.saw(session, sightings)
    return [(one, added[one.key]) for one in fresh if one.key in added]


def _apart(source: Source, one: Named, standing: Known | None) -> Named:
    """The same address, from the same source, under a new guid and a new title: another entry on one page."""
    assert source.id is not None
    if standing is None or standing.source_id != source.id or one.guid == one.spare:
        return one
    if standing.title == one.entry.title:
        return one
    return Named(one.entry, one.url, one.guid, key_of_guid(source.id, one.guid), one.digest, one.spare)


def _row(source: Source, one: Named, now: datetime) -> dict[str, Any]:
    entry = one.entry
    published = entry.published
    first_time = source.first_success_at is None
    return {
        "key": one.key,
        "source_id": source.id,
        "url": one.url,
        "title": entry.title,
        "text": entry.full_text or entry.text,
        "author": entry.author,
        "image": entry.image,
        "comments_url": entry.comments_url,
        "tags": list(entry.tags),
        "engagement": entry.engagement,
        "lang": entry.lang,
        "published": min(published or now, now),
        "updated": min(entry.updated, now) if entry.updated else None,
        "collected": now,
        "digest": one.digest,
        "first_page": first_time,
        "backlog": first_time and (published is None or published < now - BACKLOG_AGE),
    }


def _edit(one: Named, before: Known, now: datetime) -> dict[str, Any]:
    entry = one.entry
    return {
        "b_id": before.id,
        "b_title": entry.title,
        "b_text": entry.full_text or entry.text,
        "b_author": entry.author,
        "b_image": entry.image,
        "b_tags": list(entry.tags),
        "b_engagement": entry.engagement,
        "b_digest": one.digest,
        "b_updated": min(entry.updated or now, now),
    }


def _index_text(one: Named) -> str:
    # As `query.Document.body` has it: search and matcher must agree.
    title, words = one.entry.title, one.entry.full_text or one.entry.text
    return index_text(f"{title}\n{words}" if title else words)
