"""The session cookie: HttpOnly, SameSite=Lax, and bound to this host under TLS (bar W04)."""

from __future__ import annotations

from fastapi.responses import Response

from api.service import Service
from watch.store.people import LONGEST


def remember(answer: Response, running: Service, token: str) -> Response:
    """`answer` with the cookie that holds `token`."""
    answer.set_cookie(
        running.cookie,
        token,
        max_age=int(LONGEST.total_seconds()),
        path="/",
        secure=running.https,
        httponly=True,
        samesite="lax",
    )
    return answer


def forget(answer: Response, running: Service) -> Response:
    """`answer`, taking the cookie away."""
    answer.delete_cookie(running.cookie, path="/", secure=running.https, httponly=True, samesite="lax")
    return answer
