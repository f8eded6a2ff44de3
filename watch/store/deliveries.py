"""The outbox: one row a message and recipient, from `queued` to `sent` or `dead`.

A row is claimed with a lease and a token, sent outside of any transaction, and recorded by whoever holds the token: a
process that slept past its lease cannot write. States: queued, claimed, uncertain (the peer may have taken it; same id
again in ten minutes), sent, dead.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from watch.model import Message
from watch.store.dialect import add_once
from watch.store.tables import Channel, Delivery

LEASE = timedelta(minutes=5)
"""How long a claim holds; longer than any send may take."""
PATIENCE = 5
"""Tries after which a message no longer holds back the later ones of its channel."""
_WAITING = ("queued", "uncertain")


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is ours to try; `token` proves it. `attempts` counts this try; `tried_at` the first one."""

    id: int
    token: str
    message: Message
    kind: str
    channel: str
    recipient: str | None
    attempts: int
    created_at: datetime
    due_at: datetime
    tried_at: datetime


def delivery(
    message: Message,
    *,
    kind: str,
    channel: str,
    recipient: str | None,
    now: datetime,
    due_at: datetime | None = None,
    incident_id: int | None = None,
    issue_id: int | None = None,
) -> Delivery:
    """A row for `queue`: `message` to one recipient of one channel, not before `due_at` (default: now)."""
    return Delivery(
        key="|".join((message.id, channel, recipient or "")),
        message_id=message.id,
        kind=kind,
        incident_id=incident_id,
        issue_id=issue_id,
        channel=channel,
        recipient=recipient,
        message=asdict(message),
        created_at=now,
        due_at=due_at or now,
        history=[_event(now, "queued", None)],
    )


def queue(session: Session, rows: Iterable[Delivery]) -> int:
    """Add deliveries to the outbox, in the caller's transaction; those that stand already stay. How many are new."""
    values = [row.model_dump(exclude={"id"}) for row in rows]
    return len(add_once(session, Delivery, values, "key"))


def claim(session: Session, now: datetime, limit: int = 1, *, without: Collection[str] = ()) -> list[Claimed]:
    """Take up to `limit` due deliveries, oldest first, none of the channels `without`.

    Order is kept per channel and recipient: a message waits while an older one is being tried (see PATIENCE).
    """
    query = (
        select(Delivery)
        .where(_ready(now), ~_held_back(now), col(Delivery.channel).not_in(list(without)))
        .order_by(col(Delivery.due_at), col(Delivery.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [_take(row, now) for row in session.exec(query).all()]


def sent(session: Session, claimed: Claimed, now: datetime, reply: str) -> bool:
    """The peer took it. False when the claim is no longer ours, and then nothing is written."""
    done = _record(session, claimed, now, "sent", reply, sent_at=now)
    if done:
        _flag(session, claimed.channel, None)
    return done


def uncertain(session: Session, claimed: Claimed, now: datetime, reply: str, due_at: datetime) -> bool:
    """The peer may have taken it: the same message again at `due_at`. False when the claim is no longer ours."""
    return _record(session, claimed, now, "uncertain", reply, due_at=due_at)


def retry(session: Session, claimed: Claimed, now: datetime, reply: str, due_at: datetime) -> bool:
    """It did not leave: again at `due_at`. False when the claim is no longer ours."""
    return _record(session, claimed, now, "queued", reply, due_at=due_at)


def dead(session: Session, claimed: Claimed, now: datetime, reply: str, *, flag: bool = False) -> bool:
    """It will not leave; `flag` shows the reason on its channel. False when the claim is no longer ours."""
    done = _record(session, claimed, now, "dead", reply)
    if done and flag:
        _flag(session, claimed.channel, reply)
    return done


def of_incident(session: Session, incident_id: int) -> Sequence[Delivery]:
    """What was sent, or will be, because of an incident; oldest first."""
    return session.exec(select(Delivery).where(Delivery.incident_id == incident_id).order_by(col(Delivery.id))).all()


def of_issue(session: Session, issue_id: int) -> Sequence[Delivery]:
    """The deliveries of one digest, in the order of its recipients."""
    return session.exec(select(Delivery).where(Delivery.issue_id == issue_id).order_by(col(Delivery.id))).all()


def recent(session: Session, limit: int = 50) -> Sequence[Delivery]:
    """The newest deliveries, newest first."""
    return session.exec(select(Delivery).order_by(col(Delivery.id).desc()).limit(limit)).all()


def _ready(now: datetime) -> ColumnElement[bool]:
    waiting = and_(col(Delivery.state).in_(_WAITING), col(Delivery.due_at) <= now)
    return or_(waiting, and_(col(Delivery.state) == "claimed", col(Delivery.claimed_until) < now))


def _held_back(now: datetime) -> ColumnElement[bool]:
    """An older message to the same place is on its way. One that only waits for its hour holds nothing back."""
    older = aliased(Delivery)
    same_place = and_(
        col(older.channel) == col(Delivery.channel),
        col(older.recipient).is_not_distinct_from(col(Delivery.recipient)),
    )
    trying = and_(col(older.state).in_((*_WAITING, "claimed")), col(older.attempts) < PATIENCE)
    begun = or_(col(older.attempts) > 0, col(older.due_at) <= now)
    return exists().where(col(older.id) < col(Delivery.id), same_place, trying, begun)


def _take(row: Delivery, now: datetime) -> Claimed:
    if row.state == "claimed":
        row.history = [*row.history, _event(now, "uncertain", "whoever was sending it stopped half-way")]
    row.state, row.claim = "claimed", secrets.token_hex(8)
    row.claimed_until = now + LEASE
    row.attempts += 1
    tried = [event["at"] for event in row.history if event["state"] != "queued" or event["reply"]]
    assert row.id is not None
    return Claimed(
        id=row.id,
        token=row.claim,
        message=Message(**row.message),
        kind=row.kind,
        channel=row.channel,
        recipient=row.recipient,
        attempts=row.attempts,
        created_at=row.created_at,
        due_at=row.due_at,
        tried_at=datetime.fromisoformat(tried[0]) if tried else now,
    )


def _record(session: Session, claimed: Claimed, now: datetime, state: str, reply: str, **changes: datetime) -> bool:
    ours = (col(Delivery.id) == claimed.id, col(Delivery.state) == "claimed", col(Delivery.claim) == claimed.token)
    row = session.exec(select(Delivery).where(*ours).with_for_update()).first()
    if row is None:
        return False
    row.state, row.reply, row.claim, row.claimed_until = state, reply, None, None
    row.history = [*row.history, _event(now, state, reply)]
    for column, value in changes.items():
        setattr(row, column, value)
    return True


def _event(at: datetime, state: str, reply: str | None) -> dict[str, Any]:
    return {"at": at.isoformat(), "state": state, "reply": reply}


def _flag(session: Session, channel: str, reason: str | None) -> None:
    changed = and_(col(Channel.name) == channel, col(Channel.flagged).is_distinct_from(reason))
    session.execute(update(Channel).where(changed).values(flagged=reason))
