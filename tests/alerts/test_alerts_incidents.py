"""An incident has a life, and speaks seldom."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watch.alerts.incidents import Decision, Held, severity, step
from watch.alerts.quiet import due_at
from watch.alerts.spike import Setting, threshold
from watch.model import Spike

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
SETTING = Setting("negative_spike")
PARIS = ZoneInfo("Europe/Paris")


def spike(score: float) -> Spike:
    state = "open" if score >= 1 else "calm"
    return Spike(NOW, 6, 9, 12, 1.5, 0, 4, score, state, 0.75, 0.15)


def held(**values: object) -> Held:
    start = Held(opened_at=NOW - 10 * HOUR, severity="warning", spoke_at=NOW - 10 * HOUR, calm_since=None)
    return replace(start, **values)  # type: ignore[arg-type]


def test_a_spike_opens_an_incident() -> None:
    assert step(None, None, spike(1.2), SETTING, NOW).change == "opened"


def test_calm_opens_nothing() -> None:
    assert step(None, None, spike(0.99), SETTING, NOW).change is None


def test_a_rule_rests_a_day_after_it_opened() -> None:
    assert step(None, NOW - 23 * HOUR, spike(1.2), SETTING, NOW).change is None
    assert step(None, NOW - 24 * HOUR, spike(1.2), SETTING, NOW).change == "opened"


def test_it_widens_when_it_gets_ten_times_rarer() -> None:
    assert step(held(), NOW - 10 * HOUR, spike(1.6), SETTING, NOW) == Decision("widened", "high")


def test_it_does_not_widen_twice_in_three_hours() -> None:
    assert step(held(spoke_at=NOW - 2 * HOUR), NOW, spike(3), SETTING, NOW).change is None


def test_it_stays_quiet_while_it_lasts() -> None:
    assert step(held(), NOW, spike(1.1), SETTING, NOW) == Decision(None, "warning")


def test_six_calm_hours_are_an_all_clear() -> None:
    first = step(held(), NOW, spike(0.2), SETTING, NOW)
    assert first == Decision(None, "warning", calm_since=NOW)
    later = held(calm_since=NOW)
    assert step(later, NOW, spike(0.2), SETTING, NOW + 5 * HOUR).change is None
    assert step(later, NOW, spike(0.2), SETTING, NOW + 6 * HOUR).change == "resolved"


def test_noise_between_half_and_whole_starts_the_calm_again() -> None:
    assert step(held(calm_since=NOW), NOW, spike(0.7), SETTING, NOW + 6 * HOUR).calm_since is None


@given(st.lists(st.floats(0, 5), min_size=1, max_size=200))
def test_messages_of_an_incident_are_few(scores: list[float]) -> None:
    """Property: whatever happens hour by hour, at most one opening a day, two widenings and an end each."""
    current: Held | None = None
    opened: datetime | None = None
    changes: list[str] = []
    for hour, score in enumerate(scores):
        now = NOW + hour * HOUR
        decision = step(current, opened, spike(score), SETTING, now)
        if decision.change:
            changes.append(decision.change)
        if decision.change == "resolved":
            current = None
        elif decision.change == "opened":
            opened = now
            current = Held(now, decision.severity, now, None)
        elif current is not None:
            spoke = now if decision.change else current.spoke_at
            current = Held(current.opened_at, decision.severity, spoke, decision.calm_since)
    assert changes.count("opened") <= len(scores) // 24 + 1
    assert changes.count("widened") <= 2 * changes.count("opened")
    assert changes.count("resolved") <= changes.count("opened")


def test_severity_is_rarity() -> None:
    """Each 0.36 of threshold is ten times rarer."""
    tau = threshold(SETTING)
    above = (0.0, 0.35, 0.37, 0.71, 0.73, 9.0)
    found = [severity(spike(1 + extra / tau), SETTING) for extra in above]
    assert found == ["warning", "warning", "high", "high", "critical", "critical"]


@pytest.mark.parametrize(
    ("at", "leaves"),
    [
        ("2026-11-20T21:59:00+01:00", "2026-11-20T21:59:00+01:00"),
        ("2026-11-20T22:00:00+01:00", "2026-11-21T07:00:00+01:00"),
        ("2026-11-21T03:00:00+01:00", "2026-11-21T07:00:00+01:00"),
        ("2026-11-21T07:00:00+01:00", "2026-11-21T07:00:00+01:00"),
        ("2026-10-25T01:00:00+02:00", "2026-10-25T07:00:00+01:00"),
    ],
)
def test_messages_wait_for_the_end_of_the_quiet_hours(at: str, leaves: str) -> None:
    now = datetime.fromisoformat(at).astimezone(UTC)
    assert due_at("22:00-07:00", "high", now, PARIS) == datetime.fromisoformat(leaves)
    assert due_at("22:00-07:00", "critical", now, PARIS) == now
