"""The robots.txt of sites, kept for as long as they may be believed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from watch.store.dialect import insert
from watch.store.tables import Robots


def get(session: Session, origin: str) -> Robots | None:
    """What `origin` (`https://host:port`) said when it was last asked."""
    return session.exec(select(Robots).where(col(Robots.origin) == origin)).first()


def naming(session: Session, word: str) -> Sequence[Robots]:
    """Those that hold `word` (lower case), of whatever age."""
    return session.exec(select(Robots).where(func.lower(Robots.text).contains(word))).all()


def put(session: Session, origin: str, *, status: int | None, text: str, asked_at: datetime) -> None:
    """Keep what `origin` said: `status` None when it could not be reached, `text` the file."""
    values = {"status": status, "text": text, "asked_at": asked_at}
    statement = insert(session, Robots).values(origin=origin, **values)
    session.connection().execute(statement.on_conflict_do_update(index_elements=["origin"], set_=values))
