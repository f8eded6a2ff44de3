"""The style sheet and the mark: the only files the pages need."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files

from fastapi import APIRouter
from fastapi.responses import Response

router = APIRouter(prefix="/static", include_in_schema=False)
# The address of the style sheet carries its hash: a browser may keep it for good.
_KEEP = {"cache-control": "public, max-age=31536000, immutable"}


@cache
def _file(name: str) -> bytes:
    return (files("api") / "static" / name).read_bytes()


@cache
def address() -> str:
    """Where the style sheet is, with a part that changes when it does."""
    return f"/static/hune.css?v={hashlib.sha256(_file('hune.css')).hexdigest()[:12]}"


@router.get("/hune.css")
def stylesheet() -> Response:
    """The style sheet."""
    return Response(_file("hune.css"), media_type="text/css", headers=_KEEP)


@router.get("/mark.svg")
def mark() -> Response:
    """The mark: a lookout on a mast."""
    return Response(_file("mark.svg"), media_type="image/svg+xml", headers={"cache-control": "public, max-age=86400"})
