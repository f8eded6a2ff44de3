"""`hune corrections`: what people said of labels, as training reads it."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from watch.cli.context import Context, pass_context
from watch.cli.mentions import plain

if TYPE_CHECKING:
    from watch.store.corrections import Lesson


@click.group()
def corrections() -> None:
    """What people said of labels."""


@corrections.command("list")
@click.option(
    "--label", multiple=True, type=click.Choice(["sentiment", "topics", "spam"]), help="Only these; repeat it."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@pass_context
def list_(context: Context, label: tuple[str, ...], as_json: bool) -> None:
    """The corrections in force, oldest first, each with its text, as `hune train` learns from them.

    Only what people said themselves: copies of a story that inherited it are not repeated. "now" is the person's
    word, "said" what the model or a rule had said; "spans" are where the brand stands in title + newline + text;
    lines of one "story_id" are of texts that tell the same thing; "edited" says that the words have changed since.
    """
    from watch.store import corrections as store

    with context.store().reading() as session:
        found = [lesson for lesson in store.lessons(session) if not label or lesson.label in label]
    for lesson in found:
        click.echo(json.dumps(_row(lesson), ensure_ascii=False) if as_json else _line(lesson))
    if not found and not as_json:
        click.echo("nobody has corrected a label")


def _row(lesson: Lesson) -> dict[str, Any]:
    return {**asdict(lesson), "at": lesson.at.isoformat().replace("+00:00", "Z")}


def _line(lesson: Lesson) -> str:
    words = lesson.title or lesson.text[:80]
    toward = f" ({lesson.brand})" if lesson.brand else ""
    change = f"{lesson.label}{toward}: {_told(lesson.said)} → {_told(lesson.now)}"
    return plain(f"{lesson.at:%Y-%m-%d %H:%M}  {lesson.by}  {change}  ·  {words}")


def _told(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
