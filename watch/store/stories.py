"""Stories: those a new item may tell, how they grow and are forgotten, and which brands each has named."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import case, delete, func, insert, literal, text, update
from sqlmodel import Session, col, select

from watch.store.dialect import is_postgresql
from watch.store.tables import Item, Mention, Story, StoryMark
from watch.store.types import UtcDateTime

TITLE = 120
"""Characters of a text that stand for a title it does not have."""
ORIGINAL_FIRST = (col(Item.published), col(Item.id))
"""The order of a story's items: the original is the first."""
_AT_ONCE = 2_000  # values a statement: SQLite bounds them
_CROWDED = 64  # stories; a mark that so many have tells none of them


def alike(session: Session, marks: Collection[int], since: datetime) -> tuple[dict[int, bytes], list[tuple[int, int]]]:
    """The stories that have one of these marks: id → signature, and (story id, mark) of each that is shared.

    Stories that no item joined `since` are forgotten first. Nobody else opens a story until this transaction ends, or
    two copies that come at once would open one each.
    """
    if is_postgresql(session):  # SQLite has one writer
        session.execute(text("SELECT pg_advisory_xact_lock(hashtext('story'))"))
    _forget(session, since)
    pair = (col(StoryMark.story_id), col(StoryMark.mark))
    shared: list[tuple[int, int]] = []
    for part in _parts(sorted(marks)):
        shared += [(row.story_id, row.mark) for row in session.execute(select(*pair).where(pair[1].in_(part)))]
    known: dict[int, bytes] = {}
    for part in _parts(sorted({story_id for story_id, _ in shared})):
        rows = session.execute(select(col(Story.id), col(Story.signature)).where(col(Story.id).in_(part)))
        known |= {row.id: row.signature or b"" for row in rows}
    return known, shared


def open_story(session: Session, *, title: str, at: datetime) -> int:
    """A new story that begins with one item, collected `at`; its id comes back."""
    story = Story(title=title, first_seen=at, last_seen=at)
    session.add(story)
    session.flush()
    assert story.id is not None
    return story.id


def remember(session: Session, story_id: int, signature: bytes, marks: Sequence[int]) -> None:
    """Know a story by this signature and these marks from now on, but for marks that too many stories have."""
    session.execute(update(Story).where(col(Story.id) == story_id).values(signature=signature))
    session.execute(delete(StoryMark).where(col(StoryMark.story_id) == story_id))
    crowd = (
        select(col(StoryMark.mark))
        .where(col(StoryMark.mark).in_(marks))
        .group_by(col(StoryMark.mark))
        .having(func.count() >= _CROWDED)
    )
    crowded = set(session.scalars(crowd))
    if told := [{"story_id": story_id, "mark": mark} for mark in marks if mark not in crowded]:
        session.execute(insert(StoryMark), told)


def grow(session: Session, story_id: int, at: datetime) -> None:
    """One more item, collected `at`, tells this story."""
    last = case((col(Story.last_seen) < at, literal(at, UtcDateTime())), else_=col(Story.last_seen))
    session.execute(update(Story).where(col(Story.id) == story_id).values(items=Story.items + 1, last_seen=last))


def retitle(session: Session, story_ids: Iterable[int | None]) -> None:
    """Give these stories the title of their original: of their items the one that was published first."""
    ids = sorted({story_id for story_id in story_ids if story_id is not None})
    first = func.row_number().over(partition_by=col(Item.story_id), order_by=ORIGINAL_FIRST)
    for part in _parts(ids):
        order = select(col(Item.id).label("id"), first.label("place")).where(col(Item.story_id).in_(part)).subquery()
        name = case((col(Item.title) != "", col(Item.title)), else_=func.substr(col(Item.text), 1, TITLE))
        rows = session.execute(
            select(col(Story.id), name)
            .select_from(order)
            .join(Item, col(Item.id) == order.c.id)
            .join(Story, col(Story.id) == col(Item.story_id))
            .where(order.c.place == 1, col(Story.title) != name)
        )
        for story_id, title in rows.all():
            session.execute(update(Story).where(col(Story.id) == story_id).values(title=title))


def named(session: Session, story_ids: Iterable[int]) -> set[tuple[int, int]]:
    """(story, brand) pairs that already have a mention."""
    rows = session.exec(
        select(Item.story_id, Mention.brand_id)
        .join(Mention, col(Mention.item_id) == Item.id)
        .where(col(Item.story_id).in_(set(story_ids)))
        .distinct()
    )
    return {(story, brand) for story, brand in rows if story is not None}


def _forget(session: Session, before: datetime) -> None:
    """Stories that no item joined since `before` take none any more; they and their items stay."""
    over = select(col(Story.id)).where(col(Story.signature).is_not(None), col(Story.last_seen) < before)
    ids = [story_id for story_id in session.scalars(over.with_for_update(skip_locked=True)) if story_id is not None]
    for part in _parts(ids):
        session.execute(delete(StoryMark).where(col(StoryMark.story_id).in_(part)))
        session.execute(update(Story).where(col(Story.id).in_(part)).values(signature=None))


def _parts(values: Sequence[int]) -> Iterator[Sequence[int]]:
    return (values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))
