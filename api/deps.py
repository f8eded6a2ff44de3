"""What routes ask for: the service, the time, a session that reads, and who is asking.

Every router but the public one depends on `may_read`, `may_write` or `visitor`, so that a new route is closed until
somebody opens it (bar W07; a test walks them all).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import Depends, Request
from sqlmodel import Session

from api.problems import ProblemError
from api.service import Service
from watch.store import keys, people
from watch.store.marks import mark

BY_ROLE = {
    "reader": frozenset({"read"}),
    "editor": frozenset({"read", "write"}),
    "admin": frozenset({"read", "write", "ingest", "admin"}),
}
"""What a person may do, by role."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and what they may do."""

    name: str
    scopes: frozenset[str]

    def may(self, scope: str) -> bool:
        """Whether the scope is theirs; `admin` has all."""
        return scope in self.scopes or "admin" in self.scopes


def service(request: Request) -> Service:
    """The running service."""
    running: Service = request.app.state.service
    return running


Running = Annotated[Service, Depends(service)]


def now(running: Running) -> datetime:
    """The time of this request, aware and in UTC."""
    return running.now()


Now = Annotated[datetime, Depends(now)]


def reading(running: Running) -> Iterator[Session]:
    """A session that only reads, for the length of the request."""
    with running.store.reading() as session:
        yield session


Reading = Annotated[Session, Depends(reading)]


def caller(request: Request, running: Running, at: Now) -> Caller:
    """Whose key or cookie it is. 401 for nobody; a cookie only reads, so that no other site can write with it."""
    authorization = request.headers.get("authorization")
    if authorization is not None:
        return _by_key(authorization, running, at)
    person = guest(request, running, at) if request.method in ("GET", "HEAD") else None
    if person is None:
        raise _nobody("send a key: Authorization: Bearer hune_…")
    return Caller(person.name, BY_ROLE[person.role])


def _by_key(authorization: str, running: Service, at: datetime) -> Caller:
    scheme, _, text = authorization.partition(" ")
    with running.store.reading() as session:
        key = keys.known(session, text.strip(), at) if scheme.lower() == "bearer" else None
    if key is None:
        raise _nobody("this key is not known, has expired or was revoked")
    if keys.stale(key, at):
        mark(running.store, partial(keys.used, key_id=key.id, now=at))
    name = f"{key.name} (key {key.id})" if key.name else f"key {key.id}"
    return Caller(name, frozenset(key.scopes))


def _nobody(detail: str) -> ProblemError:
    return ProblemError(401, "unauthorized", detail, headers={"WWW-Authenticate": 'Bearer realm="hune"'})


def guest(request: Request, running: Service, at: datetime) -> people.Guest | None:
    """The person whose cookie came along, if it holds; their visit is recorded once a minute at most."""
    token = request.cookies.get(running.cookie)
    if not token:
        return None
    with running.store.reading() as session:
        person = people.guest(session, token, at)
    if person is not None and person.stale:
        mark(running.store, partial(people.seen, token=token, now=at))
    return person


def may_read(who: Annotated[Caller, Depends(caller)]) -> Caller:
    """Refuse (403) who may not read."""
    if not who.may("read"):
        raise ProblemError(403, "forbidden", "this key may not read; it needs the scope `read`")
    return who


def may_write(who: Annotated[Caller, Depends(caller)]) -> Caller:
    """Refuse (403) who may not write."""
    if not who.may("write"):
        raise ProblemError(403, "forbidden", "this key may not write; it needs the scope `write`")
    return who


Writer = Annotated[Caller, Depends(may_write)]
