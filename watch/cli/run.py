"""`hune run`, `hune work`, `hune tick`."""

from __future__ import annotations

import json
import signal
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from watch.cli.context import Context, pass_context
from watch.cli.serve import HOST, PORT

if TYPE_CHECKING:
    from watch.pipeline import Ticked
    from watch.scheduler import Clock


@click.command()
@click.option("--host", default=HOST, show_default=True, help="Address to listen on.")
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(0, 65535), help="Port to listen on.")
@pass_context
def run(context: Context, host: str, port: int) -> None:
    """Everything: scheduler, pipeline and service in one process; Ctrl-C ends it."""
    from api.app import create_app, reconfigure
    from api.server import Server
    from watch.cli import serve
    from watch.cli.config import write

    if not context.path.exists():
        write(context.path)
        click.echo(f"{context.path} written: put your brands and sources in; it is read again when it changes")
    clock = _clock(context)
    token = serve.setup_token(context.store())
    app = create_app(context.config(), context.store(), now=lambda: datetime.now(UTC), setup_token=token)
    clock.reloaded = lambda config: reconfigure(app, config)
    server = Server(app, host, port)
    server.bind()
    serve.welcome(server, token)
    clock.start()
    try:
        server.run()
    finally:
        clock.stop()


@click.command()
@pass_context
def work(context: Context) -> None:
    """Scheduler and pipeline, without the service; Ctrl-C ends it."""
    clock = _clock(context)
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    clock.start()
    click.echo("working; Ctrl-C ends it")
    over.wait()
    clock.stop()


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@pass_context
def tick(context: Context, as_json: bool) -> None:
    """One pass: poll what is due, label, evaluate alerts, build and deliver what waits."""
    done = context.pipeline().tick(context.now)
    click.echo(json.dumps(_counts(done)) if as_json else _sentence(done))
    for change in done.incidents:
        click.echo(f"  {change}")


def _clock(context: Context) -> Clock:
    from watch.scheduler import Clock

    pipeline = context.pipeline()
    # A missing model must be said now, not once a minute in a log.
    _ = pipeline.classifier
    return Clock(pipeline, context.path)


def _counts(done: Ticked) -> dict[str, int]:
    return {
        "polled": len(done.polled),
        "failed": sum(one.outcome == "failed" for one in done.polled),
        "new": sum(one.new for one in done.polled),
        "labelled": done.labelled,
        "incidents": len(done.incidents),
        "digests": done.digests,
        "delivered": sum(one.state == "sent" for one in done.delivered),
    }


def _sentence(done: Ticked) -> str:
    counts = _counts(done)
    return (
        f"{counts['polled']} sources polled ({counts['failed']} failed), {counts['new']} new items, "
        f"{counts['labelled']} labelled, {counts['incidents']} incidents changed, {counts['digests']} digests built, "
        f"{counts['delivered']} messages delivered"
    )
