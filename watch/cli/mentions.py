"""`hune mentions`: the API's filters as options."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from watch.cli.context import Context, pass_context

if TYPE_CHECKING:
    from watch.store.filters import Sort, Wanted

_SENTIMENTS = ("negative", "neutral", "positive")
_STATUSES = ("new", "to_answer", "answered", "ignored")
_SORTS = ("-published", "published", "-engagement")
_COLUMNS = (
    *(
        "id",
        "brand",
        "published",
        "sentiment",
        "confidence",
        "sure",
        "title",
        "snippet",
        "url",
        "source",
        "kind",
        "author",
    ),
    *("lang", "topics", "department", "story", "reprint", "spam", "engagement", "status", "owner", "note", "tags"),
    *("collected", "item_id", "model_version"),
)
# What a spreadsheet takes for a formula (OWASP, CSV injection): at the start of a cell, also behind white space; and
# inside one, behind what a program that guesses the separator wrong would cut at.
_AT_THE_START = re.compile(r"[\t\r\n]|\s*[=+\-@|%＝＋－＠]")
_AFTER_A_SEPARATOR = re.compile(r"([;|\t\r\n][\s\"']*)(?=[=+\-@|%＝＋－＠])")


@click.command()
@click.option("--brand", multiple=True, help="Name of a brand; repeat it for several.")
@click.option("--q", help="A query in Hune's language, over title and text.")
@click.option("--sentiment", multiple=True, type=click.Choice(_SENTIMENTS), help="Toward the brand.")
@click.option("--topic", multiple=True, help="Name of a topic.")
@click.option("--department", multiple=True, help="Department of a topic.")
@click.option("--source", multiple=True, help="Name of a source that carried it.")
@click.option("--kind", multiple=True, help="Kind of the source.")
@click.option("--lang", multiple=True, help="Language, two letters.")
@click.option("--author", multiple=True, help="Author, exactly.")
@click.option("--story", type=click.IntRange(1), help="Id of a story.")
@click.option("--status", multiple=True, type=click.Choice(_STATUSES), help="Where the answer to it stands.")
@click.option("--tag", multiple=True, help="A tag of the mention, its item or its source.")
@click.option("--since", help="Published then or later: ISO 8601; a date begins in the configured zone.")
@click.option("--until", help="Published before: ISO 8601; a date is included.")
@click.option("--min-confidence", type=click.FloatRange(0, 1), help="At least so sure.")
@click.option(
    "--spam",
    type=click.Choice(["exclude", "only", "include"]),
    default="exclude",
    show_default=True,
    help="Leave spam out, or not.",
)
@click.option(
    "--sort", type=click.Choice(_SORTS), default="-published", show_default=True, help="Newest, oldest, most engaging."
)
@click.option("--limit", type=click.IntRange(0), help="So many at most; 50 on a terminal, all with --json or --csv.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option(
    "--csv", "csv_file", metavar="FILE", type=click.File("w", encoding="utf-8-sig", lazy=False), help="A CSV file."
)
@pass_context
def mentions(
    context: Context, /, sort: Sort, limit: int | None, as_json: bool, csv_file: TextIO | None, **filters: Any
) -> None:
    """Mentions, newest first."""
    from watch.store import listing

    wanted = _wanted(context, filters)
    with context.store().reading() as session:
        found = (_row(mention) for mention in listing.every(session, wanted, sort=sort))
        rows = islice(found, limit if limit is not None else None if as_json or csv_file else 50)
        if csv_file is not None:
            _write_csv(csv_file, rows)
            return
        _print(rows, as_json)


def _wanted(context: Context, filters: dict[str, Any]) -> Wanted:
    from zoneinfo import ZoneInfo

    from watch.store.filters import Wanted, moment

    zone = ZoneInfo(context.config().hune.timezone)
    for name in ("since", "until"):
        try:
            filters[name] = moment(filters[name], zone, end=name == "until") if filters[name] else None
        except ValueError as error:
            raise click.BadParameter(str(error), param_hint=f"--{name}") from None
    return Wanted(**filters)


def _row(mention: Any) -> dict[str, Any]:
    """The mention as the API gives it."""
    from api.schemas.mentions import MentionOut

    row: dict[str, Any] = MentionOut.of(mention).model_dump(mode="json")
    return row


def _print(rows: Iterator[dict[str, Any]], as_json: bool) -> None:
    count = 0
    for row in rows:
        count += 1
        click.echo(json.dumps(row, ensure_ascii=False) if as_json else _lines(row))
    if not count and not as_json:
        click.echo("no mention fits")


def _lines(row: dict[str, Any]) -> str:
    topics = ", ".join(topic["name"] for topic in row["topics"][:3])
    tone = row["sentiment"] if row["sure"] else f"not sure ({row['sentiment']})"
    first = f"{row['published'][:16].replace('T', ' ')}  {tone:<8}  {row['brand']}: {row['title']}"
    rest = "  ·  ".join(str(part) for part in (row["source"], topics, row["url"]) if part)
    return f"{plain(first)}\n    {plain(rest)}"


def plain(text: str) -> str:
    """Without control characters: a title must not steer the terminal."""
    return "".join(char if char.isprintable() else " " for char in text)


def _write_csv(file: TextIO, rows: Iterator[dict[str, Any]]) -> None:
    """Every field quoted, and none that a spreadsheet would run (bar H58)."""
    writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    count = 0
    for row in rows:
        count += 1
        writer.writerow([safe_cell(row[name]) for name in _COLUMNS])
    click.echo(f"{count} mentions written to {Path(file.name).name}", err=True)


def safe_cell(value: Any) -> str:
    """A value as a cell: text that a spreadsheet would run as a formula gets an apostrophe before it."""
    from watch.locale import legible

    if value is None:
        return ""
    if isinstance(value, list):
        value = ", ".join(entry["name"] if isinstance(entry, dict) else str(entry) for entry in value)
    if not isinstance(value, str):
        return str(value)
    text = _AFTER_A_SEPARATOR.sub(r"\1'", legible(value))
    return f"'{text}" if _AT_THE_START.match(text) else text
