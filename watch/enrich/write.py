"""Labels into the store: items, topics, mentions, stories, tallies; people's words on top; a transaction a batch."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from watch.enrich import labels as rows
from watch.enrich.labels import Labelled
from watch.enrich.stories import Print, Stories, fingerprint
from watch.store import Store, labelling, mentions, settled, stories, tallies
from watch.store.tables import Item

_STORY_LIVES = timedelta(days=14)
TRIES = 3


def keep(store: Store, version: str, labelled: Sequence[Labelled], now: datetime, *, asked: Collection[int]) -> None:
    """Write what was found out about a batch of items, `asked` about these brands."""
    with store.session() as session:
        ours = labelling.unchanged(session, [one.item for one in labelled])
        # Oldest first: of two reprints in a batch, the earlier one is the story.
        batch = sorted(
            (one for one in labelled if one.item.id in ours), key=lambda one: (one.item.published, one.item.id or 0)
        )
        told = _tell(session, batch, now)
        ids = [one.item.id for one in batch if one.item.id is not None]
        standing = mentions.of_items(session, ids)
        written = _mentions(session, batch, version, told)
        labelling.write_items(session, [rows.item_row(one, version, told[one.item.id or 0]) for one in batch])
        stories.retitle(session, told.values())
        labelling.write_topics(session, ids, [row for one in batch for row in rows.topic_rows(one)])
        touched = mentions.write(session, written, standing, asked, settled.spoken(session, ids))
        # Last: what people said stands over what was just written.
        touched |= settled.settle(session, ids, fresh={(row["item_id"], row["brand_id"]) for row in written})
        tallies.recount(session, touched)


def stumble(store: Store, item: Item, reason: str) -> None:
    """The models choked on this item: count it, and leave the item out after `TRIES` times."""
    with store.session() as session:
        labelling.stumble(session, item.id or 0, reason if item.attempts + 1 >= TRIES else None)


def _tell(session: Session, batch: Sequence[Labelled], now: datetime) -> dict[int, int | None]:
    """Item id → its story; only items that name a brand are told apart."""
    told = {one.item.id or 0: one.item.story_id for one in batch}
    fresh = [(one.item, fingerprint(one.body)) for one in batch if one.mentions and one.item.story_id is None]
    if not fresh:
        return told
    marks = {mark for _, words in fresh for mark in words.marks}
    known = Stories.of(*stories.alike(session, marks, now - _STORY_LIVES))
    return told | {item.id or 0: _story(session, known, item, words) for item, words in fresh}


def _story(session: Session, known: Stories, item: Item, words: Print) -> int:
    found = known.find(words)
    if found is None:
        title = item.title or item.text[: stories.TITLE]
        found = stories.open_story(session, title=title, signature=words.packed(), marks=words.marks, at=item.collected)
    else:
        stories.grow(session, found, item.collected)
        if not known.is_longer(words, found):
            return found
        stories.remember(session, found, signature=words.packed(), marks=words.marks)
    known.add(found, words)
    return found


def _mentions(
    session: Session, batch: Sequence[Labelled], version: str, told: dict[int, int | None]
) -> list[dict[str, Any]]:
    named = stories.named(session, (story for story in told.values() if story is not None))
    written: list[dict[str, Any]] = []
    for one in batch:
        story = told[one.item.id or 0]
        before = {brand: (story, brand) in named for brand, _, _ in one.mentions}
        first_time = one.item.labels_version is None
        written += rows.mention_rows(one, version, first_time=first_time, named_before=before)
        named |= {(story, brand) for brand, _, _ in one.mentions if story is not None}
    return written
