"""`hune models`, and `hune train --corrections`: the models that people's corrections made here."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from watch.cli.context import Context, pass_context
from watch.errors import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from watch.enrich.installed import Version
    from watch.train.taught import Taught


@click.group()
def models() -> None:
    """The models of this installation: versions that corrections made, and the shipped ones."""


@models.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@pass_context
def list_(context: Context, as_json: bool) -> None:
    """Every version, oldest first: when it was made, from how many corrections, its figures, which one is in use."""
    from watch.enrich.classify import default_models
    from watch.enrich.installed import SHIPPED, base_of

    in_use, base = context.installed.in_use, base_of(default_models())
    for one in context.installed.versions():
        row = {**asdict(one), "in_use": one.name == in_use, "fits": one.base == base}
        click.echo(json.dumps(row, ensure_ascii=False) if as_json else _line(one, in_use, base))
    if not as_json:
        click.echo(f"{'*' if in_use == SHIPPED else ' '} {SHIPPED:12}  the models that came with Hune ({base})")


@models.command("use")
@click.argument("version")
@pass_context
def use(context: Context, version: str) -> None:
    """Let VERSION label from the next pass on; `shipped` is what came with Hune.

    Stored items are labelled again by it, newest first. What people said stands.
    """
    from watch.enrich.classify import default_models
    from watch.enrich.installed import base_of

    found = next((one for one in context.installed.versions() if one.name == version), None)
    if found and found.base != base_of(default_models()):
        raise Refused(f"{version} was made from other shipped models than these; `hune train all --corrections` anew")
    context.installed.use(version)
    click.echo(f"{version} labels from the next pass on")


@models.command("back")
@pass_context
def back(context: Context) -> None:
    """Let label again what did before the last change."""
    click.echo(f"{context.installed.back()} labels from the next pass on")


def teach(context: Context, task: str, *, seed: int, now: datetime, force: bool, as_json: bool) -> None:
    """Adapt TASK to the corrections in the store, print before and after, install it if it helps and nothing loses."""
    from watch.enrich.classify import default_models
    from watch.store import corrections
    from watch.train.taught import teach

    with context.store().reading() as session:
        lessons = corrections.lessons(session)
    if context.path.is_file() and context.config().labels.sentiment and task in ("target", "all"):
        click.echo("note: the tone comes from the model that [labels] names, which corrections do not change", err=True)
    done = teach(
        task, lessons, context.installed, shipped=default_models(), seed=seed, now=now, force=force
    )  # fmt: skip
    click.echo(json.dumps(asdict(done), ensure_ascii=False) if as_json else _told(done))
    if not done.installed:
        raise Refused(f"not installed: {'; '.join(done.against)} (--force installs it all the same)")
    for sentence in done.against:
        click.echo(f"installed all the same: {sentence}", err=True)


def _told(done: Taught) -> str:
    from watch.train.figures import table

    said = f"{done.version} labels from the next pass on" if done.installed else f"{done.version} was not installed"
    return f"{table(done.figures)}\n{said}"


def _line(one: Version, in_use: str, base: str) -> str:
    counts = ", ".join(f"{count} for {task}" for task, count in one.corrections.items())
    gains = ", ".join(
        f"{figure['task']} {figure['on']} {figure['lang']}".strip() + f" {figure['before']:.3f} → {figure['after']:.3f}"
        for figure in one.figures
    )
    other = "" if one.base == base else "  (made from other shipped models)"
    return f"{'*' if one.name == in_use else ' '} {one.name:12}  {one.made[:10]}  {counts} corrections; {gains}{other}"
