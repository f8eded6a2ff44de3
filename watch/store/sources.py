"""Sources: what is due, whose claim it is, what a poll left behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, delete, func, insert, or_, update
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from watch.errors import Refused
from watch.store.tables import Poll, Source

LEASE = timedelta(minutes=30)
"""A claim that is older belongs to a process that died."""
POLLS_KEPT = 50
# No honest wait is longer (the cap on hints is 7 days, jitter included): a later time was written by a wrong clock.
_LONGEST_WAIT = timedelta(days=8)


def claim(
    session: Session,
    now: datetime,
    token: str,
    *,
    all: bool = False,
    only: str | None = None,
    after: int = 0,
    limit: int = 1_000,
) -> Sequence[Source]:
    """Make due sources ours for a while, in the order of their ids from `after` on, and return them.

    `all` ignores due times, though never a Retry-After; `only` is the name of the one source that is meant. What has
    the address of a due source comes along, due or not: one request serves them all (bar P34).
    """
    due = select(Source.id).where(_may(now), col(Source.id) > after)
    if not all:
        due = due.where(_past(col(Source.next_poll_at), now))
    if only is not None:
        due = due.where(Source.name == only)
    # Two processes on PostgreSQL take different rows; SQLite has one writer at a time.
    if _take(session, due.order_by(col(Source.id)).limit(limit), token, now) and not all and only is None:
        ours = select(Source.url).where(Source.claim == token, col(Source.url).is_not(None))
        twins = select(Source.id).where(_may(now), col(Source.id) > after, col(Source.url).in_(ours))
        _take(session, twins, token, now)
    mine = select(Source).where(Source.claim == token, col(Source.id) > after).order_by(col(Source.id))
    return session.exec(mine).all()


def _take(session: Session, wanted: SelectOfScalar[Any], token: str, now: datetime) -> int:
    ids = wanted.with_for_update(skip_locked=True).scalar_subquery()
    lease = {"claim": token, "claimed_until": now + LEASE}
    return session.connection().execute(update(Source).where(col(Source.id).in_(ids)).values(lease)).rowcount


def waiting(session: Session, now: datetime, *, only: str | None = None) -> Sequence[Source]:
    """Active sources that are not due at `now`, or held, or claimed, or disabled: what a poll would skip."""
    ready = and_(_may(now), _past(col(Source.next_poll_at), now))
    rows = select(Source).where(col(Source.active), ~ready).order_by(col(Source.name))
    return session.exec(rows if only is None else rows.where(Source.name == only)).all()


def _may(now: datetime) -> ColumnElement[bool]:
    return and_(
        col(Source.active),
        col(Source.enabled),
        _past(col(Source.not_before), now),
        _past(col(Source.claimed_until), now),
    )


def _past(column: Any, now: datetime) -> ColumnElement[bool]:
    return or_(column.is_(None), column <= now, column > now + _LONGEST_WAIT)


def held(session: Session, token: str, ids: Sequence[int]) -> set[int]:
    """Those of `ids` that are still ours; the others were taken over, and are not ours to write."""
    rows = select(Source.id).where(Source.claim == token, col(Source.id).in_(ids)).with_for_update()
    return {row for row in session.exec(rows) if row is not None}


def record(session: Session, states: Sequence[Mapping[str, Any]], polls: Sequence[Mapping[str, Any]]) -> None:
    """Write where sources stand after a poll, give the claims back, and keep a row of each poll.

    A state holds `b_id` and `b_<column>`, the same columns in each; a poll the columns of `Poll`.
    """
    if states:
        columns = [name for name in states[0] if name != "b_id"]
        statement = (
            update(Source)
            .where(col(Source.id) == bindparam("b_id"))
            .values({name[2:]: bindparam(name) for name in columns} | {"claim": None, "claimed_until": None})
            .execution_options(synchronize_session=False)
        )
        session.connection().execute(statement, list(states))
    if polls:
        session.connection().execute(insert(Poll), list(polls))


def give_back(session: Session, ids: Sequence[int], token: str) -> None:
    """End our claim on sources that were not polled after all."""
    session.connection().execute(
        update(Source).where(col(Source.id).in_(ids), col(Source.claim) == token).values(claim=None, claimed_until=None)
    )


def claims(session: Session) -> list[str]:
    """The tokens of all claims that stand."""
    return [token for token in session.exec(select(Source.claim).distinct()) if token]


def free(session: Session, tokens: Sequence[str]) -> None:
    """End these claims, whose owners are known to be dead."""
    session.connection().execute(
        update(Source).where(col(Source.claim).in_(tokens)).values(claim=None, claimed_until=None)
    )


def hold(session: Session, ids: Sequence[int], until: datetime) -> None:
    """Do not ask these before `until`: their host asked for rest (bar P38)."""
    session.connection().execute(
        update(Source).where(col(Source.id).in_(ids), _past(col(Source.not_before), until)).values(not_before=until)
    )


def forget_old_polls(session: Session, ids: Sequence[int]) -> None:
    """Keep the last fifty polls of each of these sources."""
    newest_first = func.row_number().over(partition_by=col(Poll.source_id), order_by=col(Poll.id).desc())
    ranked = select(Poll.id, newest_first.label("rank")).where(col(Poll.source_id).in_(ids)).subquery()
    old = select(ranked.c.id).where(ranked.c.rank > POLLS_KEPT)
    session.connection().execute(delete(Poll).where(col(Poll.id).in_(old.scalar_subquery())))


def addresses(session: Session) -> Sequence[tuple[int, str]]:
    """(id, address that is asked) of every active source."""
    rows = session.exec(select(Source).where(col(Source.active), col(Source.url).is_not(None)))
    return [(source.id, address) for source in rows if source.id and (address := asked_address(source))]


MOVES_BELIEVED = 3
"""A permanent redirect is believed once it was seen on so many days (bar P20)."""


def asked_address(source: Source) -> str | None:
    """The address that is asked: where the source has moved to, once that is believed, else its own."""
    return source.moved_to if source.moved_days >= MOVES_BELIEVED and source.moved_to else source.url


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
    rows = select(Poll).where(Poll.source_id == source_id).order_by(col(Poll.id).desc()).limit(POLLS_KEPT)
    return session.exec(rows).all()


def enable(session: Session, name: str) -> None:
    """Poll the source again, from now on and as if nothing had been wrong. Raises Refused."""
    source = get(session, name)
    source.enabled, source.failures = True, 0
    source.next_poll_at = source.last_outcome = source.last_failure = source.last_message = None


def disable(session: Session, name: str) -> None:
    """Stop polling the source; its items stay. Raises Refused."""
    get(session, name).enabled = False
