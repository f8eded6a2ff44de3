"""Signing out."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.deps import Running
from api.pages.cookies import forget
from watch.store import people

router = APIRouter()


@router.post("/sign-out")
def sign_out(request: Request, running: Running) -> Response:
    """The session ends on the server; the cookie is worth nothing from now on."""
    with running.store.session() as session:
        people.sign_out(session, request.cookies.get(running.cookie, ""))
    return forget(RedirectResponse("/sign-in", 303), running)
