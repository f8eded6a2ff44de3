"""Noticing: rules and the mentions they watch come in; incidents and the deliveries they cause go out.

For each rule and brand, in one transaction: what was heard (store), is it abnormal (spike), what does that change
(incidents), then the incident, its step with the inputs of the decision, and one delivery a recipient. What the
transaction holds is sent by `notify.deliver_due`, and nothing else is.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from sqlmodel import Session

from watch.alerts import record, silence
from watch.alerts.baseline import HISTORY, HOUR
from watch.alerts.incidents import Held, step
from watch.alerts.message import Voice
from watch.alerts.spike import Kind, Setting, detect
from watch.config import EVALUATED
from watch.model import Severity, Spike
from watch.store import Store, heartbeats, incidents, mentions
from watch.store.tables import AlertRule, Brand, Incident

log = logging.getLogger(__name__)

_LOOK_BACK = HISTORY + 48 * HOUR


@dataclass(frozen=True, slots=True)
class Desk:
    """Who hears of incidents, and in which words: channel → its recipients (None: the channel itself)."""

    recipients: Mapping[str, Sequence[str | None]]
    voice: Voice


def evaluate(store: Store, desk: Desk, now: datetime) -> list[str]:
    """Judge every rule at `now`; a line "rule: brand: change" for each incident that changed comes back."""
    with store.reading() as session:
        rules = [rule for rule in incidents.rules(session) if rule.kind in EVALUATED]
        spikes = [rule for rule in rules if rule.kind != "source_silent"]
        pairs = [(rule, brand) for rule in spikes for brand in incidents.brands_of(session, rule)]
    changes = [_judged(store, rule, brand, desk, now) for rule, brand in pairs]
    with store.session() as session:
        for rule in rules:
            if rule.kind == "source_silent":
                silence.tell(session, rule, desk, now)
        for incident in incidents.orphans(session):
            incidents.resolve(session, incident, by="configuration", now=now)
        heartbeats.beat(session, "evaluate", now)
    return [change for change in changes if change]


def _judged(store: Store, rule: AlertRule, brand: Brand, desk: Desk, now: datetime) -> str | None:
    """One rule that cannot be judged must not keep the others, the digest and the mails from their turn."""
    try:
        return _judge(store, rule, brand, desk, now)
    except Exception:
        log.exception("alert rule=%r brand=%r outcome=crashed", rule.name, brand.name)
        return None


def _judge(store: Store, rule: AlertRule, brand: Brand, desk: Desk, now: datetime) -> str | None:
    with store.session() as session:
        spike = look(session, rule, brand, now, ZoneInfo(desk.voice.timezone))
        if spike is None or rule.id is None or brand.id is None:
            return None
        open_now = incidents.held(session, rule.id, brand.id)
        setting = setting_of(rule)
        last = incidents.rests_since(session, rule.id, brand.id)
        decision = step(_held(session, open_now, rule), last, spike, setting, now)
        record.keep(session, record.Case(rule, brand, spike, open_now, decision), desk, now)
    if decision.change:
        log.info("alert rule=%r brand=%r change=%s score=%.2f", rule.name, brand.name, decision.change, spike.score)
    return f"{rule.name}: {brand.name}: {decision.change}" if decision.change else None


def look(session: Session, rule: AlertRule, brand: Brand, now: datetime, zone: ZoneInfo) -> Spike | None:
    """The rule's view of the brand at `now`; None before any source has answered."""
    since = mentions.listening_since(session)
    if since is None or brand.id is None:
        return None
    heard = mentions.heard(
        session,
        brand.id,
        since=now - _LOOK_BACK,
        until=now,
        topic=rule.topic,
        source_tag=rule.source_tag,
        lang=rule.lang,
    )
    pairs = [(one.at, one.sentiment == "negative") for one in heard]
    return detect(pairs, setting_of(rule), listening_since=since, until=now, zone=zone)


def setting_of(rule: AlertRule) -> Setting:
    """What the person chose, as the detector takes it."""
    kind: Kind = "negative_spike" if rule.kind == "negative_spike" else "volume_spike"
    return Setting(kind=kind, false_alarms=rule.false_alarms, minimum=rule.minimum)


def _held(session: Session, incident: Incident | None, rule: AlertRule) -> Held | None:
    if incident is None or incident.id is None:
        return None
    return Held(
        opened_at=incident.opened_at,
        # A severity that a person fixed does not rise, so nothing can widen it.
        severity="critical" if rule.severity else cast(Severity, incident.severity),
        spoke_at=incidents.spoke_at(session, incident.id) or incident.opened_at,
        calm_since=incident.calm_since,
    )
