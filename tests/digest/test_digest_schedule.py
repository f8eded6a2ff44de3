from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watch.config import DigestConfig
from watch.digest.schedule import Period, due, instant, window

ZONES = (
    "Europe/Paris", "America/Montreal", "America/New_York", "Europe/London", "Australia/Lord_Howe",
    "Pacific/Auckland", "Asia/Kathmandu", "America/Santiago", "Africa/Casablanca", "Pacific/Chatham",
)  # fmt: skip
START = datetime(2026, 1, 5, 0, 0, tzinfo=UTC)


def plan(at: str = "08:00", days: str = "daily") -> DigestConfig:
    return DigestConfig(name="matinale", at=at, days=days)  # type: ignore[arg-type]  # read as the file writes them


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]  # year, month, day …


def told(config: DigestConfig, zone: str, start: datetime, days: int, every: timedelta) -> list[Period]:
    """The issues of a machine that looks every `every`."""
    issues: list[Period] = []
    now, until = start, start
    while now < start + timedelta(days=days):
        last = issues[-1].day if issues else None
        if period := due(config, zone, until, now, last_day=last):
            issues.append(period)
            until = period.until
        now += every
    return issues


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("at", ["08:00", "02:30"])
def test_three_years_have_one_digest_a_day_without_gap_or_overlap(zone: str, at: str) -> None:
    issues = told(plan(at), zone, START, 3 * 365, timedelta(hours=5))
    days = [issue.day for issue in issues]
    assert days == [days[0] + timedelta(days=n) for n in range(len(days))]
    assert len(days) >= 3 * 365 - 1
    assert all(before.until == after.since for before, after in pairwise(issues))


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 10, 25), 25), (date(2027, 3, 28), 23), (date(2026, 10, 26), 24)]
)
def test_the_window_is_as_long_as_the_day(day: date, hours: int) -> None:
    # 08:00 comes after the change, which happens at night: the window that ends that morning holds it.
    period = window(plan("08:00"), "Europe/Paris", day, utc(2030, 1, 1))
    assert period.until - period.since == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("day", "at", "zone", "expected"),
    [
        (date(2027, 3, 28), time(2, 30), "Europe/Paris", utc(2027, 3, 28, 1, 0)),  # missing: 03:00 on the wall
        (date(2026, 10, 25), time(2, 30), "Europe/Paris", utc(2026, 10, 25, 0, 30)),  # doubled: the first
        (date(2026, 10, 25), time(3, 0), "Europe/Paris", utc(2026, 10, 25, 2, 0)),
        (date(2026, 11, 21), time(7, 30), "Europe/Paris", utc(2026, 11, 21, 6, 30)),
        (date(2026, 10, 4), time(2, 10), "Australia/Lord_Howe", utc(2026, 10, 3, 15, 30)),  # half an hour missing
        (date(2026, 9, 6), time(0, 0), "America/Santiago", utc(2026, 9, 6, 4, 0)),  # midnight missing
    ],
)
def test_an_hour_on_the_wall_is_one_moment(day: date, at: time, zone: str, expected: datetime) -> None:
    assert instant(day, at, zone) == expected


def test_an_hour_that_is_missing_comes_at_three() -> None:
    moment = instant(date(2027, 3, 28), time(2, 30), "Europe/Paris")
    assert moment.astimezone(ZoneInfo("Europe/Paris")).strftime("%H:%M") == "03:00"


def test_three_days_down_make_one_late_digest() -> None:
    down = due(plan(), "UTC", utc(2026, 11, 17, 8), utc(2026, 11, 20, 11), last_day=date(2026, 11, 17))
    assert down == Period(date(2026, 11, 20), utc(2026, 11, 17, 8), utc(2026, 11, 20, 8), late=True)


def test_monday_tells_of_the_weekend() -> None:
    monday = due(plan(days="mon-fri"), "UTC", utc(2026, 11, 20, 8), utc(2026, 11, 23, 8))
    assert monday == Period(date(2026, 11, 23), utc(2026, 11, 20, 8), utc(2026, 11, 23, 8))


@pytest.mark.parametrize("now", [utc(2026, 11, 21, 8), utc(1970, 1, 1), utc(2026, 11, 20, 9), utc(2026, 11, 22, 7)])
def test_nothing_is_due_twice_or_when_the_clock_goes_back(now: datetime) -> None:
    assert due(plan(), "UTC", utc(2026, 11, 21, 8), now, last_day=date(2026, 11, 21)) is None


def test_a_clock_a_day_ahead_takes_a_day_once() -> None:
    ahead = due(plan(), "UTC", utc(2026, 11, 21, 8), utc(2026, 11, 22, 9), last_day=date(2026, 11, 21))
    assert ahead is not None
    assert due(plan(), "UTC", ahead.until, utc(2026, 11, 22, 9), last_day=ahead.day) is None
    after = due(plan(), "UTC", ahead.until, utc(2026, 11, 23, 8), last_day=ahead.day)
    assert after is not None
    assert after.since == ahead.until


@pytest.mark.parametrize("ahead", [timedelta(days=5), timedelta(days=40), timedelta(days=365 * 4)])
def test_a_clock_that_was_far_ahead_once_silences_nothing(ahead: timedelta) -> None:
    now = utc(2026, 11, 21, 8)
    wrong = due(plan(), "UTC", utc(2026, 11, 20, 8), utc(2026, 11, 20, 12) + ahead, last_day=date(2026, 11, 20))
    assert wrong is not None
    back = due(plan(), "UTC", wrong.until, now, last_day=wrong.day)
    assert back == Period(date(2026, 11, 21), utc(2026, 11, 20, 8), now)
    assert due(plan(), "UTC", back.until, now, last_day=back.day) is None


hours = st.integers(0, 23).map(lambda hour: f"{hour:02}:30")


def told_through(changes: list[tuple[str, str]]) -> list[Period]:
    """The issues of a plan whose hour and zone change every four days, at midnight UTC."""
    issues: list[Period] = []
    now, until = START, START
    for at, zone in changes:
        for _ in range(24 * 4):
            if period := due(plan(at), zone, until, now, last_day=issues[-1].day if issues else None):
                issues.append(period)
                until = period.until
            now += timedelta(hours=1)
    return issues


@settings(max_examples=40, deadline=None)
@given(st.lists(hours, min_size=2, max_size=4), st.sampled_from(ZONES))
def test_a_change_of_hour_skips_and_doubles_no_day(changes: list[str], zone: str) -> None:
    days = [issue.day for issue in told_through([(at, zone) for at in changes])]
    assert days == [days[0] + timedelta(days=n) for n in range(len(days))]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(hours, st.sampled_from(ZONES)), min_size=2, max_size=4))
def test_a_change_of_zone_doubles_no_day_and_loses_no_moment(changes: list[tuple[str, str]]) -> None:
    # Going east over midnight, the day that never had this hour is told with the next one.
    issues = told_through(changes)
    assert all(timedelta() < after.day - before.day <= timedelta(days=2) for before, after in pairwise(issues))
    assert all(before.until == after.since for before, after in pairwise(issues))
