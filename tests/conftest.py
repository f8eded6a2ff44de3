"""Fixtures that every room uses: a store on each database, the shared data where it is."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import postgres
import psycopg
import pytest
from shared_data import SHARED

from watch.store import Store

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
_RUN = "HUNE_TEST_RUN"


def pytest_configure(config: pytest.Config) -> None:
    # The workers of xdist inherit the environment: one folder, one PostgreSQL for all of them.
    if not hasattr(config, "workerinput"):
        os.environ[_RUN] = tempfile.mkdtemp(prefix="hune-tests-")


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput") and (folder := os.environ.pop(_RUN, None)):
        postgres.stop(Path(folder))
        shutil.rmtree(folder, ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    absent = pytest.mark.skip(reason="the labelled data is not here: set HUNE_SHARED to its folder")
    for item in items:
        if SHARED is None and item.get_closest_marker("shared"):
            item.add_marker(absent)


@pytest.fixture
def now() -> datetime:
    """A Friday noon in November."""
    return NOW


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """A PostgreSQL server for the whole run: HUNE_TEST_POSTGRES, or one that we start."""
    given = os.environ.get("HUNE_TEST_POSTGRES")
    if given:
        return given
    if postgres.missing():
        pytest.skip(
            "PostgreSQL is not installed (Debian: apt-get install postgresql): its half of the tests is NOT run"
        )
    return postgres.start(Path(os.environ[_RUN]))


@pytest.fixture(scope="session")
def _template(postgres_url: str) -> str:
    """A migrated database to copy: quicker than migrating one a test."""
    name = f"template_{uuid.uuid4().hex[:12]}"
    _execute(postgres_url, f'CREATE DATABASE "{name}"')
    Store.open(_database(postgres_url, name)).close()
    return name


@pytest.fixture
def postgres_store(postgres_url: str, _template: str) -> Iterator[Store]:
    """An empty store on PostgreSQL."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    _execute(postgres_url, f'CREATE DATABASE "{name}" TEMPLATE "{_template}"')
    store = Store.open(_database(postgres_url, name), upgrade=False)
    yield store
    store.close()
    _execute(postgres_url, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def sqlite_store(tmp_path: Path) -> Iterator[Store]:
    """An empty store on SQLite."""
    store = Store.open(f"sqlite:///{tmp_path / 'hune.db'}")
    yield store
    store.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Store:
    """An empty store, once on each database."""
    found: Store = request.getfixturevalue("sqlite_store" if request.param == "sqlite" else "postgres_store")
    return found


def _database(server: str, name: str) -> str:
    head, _, query = server.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{name}{'?' + query if query else ''}"


def _execute(server: str, statement: str) -> None:
    with psycopg.connect(_database(server, "postgres"), autocommit=True) as connection:
        connection.execute(statement.encode())
