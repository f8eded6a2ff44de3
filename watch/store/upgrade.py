"""Bring a database to the schema this version needs, or refuse to touch it."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from sqlalchemy import Connection, Engine, inspect, text

from watch.errors import StoreError

# Any constant will do; it only has to be the same in every Hune that opens this database.
_ADVISORY_LOCK = 4_857_365


def to_head(engine: Engine) -> None:
    """Run the migrations that are missing, in one transaction; two processes wait for each other.

    Raises StoreError when the database was upgraded by a newer Hune.
    """
    # Most of the time there is nothing to do: a look waits for no writer, and needs no Alembic.
    if _is_at_head(engine):
        return
    with engine.begin() as connection:
        _alone(connection)
        if _current(connection) != revisions()[-1]:
            _upgrade(connection)


def check(engine: Engine) -> None:
    """Raise StoreError unless the schema is the one this version needs."""
    if not _is_at_head(engine):
        raise StoreError("the database needs `hune db upgrade`")


@cache
def revisions() -> tuple[str, ...]:
    """The schemas this version knows, oldest first: the numbers that the files of the migrations begin with."""
    names = (file.name for file in (files("watch.store") / "migrations" / "versions").iterdir())
    return tuple(sorted(name[:4] for name in names if name[:4].isdigit() and name.endswith(".py")))


def _is_at_head(engine: Engine) -> bool:
    with engine.execution_options(begin="DEFERRED").connect() as connection:
        return _current(connection) == revisions()[-1]


def _current(connection: Connection) -> str | None:
    """The schema of the database; None for an empty one. Raises StoreError for one that we do not know."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    current: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if current is not None and current not in revisions():
        raise StoreError(
            f"the database was upgraded by a newer Hune (schema {current}); install that version or restore a backup"
        )
    return current


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    # Alembic's settings are a ConfigParser's, which reads % as the beginning of a name.
    config.set_main_option("script_location", str(files("watch.store") / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _alone(connection: Connection) -> None:
    # SQLite's BEGIN IMMEDIATE already keeps others out.
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
