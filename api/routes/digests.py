"""`GET /digests/{name}/{date}`: the digest as it was frozen, in the form the client accepts."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Header, Path, Request
from fastapi.responses import JSONResponse, Response
from sqlmodel import Session

from api.deps import Reading
from api.negotiate import best
from api.problems import ProblemError, not_found
from api.schemas.common import problems
from watch.model import Digest
from watch.store import digests as stored

router = APIRouter(prefix="/digests", tags=["digests"])
_FORMS = ("application/json", "text/html", "text/plain")
# A mail has its styles inside; nothing else may be in it, and it runs in an origin of its own.
CSP = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)


@router.get(
    "/{name}/{date}",
    summary="The digest of a day",
    response_class=Response,
    responses={
        200: {
            "description": "As it was frozen when it was due: JSON, or the mail as HTML or text.",
            "content": {"application/json": {"schema": {"type": "object"}}, "text/html": {}, "text/plain": {}},
        },
        **problems(404, 406),
    },
)
def digest(
    request: Request,
    session: Reading,
    name: Annotated[str, Path(max_length=200)],
    day: Annotated[date, Path(alias="date", description="The local day, as 2026-11-20.")],
    accept: Annotated[str, Header(description="application/json, text/html or text/plain")] = "*/*",
) -> Response:
    """The same digest as the mail: `application/json` by default, `text/html` or `text/plain` by Accept."""
    form = best(accept, _FORMS)
    if form is None:
        raise ProblemError(406, "not-acceptable", f"accept one of {', '.join(_FORMS)}")
    answer = rendered(find(session, name, day), form)
    answer.headers["vary"] = "Accept"
    return answer


def find(session: Session, name: str, day: date) -> Digest:
    """The frozen digest. ProblemError (404) when there is none of that name and day."""
    from watch.digest import render

    issue = stored.issue(session, name, day)
    if issue is None or not issue.content:
        raise not_found(f"there is no digest {name!r} of {day}")
    return render.from_json(issue.content)


def rendered(digest: Digest, form: str) -> Response:
    """The digest in one of the three forms."""
    from watch.digest import render

    if form == "text/html":
        return Response(render.html(digest), media_type=form, headers={"content-security-policy": CSP})
    if form == "text/plain":
        return Response(render.text(digest), media_type=form)
    return JSONResponse(render.as_json(digest))
