"""`GET /alerts` and `GET /alerts/{id}`: incidents, with the reason."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query

from api.deps import Reading
from api.paging import cursor as cursor_of
from api.paging import position
from api.problems import not_found
from api.schemas.common import problems
from api.schemas.others import IncidentDetailOut, IncidentOut, IncidentsOut, StepOut
from watch.store import incidents, noticed
from watch.store.tables import Incident

router = APIRouter(prefix="/alerts", tags=["alerts"])


@router.get("", summary="Incidents, newest first", responses=problems(400))
def alerts(
    session: Reading,
    state: Annotated[
        tuple[Literal["open", "acknowledged", "resolved"], ...], Query(description="Where it stands.")
    ] = (),
    brand: Annotated[tuple[str, ...], Query(description="Name of a brand.")] = (),
    limit: Annotated[int, Query(ge=1, le=200, description="Incidents a page.")] = 50,
    cursor: Annotated[str | None, Query(description="`next` of the page before.")] = None,
) -> IncidentsOut:
    """Every time a rule held for a brand."""
    question = f"alerts {state} {brand}"
    after = position(cursor, question)
    rows, following = noticed.page(session, states=state, brands=brand, limit=limit, after=after)
    return IncidentsOut(items=[_incident(*row) for row in rows], next=cursor_of(following, question))


@router.get("/{id}", summary="One incident, with the reason", responses=problems(404))
def alert(session: Reading, id: Annotated[int, Path(ge=1, le=2**63 - 1)]) -> IncidentDetailOut:
    """What was seen, what was usual, how unlikely that is, and everything that happened since."""
    found = incidents.find(session, id)
    if found is None:
        raise not_found(f"there is no incident {id}")
    steps = [StepOut.model_validate(step, extra="ignore") for step in incidents.steps(session, id)]
    reason = next((step.spike for step in steps if step.change == "opened"), {})
    return IncidentDetailOut(**_incident(*found).model_dump(), reason=reason, steps=steps)


def _incident(incident: Incident, rule: str, brand: str) -> IncidentOut:
    names: dict[str, Any] = {"rule": rule, "brand": brand}
    own = {name: getattr(incident, name) for name in IncidentOut.model_fields if name not in names}
    return IncidentOut(**own, **names)
