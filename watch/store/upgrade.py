"""Bring a database to the schema this version needs."""

from __future__ import annotations

from importlib.resources import files

from sqlalchemy import Connection, Engine

from watch.store import schema
from watch.store.plain import Plain


def to_head(engine: Engine) -> None:
    """Run the migrations that are missing, in one transaction; two processes wait for each other.

    Raises StoreError when the database was upgraded by a newer Hune.
    """
    with engine.begin() as connection:
        plain = Plain(connection.connection.driver_connection)
        plain.alone("upgrade")
        if not schema.is_newest(plain):
            _upgrade(connection)


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    # Alembic's settings are a ConfigParser's, which reads % as the beginning of a name.
    config.set_main_option("script_location", str(files("watch.store") / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
