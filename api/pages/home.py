"""The overview: how things stand now."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.deps import Now, Reading, Running
from api.pages.templating import render
from watch.store import heartbeats, noticed, reading, stats
from watch.store import sources as stored

router = APIRouter()


@router.get("/")
def home(request: Request, session: Reading, running: Running, at: Now) -> Response:
    """Brands today against their usual, what is open, the newest digests, and whether the river flows."""
    sources = stored.page(session)
    brands = stats.today(session, now=at, zone=running.zone)
    return render(
        request,
        "home.html",
        brands=brands,
        most=max([1.0, *(value for brand in brands for value in (brand.total, brand.usual or 0))]),
        incidents=noticed.page(session, states=("open", "acknowledged"), limit=10)[0],
        issues=reading.issues(session, limit=7),
        digests=running.config.digest,
        beats=heartbeats.last(session),
        sources=sources,
        failing=[source for source in sources if source.enabled and source.last_failure],
    )
