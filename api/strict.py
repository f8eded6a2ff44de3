"""Parameters that a route does not know are refused: a misspelt filter must not answer with everything."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from api.problems import ProblemError
from watch.config.suggest import did_you_mean


def only_known(request: Request) -> None:
    """Refuse (400) the first query parameter that the route does not declare, and say which was meant."""
    route = request.scope.get("route")
    known = set(_names(route.dependant)) if isinstance(route, APIRoute) else set()
    for name in request.query_params:
        if name not in known:
            detail = f"unknown parameter `{name[:60]}`{did_you_mean(name, known)}"
            raise ProblemError(400, "unknown-parameter", detail, more={"parameter": name[:60], "known": sorted(known)})


def _names(dependant: Dependant) -> Iterator[str]:
    yield from (field.alias for field in dependant.query_params)
    for inner in dependant.dependencies:
        yield from _names(inner)
