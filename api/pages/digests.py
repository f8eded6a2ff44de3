"""A digest under Hune's header; the mail is framed, in an origin of its own, so that nothing in it can act here."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from api.deps import Reading
from api.guard import CSP
from api.pages.templating import render
from api.routes.digests import CSP as MAIL_CSP
from api.routes.digests import find, rendered

router = APIRouter(prefix="/digests")
Name = Annotated[str, Path(max_length=200)]
Day = Annotated[date, Path(alias="date")]


@router.get("/{name}/{date}")
def digest(request: Request, session: Reading, name: Name, day: Day) -> Response:
    """The page of a digest."""
    find(session, name, day)
    answer = render(request, "digest.html", name=name, day=day)
    answer.headers["content-security-policy"] = f"{CSP}; frame-src 'self'"
    return answer


@router.get("/{name}/{date}/mail")
def mail(session: Reading, name: Name, day: Day) -> Response:
    """The mail, as it was frozen, for the frame."""
    answer = rendered(find(session, name, day), "text/html")
    # A link of the mail opens beside Hune: sites refuse to be framed, and the frame could not come back.
    page = bytes(answer.body).replace(b"<head>", b'<head><base target="_blank">', 1)
    return Response(page, media_type="text/html", headers={"content-security-policy": MAIL_CSP})
