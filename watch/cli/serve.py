"""`hune serve`: the service alone; and what `hune run` and `hune demo` say when theirs starts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import click

from watch.cli.context import Context, pass_context

if TYPE_CHECKING:
    from api.server import Server
    from watch.store import Store

HOST, PORT = "127.0.0.1", 8765


@click.command()
@click.option("--host", default=HOST, show_default=True, help="Address to listen on.")
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(0, 65535), help="Port to listen on.")
@pass_context
def serve(context: Context, host: str, port: int) -> None:
    """The service alone: pages and API over the store; Ctrl-C ends it."""
    from api.app import create_app
    from api.server import Server

    token = setup_token(context.store())
    app = create_app(context.config(), context.store(), now=_clock(context), setup_token=token)
    server = Server(app, host, port)
    server.bind()
    welcome(server, token)
    server.run()


def _clock(context: Context) -> Callable[[], datetime]:
    """The time of each request; `--now` stands still."""
    return lambda: context.now


def setup_token(store: Store) -> str | None:
    """A fresh one-time token while nobody can sign in yet, else None."""
    from watch.store import passwords, people

    with store.reading() as session:
        return None if people.anyone(session) else passwords.token()[:24]


def welcome(server: Server, token: str | None) -> None:
    """Say where the service is, and how the first person gets in."""
    click.echo(f"Hune listens at {server.url}")
    if token is not None:
        click.echo(f"Nobody can sign in yet: open {server.url}/setup with the one-time token {token}")
