"""`GET /sources`: where we read, and how that goes."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit, urlunsplit

from fastapi import APIRouter
from sqlmodel import Session

from api.deps import Now, Reading
from api.problems import not_found
from api.schemas.common import problems
from api.schemas.others import PollOut, PollsOut, SourceOut, SourcesOut
from watch.collect.health import Health, health
from watch.errors import Refused
from watch.store import rhythm
from watch.store import sources as stored
from watch.store.tables import Source

router = APIRouter(prefix="/sources", tags=["sources"])


@router.get("", summary="Sources, with their health", responses=problems())
def sources(session: Reading, now: Now) -> SourcesOut:
    """Every source in force: its state, its last success, its failure and what to do about it, its rhythm."""
    return SourcesOut(items=with_health(session, now))


@router.get("/{name}/polls", summary="The last fifty polls of a source", responses=problems(404))
def polls(session: Reading, name: str) -> PollsOut:
    """What each of the last fifty polls of the source `name` brought, newest first."""
    try:
        source = stored.get(session, name)
    except Refused as error:
        raise not_found(str(error)) from error
    return PollsOut(
        items=[PollOut(**row.model_dump(exclude={"id", "source_id"})) for row in stored.polls(session, source.id or 0)]
    )


def with_health(session: Session, now: datetime) -> list[SourceOut]:
    """Every source as the API and the page show it."""
    rows = stored.page(session)
    published = rhythm.recent(session, [row.id for row in rows if row.id is not None])
    return [_source_out(row, health(row, published.get(row.id or 0, []), now)) for row in rows]


def _source_out(source: Source, found: Health) -> SourceOut:
    return SourceOut(
        name=source.name,
        kind=source.kind,
        url=_bare(source.url),
        tags=source.tags,
        language=source.lang,
        managed=source.managed,
        verify_tls=source.options.get("verify_tls", True),
        state="disabled" if found.state == "off" else found.state,
        failures=source.failures,
        failure=source.last_failure,
        message=source.last_message if source.last_failure else None,
        advice=found.advice,
        rhythm=_seconds(found.rhythm),
        silence=_seconds(found.silence),
        last_poll_at=source.last_poll_at,
        last_success_at=source.last_success_at,
        last_new_at=source.last_new_at,
        next_poll_at=source.next_poll_at,
    )


def _seconds(time: timedelta | None) -> int | None:
    return int(time.total_seconds()) if time is not None else None


def _bare(url: str | None) -> str | None:
    """The address without user and password, which are nobody's business."""
    if url is None or "@" not in url:
        return url
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
