"""A digest, as the mail shows it: in an origin of its own, so that nothing in it can act here."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import Response

from api.deps import Reading
from api.routes.digests import find, rendered

router = APIRouter(prefix="/digests")


@router.get("/{name}/{date}")
def digest(
    session: Reading, name: Annotated[str, Path(max_length=200)], day: Annotated[date, Path(alias="date")]
) -> Response:
    """The frozen digest."""
    return rendered(find(session, name, day), "text/html")
