"""What a digest is made of, and the issues that were made.

An item belongs to the period in which it was *collected*, whatever date it bears; items of a new source's backlog and
spam are left out.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_
from sqlmodel import Session, col, select

from watch.store.departments import concerns
from watch.store.dialect import add_once
from watch.store.tables import (
    AlertRule,
    Brand,
    DigestIssue,
    DigestPlan,
    Incident,
    Item,
    ItemTopic,
    Mention,
    OptOut,
    Poll,
    Setting,
    Source,
    Topic,
)

_SECRET = "unsubscribe"  # noqa: S105  # the name of the row, not what it holds


@dataclass(frozen=True, slots=True)
class Row:
    """A mention with all that a digest may say of it. `rights`: what its source permits to quote."""

    mention_id: int
    item_id: int
    brand_id: int
    title: str
    url: str | None
    source: str
    rights: str
    published: datetime
    collected: datetime
    sentiment: str
    confidence: float
    sure: bool
    snippet: str
    reprint: bool
    status: str
    lang: str | None
    story_id: int | None


@dataclass(frozen=True, slots=True)
class Health:
    """A source that was asked in a period: its last poll there, and when it last had something new."""

    source: str
    outcome: str
    kind: str | None
    http_status: int | None
    last_new_at: datetime | None
    created_at: datetime


def plan(session: Session, name: str, now: datetime) -> DigestPlan:
    """How far the digest `name` has come, locked; one that nobody has heard of begins a day ago."""
    told_until = now - timedelta(days=1)
    add_once(session, DigestPlan, [{"name": name, "told_until": told_until, "managed": True, "active": True}], "name")
    return session.exec(select(DigestPlan).where(DigestPlan.name == name).with_for_update()).one()


def told_until(session: Session, name: str) -> datetime | None:
    """Where the last period of `name` ended; None for a digest that nobody has heard of."""
    return session.exec(select(DigestPlan.told_until).where(DigestPlan.name == name)).first()


def last_day(session: Session, name: str, *, until: date | None = None) -> date | None:
    """The newest local day, up to `until`, that has its issue."""
    query = select(func.max(DigestIssue.day)).where(DigestIssue.name == name)
    return session.exec(query if until is None else query.where(col(DigestIssue.day) <= until)).one()


def issue(session: Session, name: str, day: date) -> DigestIssue | None:
    """The issue of that day, as it was frozen."""
    return session.exec(select(DigestIssue).where(DigestIssue.name == name, DigestIssue.day == day)).first()


def issue_before(session: Session, name: str, day: date) -> DigestIssue | None:
    """The newest issue of a day before `day`."""
    query = select(DigestIssue).where(DigestIssue.name == name, col(DigestIssue.day) < day)
    return session.exec(query.order_by(col(DigestIssue.day).desc()).limit(1)).first()


def claim_issue(
    session: Session, *, name: str, day: date, since: datetime, until: datetime, late: bool, now: datetime
) -> DigestIssue | None:
    """The issue of that day, ours to fill; None when it exists already."""
    values = {"name": name, "day": day, "since": since, "until": until, "late": late, "content": {}, "created_at": now}
    added = add_once(session, DigestIssue, [values], "name", "day")
    return session.get_one(DigestIssue, added[0]) if added else None


def told_items(session: Session, name: str, since: datetime, day: date) -> frozenset[int]:
    """Ids of the items that issues of `name` from before `day`, reaching past `since`, have told."""
    query = select(DigestIssue).where(DigestIssue.name == name, col(DigestIssue.day) < day)
    issues = session.exec(query.where(col(DigestIssue.until) > since))
    return frozenset(item for found in issues for item in found.content.get("items", ()))


def rows(
    session: Session,
    since: datetime,
    until: datetime,
    *,
    departments: Sequence[str] = (),
    laggards: datetime | None = None,
) -> list[Row]:
    """Mentions of active brands collected in [since, until), in the order they were labelled.

    With `laggards`, also those collected in [laggards, since): their labels may have come after their digest.
    """
    columns = (
        Mention.id, Item.id, Mention.brand_id, Item.title, Item.url, Source.name, Source.rights, Mention.published,
        Item.collected, Mention.sentiment, Mention.confidence, Mention.sure, Mention.snippet, Mention.reprint,
        Mention.status, Item.lang, Item.story_id,
    )  # fmt: skip
    query: Any = select(*columns)  # type: ignore[call-overload]  # SQLModel types up to four columns
    query = (
        query.join(Item, col(Item.id) == col(Mention.item_id))
        .join(Source, col(Source.id) == col(Item.source_id))
        .join(Brand, col(Brand.id) == col(Mention.brand_id))
        .where(*_told(laggards or since, until, departments))
        .order_by(col(Mention.id))
    )
    return [Row(*row) for row in session.execute(query)]


def volumes(session: Session, since: datetime, until: datetime, *, departments: Sequence[str] = ()) -> dict[int, int]:
    """Brand id → mentions collected in [since, until)."""
    query = (
        select(Mention.brand_id, func.count())
        .join(Item, col(Item.id) == col(Mention.item_id))
        .join(Brand, col(Brand.id) == col(Mention.brand_id))
        .where(*_told(since, until, departments))
        .group_by(col(Mention.brand_id))
    )
    return {row[0]: row[1] for row in session.execute(query)}


def topics(session: Session, item_ids: Iterable[int]) -> dict[int, list[tuple[str, float]]]:
    """Item id → its topics with their scores, best first."""
    found: dict[int, list[tuple[str, float]]] = {}
    ids = sorted(set(item_ids))
    for start in range(0, len(ids), 500):  # SQLite bounds the variables of a statement
        part = col(ItemTopic.item_id).in_(ids[start : start + 500])
        order = (col(ItemTopic.item_id), col(ItemTopic.score).desc(), col(ItemTopic.topic))
        for row in session.exec(select(ItemTopic).where(part).order_by(*order)):
            found.setdefault(row.item_id, []).append((row.topic, row.score))
    return found


def topic_titles(session: Session) -> Mapping[str, Mapping[str, str]]:
    """Name → language → the words people gave it."""
    return {topic.name: topic.title for topic in session.exec(select(Topic)) if topic.title}


def history_begins(session: Session) -> datetime | None:
    """When the first item was collected."""
    return session.exec(select(Item.collected).order_by(col(Item.collected)).limit(1)).first()


def incidents(session: Session, since: datetime, until: datetime) -> Sequence[tuple[Incident, str, Brand]]:
    """Incidents open at `until`, or opened or resolved in the period, with rule and brand; newest first."""
    query = (
        select(Incident, AlertRule.name, Brand)
        .join(AlertRule, col(AlertRule.id) == col(Incident.rule_id))
        .join(Brand, col(Brand.id) == col(Incident.brand_id))
        .where(col(Incident.opened_at) < until)
        .where(or_(col(Incident.resolved_at).is_(None), col(Incident.resolved_at) >= since))
        .order_by(col(Incident.opened_at).desc(), col(Incident.id).desc())
    )
    return session.exec(query).all()


def health(session: Session, since: datetime, until: datetime) -> list[Health]:
    """Every source asked in [since, until), by name."""
    newest = (
        select(func.max(Poll.id))
        .where(col(Poll.at) >= since, col(Poll.at) < until, col(Poll.outcome) != "skipped")
        .group_by(col(Poll.source_id))
    )
    query: Any = select(Source.name, Poll.outcome, Poll.kind, Poll.http_status, Source.last_new_at, Source.created_at)  # type: ignore[call-overload]  # SQLModel types up to four columns
    query = query.join(Poll, col(Poll.source_id) == col(Source.id)).where(col(Poll.id).in_(newest), col(Source.active))
    return [Health(*row) for row in session.execute(query.order_by(col(Source.name)))]


def opted_out(session: Session, name: str) -> frozenset[str]:
    """Addresses that want `name` no more, in lower case."""
    return frozenset(row.lower() for row in session.exec(select(OptOut.recipient).where(OptOut.digest == name)))


def opt_out(session: Session, name: str, recipient: str, now: datetime) -> None:
    """Note that `recipient` wants `name` no more; however often it is said."""
    row = {"digest": name, "recipient": recipient.lower(), "at": now}
    add_once(session, OptOut, [row], "digest", "recipient")


def secret(session: Session) -> bytes:
    """The key of this store for unsubscribe links, made when it is first needed."""
    fresh = [{"key": _SECRET, "value": secrets.token_hex(32)}]
    add_once(session, Setting, fresh, "key")
    return bytes.fromhex(session.get_one(Setting, _SECRET).value)


def _told(since: datetime, until: datetime, departments: Sequence[str]) -> list[ColumnElement[bool]]:
    conditions = [
        and_(col(Item.collected) >= since, col(Item.collected) < until),
        col(Item.backlog).is_(False),
        col(Mention.spam).is_(False),
        col(Brand.active).is_(True),
    ]
    if departments:
        conditions.append(col(Item.id).in_(select(ItemTopic.item_id).where(concerns(departments))))
    return conditions
