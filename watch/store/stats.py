"""Numbers over time, from the tallies; spam is never counted.

Tallies are by hour in UTC, and every whole-hour zone cuts its days at hours; where a zone is half an hour off, a
day begins at the last full UTC hour before its midnight.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import Session, col

from watch.errors import Refused
from watch.model import SENTIMENTS
from watch.store.tables import Brand, Item, ItemTopic, Mention, Source, Tally

Interval = Literal["hour", "day", "week"]
By = Literal["sentiment", "topic", "source", "brand"]
Reprints = Literal["count", "once"]
MOST_BUCKETS = 2_000
_HOUR = timedelta(hours=1)
_A_WEEK = 7  # days, before which nothing is usual


@dataclass(frozen=True, slots=True)
class Bucket:
    """Counts in [start, end), UTC; `day` is the local day on which it begins."""

    start: datetime
    end: datetime
    day: date
    total: int
    counts: Mapping[str, int] = field(default_factory=dict)


def buckets(since: datetime, until: datetime, interval: Interval, zone: ZoneInfo) -> list[datetime]:
    """The edges of all intervals that touch [since, until), as UTC times; one more edge than intervals.

    Days and weeks begin at local midnight, weeks on Monday: days of 23 and 25 hours are whole. Raises Refused
    for more than 2,000 intervals.
    """
    edges: list[datetime] = []
    for edge in _edges(since, interval, zone):
        edges.append(edge)
        if edge >= until:
            return edges
        if len(edges) > MOST_BUCKETS:
            raise Refused(f"more than {MOST_BUCKETS} intervals; ask for a shorter time or a longer interval")
    return edges


def _edges(since: datetime, interval: Interval, zone: ZoneInfo) -> Iterator[datetime]:
    if interval == "hour":
        edge = since.replace(minute=0, second=0, microsecond=0)
        while True:
            yield edge
            edge += _HOUR
    day = since.astimezone(zone).date()
    step = 7 if interval == "week" else 1
    day -= timedelta(days=day.weekday() if interval == "week" else 0)
    while True:
        yield midnight(day, zone)
        day += timedelta(days=step)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a local day, in UTC, at a full hour."""
    return datetime.combine(day, time(), zone).astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def series(
    session: Session,
    *,
    since: datetime,
    until: datetime,
    zone: ZoneInfo,
    interval: Interval = "day",
    by: By = "sentiment",
    reprints: Reprints = "count",
    brands: Sequence[str] = (),
) -> list[Bucket]:
    """Mentions published in the intervals that touch [since, until), those without any included.

    By sentiment and brand from the tallies; by topic and source from the mentions, where one with two topics counts
    in both but once in `total`.
    """
    edges = buckets(since, until, interval, zone)
    if by in ("sentiment", "brand"):
        hours = _from_tallies(session, edges[0], edges[-1], by=by, reprints=reprints, brands=brands)
    else:
        hours = _from_mentions(session, edges[0], edges[-1], by=by, reprints=reprints, brands=brands)
    counts: list[Counter[str]] = [Counter() for _ in edges[1:]]
    totals: Counter[int] = Counter()
    for hour, name, amount, counted in hours:
        index = _index(edges, hour)
        counts[index][name] += amount
        totals[index] += counted
    names = SENTIMENTS if by == "sentiment" else ()
    return [
        Bucket(start, end, start.astimezone(zone).date(), totals[index], {**dict.fromkeys(names, 0), **counts[index]})
        for index, (start, end) in enumerate(pairwise(edges))
    ]


def _index(edges: Sequence[datetime], moment: datetime) -> int:
    return bisect_right(edges, moment) - 1


_Hour = tuple[datetime, str, int, int]  # when, which, how many, how many of them for the total


def _from_tallies(
    session: Session, since: datetime, until: datetime, *, by: str, reprints: Reprints, brands: Sequence[str]
) -> Iterator[_Hour]:
    query = (
        select(Tally, col(Brand.name))
        .join(Brand, col(Brand.id) == col(Tally.brand_id))
        .where(col(Tally.hour) >= since, col(Tally.hour) < until)
    )
    for tally, brand in session.execute(_only(query, brands)):
        for sentiment in SENTIMENTS:
            amount = getattr(tally, f"{sentiment}_once" if reprints == "once" else sentiment)
            if amount:
                yield tally.hour, sentiment if by == "sentiment" else brand, amount, amount


def _from_mentions(
    session: Session, since: datetime, until: datetime, *, by: str, reprints: Reprints, brands: Sequence[str]
) -> Iterator[_Hour]:
    name = col(ItemTopic.topic) if by == "topic" else col(Source.name)
    query = (
        select(col(Mention.id), col(Mention.published), name)
        .join(Item, col(Item.id) == col(Mention.item_id))
        .join(Brand, col(Brand.id) == col(Mention.brand_id))
        .where(col(Mention.published) >= since, col(Mention.published) < until, col(Mention.spam).is_(False))
    )
    if by == "topic":
        query = query.join(ItemTopic, col(ItemTopic.item_id) == col(Item.id))
    else:
        query = query.join(Source, col(Source.id) == col(Item.source_id))
    if reprints == "once":
        query = query.where(col(Mention.reprint).is_(False))
    seen: set[int] = set()
    for mention_id, published, value in session.execute(_only(query, brands)):
        yield published, value, 1, int(mention_id not in seen)
        seen.add(mention_id)


def _only(query: Any, brands: Sequence[str]) -> Any:
    return query.where(col(Brand.name).in_(brands)) if brands else query.where(col(Brand.active).is_(True))


@dataclass(frozen=True, slots=True)
class Today:
    """A brand since local midnight, and what is usual by this hour (mean of the 28 days before; None: too young)."""

    brand: str
    role: str
    counts: Mapping[str, int]
    usual: float | None

    @property
    def total(self) -> int:
        """All mentions of today."""
        return sum(self.counts.values())


def today(session: Session, *, now: datetime, zone: ZoneInfo) -> list[Today]:
    """Every active brand, in the order of the configuration. Days before it was declared, or first
    named in what older pages brought, are no calm days.
    """
    day = now.astimezone(zone).date()
    opens = [midnight(day - timedelta(days=back), zone) for back in range(29)]
    rows = list(session.scalars(select(Tally).where(col(Tally.hour) >= opens[-1], col(Tally.hour) <= now)))
    brands = session.scalars(select(Brand).where(col(Brand.active).is_(True)).order_by(col(Brand.id)))
    return [_today(brand, [row for row in rows if row.brand_id == brand.id], opens, now) for brand in brands]


def _today(brand: Brand, rows: Sequence[Tally], opens: Sequence[datetime], now: datetime) -> Today:
    counts: dict[str, int] = {s: sum(getattr(row, s) for row in rows if row.hour >= opens[0]) for s in SENTIMENTS}
    elapsed = now - opens[0]
    begins = min([brand.created_at, *(row.hour for row in rows)])
    days = [start for start in opens[1:] if start >= begins]
    before = [row for row in rows if any(start <= row.hour < start + elapsed for start in days)]
    usual = (
        sum(row.negative + row.neutral + row.positive for row in before) / len(days) if len(days) >= _A_WEEK else None
    )
    return Today(brand.name, brand.role, counts, usual)
