"""What labelling changes of items: language, spam, story, topics; and items that could not be labelled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlmodel import Session, col

from watch.store.tables import Item, ItemTopic

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
