"""`hune users` and `hune keys`: who signs in, and which programs may ask."""

from __future__ import annotations

import json
import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from watch.cli.context import Context, pass_context

if TYPE_CHECKING:
    from watch.store.tables import ApiKey, Person

_ROLES = ("reader", "editor", "admin")
_SCOPES = ("read", "write", "ingest", "admin")


@click.group()
def users() -> None:
    """People who sign in."""


@users.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(_ROLES), default="reader", show_default=True, help="What they may do.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input, one line.")
@pass_context
def add_user(context: Context, name: str, role: str, password_stdin: bool) -> None:
    """Let NAME sign in; the password (12 to 128 characters) is asked for."""
    from watch.store import passwords, people

    sealed = passwords.seal(_password(password_stdin))
    with context.store().session() as session:
        people.add(session, name=name, sealed=sealed, role=role, now=context.now)
    click.echo(f"{name} can sign in, as {role}")


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    asked: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return asked


@users.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@pass_context
def list_users(context: Context, as_json: bool) -> None:
    """Everyone, by name."""
    from watch.store import people

    with context.store().reading() as session:
        rows = [_person(person) for person in people.everyone(session)]
    _print(rows, as_json, "nobody yet; `hune users add NAME` lets somebody sign in")


def _person(person: Person) -> dict[str, Any]:
    return {
        "name": person.name,
        "role": person.role,
        "disabled": person.disabled,
        "created": _zulu(person.created_at),
    }


@users.command("disable")
@click.argument("name")
@pass_context
def disable_user(context: Context, name: str) -> None:
    """Shut NAME out at once; their sessions end."""
    from watch.store import people

    with context.store().session() as session:
        people.disable(session, name)
    click.echo(f"{name} can no longer sign in")


@click.group()
def keys() -> None:
    """Keys for programs."""


@keys.command("create")
@click.option("--scope", "scopes", multiple=True, required=True, type=click.Choice(_SCOPES), help="Repeat for several.")
@click.option("--name", default="", help="What it is for.")
@click.option("--days", type=click.IntRange(1, 3650), help="It ends after so many days; never without this.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@pass_context
def create_key(context: Context, scopes: tuple[str, ...], name: str, days: int | None, as_json: bool) -> None:
    """Make a key and print it: the only time it can be seen."""
    from watch.store import keys as store

    expires = context.now + timedelta(days=days) if days else None
    with context.store().session() as session:
        key = store.create(session, name=name, scopes=scopes, now=context.now, expires_at=expires)
    if as_json:
        click.echo(json.dumps({"key": key, "id": key.split("_")[1], "scopes": list(scopes), "expires": _zulu(expires)}))
        return
    click.echo(key)
    click.echo("keep it safe: it cannot be shown again", err=True)


@keys.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@pass_context
def list_keys(context: Context, as_json: bool) -> None:
    """Every key, oldest first, without its secret."""
    from watch.store import keys as store

    with context.store().reading() as session:
        rows = [_key(key) for key in store.every(session)]
    _print(rows, as_json, "no key yet; `hune keys create --scope read` makes one")


def _key(key: ApiKey) -> dict[str, Any]:
    return {
        "id": key.id,
        "name": key.name,
        "scopes": key.scopes,
        "created": _zulu(key.created_at),
        "expires": _zulu(key.expires_at),
        "used": _zulu(key.used_at),
        "revoked": _zulu(key.revoked_at),
    }


@keys.command("revoke")
@click.argument("key_id", metavar="ID")
@pass_context
def revoke_key(context: Context, key_id: str) -> None:
    """End a key at once; ID is the part after `hune_`."""
    from watch.store import keys as store

    with context.store().session() as session:
        store.revoke(session, key_id, context.now)
    click.echo(f"key {key_id} is worth nothing from now on")


def _zulu(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None


def _print(rows: list[dict[str, Any]], as_json: bool, empty: str) -> None:
    for row in rows:
        click.echo(json.dumps(row, ensure_ascii=False) if as_json else _line(row))
    if not rows and not as_json:
        click.echo(empty)


def _line(row: dict[str, Any]) -> str:
    first, *rest = row.items()
    told = [f"{key}: {', '.join(value) if isinstance(value, list) else value}" for key, value in rest if value]
    return f"{first[1]}  {'  '.join(told)}"
