"""HTML for people: rendered here, without JavaScript; every page but the doors wants a person who signed in."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from api.pages import alerts, corrections, digests, doors, home, leave, mentions, sources, styles
from api.pages.visitor import visitor


def pages() -> APIRouter:
    """All pages. The check is here, so that a new page cannot forget it."""
    router = APIRouter(include_in_schema=False)
    closed = APIRouter(dependencies=[Depends(visitor)])
    for family in (home, mentions, corrections, alerts, sources, digests, leave):
        closed.include_router(family.router)
    router.include_router(closed)
    router.include_router(doors.router)
    router.include_router(styles.router)
    return router
