"""Sources and digests as people look at them; nothing here changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from watch.store.tables import DigestIssue, Source


def sources(session: Session) -> Sequence[Source]:
    """The sources in force, by name."""
    return session.scalars(select(Source).where(col(Source.active).is_(True)).order_by(col(Source.name))).all()


def issue(session: Session, name: str, day: date) -> DigestIssue | None:
    """The digest of that name and local day, as it was frozen."""
    query = select(DigestIssue).where(col(DigestIssue.name) == name, col(DigestIssue.day) == day)
    return session.scalars(query).first()


def issues(session: Session, *, limit: int = 10) -> Sequence[DigestIssue]:
    """The newest digests, latest day first."""
    query = select(DigestIssue).order_by(col(DigestIssue.day).desc(), col(DigestIssue.id).desc()).limit(limit)
    return session.scalars(query).all()
