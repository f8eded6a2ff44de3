"""Items that wait for labels."""

from __future__ import annotations

from sqlmodel import Session, col, select

from watch.store.tables import Item


def to_label(session: Session, version: str, limit: int) -> list[Item]:
    """Items without labels, newest first; then those with labels of another version than `version`.

    Three looks into the index, since no database answers `IS DISTINCT FROM` from one.
    """
    found: list[Item] = []
    unlabelled, column = col(Item.labels_version).is_(None), col(Item.labels_version)
    for condition in (unlabelled, column < version, column > version):
        if len(found) < limit:
            rows = select(Item).where(condition, col(Item.quarantined).is_(None))
            newest = rows.order_by(column.desc(), col(Item.id).desc()).limit(limit - len(found))
            found += session.exec(newest)
    return found
