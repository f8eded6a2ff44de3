"""Bring a database to the schema this version needs."""

from __future__ import annotations

from importlib.resources import files

from sqlalchemy import Connection, Engine, text

from watch.store import schema
from watch.store.plain import Plain

# Any constant will do; it only has to be the same in every Hune that opens this database.
_ADVISORY_LOCK = 4_857_365


def to_head(engine: Engine) -> None:
    """Run the migrations that are missing, in one transaction; two processes wait for each other.

    Raises StoreError when the database was upgraded by a newer Hune.
    """
    with engine.begin() as connection:
        _alone(connection)
        if not schema.is_newest(Plain(connection.connection.driver_connection)):
            _upgrade(connection)


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
