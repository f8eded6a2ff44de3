"""The brands and topics in force."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, select

from watch.store.tables import Brand, Topic


def active(session: Session) -> Sequence[Brand]:
    """Brands we listen for, in order of their declaration."""
    return session.exec(select(Brand).where(col(Brand.active)).order_by(col(Brand.id))).all()


def topics(session: Session) -> Sequence[Topic]:
    """Topics that people declared, in order of their declaration."""
    return session.exec(select(Topic).where(col(Topic.active)).order_by(col(Topic.id))).all()
