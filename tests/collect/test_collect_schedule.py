from __future__ import annotations

from datetime import UTC, datetime, timedelta
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watch.collect.schedule import FLOOR, next_poll
from watch.model import Rests

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
_HUGE = st.none() | st.floats(0, 1e12)


def seconds(name: str = "x", **options: object) -> float:
    return (next_poll(name, NOW, **options) - NOW).total_seconds()  # type: ignore[arg-type]  # options of the test


@given(st.text(), st.floats(0, 1e6), st.integers(0, 10_000), _HUGE, _HUGE, _HUGE)
def test_never_too_soon_never_too_late(
    name: str, every: float, failures: int, fresh: float | None, hint: float | None, wait: float | None
) -> None:
    """P12, P13"""
    after = seconds(name, every=every, failures=failures, fresh_for=fresh, poll_hint=hint, retry_after=wait)
    assert FLOOR <= after <= 7 * 86_400
    # A time of day has microseconds, no smaller parts.
    assert after + 1e-6 >= min(fresh or 0, 7 * 86_400)
    assert after + 1e-6 >= min(wait or 0, 7 * 86_400)
    assert after + 1e-6 >= min(hint or 0, 86_400)
    assert seconds(name, every=every) == seconds(name, every=every)


def test_floor_holds() -> None:
    """P13"""
    assert all(900 <= seconds(str(n), every=60, fresh_for=60) <= 990 for n in range(50))


def test_a_feed_that_rests_is_left_alone() -> None:
    """P14: skipHours, skipDays; NOW is a Friday noon"""
    hours = next_poll("x", NOW, rests=Rests(hours=(12, 13, 14, 15)))
    assert hours == NOW.replace(hour=16)
    days = next_poll("x", NOW + timedelta(hours=11), every=7_200, rests=Rests(days=(5,)))
    assert days == NOW + timedelta(hours=35)
    assert seconds(rests=Rests(hours=(3,))) == seconds()


def test_rest_is_heeded_for_a_day_at_most() -> None:
    """P14"""
    assert seconds(rests=Rests(days=(4, 5, 6))) == 86_400
    assert seconds(fresh_for=100_000, rests=Rests(days=(4, 5, 6))) == 100_000


def test_jitter_goes_below_no_interval_of_half_an_hour() -> None:
    """P13"""
    assert all(1_800 <= seconds(str(n), every=1_800) <= 1_980 for n in range(50))
    assert min(seconds(str(n), every=3_600) for n in range(50)) < 3_500


def test_server_hint_is_a_lower_bound() -> None:
    """P10"""
    assert seconds(fresh_for=14_400) == 14_400


def test_feed_hint_counts_up_to_a_day() -> None:
    """P14"""
    assert seconds(poll_hint=7 * 86_400) == 86_400


def test_failures_double_up_to_a_day() -> None:
    """P16, P17"""
    waits = [seconds(failures=n) for n in range(1, 9)]
    assert all(3600 * 2**n <= waits[n] <= 3600 * 2**n * 1.1 for n in range(4))
    assert all(0.9 * 86_400 <= wait <= 86_400 for wait in waits[5:])


def test_long_dead_sources_are_tried_weekly() -> None:
    """P18"""
    assert seconds(failures=40, failing_for=timedelta(days=20)) < 2 * 86_400
    assert 6.3 * 86_400 <= seconds(failures=40, failing_for=timedelta(days=31)) <= 7 * 86_400


def test_a_thousand_sources_spread() -> None:
    """P35"""
    waits = [seconds(f"source {n}") for n in range(1_000)]
    assert min(waits) < 3_300
    assert max(waits) > 3_900
    assert abs(mean(waits) - 3_600) < 30
    assert len({round(wait) // 60 for wait in waits}) >= 12


@pytest.mark.parametrize(
    ("quiet", "hours"),
    [
        (timedelta(0), 1),
        (timedelta(hours=20), 1),
        (timedelta(days=2), 2),
        (timedelta(days=4), 4),
        (timedelta(days=90), 6),
    ],
)
def test_a_source_that_is_quiet_is_asked_less_often_until_it_speaks(quiet: timedelta, hours: int) -> None:
    """Its own rhythm: a 24th of its silence, never under the interval, never over six hours."""
    found = next_poll("quiet", NOW, every=3600, quiet_for=quiet) - NOW
    assert timedelta(hours=hours) * 0.9 <= found <= timedelta(hours=hours) * 1.1
