"""`GET /sources`: where we read, and how that goes."""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit, urlunsplit

from fastapi import APIRouter

from api.deps import Reading
from api.schemas.common import problems
from api.schemas.others import SourceOut, SourcesOut
from watch.store import reading
from watch.store.tables import Source

router = APIRouter(prefix="/sources", tags=["sources"])


@router.get("", summary="Sources, with their health", responses=problems())
def sources(session: Reading) -> SourcesOut:
    """Every source in force: its state, its last success, its failure in a sentence, its next poll."""
    return SourcesOut(items=[source_out(source) for source in reading.sources(session)])


def source_out(source: Source) -> SourceOut:
    """A source as the API and the page show it."""
    return SourceOut(
        name=source.name,
        kind=source.kind,
        url=_bare(source.url),
        tags=source.tags,
        language=source.lang,
        managed=source.managed,
        state=state(source),
        failures=source.failures,
        failure=source.last_failure,
        message=source.last_message if source.last_failure else None,
        last_poll_at=source.last_poll_at,
        last_success_at=source.last_success_at,
        last_new_at=source.last_new_at,
        next_poll_at=source.next_poll_at,
    )


def state(source: Source) -> Literal["waiting", "ok", "failing", "disabled"]:
    """Where a source stands, in a word; `waiting` was never polled."""
    if not source.enabled:
        return "disabled"
    if source.last_failure:
        return "failing"
    return "ok" if source.last_poll_at else "waiting"


def _bare(url: str | None) -> str | None:
    """The address without user and password, which are nobody's business."""
    if url is None or "@" not in url:
        return url
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
