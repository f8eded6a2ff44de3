"""Sources, with their health."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.deps import Reading
from api.pages.templating import render
from api.routes.sources import source_out
from watch.store import reading

router = APIRouter(prefix="/sources")
_ORDER = {"failing": 0, "waiting": 1, "ok": 2, "disabled": 3}


@router.get("")
def sources(request: Request, session: Reading) -> Response:
    """Every source, those that fail first."""
    found = [source_out(source) for source in reading.sources(session)]
    return render(request, "sources.html", sources=sorted(found, key=lambda source: _ORDER[source.state]))
