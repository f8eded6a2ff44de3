"""A source that fails, or has fallen silent: told once, so that quiet is not taken for calm."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from sqlmodel import Session

from watch.locale import number, one_line, translator
from watch.model import Message
from watch.store import deliveries, rhythm, sources
from watch.store.tables import AlertRule, Delivery, Source

if TYPE_CHECKING:
    from watch.alerts import Desk
    from watch.alerts.message import Voice

_FAILING = timedelta(hours=24)
_SILENT = timedelta(days=7)
_GAPS = 5

What = Literal["failing", "silent"]


def trouble(source: Source, gap: timedelta | None, now: datetime) -> tuple[What, datetime] | None:
    """What is wrong with a source and since when: no answer for a day, or nothing new for max(7 days, 5 usual gaps)."""
    since = source.last_success_at or source.created_at
    if source.failures and now - since > _FAILING:
        return "failing", since
    new = source.last_new_at
    if gap is not None and new is not None and now - new > max(_SILENT, _GAPS * gap):
        return "silent", new
    return None


def tell(session: Session, rule: AlertRule, desk: Desk, now: datetime) -> int:
    """Queue a notice for every source in trouble that was not told of yet; how many are new."""
    watched = [s for s in sources.page(session) if s.enabled and (not rule.source_tag or rule.source_tag in s.tags)]
    published = rhythm.recent(session, [s.id for s in watched if s.id is not None])
    rows: list[Delivery] = []
    for source in watched:
        found = trouble(source, rhythm.usual_gap(published.get(source.id or 0, [])), now)
        if found:
            rows += _deliveries(rule, desk, _message(source, *found, desk.voice, now), now)
    # The key of a delivery names source and beginning: the same trouble is told once, whoever looks.
    return deliveries.queue(session, rows)


def _message(source: Source, what: What, since: datetime, voice: Voice, now: datetime) -> Message:
    _ = translator(voice.language).gettext
    words = {
        "failing": _("%(source)s has not answered for %(hours)s hours"),
        "silent": _("%(source)s has had nothing new for %(days)s days"),
    }[what]
    title = words % {
        "source": one_line(source.name, 80),
        "hours": number((now - since) // timedelta(hours=1), voice.language),
        "days": number((now - since) // timedelta(days=1), voice.language),
    }
    lines = [title, "", one_line(source.last_message or source.url or "", 300)]
    return Message(
        id=f"source.{source.id}.{what}.{int(since.timestamp())}",
        title=title,
        text="\n".join(lines),
        severity="warning",
        link=f"{voice.base_url}/sources" if voice.base_url else None,
        data={"source": source.name, "trouble": what},
    )


def _deliveries(rule: AlertRule, desk: Desk, message: Message, now: datetime) -> Sequence[Delivery]:
    return [
        deliveries.delivery(message, kind="alert", channel=channel, recipient=recipient, now=now)
        for channel in rule.channels
        for recipient in desk.recipients.get(channel, ())
    ]
