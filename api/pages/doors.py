"""The two doors: the set-up, while nobody exists, and the sign-in."""

from __future__ import annotations

import logging
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, ConfigDict, SecretStr

from api.deps import Now, Running, guest
from api.pages.cookies import remember
from api.pages.templating import render
from api.pages.visitor import local
from api.service import Service
from watch.errors import Refused
from watch.store import passwords, people

_LOG = logging.getLogger(__name__)
router = APIRouter()


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class SetUp(_Form):
    """What the set-up asks for."""

    token: SecretStr = SecretStr("")
    name: str = ""
    password: SecretStr = SecretStr("")


class SignIn(_Form):
    """What the sign-in asks for; `next` is where to go then."""

    name: str = ""
    password: SecretStr = SecretStr("")
    next: str = "/"


@router.get("/setup")
def show_setup(request: Request, running: Running) -> Response:
    """The form, as long as nobody exists."""
    if _someone(running):
        return RedirectResponse("/sign-in", 303)
    return render(request, "setup.html", name="", mistake=None, open=running.setup_token is not None)


@router.post("/setup")
def set_up(request: Request, running: Running, at: Now, form: Annotated[SetUp, Form()]) -> Response:
    """Create the first person, an admin, for who holds the token that `hune run` printed."""
    if _someone(running):
        return RedirectResponse("/sign-in", 303)
    wait = running.tries.wait(f"setup {_address(request)}", at)
    if wait:
        return _too_often(request, "setup.html", wait, name=form.name, open=running.setup_token is not None)
    token = running.setup_token
    if token is None or not passwords.same(form.token.get_secret_value().strip(), token):
        return _again_setup(request, running, form, "token")
    try:
        return _created(running, at, form)
    except Refused:
        return _again_setup(request, running, form, "person")


def _created(running: Service, at: Now, form: SetUp) -> Response:
    sealed = passwords.seal(form.password.get_secret_value())
    with running.store.session() as session:
        # Asked again inside the transaction: two who hold the token must not both become the first.
        if people.anyone(session):
            return RedirectResponse("/sign-in", 303)
        person = people.add(session, name=form.name, sealed=sealed, role="admin", now=at)
        visit = people.sign_in(session, person, at)
    _LOG.info("event=setup outcome=created person=%s", person.id)
    running.setup_token = None
    return remember(RedirectResponse("/", 303), running, visit)


def _again_setup(request: Request, running: Service, form: SetUp, mistake: str) -> Response:
    return render(
        request, "setup.html", status=400, name=form.name, mistake=mistake, open=running.setup_token is not None
    )


@router.get("/sign-in")
def show_sign_in(
    request: Request, running: Running, at: Now, next: Annotated[str, Query(max_length=2000)] = "/"
) -> Response:
    """The form; who is signed in already goes on."""
    if guest(request, running, at) is not None:
        return RedirectResponse(local(next), 303)
    if not _someone(running):
        return RedirectResponse("/setup", 303)
    return render(request, "sign_in.html", name="", mistake=None, next=local(next))


@router.post("/sign-in")
def sign_in(request: Request, running: Running, at: Now, form: Annotated[SignIn, Form()]) -> Response:
    """Open a session. Unknown names, wrong passwords and disabled people get one answer, in the same time."""
    wait = max(
        running.tries.wait(name, at)
        for name in (f"name {form.name.strip().casefold()[:200]}", f"from {_address(request)}")
    )
    if wait:
        return _too_often(request, "sign_in.html", wait, name=form.name, next=local(form.next))
    with running.store.reading() as session:
        person = people.named(session, form.name)
    right = passwords.opens(form.password.get_secret_value(), person.password if person else None)
    if person is None or person.disabled or not right:
        _LOG.info("event=sign_in outcome=refused")
        return render(request, "sign_in.html", status=401, name=form.name, mistake="wrong", next=local(form.next))
    with running.store.session() as session:
        people.sign_out(session, request.cookies.get(running.cookie, ""))
        token = people.sign_in(session, person, at)
    _LOG.info("event=sign_in outcome=ok person=%s", person.id)
    return remember(RedirectResponse(local(form.next), 303), running, token)


def _too_often(request: Request, template: str, wait: float, **values: object) -> Response:
    answer = render(request, template, status=429, mistake="often", **values)
    answer.headers["retry-after"] = str(int(wait) + 1)
    return answer


def _someone(running: Service) -> bool:
    with running.store.reading() as session:
        return people.anyone(session)


def _address(request: Request) -> str:
    return request.client.host if request.client else "unknown"
