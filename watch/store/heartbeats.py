"""When each stage last came to its end, for /readyz and the home page."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, select

from watch.store.dialect import insert
from watch.store.tables import Heartbeat

STAGES = ("poll", "label", "evaluate", "digest", "deliver")


def beat(session: Session, stage: str, now: datetime) -> None:
    """Note that `stage` came to its end at `now`."""
    row = insert(session, Heartbeat).values(stage=stage, at=now)
    session.execute(row.on_conflict_do_update(index_elements=["stage"], set_={"at": row.excluded.at}))


def last(session: Session) -> dict[str, datetime]:
    """Stage → when it last came to its end; stages that never did are absent."""
    return {row.stage: row.at for row in session.exec(select(Heartbeat))}
