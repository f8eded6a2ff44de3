"""Digests and the state of the store as people look at them; nothing here changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from watch.errors import StoreError
from watch.store import Store, heartbeats
from watch.store.tables import DigestIssue


def issues(session: Session, *, limit: int = 10) -> Sequence[DigestIssue]:
    """The newest digests, latest day first."""
    query = select(DigestIssue).order_by(col(DigestIssue.day).desc(), col(DigestIssue.id).desc()).limit(limit)
    return session.scalars(query).all()


def beats(store: Store) -> dict[str, datetime]:
    """Stage → when it last came to its end. Raises StoreError when the store is broken or at another schema."""
    if not store.is_newest():
        raise StoreError("the database needs `hune db upgrade`")
    with store.plain(reading=True) as plain:
        return heartbeats.last(plain)
