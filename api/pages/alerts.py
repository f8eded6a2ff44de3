"""Incidents: the list, and one with its reason."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from api.deps import Reading
from api.pages.templating import render
from api.paging import cursor as cursor_of
from api.paging import position
from api.problems import not_found
from watch.store import incidents, mentioned, noticed

router = APIRouter(prefix="/alerts")


@router.get("")
def alerts(request: Request, session: Reading, cursor: Annotated[str | None, Query(max_length=400)] = None) -> Response:
    """Every time a rule held, newest first."""
    rows, following = noticed.page(session, limit=30, after=position(cursor, "alerts page"))
    return render(
        request,
        "alerts.html",
        incidents=rows,
        rules=incidents.rules(session),
        next=f"?cursor={cursor_of(following, 'alerts page')}" if following else None,
    )


@router.get("/{id}")
def alert(request: Request, session: Reading, id: Annotated[int, Path(ge=1, le=2**63 - 1)]) -> Response:
    """One incident: what was seen, what is usual, the mentions that weighed most, and what happened since."""
    found = incidents.find(session, id)
    if found is None:
        raise not_found(f"there is no incident {id}")
    steps = incidents.steps(session, id)
    ids = list(dict.fromkeys(mention for step in steps for mention in step.mentions))[:20]
    opening = next((step for step in steps if step.change == "opened"), None)
    return render(
        request,
        "alert.html",
        incident=found[0],
        rule=found[1],
        brand=found[2],
        steps=steps,
        spike=opening.spike if opening else {},
        mentions=mentioned.load(session, ids),
    )
