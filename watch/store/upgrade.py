"""Bring a database to the schema this version needs, or refuse to touch it."""

from __future__ import annotations

from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from watch.errors import StoreError

# Any constant will do; it only has to be the same in every Hune that opens this database.
_ADVISORY_LOCK = 4_857_365


def to_head(engine: Engine) -> None:
    """Run the migrations that are missing, in one transaction; two processes wait for each other.

    Raises StoreError when the database was upgraded by a newer Hune.
    """
    # Most of the time there is nothing to do: a look waits for no writer.
    if _is_at_head(engine):
        return
    with engine.begin() as connection:
        _alone(connection)
        config = _config(connection)
        if _current(connection, config) != ScriptDirectory.from_config(config).get_current_head():
            command.upgrade(config, "head")


def check(engine: Engine) -> None:
    """Raise StoreError unless the schema is the one this version needs."""
    if not _is_at_head(engine):
        raise StoreError("the database needs `hune db upgrade`")


def _is_at_head(engine: Engine) -> bool:
    with engine.execution_options(begin="DEFERRED").connect() as connection:
        config = _config(connection)
        return _current(connection, config) == ScriptDirectory.from_config(config).get_current_head()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("watch.store") / "migrations"))
    config.attributes["connection"] = connection
    return config


def _current(connection: Connection, config: Config) -> str | None:
    current = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if current is not None and current not in known:
        raise StoreError(
            f"the database was upgraded by a newer Hune (schema {current}); install that version or restore a backup"
        )
    return current


def _alone(connection: Connection) -> None:
    # SQLite's BEGIN IMMEDIATE already keeps others out.
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
