"""The application, put together: routes, errors, guard, description."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from fastapi import APIRouter, Depends, FastAPI
from starlette.middleware import Middleware

from api import description, problems
from api.deps import may_read, may_write
from api.guard import Guard
from api.pages import pages
from api.pages.visitor import install as send_to_the_door
from api.routes import alerts, changes, digests, health, lists, mentions, sources, stats, unsubscribe
from api.service import Service
from api.strict import only_known
from watch.config import Config
from watch.store import Store


def create_app(config: Config, store: Store, *, now: Callable[[], datetime], setup_token: str | None = None) -> FastAPI:
    """The service over `store`.

    `now` gives the time of a request, aware and in UTC. `setup_token` is asked for before the first person is
    created; without one, nobody can be created through the web.
    """
    service = Service(config=config, store=store, now=now, setup_token=setup_token)
    app = FastAPI(
        title="Hune",
        version="1",  # of the API, not of the program
        openapi_url=None,  # served below, to those who may read
        docs_url=None,
        redoc_url=None,
        middleware=[Middleware(Guard, service=service)],
        redirect_slashes=False,
    )
    app.state.service = service
    problems.install(app)
    send_to_the_door(app)
    for family in (health.router, unsubscribe.router, _closed(), _changing(), pages()):
        app.include_router(family)
    description.install(app)
    return app


def reconfigure(app: FastAPI, config: Config) -> None:
    """Let `app` go on with another configuration, after sources.toml was read again."""
    service: Service = app.state.service
    service.config = config


def _closed() -> APIRouter:
    """Everything under /api/v1, for who may read; the check is here, so that no route can forget it."""
    router = APIRouter(prefix="/api/v1", dependencies=[Depends(may_read), Depends(only_known)])
    families = (mentions, stats, alerts, digests, sources, lists, description)
    for family in families:
        router.include_router(family.router)
    return router


def _changing() -> APIRouter:
    """What changes something under /api/v1, for who may write: keys, since a cookie only reads (`deps.caller`)."""
    router = APIRouter(prefix="/api/v1", dependencies=[Depends(may_write), Depends(only_known)])
    router.include_router(changes.router)
    return router
