"""Persons and their sign-ins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select
from sqlmodel import Session, col

from watch.errors import Refused
from watch.store import passwords
from watch.store.tables import Person, SignIn

ROLES = ("reader", "editor", "admin")
IDLE, LONGEST = timedelta(hours=12), timedelta(days=30)
_A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Guest:
    """A person whose cookie holds; `stale` says that the visit should be recorded."""

    id: int
    name: str
    role: str
    stale: bool = False


def anyone(session: Session) -> bool:
    """Whether a person exists at all; before that, the service asks to create one."""
    return session.execute(select(col(Person.id)).limit(1)).first() is not None


def add(session: Session, *, name: str, sealed: str, role: str, now: datetime) -> Person:
    """A new person with the hash `sealed`. Raises Refused for a name that is taken, or no role."""
    if role not in ROLES:
        raise Refused(f"{role!r} is no role: {', '.join(ROLES)}")
    name = name.strip()
    if not 1 <= len(name) <= 100 or not name.isprintable():
        raise Refused("a name has 1 to 100 printable characters")
    if named(session, name):
        raise Refused(f"there is already a person named {name!r}")
    person = Person(name=name, password=sealed, role=role, created_at=now)
    session.add(person)
    session.flush()
    return person


def named(session: Session, name: str) -> Person | None:
    """The person of that name."""
    if "\0" in name:  # PostgreSQL has no such text, and nobody has such a name
        return None
    return session.scalars(select(Person).where(col(Person.name) == name.strip())).first()


def everyone(session: Session) -> list[Person]:
    """All persons, by name."""
    return list(session.scalars(select(Person).order_by(col(Person.name))))


def disable(session: Session, name: str) -> None:
    """Shut a person out, and end all their sign-ins. Raises Refused when there is nobody of that name."""
    person = named(session, name)
    if person is None:
        raise Refused(f"there is nobody named {name!r}; `hune users list` shows who is there")
    person.disabled = True
    session.execute(delete(SignIn).where(col(SignIn.person_id) == person.id))


def sign_in(session: Session, person: Person, now: datetime) -> str:
    """Open a session for `person` and return its token, which is not kept. Ends those that ran out."""
    assert person.id is not None
    old = or_(col(SignIn.seen_at) < now - IDLE, col(SignIn.created_at) < now - LONGEST)
    session.execute(delete(SignIn).where(old))
    token = passwords.token()
    session.add(
        SignIn(token_hash=passwords.digest(token), person_id=person.id, created_at=now, seen_at=now),
    )
    return token


def guest(session: Session, token: str, now: datetime) -> Guest | None:
    """Who holds `token`; None when it is unknown, ran out (12 h idle, 30 days in all) or the person is disabled."""
    found = session.execute(
        select(SignIn, Person)
        .join(Person, col(Person.id) == col(SignIn.person_id))
        .where(col(SignIn.token_hash) == passwords.digest(token)),
    ).first()
    if found is None:
        return None
    visit, person = found
    if person.disabled or visit.seen_at < now - IDLE or visit.created_at < now - LONGEST:
        return None
    return Guest(person.id, person.name, person.role, stale=visit.seen_at <= now - _A_MINUTE)


def seen(session: Session, token: str, now: datetime) -> None:
    """The holder of `token` was here."""
    visit = session.get(SignIn, passwords.digest(token))
    if visit is not None:
        visit.seen_at = now


def sign_out(session: Session, token: str) -> None:
    """End the session of `token`: the cookie is worth nothing from now on."""
    session.execute(delete(SignIn).where(col(SignIn.token_hash) == passwords.digest(token)))
