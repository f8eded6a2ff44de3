"""Incidents: what is open, what happened to each, and the rules behind them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from watch.store.plain import plain_of
from watch.store.tables import AlertRule, Brand, Incident, IncidentStep

OPEN = ("open", "acknowledged")


def rules(session: Session) -> Sequence[AlertRule]:
    """The alert rules in force."""
    return session.exec(select(AlertRule).where(col(AlertRule.active)).order_by(col(AlertRule.id))).all()


def brands_of(session: Session, rule: AlertRule) -> Sequence[Brand]:
    """The brands a rule watches: its own, or every brand of ours."""
    wanted = col(Brand.id) == rule.brand_id if rule.brand_id is not None else col(Brand.role) == "own"
    return session.exec(select(Brand).where(wanted, col(Brand.active)).order_by(col(Brand.id))).all()


def held(session: Session, rule_id: int, brand_id: int) -> Incident | None:
    """The incident of this rule and brand that is not resolved, if there is one; locked where the database can."""
    plain_of(session).alone(f"rule {rule_id} brand {brand_id}")
    query = select(Incident).where(
        Incident.rule_id == rule_id, Incident.brand_id == brand_id, col(Incident.state).in_(OPEN)
    )
    return session.exec(query.with_for_update()).first()


def rests_since(session: Session, rule_id: int, brand_id: int) -> datetime | None:
    """When this rule last opened an incident for this brand, or a person last closed one, whichever is later."""
    of_pair = (Incident.rule_id == rule_id, Incident.brand_id == brand_id)
    opened = session.exec(select(func.max(Incident.opened_at)).where(*of_pair)).one()
    closed = session.exec(
        select(func.max(IncidentStep.at))
        .join(Incident, col(Incident.id) == IncidentStep.incident_id)
        .where(*of_pair, IncidentStep.change == "resolved", col(IncidentStep.by).is_not(None))
    ).one()
    return max((at for at in (opened, closed) if at is not None), default=None)


def orphans(session: Session) -> Sequence[Incident]:
    """Incidents that nobody judges any more, since their rule or brand is gone."""
    gone = or_(~col(AlertRule.active), ~col(Brand.active))
    query = (
        select(Incident)
        .join(AlertRule, col(AlertRule.id) == Incident.rule_id)
        .join(Brand, col(Brand.id) == Incident.brand_id)
        .where(gone, col(Incident.state).in_(OPEN))
    )
    return session.exec(query).all()


def spoke_at(session: Session, incident_id: int) -> datetime | None:
    """When this incident last opened or widened, that is: sent something."""
    query = (
        select(IncidentStep.at)
        .where(IncidentStep.incident_id == incident_id, col(IncidentStep.change).in_(("opened", "widened")))
        .order_by(col(IncidentStep.at).desc())
    )
    return session.exec(query.limit(1)).first()


def steps(session: Session, incident_id: int) -> Sequence[IncidentStep]:
    """What happened to an incident, in order."""
    query = select(IncidentStep).where(IncidentStep.incident_id == incident_id)
    return session.exec(query.order_by(col(IncidentStep.at), col(IncidentStep.id))).all()


def find(session: Session, incident_id: int, *, to_change: bool = False) -> tuple[Incident, str, str] | None:
    """One incident with the names of its rule and brand; `to_change` keeps others from changing it meanwhile."""
    query = (
        select(Incident, AlertRule.name, Brand.name)
        .join(AlertRule, col(AlertRule.id) == Incident.rule_id)
        .join(Brand, col(Brand.id) == Incident.brand_id)
        .where(Incident.id == incident_id)
    )
    return session.exec(query.with_for_update(of=Incident) if to_change else query).first()


def acknowledge(session: Session, incident: Incident, *, by: str, now: datetime) -> None:
    """Someone is on it: no more messages of widening; it still resolves by itself."""
    incident.state, incident.acknowledged_at, incident.acknowledged_by = "acknowledged", now, by
    _note(session, incident, "acknowledged", by, now)


def resolve(session: Session, incident: Incident, *, by: str | None, now: datetime) -> None:
    """It is over, by a person's word or by calm."""
    incident.state, incident.resolved_at = "resolved", now
    _note(session, incident, "resolved", by, now)


def _note(session: Session, incident: Incident, change: str, by: str | None, now: datetime) -> None:
    session.add(incident)
    assert incident.id is not None
    session.add(IncidentStep(incident_id=incident.id, at=now, change=change, severity=incident.severity, by=by))
