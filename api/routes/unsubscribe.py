"""`/unsubscribe/{token}`: GET shows a button, POST does it, without cookie and without redirect (RFC 8058)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from api.deps import Now, Running
from api.pages.templating import render
from watch.errors import Refused

router = APIRouter(prefix="/unsubscribe", tags=["digests"], include_in_schema=False)
Token = Annotated[str, Path(min_length=1, max_length=1000)]


@router.get("/{token}", summary="A button to leave a digest")
def ask(request: Request, token: Token) -> Response:
    """Nothing happens yet: programs that look at links in mails must not unsubscribe anybody."""
    return render(request, "unsubscribe.html", done=False)


@router.post("/{token}", summary="Leave a digest")
def leave(request: Request, running: Running, at: Now, token: Token) -> Response:
    """The recipient of the token gets no more of that digest; a token that is not ours changes nothing."""
    from watch.digest.unsubscribe import unsubscribe

    try:
        with running.store.session() as session:
            unsubscribe(session, token, at)
    except Refused:
        return render(request, "unsubscribe.html", status=404, done=False, unknown=True)
    return render(request, "unsubscribe.html", done=True)
