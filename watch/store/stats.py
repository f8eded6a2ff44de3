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


# In the order of SENTIMENTS.
_EVERY = (col(Tally.negative), col(Tally.neutral), col(Tally.positive))
_ONCE = (col(Tally.negative_once), col(Tally.neutral_once), col(Tally.positive_once))
_Hour = tuple[datetime, str, int, int]  # when, which, how many, how many of them for the total


def _from_tallies(
    session: Session, since: datetime, until: datetime, *, by: str, reprints: Reprints, brands: Sequence[str]
) -> Iterator[_Hour]:
    # Columns, not rows as objects: making ten thousand of those takes longer than reading them.
    counts = _ONCE if reprints == "once" else _EVERY
    query = (
        select(col(Tally.hour), col(Brand.name), *counts)
        .join(Brand, col(Brand.id) == col(Tally.brand_id))
        .where(col(Tally.hour) >= since, col(Tally.hour) < until)
    )
    for hour, brand, *amounts in session.execute(_only(query, brands)):
        if by == "brand":
            yield hour, brand, sum(amounts), sum(amounts)
            continue
        for sentiment, amount in zip(SENTIMENTS, amounts, strict=True):
            yield hour, sentiment, amount, amount


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
    query = select(col(Tally.brand_id), col(Tally.hour), *_EVERY)
    rows: dict[int, list[tuple[datetime, list[int]]]] = {}
    for brand_id, hour, *amounts in session.execute(query.where(col(Tally.hour) >= opens[-1], col(Tally.hour) <= now)):
        rows.setdefault(brand_id, []).append((hour, amounts))
    brands = session.scalars(select(Brand).where(col(Brand.active).is_(True)).order_by(col(Brand.id)))
    return [_today(brand, rows.get(brand.id or 0, []), opens, now) for brand in brands]


def _today(brand: Brand, rows: Sequence[tuple[datetime, list[int]]], opens: Sequence[datetime], now: datetime) -> Today:
    heard = [amounts for hour, amounts in rows if hour >= opens[0]]
    counts = {str(name): sum(amounts[place] for amounts in heard) for place, name in enumerate(SENTIMENTS)}
    begins = min([brand.created_at, *(hour for hour, _ in rows)])
    days = [start for start in opens[1:] if start >= begins]
    elapsed = now - opens[0]
    by_now = sum(sum(amounts) for hour, amounts in rows if any(day <= hour < day + elapsed for day in days))
    return Today(brand.name, brand.role, counts, by_now / len(days) if len(days) >= _A_WEEK else None)
