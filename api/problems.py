"""Errors as RFC 9457 problems: `application/problem+json` with type, title, status, detail and instance.

`instance` is the id of the request, which the log and the header X-Request-Id carry too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from watch.errors import QueryError

_MEDIA = "application/problem+json"


class ProblemError(Exception):
    """An answer that is no success; `slug` names its kind in `type`, `more` are members of its own."""

    def __init__(
        self,
        status: int,
        slug: str,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, object] | None = None,
    ) -> None:
        self.status = status
        self.slug = slug
        self.detail = detail
        self.headers = dict(headers or {})
        self.more = dict(more or {})
        super().__init__(detail)


def not_found(what: str) -> ProblemError:
    """404: `what` names the thing, in a sentence."""
    return ProblemError(404, "not-found", what)


def request_id(request: Request) -> str:
    """The id that the guard gave this request."""
    return str(request.scope.get("hune.request_id", "unknown"))


def answer(request: Request, problem: ProblemError) -> Response:
    """The problem as a response: a page for people who look at pages, JSON for programs."""
    if _on_a_page(request):
        from api.pages.templating import render  # pages know problems; problems only know this one page

        page = render(request, "fault.html", status=problem.status, problem=problem, request_id=request_id(request))
        page.headers.update(problem.headers)
        return page
    return _json(request, problem)


def _on_a_page(request: Request) -> bool:
    programs = request.url.path.startswith("/api/") or request.url.path in ("/healthz", "/readyz")
    return not programs and "text/html" in request.headers.get("accept", "")


def _json(request: Request, problem: ProblemError) -> Response:
    body = {
        "type": f"urn:hune:problem:{problem.slug}",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
        "instance": f"urn:uuid:{request_id(request)}",
        **problem.more,
    }
    return JSONResponse(body, problem.status, headers=problem.headers, media_type=_MEDIA)


def install(app: FastAPI) -> None:
    """Let every error of `app` leave as a problem; what nobody foresaw becomes one in the guard."""
    app.add_exception_handler(ProblemError, _on_problem)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(QueryError, _on_query)


async def _on_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, ProblemError)
    return answer(request, error)


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    slugs = {404: "not-found", 405: "method-not-allowed"}
    details = {404: "there is nothing at this address", 405: "this address does not take that method"}
    status = error.status_code
    detail = details.get(status, HTTPStatus(status).description or HTTPStatus(status).phrase)
    return answer(request, ProblemError(status, slugs.get(status, "http"), detail, headers=error.headers))


async def _on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    wrong = [_mistake(entry) for entry in error.errors()]
    first = f"{wrong[0]['where']}: {wrong[0]['message']}" if wrong else "the request cannot be read"
    return answer(request, ProblemError(400, "invalid", first, more={"errors": wrong}))


def _mistake(entry: Mapping[str, Any]) -> dict[str, str]:
    where: Sequence[object] = entry.get("loc", ())
    message = "there is no such field" if entry.get("type") == "extra_forbidden" else str(entry.get("msg", ""))
    return {"where": ".".join(str(part) for part in where[1:]) or "request", "message": message}


async def _on_query(request: Request, error: Exception) -> Response:
    assert isinstance(error, QueryError)
    more = {"position": error.position}
    return answer(request, ProblemError(400, "query", f"q: {error}", more=more))
