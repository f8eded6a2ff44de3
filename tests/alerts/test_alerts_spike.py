"""Is it abnormal? Small brands, buzz, cold starts, budgets."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watch.alerts.spike import Setting, detect, surprise, threshold, usual_range
from watch.model import Spike

END = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")
LONG_AGO = END - timedelta(days=60)
Heard = list[tuple[datetime, bool]]


def calm(a_day: float, share: float = 0.15, *, seed: int = 1, days: int = 31) -> Heard:
    chance = random.Random(seed)
    count = int(a_day * days)
    return sorted((END - timedelta(days=days) * chance.random(), chance.random() < share) for _ in range(count))


def crowd(count: int, *, hours: float, negative: bool = True) -> Heard:
    return [(END - timedelta(hours=hours) * (i + 1) / (count + 1), negative) for i in range(count)]


def judge(heard: Heard, *, since: datetime = LONG_AGO, **setting: object) -> Spike:
    chosen = Setting(**{"kind": "negative_spike", **setting})  # type: ignore[arg-type]
    return detect(heard, chosen, listening_since=since, until=END, zone=PARIS)


def test_a_wave_of_anger_opens() -> None:
    spike = judge(calm(8) + crowd(15, hours=5))
    assert spike.state == "open"
    assert spike.observed > spike.upper >= spike.expected
    assert spike.share > spike.usual_share


def test_silence_for_a_year_then_six_angry_voices_opens() -> None:
    assert judge(crowd(6, hours=1)).state == "open"


def test_an_ordinary_day_does_not() -> None:
    assert [judge(calm(8, seed=seed)).state for seed in range(20)].count("open") <= 1


def test_three_of_five_is_no_crisis() -> None:
    assert judge(calm(2) + crowd(3, hours=6) + crowd(2, hours=6, negative=False)).state == "calm"


def test_ten_times_the_praise_does_not_raise_the_negative_rule() -> None:
    buzz = crowd(80, hours=12, negative=False)
    assert judge(calm(8) + buzz).score <= judge(calm(8)).score + 0.01


def test_a_buzz_explains_its_own_negatives() -> None:
    """The same ten negatives weigh less when sixty others speak too."""
    alone = judge(calm(8) + crowd(10, hours=6))
    in_a_buzz = judge(calm(8) + crowd(10, hours=6) + crowd(60, hours=6, negative=False))
    assert in_a_buzz.score < alone.score


def test_nothing_is_said_below_the_minimum() -> None:
    assert judge(crowd(9, hours=3), minimum=10).state == "calm"
    assert judge(crowd(10, hours=3), minimum=10).state == "open"


def test_the_first_two_days_are_silent_and_the_first_two_weeks_say_so() -> None:
    assert judge(crowd(30, hours=3), since=END - timedelta(hours=47)).state == "calm"
    young = judge(crowd(30, hours=3), since=END - timedelta(hours=49))
    assert (young.state, young.learning) == ("open", True)


def test_the_future_is_not_looked_at() -> None:
    later = [(END + timedelta(minutes=n + 1), True) for n in range(50)]
    assert judge(calm(8) + later) == judge(calm(8))


def test_order_of_arrival_does_not_matter() -> None:
    heard = calm(8) + crowd(12, hours=5)
    shuffled = heard[:]
    random.Random(3).shuffle(shuffled)
    assert judge(heard) == judge(shuffled)


def test_a_crowd_of_praise_opens_the_volume_rule() -> None:
    heard = calm(8) + crowd(60, hours=6, negative=False)
    assert judge(heard, kind="volume_spike").state == "open"


@pytest.mark.parametrize("kind", ["negative_spike", "volume_spike"])
def test_fewer_false_alarms_ask_for_more(kind: str) -> None:
    bars = [threshold(Setting(kind=kind, false_alarms=accepted)) for accepted in (4.3, 2, 1, 1 / 3, 1 / 12)]  # type: ignore[arg-type]
    assert bars == sorted(bars)
    assert bars[0] < bars[-1]


@given(st.integers(0, 5_000), st.floats(0.001, 5_000), st.floats(0.05, 20))
def test_surprise_has_the_sign_of_the_difference(x: int, mean: float, shape: float) -> None:
    found = surprise(x, mean, shape)
    assert found == 0 or (found > 0) == (x > mean)


@given(st.floats(0, 500), st.floats(0.1, 10))
def test_the_usual_range_holds_the_expected(expected: float, shape: float) -> None:
    lower, upper = usual_range(expected, shape)
    assert lower <= expected <= upper + 1
