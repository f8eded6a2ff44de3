"""The real application over a real store, asked without a socket."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import make
import pytest
from asking import PASSWORD, SETUP, TOML, Client, Clock, World, make_program
from fastapi import FastAPI

from api.app import create_app
from watch import config
from watch.store import Store, keys, passwords, people


@pytest.fixture
def clock(now: datetime) -> Clock:
    return Clock(now)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Client, World]]:
    """One program and one world for tests of a file that only read: a store a test would be slow."""
    store = Store.open(f"sqlite:///{tmp_path_factory.mktemp('shared') / 'hune.db'}")
    yield make_program(store, Clock(make.NOW)), World(store, make.NOW)
    store.close()


@pytest.fixture
def app(sqlite_store: Store, clock: Clock) -> FastAPI:
    return create_app(config.parse(TOML, {}), sqlite_store, now=clock, setup_token=SETUP)


@pytest.fixture
def nobody(app: FastAPI) -> Client:
    return Client(app)


@pytest.fixture
def program(app: FastAPI, sqlite_store: Store, clock: Clock) -> Client:
    """A program with a key that reads."""
    with sqlite_store.session() as session:
        key = keys.create(session, name="test", scopes=["read"], now=clock())
    return Client(app, {"authorization": f"Bearer {key}"})


@pytest.fixture(scope="session")
def sealed() -> str:
    return passwords.seal(PASSWORD)


@pytest.fixture
def claire(app: FastAPI, sqlite_store: Store, clock: Clock, sealed: str) -> Client:
    """An admin who has signed in."""
    with sqlite_store.session() as session:
        people.add(session, name="Claire", sealed=sealed, role="admin", now=clock())
    client = Client(app)
    answer = client.post("/sign-in", data={"name": "Claire", "password": PASSWORD})
    assert answer.status_code == 303
    return client


@pytest.fixture
def world(sqlite_store: Store, now: datetime) -> Iterator[World]:
    return World(sqlite_store, now)
