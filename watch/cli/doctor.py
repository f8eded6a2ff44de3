"""`hune doctor`."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click

from watch.cli.context import Context, pass_context

_MARKS = {True: "ok     ", False: "TROUBLE", None: "note   "}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@pass_context
def doctor(context: Context, as_json: bool) -> None:
    """Test sources, mail, channels, models, store and clock; exit status 1 where something is wrong."""
    from watch.doctor import examine

    trouble = False
    for check in examine(context.pipeline(), context.now):
        trouble |= check.well is False
        line = f"{_MARKS[check.well]} {check.subject}: {check.said}"
        click.echo(json.dumps(asdict(check), ensure_ascii=False) if as_json else line)
    if trouble:
        sys.exit(1)
