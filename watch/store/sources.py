"""Sources as people look after them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, select

from watch.errors import Refused
from watch.store.polls import KEPT
from watch.store.tables import Poll, Source


def page(session: Session) -> Sequence[Source]:
    """Every source that is still declared, by name."""
    return session.exec(select(Source).where(col(Source.active)).order_by(col(Source.name))).all()


def get(session: Session, name: str) -> Source:
    """The source `name`. Raises Refused when there is none."""
    found = session.exec(select(Source).where(Source.name == name)).first()
    if found is None:
        raise Refused(f"there is no source {name!r}; `hune sources list` names them")
    return found


def polls(session: Session, source_id: int) -> Sequence[Poll]:
    """The last fifty polls of a source, newest first."""
    rows = select(Poll).where(Poll.source_id == source_id).order_by(col(Poll.id).desc()).limit(KEPT)
    return session.exec(rows).all()


def enable(session: Session, name: str) -> None:
    """Poll the source again, from now on and as if nothing had been wrong. Raises Refused."""
    source = get(session, name)
    source.enabled, source.failures = True, 0
    source.next_poll_at = source.last_outcome = source.last_failure = source.last_message = None


def disable(session: Session, name: str) -> None:
    """Stop polling the source; its items stay. Raises Refused."""
    get(session, name).enabled = False
