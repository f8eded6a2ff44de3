"""`hune digest`: build and print a digest, or send what is due."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from watch.cli.context import Context, pass_context

if TYPE_CHECKING:
    from watch.config import Config, DigestConfig
    from watch.model import Digest
    from watch.notify import Told


@click.command()
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help="The local day (default: today).")
@click.option("--name", help="Only this digest (default: every [[digest]]).")
@click.option(
    "--format", "form", type=click.Choice(["text", "html", "json"]), default="text", show_default=True, help="As what."
)
@click.option("--send", is_flag=True, help="Also deliver what is due, once.")
@pass_context
def digest(context: Context, day: datetime | None, name: str | None, form: str, send: bool) -> None:
    """Print the digest of a day: as it was sent, or else built now.

    A digest that has not been sent tells of the time from the hour of the one before to its own hour, or to now.
    """
    plans = _plans(context.config(), name)
    if send:
        for told in _send(context, plans):
            click.echo(f"{told.state} {told.channel} {told.recipient or ''}: {told.reply}", err=True)
    for index, plan in enumerate(plans):
        if index and form == "text":
            click.echo()
        click.echo(_written(_digest(context, plan, day.date() if day else None), form), nl=form != "text")


def _plans(config: Config, name: str | None) -> list[DigestConfig]:
    from watch.config import DigestConfig
    from watch.errors import Refused

    declared = list(config.digest) or [DigestConfig(name="digest", days=frozenset(range(7)))]
    chosen = [plan for plan in declared if name in (None, plan.name)]
    if not chosen:
        known = ", ".join(plan.name for plan in declared)
        raise Refused(f"there is no [[digest]] named {name!r} (there are: {known})")
    return chosen


def _send(context: Context, plans: list[DigestConfig]) -> list[Told]:
    from watch.digest import send_due

    pipeline = context.pipeline()
    wanted = context.config().model_copy(update={"digest": tuple(plans)})
    send_due(context.store(), wanted, context.now)
    return list(pipeline.deliver(context.now))


def _digest(context: Context, plan: DigestConfig, day: date | None) -> Digest:
    from watch.digest import digest_of, setting_of, window
    from watch.digest.render import from_json
    from watch.errors import Refused
    from watch.store import digests

    zone = setting_of(context.config(), plan).zone
    today = context.now.astimezone(ZoneInfo(zone)).date()
    if day is not None and day > today:
        raise Refused(f"the digest of {day} is not written yet: today is {today} in {zone}")
    with context.store().reading() as session:
        issue = digests.issue(session, plan.name, day or today)
        if issue is not None:
            return from_json(issue.content)
        return digest_of(session, context.config(), plan, window(plan, zone, day or today, context.now))


def _written(built: Digest, form: str) -> str:
    from watch.digest import render

    if form == "json":
        return json.dumps(render.as_json(built), ensure_ascii=False)
    return render.html(built) if form == "html" else render.text(built)
