"""`hune demo`: the small world, lived through the real pipeline, then open for a visit."""

from __future__ import annotations

import secrets
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from watch.cli.context import Context, pass_context
from watch.cli.serve import HOST, PORT

if TYPE_CHECKING:
    from api.server import Server
    from watch.demo.run import Lived


@click.command()
@click.option("--once", is_flag=True, help="Stop after the digest, and say where things are.")
@click.option("--dir", "folder", default="hune-demo", show_default=True, type=click.Path(path_type=Path), help="Where.")
@click.option("--host", default=HOST, show_default=True, help="Address to listen on.")
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(0, 65535), help="Port to listen on.")
@pass_context
def demo(context: Context, once: bool, folder: Path, host: str, port: int) -> None:
    """A small world without network: forty sources, sixty days, one crisis, the real pipeline."""
    from watch.demo.run import live

    now = (context.clock or datetime.now(UTC)).replace(microsecond=0)
    began = time.monotonic()
    lived = live(folder, now, progress=_progress)
    try:
        _tell(lived, time.monotonic() - began)
        if not once:
            server = _server(lived, host, port, now)
            server.bind()
            click.echo(f"open {server.url} and sign in as demo with the password {_visitor(lived, now)}")
            server.run()
    finally:
        lived.pipeline.store.close()


def _progress(done: int, of: int) -> None:
    if sys.stderr.isatty():
        end = "\n" if done == of else ""
        click.echo(f"\r60 days through the pipeline: {done * 100 // of} %{end}", err=True, nl=False)


def _tell(lived: Lived, seconds: float) -> None:
    from watch.digest import render
    from watch.store import care, noticed

    with lived.pipeline.store.reading() as session:
        rows = care.rows(session)
        found, _ = noticed.page(session)
    click.echo(render.subject(lived.digest))
    click.echo("")
    click.echo(render.text(lived.digest))
    click.echo("")
    click.echo(f"{rows['item']} items, {rows['mention']} mentions, {rows['poll']} polls kept, in {seconds:.0f} s")
    for incident, rule, brand in found:
        end = f", resolved {incident.resolved_at:%d %B %H:%M} UTC" if incident.resolved_at else ", still open"
        seen = f"{incident.observed} seen, {incident.expected:.1f} expected"
        click.echo(
            f"incident {incident.id}: {brand}, {rule}, opened {incident.opened_at:%d %B %H:%M} UTC ({seen}){end}"
        )
    folder = lived.folder.resolve()
    click.echo(f"digest: {folder / 'digest.html'} (and .txt, .json); mails: {folder / 'mails'}")
    click.echo(
        f"go on with it: hune --config {folder / 'sources.toml'} --now {lived.digest.until:%Y-%m-%dT%H:%MZ} mentions"
    )


def _server(lived: Lived, host: str, port: int, now: datetime) -> Server:
    """The service on the demo's own clock: it is `now` there, and goes on from it."""
    from api.app import create_app
    from api.server import Server

    began = time.monotonic()
    app = create_app(
        lived.pipeline.config,
        lived.pipeline.store,
        now=lambda: now + timedelta(seconds=time.monotonic() - began),
    )
    return Server(app, host, port)


def _visitor(lived: Lived, now: datetime) -> str:
    """Someone who may look at everything; the password comes back."""
    from watch.store import passwords, people

    password = "-".join(secrets.token_hex(2) for _ in range(4))
    with lived.pipeline.store.session() as session:
        people.add(session, name="demo", sealed=passwords.seal(password), role="reader", now=now)
    return password
