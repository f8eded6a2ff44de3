"""`hune poll` and `hune sources`: reading the world, and looking after the places we read."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from watch.cli import subscribe
from watch.cli.context import Context, pass_context

if TYPE_CHECKING:
    from watch.collect.health import Health
    from watch.model import Polled
    from watch.store import Store
    from watch.store.tables import Source

_FIELDS = (
    "source", "outcome", "http_status", "kind", "message", "entries", "new", "updated", "bytes", "seconds",
    "next_poll_at",
)  # fmt: skip


@click.command()
@click.option("--all", "all_", is_flag=True, help="Also sources that are not due; never against a Retry-After.")
@click.option("--source", "only", metavar="NAME", help="This one only.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@pass_context
def poll(context: Context, all_: bool, only: str | None, as_json: bool) -> None:
    """Poll the sources that are due."""
    from watch.collect.polling import poll_due, skipped

    poller = context.poller()
    left = skipped(context.store(), context.now, all=all_, only=only)
    done = poll_due(context.store(), poller, context.now, all=all_, only=only)
    names = {one.source for one in done}
    rows = sorted([*done, *(one for one in left if one.source not in names)], key=lambda one: one.source)
    if rows:
        # At once: to say each line by itself takes longer than to ask for some of these sources.
        click.echo("\n".join(_json(row) if as_json else _line(row) for row in rows))
    if not as_json:
        new = sum(one.new for one in done)
        failed = sum(one.outcome == "failed" for one in done)
        click.echo(f"{len(done)} sources polled ({failed} failed), {new} new items.")


@click.group()
def sources() -> None:
    """Add, list and look after sources."""


for _command in (subscribe.add, subscribe.discover, subscribe.remove, subscribe.import_, subscribe.export):
    sources.add_command(_command)


@sources.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@pass_context
def list_(context: Context, as_json: bool) -> None:
    """Every source with its state, its usual rhythm, and what to do about a failure."""
    from watch.collect.health import health
    from watch.store import rhythm
    from watch.store import sources as rows

    with _store(context).reading() as session:
        listed = rows.page(session)
        published = rhythm.recent(session, [source.id or 0 for source in listed])
    for source in listed:
        how = health(source, published[source.id or 0], context.now)
        click.echo(json.dumps(_health(source, how), ensure_ascii=False) if as_json else _state(source, how))


@sources.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@pass_context
def log(context: Context, name: str, as_json: bool) -> None:
    """The last fifty polls of the source NAME, newest first."""
    from watch.store import sources as rows

    with _store(context).reading() as session:
        source = rows.get(session, name)
        for row in rows.polls(session, source.id or 0):
            values = row.model_dump(exclude={"id", "source_id"}) | {"at": _iso(row.at)}
            told = f"{values['at']}  {row.outcome:<12} {row.http_status or '':<4} {row.new:>4} new  {row.message or ''}"
            click.echo(json.dumps(values, ensure_ascii=False) if as_json else told.rstrip())


@sources.command()
@click.argument("name")
@pass_context
def enable(context: Context, name: str) -> None:
    """Poll the source NAME again."""
    from watch.store import sources as rows

    with _store(context).session() as session:
        rows.enable(session, name)
    click.echo(f"{name}: polled from now on.")


@sources.command()
@click.argument("name")
@pass_context
def disable(context: Context, name: str) -> None:
    """Stop polling the source NAME; its items stay."""
    from watch.store import sources as rows

    with _store(context).session() as session:
        rows.disable(session, name)
    click.echo(f"{name}: no longer polled.")


@sources.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def kinds(as_json: bool) -> None:
    """The kinds of sources, with the keys that each takes in sources.toml."""
    from watch.collect.registry import kinds as known

    for name, collector in known().items():
        row = {"kind": name, "keys": dict(collector.KEYS)}
        keys = ", ".join(f"{key}: {meaning}" for key, meaning in collector.KEYS.items())
        click.echo(json.dumps(row, ensure_ascii=False) if as_json else f"{name}  {keys}")


def _store(context: Context) -> Store:
    """The store, with what the file declares in it."""
    from watch.store import declared

    store = context.store()
    with store.session() as session:
        declared.bring_in(session, context.config(), context.now)
    return store


def _json(polled: Polled) -> str:
    values = {name: getattr(polled, name) for name in _FIELDS}
    return json.dumps(values | {"next_poll_at": _iso(polled.next_poll_at)}, ensure_ascii=False)


def _line(polled: Polled) -> str:
    counts = f"{polled.new} new, {polled.updated} changed" if polled.outcome in ("ok", "moved") else ""
    return _join([f"{polled.outcome:<12} {polled.source}", counts, polled.kind, polled.message])


def _state(source: Source, how: Health) -> str:
    from watch.collect.health import span

    since = f"last success {_iso(source.last_success_at)}" if source.last_success_at else None
    usual = f"usually every {span(how.rhythm)}" if how.rhythm else None
    silent = f"silent for {span(how.silence)}" if how.state == "silent" and how.silence else None
    failures = f"{source.failures} failures in a row" if source.failures else None
    lax = None if source.options.get("verify_tls", True) else "certificate not checked"
    line = _join(
        [f"{how.state:<8} {source.name}", lax, since, usual, silent, failures, source.last_failure, source.last_message]
    )
    return f"{line}\n         {how.advice}" if how.advice else line


def _health(source: Source, how: Health) -> dict[str, Any]:
    return {
        "name": source.name,
        "kind": source.kind,
        "url": source.url,
        "moved_to": source.moved_to,
        "managed": source.managed,
        "tags": list(source.tags),
        "verify_tls": source.options.get("verify_tls", True),
        "enabled": source.enabled,
        "state": how.state,
        "outcome": source.last_outcome,
        "failures": source.failures,
        "failure": source.last_failure,
        "message": source.last_message,
        "advice": how.advice,
        "last_poll_at": _iso(source.last_poll_at),
        "last_success_at": _iso(source.last_success_at),
        "last_new_at": _iso(source.last_new_at),
        "next_poll_at": _iso(source.next_poll_at),
        "rhythm_seconds": round(how.rhythm.total_seconds()) if how.rhythm else None,
        "silence_seconds": round(how.silence.total_seconds()) if how.silence is not None else None,
    }


def _join(parts: Iterable[str | None]) -> str:
    return " · ".join(part for part in parts if part)


def _iso(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if at else None
