"""`hune db`: upgrade, check, backup, size."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import click

from watch.cli.context import Context, pass_context
from watch.errors import Refused

if TYPE_CHECKING:
    from watch.store import Store


@click.group()
def db() -> None:
    """Upgrade, check, back up, measure the database."""


@db.command()
@pass_context
def upgrade(context: Context) -> None:
    """Bring the database to the schema of this version."""
    context.store()
    click.echo("the database is at the schema of this version")


@db.command()
@pass_context
def check(context: Context) -> None:
    """Count again what is kept as tallies, and ask the database whether it is whole; exit status 1 if not."""
    from watch.store import care, tallies

    with context.store().reading() as session:
        wrong = care.damage(session)
        cells = tallies.differences(session)
    if wrong or cells:
        raise Refused("; ".join([*wrong, *([f"{len(cells)} hours are counted wrong"] if cells else [])]))
    click.echo("the database is whole and its counts are right")


@db.command()
@click.argument("file", type=click.Path(path_type=Path))
@pass_context
def backup(context: Context, file: Path) -> None:
    """Copy the database to FILE while Hune runs."""
    from watch.store import care

    if file.exists():
        raise Refused(f"{file} exists already; it is left as it is")
    store = context.store()
    if store.dialect == "sqlite":
        care.copy(store, file)
    else:
        _dump(store, file)
    click.echo(f"{file} written")


@db.command()
@pass_context
def size(context: Context) -> None:
    """Bytes in all, and rows by table."""
    from watch.store import care

    with context.store().reading() as session:
        click.echo(f"{care.size(session):>14,} bytes")
        for table, rows in care.rows(session).items():
            click.echo(f"{rows:>14,} {table}")


def _dump(store: Store, file: Path) -> None:
    # Through the environment: a command line, with the password in it, is everybody's to read.
    env = {**os.environ, **_libpq(store)}
    try:
        done = subprocess.run(["pg_dump", "--format=custom", f"--file={file}"], capture_output=True, text=True, env=env)
    except FileNotFoundError:
        raise Refused("pg_dump is not installed here; it comes with PostgreSQL's client programs") from None
    if done.returncode:
        raise Refused(f"pg_dump: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'failed'}")


def _libpq(store: Store) -> dict[str, str]:
    address = store.engine.url
    known = {"PGHOST": address.host, "PGPORT": address.port, "PGUSER": address.username}
    known |= {"PGPASSWORD": address.password, "PGDATABASE": address.database}
    return {name: str(value) for name, value in known.items() if value}
