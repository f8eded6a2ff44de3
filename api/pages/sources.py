"""Sources, with their health."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.deps import Now, Reading
from api.pages.templating import render
from api.routes.sources import with_health

router = APIRouter(prefix="/sources")
_ORDER = {"failing": 0, "silent": 1, "waiting": 2, "ok": 3, "disabled": 4}


@router.get("")
def sources(request: Request, session: Reading, now: Now) -> Response:
    """Every source, those that fail first."""
    found = with_health(session, now)
    return render(request, "sources.html", sources=sorted(found, key=lambda source: _ORDER[source.state]))
