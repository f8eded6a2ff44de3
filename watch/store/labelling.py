"""What labelling changes of items: language, spam, story, topics; items to label again, and those that cannot be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlmodel import Session, col

from watch.store.tables import Item, ItemTopic, Mention

# Stands for a version that no labels have. None would make an item new: its mentions would be counted as today's.
AGAIN = "again"
_SET = ("labels_version", "lang", "spam", "toxic", "story_id")


def unchanged(session: Session, batch: Sequence[Item]) -> set[int]:
    """Ids of those items whose words and labels are still what they were when `batch` was read; locked until written.

    An edit that came in between, or another process that labelled them first, wins.
    """
    was = {item.id: (item.digest, item.labels_version) for item in batch}
    columns = (col(Item.id), col(Item.digest), col(Item.labels_version))
    rows = session.execute(select(*columns).where(col(Item.id).in_(was)).order_by(col(Item.id)).with_for_update())
    return {item_id for item_id, digest, version in rows if was[item_id] == (digest, version)}


def write_items(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Set the labels of items; each row holds `b_id` and `b_<column>` for every column of `_SET`."""
    statement = (
        update(Item)
        .where(col(Item.id) == bindparam("b_id"))
        .values({column: bindparam(f"b_{column}") for column in _SET})
        .execution_options(synchronize_session=False)
    )
    session.connection().execute(statement, list(rows))


def write_topics(session: Session, item_ids: Sequence[int], rows: Sequence[dict[str, Any]]) -> None:
    """Replace the topics of these items."""
    session.execute(delete(ItemTopic).where(col(ItemTopic.item_id).in_(item_ids)))
    if rows:
        session.execute(insert(ItemTopic), list(rows))


def stumble(session: Session, item_id: int, quarantined: str | None) -> None:
    """One more labelling of this item crashed; `quarantined` says why it is left out from now on."""
    session.execute(
        update(Item).where(col(Item.id) == item_id).values(attempts=Item.attempts + 1, quarantined=quarantined)
    )


def ask_again(session: Session, *, brand_id: int | None = None, since: datetime | None = None) -> int:
    """Let items wait for new labels that have some: those with a mention of this brand, published `since`; how many."""
    chosen = select(col(Item.id)).where(col(Item.labels_version).is_not(None), col(Item.quarantined).is_(None))
    if brand_id is not None:
        chosen = chosen.where(col(Item.id).in_(select(col(Mention.item_id)).where(col(Mention.brand_id) == brand_id)))
    if since is not None:
        chosen = chosen.where(col(Item.published) >= since)
    # Locked in the order in which labelling locks them, or two would wait for each other.
    chosen = chosen.order_by(col(Item.id)).with_for_update()
    change = update(Item).where(col(Item.id).in_(chosen)).values(labels_version=AGAIN)
    done = session.execute(change.execution_options(synchronize_session=False))
    return int(done.rowcount)  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult


def waiting(session: Session) -> int:
    """How many items still wait for new labels that somebody asked for."""
    return session.scalar(select(func.count()).where(col(Item.labels_version) == AGAIN)) or 0
