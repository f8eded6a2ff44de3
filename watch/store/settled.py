"""What stands on labels: what models and rules say, and a person's word over it.

What stands follows from what the models said and from what people said, whatever came first: labelling writes the
models' answers as if nobody had ever spoken, and `settle` lays the words over them, in the same transaction. What lies
beneath a word is kept (`tables.Overruled`), so that a word that is withdrawn gives it back at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import delete, or_, select
from sqlmodel import Session, col

from watch.store import words
from watch.store.tables import Brand, Correction, Item, ItemTopic, Mention, Overruled
from watch.store.tallies import Cell, cell
from watch.store.words import LABELS, Key

Named: TypeAlias = tuple[int, int]
"""Item, brand: a mention."""


def settle(session: Session, items: Iterable[int], *, fresh: Collection[Named] | None = None) -> set[Cell]:
    """Let people's words stand on the labels of `items`, or what lies beneath them where nobody says so any more.

    `fresh`: labelling has just written what models say of all `items`, toward these brands; None: it has not. The
    tally cells touched come back.
    """
    ids = set(items)
    stories = _stories(session, ids)
    said = _said(session, stories)
    beneath = {(row.item_id, row.label, row.brand_id): row for row in _overruled(session, ids)}
    if not said and not beneath:
        return set()
    stories |= {one.item_id: story for one, story in said}
    standing = words.in_force([one for one, _ in said], stories, ids)
    about = standing.keys() | beneath.keys()
    ground = _Ground.of(session, {item for item, _, _ in about}, fresh)
    for key in sorted(about):
        _apply(ground, key, standing.get(key), beneath.get(key))
    session.flush()
    return {cell(one.brand_id, one.published) for of_item in ground.mentions.values() for one in of_item}


def said_of(session: Session, item: int) -> dict[Key, Correction]:
    """What people said last of the labels of an item itself, withdrawals included."""
    rows = select(Correction).where(col(Correction.item_id) == item, col(Correction.label).in_(LABELS))
    return words.latest(session.scalars(rows.order_by(col(Correction.id))))


def spoken(session: Session, items: Collection[int]) -> set[Named]:
    """The mentions of these items on whose sentiment a person's own word stands."""
    rows = select(Correction).where(col(Correction.item_id).in_(items), col(Correction.label) == "sentiment")
    said = words.latest(session.scalars(rows.order_by(col(Correction.id))))
    return {(item, brand) for (item, _, brand), one in said.items() if one.now is not None}


def _stories(session: Session, ids: set[int]) -> dict[int, int | None]:
    rows = session.execute(select(col(Item.id), col(Item.story_id)).where(col(Item.id).in_(ids)))
    return {row.id: row.story_id for row in rows}


def _said(session: Session, stories: Mapping[int, int | None]) -> Sequence[tuple[Correction, int | None]]:
    """All that was said of labels of these items and of the other items of their stories, with those, oldest first."""
    # The stories by their numbers: PostgreSQL does not look a subquery beside an OR up in an index.
    told = {story for story in stories.values() if story is not None}
    rows = session.execute(
        select(Correction, col(Item.story_id))
        .join(Item, col(Item.id) == col(Correction.item_id))
        .where(col(Correction.label).in_(LABELS), or_(col(Item.id).in_(stories), col(Item.story_id).in_(told)))
        .order_by(col(Correction.id))
    )
    return [(one, story) for one, story in rows]


def _overruled(session: Session, ids: set[int]) -> Sequence[Overruled]:
    return session.scalars(select(Overruled).where(col(Overruled.item_id).in_(ids))).all()


@dataclass(frozen=True, slots=True)
class _Ground:
    """The rows that words are laid on. `fresh` as in `settle`."""

    session: Session
    fresh: Collection[Named] | None
    items: dict[int, Item]
    mentions: dict[int, list[Mention]]
    topics: dict[int, list[ItemTopic]]
    since: dict[int, Any]  # brand → since when it is listened for

    @classmethod
    def of(cls, session: Session, ids: set[int], fresh: Collection[Named] | None) -> _Ground:
        # Labelling writes past the session: what it holds of these rows is old.
        anew = {"populate_existing": True}
        mentions: dict[int, list[Mention]] = defaultdict(list)
        for one in session.scalars(select(Mention).where(col(Mention.item_id).in_(ids)).execution_options(**anew)):
            mentions[one.item_id].append(one)
        topics: dict[int, list[ItemTopic]] = defaultdict(list)
        for row in session.scalars(select(ItemTopic).where(col(ItemTopic.item_id).in_(ids)).execution_options(**anew)):
            topics[row.item_id].append(row)
        items = session.scalars(select(Item).where(col(Item.id).in_(ids)))
        brands = session.execute(select(col(Brand.id), col(Brand.created_at)))
        return cls(
            session=session,
            fresh=fresh,
            items={one.id: one for one in items if one.id is not None},
            mentions=mentions,
            topics=topics,
            since={row.id: row.created_at for row in brands},
        )

    def named(self, item: int, brand: int) -> list[Mention]:
        """The mentions of an item: that of a brand, or all of them (0)."""
        return [one for one in self.mentions[item] if brand in (0, one.brand_id)]


def _apply(ground: _Ground, key: Key, word: Correction | None, row: Overruled | None) -> None:
    """One label: the word on it, or what lies beneath."""
    said = _said_now(ground, key, row)
    if said is None or word is None:
        if said is not None:
            _lift(ground, key, said)
        if row is not None:
            ground.session.delete(row)
        return
    if row is None:
        row = Overruled(item_id=key[0], label=key[1], brand_id=key[2], said=said)
    row.said, row.correction_id = said, word.id
    ground.session.add(row)
    _lay(ground, key, word.now)


def _said_now(ground: _Ground, key: Key, row: Overruled | None) -> Any:
    """What the model says of a label: just written, or beneath the word, or standing. None: there is no such label."""
    item, label, brand = key
    if label == "topics":
        here = [[one.topic, one.score, one.by_query] for one in ground.topics[item]]
        return here if row is None or ground.fresh is not None else row.said
    mentions = ground.named(item, brand)
    if not mentions:
        return None
    written = [one for one in mentions if ground.fresh is not None and (item, one.brand_id) in ground.fresh]
    if row is not None and not written:
        return row.said
    one = (written or mentions)[0]
    return one.spam if label == "spam" else {name: getattr(one, name) for name in ("sentiment", "confidence", "sure")}


def _lay(ground: _Ground, key: Key, now: Any) -> None:
    item, label, brand = key
    if label == "sentiment":
        (one,) = ground.named(item, brand)
        one.sentiment, one.confidence, one.sure, one.corrected = now, 1.0, True, True
    elif label == "spam":
        _hide(ground, item, now)
    else:
        _about(ground, item, [[name, 1.0, False] for name in now])


def _lift(ground: _Ground, key: Key, said: Any) -> None:
    item, label, brand = key
    if label == "sentiment":
        (one,) = ground.named(item, brand)
        one.sentiment, one.confidence, one.corrected = said["sentiment"], said["confidence"], False
        one.sure = said.get("sure", True)  # before 0008 nobody asked
    elif label == "spam":
        _hide(ground, item, said)
    else:
        _about(ground, item, said)


def _hide(ground: _Ground, item: int, spam: bool) -> None:
    """Spam is not counted; what is none is counted as if it had never been taken for spam."""
    carried = ground.items[item]
    late = carried.first_page or carried.backlog
    for one in ground.named(item, 0):
        one.spam = spam
        one.counted = not (spam or late or one.reprint or ground.since[one.brand_id] > one.collected)


def _about(ground: _Ground, item: int, topics: Sequence[Sequence[Any]]) -> None:
    session = ground.session
    for row in ground.topics.pop(item, []):
        session.expunge(row)
    session.execute(delete(ItemTopic).where(col(ItemTopic.item_id) == item))
    for name, score, by_query in topics:
        session.add(ItemTopic(item_id=item, topic=name, score=score, by_query=by_query))
