"""A decision into the store: the incident, its step with the inputs, and the deliveries it causes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

from sqlmodel import Session

from watch.alerts.incidents import Decision
from watch.alerts.message import News, Quoted, compose
from watch.alerts.quiet import due_at
from watch.model import Message, Severity, Spike
from watch.store import deliveries, incidents, mentions
from watch.store.tables import AlertRule, Brand, Delivery, Incident, IncidentStep

if TYPE_CHECKING:
    from watch.alerts import Desk

_WEIGHED = 10


@dataclass(frozen=True, slots=True)
class Case:
    """A rule, a brand, what was seen, what is open, and what to do about it."""

    rule: AlertRule
    brand: Brand
    spike: Spike
    incident: Incident | None
    decision: Decision


def keep(session: Session, case: Case, desk: Desk, now: datetime) -> None:
    """Write the decision down, within the caller's transaction."""
    if case.decision.change is None:
        _remember(session, case)
        return
    incident = case.incident or _opened(case, now)
    _change(incident, case, now)
    session.add(incident)
    session.flush()
    weighed = mentions.weightiest(session, case.brand.id or 0, case.spike, case.rule.kind, _WEIGHED)
    session.add(_step(incident, case, [one.mention_id for one in weighed], now))
    session.flush()
    quoted = [Quoted(one.snippet, one.source, one.url) for one in weighed]
    _speak(session, incident, case, quoted, desk, now)


def _remember(session: Session, case: Case) -> None:
    """Nothing to tell, but the peak and the beginning of the calm are kept."""
    if case.incident is not None:
        case.incident.calm_since = case.decision.calm_since
        _peak(case.incident, case.spike)
        session.add(case.incident)


def _opened(case: Case, now: datetime) -> Incident:
    return Incident(
        rule_id=case.rule.id or 0,
        brand_id=case.brand.id or 0,
        severity=case.decision.severity,
        opened_at=now,
        observed=case.spike.observed,
        expected=case.spike.expected,
        peak_score=case.spike.score,
    )


def _change(incident: Incident, case: Case, now: datetime) -> None:
    incident.severity = case.rule.severity or case.decision.severity
    incident.calm_since = case.decision.calm_since
    if case.decision.change == "resolved":
        incident.state, incident.resolved_at = "resolved", now
        return
    if case.decision.change == "widened":
        incident.widened_at = now
    _peak(incident, case.spike)


def _peak(incident: Incident, spike: Spike) -> None:
    if spike.score >= incident.peak_score:
        incident.peak_score, incident.observed, incident.expected = spike.score, spike.observed, spike.expected


def _step(incident: Incident, case: Case, mention_ids: Sequence[int], now: datetime) -> IncidentStep:
    return IncidentStep(
        incident_id=incident.id or 0,
        at=now,
        change=case.decision.change or "",
        severity=incident.severity,
        spike={**asdict(case.spike), "until": case.spike.until.isoformat()},
        settings={
            "kind": case.rule.kind,
            "false_alarms": case.rule.false_alarms,
            "minimum": case.rule.minimum,
            "topic": case.rule.topic,
            "source_tag": case.rule.source_tag,
            "lang": case.rule.lang,
        },
        mentions=list(mention_ids),
    )


def _speak(
    session: Session, incident: Incident, case: Case, quoted: Sequence[Quoted], desk: Desk, now: datetime
) -> None:
    if incident.state == "acknowledged" and case.decision.change == "widened":
        return  # someone is on it
    sequence = len(incidents.steps(session, incident.id or 0))
    severity = cast(Severity, incident.severity)
    news = News(
        incident_id=incident.id or 0,
        change=case.decision.change or "",
        kind=case.rule.kind,
        rule=case.rule.name,
        brand=case.brand.name,
        severity=severity,
        spike=case.spike,
        quoted=quoted if case.decision.change != "resolved" else (),
    )
    message = compose(news, desk.voice, sequence=sequence)
    when = due_at(case.rule.quiet, severity, now, ZoneInfo(desk.voice.timezone))
    deliveries.queue(session, _deliveries(incident, case.rule.channels, message, desk.recipients, now, when))


def _deliveries(
    incident: Incident,
    channels: Sequence[str],
    message: Message,
    recipients: Mapping[str, Sequence[str | None]],
    now: datetime,
    when: datetime,
) -> list[Delivery]:
    return [
        deliveries.delivery(
            message,
            kind="alert",
            channel=channel,
            recipient=recipient,
            now=now,
            due_at=when,
            incident_id=incident.id,
        )
        for channel in channels
        for recipient in recipients.get(channel, ())
    ]
