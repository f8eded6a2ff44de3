"""`hune sources add`, `discover`, `remove`, `import`, `export`: the sources that people add."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from watch.cli.context import Context, pass_context
from watch.errors import Refused

if TYPE_CHECKING:
    from watch.collect.discover import Discovered
    from watch.collect.opml import Outline
    from watch.collect.outcome import Seen
    from watch.collect.subscribe import Shelf, Verdict


@click.command()
@click.argument("url")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@pass_context
def discover(context: Context, url: str, as_json: bool) -> None:
    """The feeds of the address URL: itself, those it names, those its platform has, and usual places."""
    told = _find(context, _with_scheme(url))
    for found in told.feeds:
        row = {name: getattr(found, name) for name in ("url", "how", "title", "entries", "lang")}
        line = f"{found.url}  {found.title or ''}  ({found.entries} entries, {_HOW[found.how]})"
        click.echo(json.dumps(row, ensure_ascii=False) if as_json else line)
    if not told.feeds:
        raise Refused(_nothing(url, told))


@click.command()
@click.argument("url")
@click.option("--name", help="What digests and pages call it; its own title otherwise.")
@click.option("--every", metavar="TIME", help="How often it is asked: 30m, 4h; 15 minutes at least.")
@click.option("--tag", "tags", multiple=True, help="A word of yours to filter by; repeat it for several.")
@click.option(
    "--kind", type=click.Choice(["feed", "page"]), default="feed", show_default=True, help="What stands there."
)
@click.option("--select", metavar="CSS", help="For a page: a CSS selector of its articles.")
@click.option("--full-text", is_flag=True, help="Fetch the article behind each new entry.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@pass_context
def add(
    context: Context,
    url: str,
    name: str | None,
    every: str | None,
    tags: Sequence[str],
    kind: str,
    select: str | None,
    full_text: bool,
    as_json: bool,
) -> None:
    """Read the address URL from now on: a feed, or the best feed of a page, or with --kind page the page itself."""
    from watch.collect.polling import first_look
    from watch.collect.subscribe import Wanted

    if select and kind != "page":
        raise click.UsageError("--select goes with --kind page")
    seconds, url = _seconds(context, every), _with_scheme(url)
    options = {key: value for key, value in (("full_text", full_text), ("select", select)) if value}
    with _shelf(context) as shelf:
        shelf.check(url, name)
    seen, title, others = _look(context, url, kind, options)
    entries = len(seen.entries.entries) if seen.entries else 0
    with _shelf(context) as shelf:
        wanted = Wanted(seen.source.url or url, seconds, name, title or "", kind, tuple(filter(None, tags)), options)
        source = shelf.add(wanted)
        row = {"name": source.name, "url": source.url, "kind": kind, "entries": entries, "also": others}
    if not full_text:
        # The articles behind its entries are for a poll to fetch.
        first_look(context.store(), source.name, seen, context.now)
    if as_json:
        click.echo(json.dumps(row, ensure_ascii=False))
        return
    click.echo(f"{row['name']}: read from now on, {entries} entries at {row['url']}")
    for other in others:
        click.echo(f"  also there: {other}")


@click.command()
@click.argument("name")
@pass_context
def remove(context: Context, name: str) -> None:
    """Read the source NAME no more; its items stay. One that sources.toml declares is removed there."""
    from watch.store import declared, subscribed

    with context.store().session() as session:
        declared.bring_in(session, context.config(), context.now)
        subscribed.remove(session, name)
    click.echo(f"{name}: removed; its items stay.")


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@pass_context
def import_(context: Context, file: Path, as_json: bool) -> None:
    """Add the feeds of FILE, an OPML list; folders become tags. Says of every line what became of it."""
    from watch.collect import opml

    with file.open("rb") as opened:
        outlines = opml.read(opened.read(opml.MAX_BYTES + 1))  # one more says that it is too large
    every = _seconds(context, None)
    with _shelf(context) as shelf, _progress(outlines, file.name) as lines:
        told = list(shelf.add_all(lines, every=every))
    for outline, verdict in told:
        row = _row(outline, verdict)
        click.echo(json.dumps(row, ensure_ascii=False) if as_json else _line(row))
    if not as_json:
        counts = {word: sum(verdict.outcome == word for _, verdict in told) for word in ("added", "known", "refused")}
        click.echo(f"{counts['added']} added, {counts['known']} known already, {counts['refused']} refused.")


@click.command()
@click.option("--output", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Write to FILE.")
@pass_context
def export(context: Context, output: Path | None) -> None:
    """Every feed as an OPML list, for other readers; first tags become folders."""
    from watch.collect import opml
    from watch.store import declared, sources

    with context.store().session() as session:
        declared.bring_in(session, context.config(), context.now)
        rows = sources.page(session)
        feeds = [opml.Listed(row.name, row.url, tuple(row.tags)) for row in rows if row.kind == "feed" and row.url]
    text = opml.write(feeds, now=context.now)
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, "utf-8")
        click.echo(f"{len(feeds)} feeds written to {output}", err=True)
    if left := len(rows) - len(feeds):
        click.echo(f"{left} sources that are no feeds are left out", err=True)


_HOW = {
    "itself": "the address itself",
    "named": "named by the page",
    "linked": "linked on the page",
    "platform": "where its platform has it",
    "usual": "a usual place",
}


def _look(context: Context, url: str, kind: str, options: dict[str, Any]) -> tuple[Seen, str | None, list[str]]:
    """What stands at `url`: what was read, its title, the addresses of other feeds there."""
    if kind == "page":
        return _look_at_page(context, url, options)
    told = _find(context, url)
    if not told.feeds:
        raise Refused(_nothing(url, told))
    best, *others = told.feeds
    return best.seen, best.title, [other.url for other in others]


def _look_at_page(context: Context, url: str, options: dict[str, Any]) -> tuple[Seen, str | None, list[str]]:
    from watch.collect.polling import try_out
    from watch.store.due import Due

    wanted = Due(name=url, kind="page", url=url, options=options)
    (seen,) = try_out(context.poller(), [wanted], context.now, robots=context.store())
    if seen.error is not None or seen.entries is None:
        raise seen.error or Refused(f"{url} sends nothing")
    return seen, seen.entries.title, []


def _find(context: Context, url: str) -> Discovered:
    from watch.collect import discover as discovery

    return discovery.find(context.poller(), url, context.now, robots=context.store())


@contextmanager
def _shelf(context: Context) -> Iterator[Shelf]:
    """The sources of the store, in one transaction."""
    from watch.collect.subscribe import Shelf
    from watch.net import Gate
    from watch.store import declared

    config = context.config()
    with context.store().session() as session:
        declared.bring_in(session, config, context.now)
        session.flush()
        yield Shelf(session, Gate(config.network.allow), now=context.now, own=config.hune.base_url)


def _seconds(context: Context, every: str | None) -> int:
    from watch.config.values import duration

    if every is None:
        return int(context.config().hune.poll_every.total_seconds())
    try:
        seconds = int(duration(every).total_seconds())
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--every") from None
    if seconds < 15 * 60:
        raise click.BadParameter("sources are asked every 15 minutes at most", param_hint="--every")
    return seconds


def _with_scheme(url: str) -> str:
    return url if "://" in url else f"https://{url}"


def _nothing(url: str, told: Discovered) -> str:
    tried = f"; {len(told.failed)} addresses were tried" if told.failed else ""
    return f"no feed was found at {url}{tried}. `hune sources add {url} --kind page` reads the page itself"


def _row(outline: Outline, verdict: Verdict) -> dict[str, Any]:
    return {
        "line": outline.line,
        "outcome": verdict.outcome,
        "name": verdict.name or outline.title,
        "url": verdict.url,
        "tags": list(outline.tags),
        "reason": verdict.reason,
    }


def _line(row: dict[str, Any]) -> str:
    why = f": {row['reason']}" if row["reason"] else ""
    return f"{row['line']:>5}  {row['outcome']:<8} {row['name']}  {row['url']}".rstrip() + why


def _progress(outlines: list[Outline], label: str) -> AbstractContextManager[Iterable[Outline]]:
    if not sys.stderr.isatty():
        return nullcontext(outlines)
    return click.progressbar(outlines, label=label, file=sys.stderr)
