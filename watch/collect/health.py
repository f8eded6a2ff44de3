"""How a source does, in words: its state, what to do about a failure, its usual rhythm, its silence. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from watch.errors import FailureKind
from watch.store.rhythm import usual_gap
from watch.store.tables import Source

State = Literal["ok", "waiting", "silent", "failing", "off"]

ADVICE: dict[FailureKind, str] = {
    "dns": "The name cannot be found: check the address, and whether the site still exists.",
    "connect": "Nobody answers there: nothing to do but wait; if it lasts, look whether the site has moved.",
    "tls": "Its certificate is not valid: tell the publisher, who probably does not know.",
    "timeout": "It is too slow: nothing to do but wait.",
    "deadline": "It is too slow: nothing to do but wait.",
    "too_large": "It is larger than Hune reads: look for a smaller feed of the site, of one section for instance.",
    "encoding": "It is compressed in a way that cannot be read: tell the publisher.",
    "redirect": "Its address leads nowhere: open it in a browser, and use the address where that ends.",
    "blocked": "It may not be asked: it is private ([network] allow can open it), or its robots.txt says so.",
    "http_4xx": "The server refuses: check the address; `hune sources discover` on the site finds its feed of today.",
    "http_5xx": "The server has a problem: nothing to do but wait.",
    "rate_limited": "It is asked too often: give it a longer `every`.",
    "not_a_feed": "There is no feed there: `hune sources discover` looks for one; kind `page` reads the page itself.",
    "parse": "What it sends cannot be read: tell the publisher.",
    "truncated": "Its answer breaks off: wait; if it lasts, tell the publisher.",
    "protocol": "It does not speak proper HTTP: tell the publisher.",
}
_SILENT_GAPS = 5
_SHORTEST_SILENCE = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Health:
    """`rhythm` is the median time between two items; `silence` the time since the last one; None where unknown."""

    state: State
    advice: str | None = None
    rhythm: timedelta | None = None
    silence: timedelta | None = None


def health(source: Source, published: Sequence[datetime], now: datetime) -> Health:
    """How `source` does at `now`; `published` are the times of its last items, newest first."""
    rhythm = usual_gap(published)
    silence = now - published[0] if published else None
    advice = ADVICE.get(source.last_failure) if source.last_failure else None  # type: ignore[call-overload]
    return Health(_state(source, rhythm, silence), advice, rhythm, silence)


def is_silent(rhythm: timedelta | None, silence: timedelta | None) -> bool:
    """Whether a source says nothing for longer than it ever lets us wait: five usual gaps, and two days at least."""
    return rhythm is not None and silence is not None and silence > max(_SILENT_GAPS * rhythm, _SHORTEST_SILENCE)


def _state(source: Source, rhythm: timedelta | None, silence: timedelta | None) -> State:
    if not source.enabled:
        return "off"
    if source.failures:
        return "failing"
    if source.last_success_at is None:
        return "waiting"
    return "silent" if is_silent(rhythm, silence) else "ok"


def span(time: timedelta) -> str:
    """A span in words: `45 min`, `3 h`, `4 days`."""
    minutes = time.total_seconds() / 60
    if minutes < 90:
        return f"{max(round(minutes), 1)} min"
    return f"{round(minutes / 60)} h" if minutes < 48 * 60 else f"{round(minutes / 1440)} days"
