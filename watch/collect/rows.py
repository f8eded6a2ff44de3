"""What the store is given of an entry: an item, an edit of one, a sighting. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from watch.collect.identity import Named
from watch.store.due import Due
from watch.store.plain import Plain

BACKLOG_AGE = timedelta(hours=24)


def item(plain: Plain, source: Due, one: Named, now: datetime) -> tuple[Any, ...]:
    """A new item, as `taken.ITEM` has it."""
    entry = one.entry
    first_time = source.first_success_at is None
    return (
        one.key,
        source.id,
        one.url,
        entry.title,
        entry.full_text or entry.text,
        entry.author,
        entry.image,
        entry.comments_url,
        json.dumps(entry.tags),
        entry.engagement,
        entry.lang,
        plain.time(min(entry.published or now, now)),
        plain.time(min(entry.updated, now)) if entry.updated else None,
        plain.time(now),
        one.digest,
        first_time,
        first_time and (entry.published is None or entry.published < now - BACKLOG_AGE),
    )


def edit(plain: Plain, one: Named, item_id: int, now: datetime) -> tuple[Any, ...]:
    """What an edit changes, as `taken.EDIT` has it, and the item's id."""
    entry = one.entry
    return (
        one.url,
        entry.title,
        entry.full_text or entry.text,
        entry.author,
        entry.image,
        json.dumps(entry.tags),
        entry.engagement,
        one.digest,
        plain.time(min(entry.updated or now, now)),
        item_id,
    )


def sightings(plain: Plain, source: Due, one: Named, ids: Mapping[str, int], now: datetime) -> list[tuple[Any, ...]]:
    """Under which names the source carried the item: its guid and, where it has no address, its words."""
    names = [one.guid] if one.url or one.guid == one.spare else [one.guid, one.spare]
    return [(source.id, name, ids[one.key], plain.time(now)) for name in names]
