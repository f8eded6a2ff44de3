"""Alembic's entrance: it runs on the connection that `watch.store.upgrade` hands over."""

from __future__ import annotations

from alembic import context
from sqlmodel import SQLModel

import watch.store.tables  # noqa: F401  (fills the metadata)

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,  # SQLite alters a table by copying it
)
context.run_migrations()
