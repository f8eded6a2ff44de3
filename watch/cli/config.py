"""`hune init` and `hune check`."""

from __future__ import annotations

import sys
from importlib.resources import files
from pathlib import Path

import click

from watch.cli.context import Context, pass_context
from watch.errors import ConfigError, Refused


@click.command()
@pass_context
def init(context: Context) -> None:
    """Write a commented sources.toml; never over one that is there."""
    if context.path.exists():
        raise Refused(f"{context.path} exists already; it is left as it is")
    write(context.path)
    click.echo(f"{context.path} written: put your brands and sources in, then `hune check` and `hune run`")


@click.command()
@pass_context
def check(context: Context) -> None:
    """Explain every mistake in sources.toml, with its line, and try its model; exit status 1 if anything is wrong."""
    try:
        config = context.config()
    except ConfigError as error:
        for problem in error.problems:
            click.echo(f"{error.file}: {problem}")
        sys.exit(1)
    if config.labels.sentiment:
        from watch.enrich.heavier import TextModel

        TextModel.load(config.labels.sentiment)
    click.echo(f"{context.path}: {len(config.brand)} brands, {len(config.source)} sources, no mistake")
    for note in config.notes():
        click.echo(f"note: {note}")


def write(path: Path) -> None:
    """Write the commented example to `path`. Raises Refused when that cannot be done."""
    packaged = files("watch") / "_sources.toml"
    text = packaged if packaged.is_file() else files("watch") / ".." / "sources.toml"
    try:
        path.write_text(text.read_text("utf-8"), "utf-8")
    except OSError as error:
        raise Refused(f"cannot write {path}: {error.strerror}") from error
