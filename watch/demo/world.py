"""The demo's world at any moment: what each outlet has published, and what its feed answers (pure)."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from watch.demo.feeds import CONTENT_TYPES, Published, http_date, render
from watch.demo.outlets import BUSY_FORUM, OUTLETS, Outlet
from watch.demo.rhythm import midnight, plot_moment, schedule
from watch.demo.written import load

WINDOW = 20  # entries that a feed shows, the newest
OUTAGE = timedelta(hours=30)
_OUTAGE_STARTS = "-20d06h00m"
_RETRY_AFTER = "3600"


@dataclass(frozen=True, slots=True)
class FeedAnswer:
    """What the server says: headers as sent, body in bytes."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """The value of the header `name`, given in its usual capitals; None if absent."""
        return dict(self.headers).get(name)


@dataclass(frozen=True, slots=True)
class World:
    """Sixty days that end at `now`, published over the outlets; `outage` is [from, until), UTC."""

    now: datetime
    outlets: tuple[Outlet, ...]
    published: Mapping[str, tuple[Published, ...]]
    outage: tuple[datetime, datetime]
    _rendered: dict[tuple[str, int], FeedAnswer] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def build(cls, now: datetime) -> World:
        """The world as seen from `now` (aware); the same `now` gives the same world."""
        by_outlet: dict[str, list[Published]] = defaultdict(list)
        for at, text in schedule(load(), now):
            by_outlet[text.source].append(Published(at=at, text=text))
        starts = plot_moment(_OUTAGE_STARTS, now)
        return cls(
            now=now,
            outlets=OUTLETS,
            published={outlet.id: tuple(by_outlet[outlet.id]) for outlet in OUTLETS},
            outage=(starts, starts + OUTAGE),
        )

    def feed(self, path: str, at: datetime) -> FeedAnswer:
        """The feed at `path` as it stands at `at`: 200, 503 in the outage, 404 where there is none."""
        outlet = next((outlet for outlet in self.outlets if outlet.path == path), None)
        if outlet is None:
            return _plain(404, "no such feed")
        if outlet.id == BUSY_FORUM and self.outage[0] <= at < self.outage[1]:
            return _plain(503, "back soon", ("Retry-After", _RETRY_AFTER))
        count = bisect_right(self.published[outlet.id], at, key=lambda entry: entry.at)
        # Only the number of entries changes a feed, so what was written once is kept; threads may both write it.
        known = self._rendered.get((outlet.id, count))
        return known or self._rendered.setdefault((outlet.id, count), self._answer(outlet, count))

    def _answer(self, outlet: Outlet, count: int) -> FeedAnswer:
        shown = self.published[outlet.id][max(0, count - WINDOW) : count][::-1]
        changed = shown[0].at if shown else midnight(self.now, days=60)
        body = render(outlet, shown, changed)
        headers = (
            ("Content-Type", CONTENT_TYPES[outlet.format]),
            ("ETag", f'"{sha256(body).hexdigest()[:20]}"'),
            ("Last-Modified", http_date(changed)),
        )
        return FeedAnswer(200, headers, body)


def _plain(status: int, said: str, *headers: tuple[str, str]) -> FeedAnswer:
    return FeedAnswer(status, (("Content-Type", "text/plain; charset=utf-8"), *headers), f"{said}\n".encode())
