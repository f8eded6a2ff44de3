"""`hune relabel`: the past by the rules of today."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import click

from watch.cli.context import Context, pass_context


@click.command()
@click.option("--brand", help="Only items that name this brand; the other brands they name are labelled again with it.")
@click.option("--since", help="Published then or later: ISO 8601; a date begins in the configured zone.")
@pass_context
def relabel(context: Context, brand: str | None, since: str | None) -> None:
    """Label stored items again, newest first, by the models, queries and word rules of today.

    New models and queries do so by themselves; new word rules wait for this. What people corrected stands, and so
    does what was counted, told and alerted.
    """
    from watch.enrich.again import relabel as again

    begin = _moment(since, ZoneInfo(context.config().hune.timezone)) if since else None
    pipeline = context.pipeline()
    done = again(pipeline.store, pipeline.classifier, context.now, brand=brand, since=begin)
    left = f"; {done.waiting} still wait, for the next pass" if done.waiting else ""
    click.echo(f"{done.asked - min(done.asked, done.waiting)} items labelled again{left}")


def _moment(since: str, zone: ZoneInfo) -> datetime:
    from watch.store.filters import moment

    try:
        return moment(since, zone)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--since") from None
