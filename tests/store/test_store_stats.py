"""Numbers over time, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise, product
from zoneinfo import ZoneInfo

import make
import pytest
from hypothesis import given
from hypothesis import strategies as st

from watch.errors import Refused
from watch.store import stats, tallies

PARIS = ZoneInfo("Europe/Paris")
ZONES = [PARIS, ZoneInfo("America/Montreal"), ZoneInfo("Pacific/Auckland"), ZoneInfo("UTC")]


@pytest.fixture
def counted(store):
    with store.session() as session:
        source, brand = make.save(session, make.source()), make.save(session, make.brand())
        for n in range(60):
            item = make.save(session, make.item(source, published=make.NOW - timedelta(hours=n)))
            tone = ("negative", "neutral", "positive")[n % 3]
            make.save(session, make.mention(item, brand, sentiment=tone, reprint=n % 4 == 0, spam=n == 1))
        tallies.recount(session, tallies.differences(session))
    return store


@pytest.mark.parametrize(("reprints", "total"), [("count", 59), ("once", 44)])
def test_series_add_up_by_every_name(counted, reprints, total):
    with counted.reading() as session:
        for interval, by in product(("hour", "day", "week"), ("sentiment", "brand", "source")):
            found = stats.series(
                session,
                since=make.NOW - timedelta(days=10),
                until=make.NOW + timedelta(hours=1),
                zone=PARIS,
                interval=interval,
                by=by,
                reprints=reprints,
            )
            assert sum(bucket.total for bucket in found) == total, by
            assert sum(sum(bucket.counts.values()) for bucket in found) == total, by


def test_today_is_counted_from_local_midnight(counted):
    with counted.reading() as session:
        ours = stats.today(session, now=make.NOW, zone=PARIS)[0]
    # 13 h in Paris: thirteen hours have begun and this one, spam left out.
    assert ours.total == 13
    assert ours.usual is None


@given(
    day=st.dates(date(2024, 1, 1), date(2028, 1, 1)),
    span=st.integers(1, 20),
    zone=st.sampled_from(ZONES),
)
def test_days_begin_at_local_midnight_whatever_clocks_do(day, span, zone):
    since = datetime(day.year, day.month, day.day, 15, tzinfo=UTC)
    edges = stats.buckets(since, since + timedelta(days=span), "day", zone)
    assert edges[0] <= since < edges[1]
    assert edges[-2] < since + timedelta(days=span) <= edges[-1]
    for start, end in pairwise(edges):
        assert start.astimezone(zone).hour in (0, 1)  # one o'clock where midnight itself is skipped
        assert timedelta(hours=23) <= end - start <= timedelta(hours=25)


def test_too_many_intervals_are_refused():
    with pytest.raises(Refused, match="2000"):
        stats.buckets(make.NOW - timedelta(days=365), make.NOW, "hour", PARIS)
