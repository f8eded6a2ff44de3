"""`hune alerts`: list, show (why), ack, resolve."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from watch.cli.context import Context, pass_context
from watch.errors import Refused

if TYPE_CHECKING:
    from sqlmodel import Session

    from watch.store.tables import Incident


@click.group()
def alerts() -> None:
    """Incidents: list, show why, acknowledge, resolve."""


@alerts.command("list")
@click.option("--state", type=click.Choice(["open", "acknowledged", "resolved"]), help="Only these.")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="So many at most.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@pass_context
def list_(context: Context, state: str | None, limit: int, as_json: bool) -> None:
    """Incidents, newest first."""
    from watch.store import noticed

    with context.store().reading() as session:
        found, _ = noticed.page(session, states=[state] if state else [], limit=limit)
    for incident, rule, brand in found:
        row = _row(incident, rule, brand)
        click.echo(json.dumps(row, ensure_ascii=False) if as_json else _line(row))
    if not found and not as_json:
        click.echo("no incident")


@alerts.command()
@click.argument("incident_id", metavar="ID", type=int)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@pass_context
def show(context: Context, incident_id: int, as_json: bool) -> None:
    """Why it opened: what was usual, what came, how unlikely that is, and the mentions behind it."""
    from watch.store import incidents, mentions

    with context.store().reading() as session:
        incident, rule, brand = _find(session, incident_id)
        steps = incidents.steps(session, incident_id)
        quoted = mentions.quoted(session, [one for step in steps for one in step.mentions])
    row = {**_row(incident, rule, brand), "steps": [_step(step) for step in steps]}
    row["mentions"] = [{"id": q.mention_id, "snippet": q.snippet, "source": q.source, "url": q.url} for q in quoted]
    click.echo(json.dumps(row, ensure_ascii=False) if as_json else _story(row))


@alerts.command()
@click.argument("incident_id", metavar="ID", type=int)
@click.option("--by", default="command line", show_default=True, help="Who is on it.")
@pass_context
def ack(context: Context, incident_id: int, by: str) -> None:
    """Someone is on it: no more messages when it widens."""
    from watch.store import incidents

    with context.store().session() as session:
        incident, _, _ = _find(session, incident_id, to_change=True)
        if incident.state != "open":
            raise Refused(f"incident {incident_id} is {incident.state}")
        incidents.acknowledge(session, incident, by=by, now=context.now)
    click.echo(f"incident {incident_id} acknowledged")


@alerts.command()
@click.argument("incident_id", metavar="ID", type=int)
@click.option("--by", default="command line", show_default=True, help="Who says so.")
@pass_context
def resolve(context: Context, incident_id: int, by: str) -> None:
    """It is over."""
    from watch.store import incidents

    with context.store().session() as session:
        incident, _, _ = _find(session, incident_id, to_change=True)
        if incident.state == "resolved":
            raise Refused(f"incident {incident_id} is resolved already")
        incidents.resolve(session, incident, by=by, now=context.now)
    click.echo(f"incident {incident_id} resolved")


def _find(session: Session, incident_id: int, *, to_change: bool = False) -> tuple[Incident, str, str]:
    from watch.store import incidents

    found = incidents.find(session, incident_id, to_change=to_change)
    if found is None:
        raise Refused(f"there is no incident {incident_id}; `hune alerts list` shows them")
    return found


def _row(incident: Incident, rule: str, brand: str) -> dict[str, Any]:
    return {
        "id": incident.id,
        "rule": rule,
        "brand": brand,
        "state": incident.state,
        "severity": incident.severity,
        "opened_at": _iso(incident.opened_at),
        "resolved_at": _iso(incident.resolved_at),
        "observed": incident.observed,
        "expected": round(incident.expected, 2),
        "score": incident.peak_score,
    }


def _step(step: Any) -> dict[str, Any]:
    return {
        "at": _iso(step.at),
        "change": step.change,
        "severity": step.severity,
        "by": step.by,
        "spike": step.spike,
        "settings": step.settings,
    }


def _line(row: dict[str, Any]) -> str:
    seen = f"{row['observed']} seen, {row['expected']} expected"
    head = f"{row['id']:>5}  {row['opened_at']}  {row['state']:<12} {row['severity']:<8}"
    return f"{head} {row['brand']}: {row['rule']} ({seen})"


def _story(row: dict[str, Any]) -> str:
    lines = [_line(row).strip(), ""]
    for step in row["steps"]:
        lines.append(
            f"{step['at']}  {step['change']} ({step['severity']})" + (f" by {step['by']}" if step["by"] else "")
        )
        if spike := step["spike"]:
            lines.append(
                f"    {spike['observed']} in {spike['window']} h; usual {spike['expected']:.1f} "
                f"(range {spike['lower']:.0f} to {spike['upper']:.0f}); "
                f"negative share {spike['share']:.0%}, usually {spike['usual_share']:.0%}; score {spike['score']:.2f}"
            )
    lines += ["", *(f"- {m['snippet']} ({m['source']}) {m['url'] or ''}".rstrip() for m in row["mentions"])]
    return "\n".join(lines)


def _iso(at: Any) -> str | None:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else None
