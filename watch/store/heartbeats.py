"""When each stage last came to its end, for /readyz and the home page."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, select

from watch.store.tables import Heartbeat

STAGES = ("poll", "label", "evaluate", "digest", "deliver")


def beat(session: Session, stage: str, now: datetime) -> None:
    """Note that `stage` came to its end at `now`."""
    session.merge(Heartbeat(stage=stage, at=now))


def last(session: Session) -> dict[str, datetime]:
    """Stage → when it last came to its end; stages that never did are absent."""
    return {row.stage: row.at for row in session.exec(select(Heartbeat))}
