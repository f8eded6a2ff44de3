"""Stories: those a new item may tell, how they grow and are forgotten, and which brands each has named."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from watch.store.plain import Plain, plain_of
from watch.store.tables import Item, Mention

TITLE = 120
"""Characters of a text that stand for a title it does not have."""
_CROWDED = 16  # stories; a mark that so many have tells none of them


def alike(session: Session, marks: Collection[int], since: datetime) -> tuple[dict[int, bytes], list[tuple[int, int]]]:
    """The stories that have one of these marks: id → signature, and (story id, mark) of each that is shared.

    Stories that no item joined `since` are forgotten first. Nobody else opens a story until this transaction ends, or
    two copies that come at once would open one each.
    """
    plain = plain_of(session)
    plain.alone("story")
    _forget(plain, since)
    among, value = plain.among("mark", sorted(marks))
    shared = [(row[0], row[1]) for row in plain.rows(f"SELECT story_id, mark FROM story_mark WHERE {among}", [value])]
    among, value = plain.among("id", sorted({story_id for story_id, _ in shared}))
    rows = plain.rows(f"SELECT id, signature FROM story WHERE {among}", [value])
    return {story_id: signature or b"" for story_id, signature in rows}, shared


def open_story(session: Session, *, title: str, signature: bytes, marks: Sequence[int], at: datetime) -> int:
    """A new story that begins with one item, collected `at`; its id comes back."""
    plain = plain_of(session)
    row = (title, signature, plain.time(at), plain.time(at), 1)
    added = plain.insert("story (title, signature, first_seen, last_seen, items)", [row], "RETURNING id")
    story_id: int = added[0][0]
    _mark(plain, story_id, marks)
    return story_id


def remember(session: Session, story_id: int, *, signature: bytes, marks: Sequence[int]) -> None:
    """Know a story by this signature and these marks from now on."""
    plain = plain_of(session)
    plain.run("UPDATE story SET signature = ? WHERE id = ?", [signature, story_id])
    plain.run("DELETE FROM story_mark WHERE story_id = ?", [story_id])
    _mark(plain, story_id, marks)


def grow(session: Session, story_id: int, at: datetime) -> None:
    """One more item, collected `at`, tells this story."""
    plain = plain_of(session)
    last = "CASE WHEN last_seen < ? THEN ? ELSE last_seen END"
    values = [plain.time(at), plain.time(at), story_id]
    plain.run(f"UPDATE story SET items = items + 1, last_seen = {last} WHERE id = ?", values)


def retitle(session: Session, story_ids: Iterable[int | None]) -> None:
    """Give these stories the title of their original: of their items the one that was published first."""
    plain = plain_of(session)
    among, value = plain.among("story_id", sorted({story_id for story_id in story_ids if story_id is not None}))
    name = f"CASE WHEN title <> '' THEN title ELSE substr(text, 1, {TITLE}) END"
    place = "row_number() OVER (PARTITION BY story_id ORDER BY published, id)"
    first = f"SELECT story_id, {name} AS name, {place} AS place FROM item WHERE {among}"
    rows = plain.rows(
        f"SELECT name, id FROM ({first}) AS first JOIN story ON id = story_id WHERE place = 1 AND name <> story.title",
        [value],
    )
    for row in rows:
        plain.run("UPDATE story SET title = ? WHERE id = ?", row)


def named(session: Session, story_ids: Iterable[int]) -> set[tuple[int, int]]:
    """(story, brand) pairs that already have a mention."""
    rows = session.exec(
        select(Item.story_id, Mention.brand_id)
        .join(Mention, col(Mention.item_id) == Item.id)
        .where(col(Item.story_id).in_(set(story_ids)))
        .distinct()
    )
    return {(story, brand) for story, brand in rows if story is not None}


def _mark(plain: Plain, story_id: int, marks: Sequence[int]) -> None:
    """Keep these marks of a story, but for those that too many stories have."""
    among, value = plain.among("mark", marks)
    crowd = f"SELECT mark FROM story_mark WHERE {among} GROUP BY mark HAVING count(*) >= ?"
    crowded = {mark for (mark,) in plain.rows(crowd, [value, _CROWDED])}
    plain.insert("story_mark (story_id, mark)", [(story_id, mark) for mark in marks if mark not in crowded], "")


def _forget(plain: Plain, before: datetime) -> None:
    """Stories that no item joined since `before` take none any more; they and their items stay."""
    locked = "FOR UPDATE SKIP LOCKED" if plain.is_postgresql else ""
    over = f"SELECT id FROM story WHERE signature IS NOT NULL AND last_seen < ? {locked}"
    ids = [story_id for (story_id,) in plain.rows(over, [plain.time(before)])]
    if ids:
        among, value = plain.among("story_id", ids)
        plain.run(f"DELETE FROM story_mark WHERE {among}", [value])
        among, value = plain.among("id", ids)
        plain.run(f"UPDATE story SET signature = NULL WHERE {among}", [value])
