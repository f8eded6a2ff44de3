"""The OpenAPI description: 3.1, with keys, problems and examples; only for who may read (bar W43)."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse

from api.schemas.common import Problem

_ABOUT = """What was said about your brands, counted and explained.

Send a key with every request: `Authorization: Bearer hune_<id>_<secret>`; `hune keys create --scope read` makes one.
Times are in UTC, ISO 8601, with Z. Lists come in pages: ask again with `cursor` set to the `next` of the page before.
Errors are problems (RFC 9457). Parameters that an address does not know are refused."""

router = APIRouter(tags=["description"])


@router.get("/openapi.json", summary="This description", include_in_schema=False)
def openapi(request: Request) -> JSONResponse:
    """The OpenAPI description of the API."""
    return JSONResponse(request.app.openapi())


def install(app: FastAPI) -> None:
    """Let `app.openapi()` give our description."""

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _describe(app)
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]  # the way FastAPI's documentation gives


def _describe(app: FastAPI) -> dict[str, Any]:
    schema = get_openapi(
        title=app.title, version=app.version, openapi_version="3.1.0", description=_ABOUT, routes=app.routes
    )
    components = schema.setdefault("components", {})
    components["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer", "description": "hune_<id>_<secret>"}}
    components.setdefault("schemas", {})["Problem"] = Problem.model_json_schema()
    for path, operations in schema["paths"].items():
        for operation in operations.values():
            operation["security"] = [{"key": []}] if path.startswith("/api/") else []
    return schema
