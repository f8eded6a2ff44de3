"""When the demo ticks: few times, often enough in the crisis, ending now."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watch.demo.rhythm import midnight, plot_moment
from watch.demo.timeline import moments

NOW = datetime(2026, 11, 21, 7, 45, tzinfo=UTC)


@given(st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis wants them naive
def test_ticks_rise_and_end_at_now(now: datetime) -> None:
    ticks = moments(now)
    assert ticks[-1] == now
    assert all(one < two for one, two in pairwise(ticks))
    assert 110 <= len(ticks) <= 165


def test_the_first_tick_is_on_the_first_day() -> None:
    assert midnight(NOW, days=60) < moments(NOW)[0] < midnight(NOW, days=59)


def test_in_the_crisis_by_day_a_tick_comes_every_hour() -> None:
    starts, ends = plot_moment("-3d14h00m", NOW), plot_moment("-3d23h59m", NOW)
    ticks = [tick for tick in moments(NOW) if starts <= tick <= ends]
    assert max(two - one for one, two in pairwise(ticks)) == timedelta(hours=1)


def test_there_is_a_tick_each_morning_after_the_digest_s_hour() -> None:
    ticks = moments(NOW)
    for day in range(60, 0, -1):
        hour = plot_moment(f"-{day}d07h30m", NOW)
        assert any(hour <= tick <= hour + timedelta(hours=1, minutes=5) for tick in ticks), day


def test_a_moment_of_the_plot_is_local_time_over_a_change_of_clocks() -> None:
    now = datetime(2026, 10, 26, 12, tzinfo=UTC)
    assert plot_moment("-2d14h20m", now) == datetime(2026, 10, 24, 12, 20, tzinfo=UTC)
    assert plot_moment("-1d14h20m", now) == datetime(2026, 10, 25, 13, 20, tzinfo=UTC)


def test_a_moment_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(ValueError, match="no moment"):
        plot_moment("-3d", NOW)
