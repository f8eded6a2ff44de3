"""Incidents page by page."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, or_, select
from sqlmodel import Session, col

from watch.store.listing import Position
from watch.store.tables import AlertRule, Brand, Incident

Row = tuple[Incident, str, str]  # with the names of rule and brand


def page(
    session: Session,
    *,
    states: Sequence[str] = (),
    brands: Sequence[str] = (),
    limit: int = 50,
    after: Position | None = None,
) -> tuple[list[Row], Position | None]:
    """Incidents that opened last first, and where the next page begins (None: nowhere)."""
    opened, identity = col(Incident.opened_at), col(Incident.id)
    query = (
        select(Incident, col(AlertRule.name), col(Brand.name))
        .join(AlertRule, col(AlertRule.id) == col(Incident.rule_id))
        .join(Brand, col(Brand.id) == col(Incident.brand_id))
        .order_by(opened.desc(), identity.desc())
        .limit(limit + 1)
    )
    if states:
        query = query.where(col(Incident.state).in_(states))
    if brands:
        query = query.where(col(Brand.name).in_(brands))
    if after is not None:
        query = query.where(and_(opened <= after.key, or_(opened < after.key, identity < after.id)))
    rows: list[Row] = [(incident, rule, brand) for incident, rule, brand in session.execute(query)]
    if len(rows) <= limit:
        return rows, None
    last = rows[limit - 1][0]
    assert last.id is not None
    return rows[:limit], Position(last.opened_at, last.id)
