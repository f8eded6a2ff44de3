"""Who looks at a page; and where to send who may not."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote, urlsplit

from fastapi import Depends, FastAPI, Request
from fastapi.responses import RedirectResponse, Response

from api.deps import Now, Running, guest
from watch.store import people
from watch.store.people import Guest


class ElsewhereError(Exception):
    """Not here: the browser is sent to `path`."""

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(path)


def visitor(request: Request, running: Running, at: Now) -> Guest:
    """The person who signed in. Others are sent to the sign-in, or to the set-up while nobody exists."""
    person = guest(request, running, at)
    if person is None:
        raise ElsewhereError(_door(request, running))
    request.state.person = person
    return person


Visitor = Annotated[Guest, Depends(visitor)]


def _door(request: Request, running: Running) -> str:
    with running.store.reading() as session:
        if not people.anyone(session):
            return "/setup"
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return f"/sign-in?next={quote(here, safe='')}" if request.method == "GET" and here != "/" else "/sign-in"


def local(path: str | None) -> str:
    """`path` if it is one of this site, else the home page (bar W15)."""
    if not path or not path.startswith("/") or path.startswith("//") or len(path) > 2000:
        return "/"
    # Browsers read a backslash as a slash, and drop tabs and line ends inside addresses.
    if "\\" in path or not path.isprintable() or " " in path:
        return "/"
    try:
        parts = urlsplit(path)
    except ValueError:
        return "/"
    return path if not parts.scheme and not parts.netloc else "/"


def install(app: FastAPI) -> None:
    """Let `ElsewhereError` become a redirect."""
    app.add_exception_handler(ElsewhereError, _elsewhere)


async def _elsewhere(_request: Request, error: Exception) -> Response:
    assert isinstance(error, ElsewhereError)
    return RedirectResponse(error.path, 303)
