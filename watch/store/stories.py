"""Stories of the last days, and which brands each has named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from watch.store.tables import Item, Mention, Story


def recent(session: Session, since: datetime) -> Sequence[Story]:
    """Stories that were still growing at `since`, oldest first."""
    return session.exec(select(Story).where(col(Story.last_seen) >= since).order_by(col(Story.id))).all()


def open_story(session: Session, *, title: str, signature: Sequence[int], at: datetime) -> int:
    """A new story that begins with one item; its id comes back."""
    story = Story(title=title, signature=list(signature), first_seen=at, last_seen=at)
    session.add(story)
    session.flush()
    assert story.id is not None
    return story.id


def grow(session: Session, story_id: int, at: datetime) -> None:
    """One more item tells this story."""
    session.execute(update(Story).where(col(Story.id) == story_id).values(items=Story.items + 1, last_seen=at))


def named(session: Session, story_ids: Iterable[int]) -> set[tuple[int, int]]:
    """(story, brand) pairs that already have a mention."""
    rows = session.exec(
        select(Item.story_id, Mention.brand_id)
        .join(Mention, col(Mention.item_id) == Item.id)
        .where(col(Item.story_id).in_(set(story_ids)))
        .distinct()
    )
    return {(story, brand) for story, brand in rows if story is not None}
