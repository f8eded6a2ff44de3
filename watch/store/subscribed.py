"""Sources that a person added, beside those of sources.toml."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from watch.errors import Refused
from watch.store import declared
from watch.store.tables import Source


def everything(session: Session) -> Sequence[Source]:
    """Every source there is or was, removed ones included."""
    return session.exec(select(Source).order_by(col(Source.id))).all()


def add(session: Session, values: dict[str, Any], *, now: datetime, former: Source | None = None) -> Source:
    """A source of a person with these columns, due at once; `former` is a removed row of the same address, taken up."""
    if former is None:
        source = Source(**values, managed=False, created_at=now)
        session.add(source)
        return source
    for key, value in (values | declared.AFRESH | {"managed": False, "active": True, "enabled": True}).items():
        setattr(former, key, value)
    return former


def remove(session: Session, name: str) -> None:
    """Read the source `name` no more; its items stay. Raises Refused for one that is declared, or is not there."""
    source = session.exec(select(Source).where(Source.name == name, col(Source.active))).first()
    if source is None:
        raise Refused(f"there is no source {name!r}; `hune sources list` names them")
    if source.managed:
        raise Refused(f"{name!r} is declared in sources.toml; remove it there")
    source.active = False
