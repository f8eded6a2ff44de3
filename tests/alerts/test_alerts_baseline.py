"""What is usual: learnt from hours, clipped at crises, in the brand's own zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from watch.alerts.baseline import HOUR, Bin, bins, learn

END = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")


def flat(days: int, total: int, negative: int) -> list[Bin]:
    count = days * 24
    return [Bin(END - (count - i) * HOUR, total, negative) for i in range(count)]


def test_an_hour_holds_its_end_and_not_its_beginning() -> None:
    heard = [(END, True), (END - HOUR + timedelta(microseconds=1), False), (END - HOUR, True), (END - 2 * HOUR, False)]
    found = bins(heard, since=END - 2 * HOUR, until=END)
    assert [(one.start, one.total, one.negative) for one in found] == [(END - 2 * HOUR, 1, 1), (END - HOUR, 2, 1)]


@given(st.lists(st.tuples(st.timedeltas(timedelta(0), timedelta(days=3)), st.booleans()), max_size=60))
def test_no_mention_is_counted_twice_or_lost(heard: list[tuple[timedelta, bool]]) -> None:
    """Property: the hours add up to the mentions."""
    pairs = [(END - ago, negative) for ago, negative in heard]
    found = bins(pairs, since=END - timedelta(days=4), until=END)
    within = [negative for _, negative in pairs]
    assert sum(one.total for one in found) == len(within)
    assert sum(one.negative for one in found) == sum(within)


def test_the_level_and_share_come_near_the_truth() -> None:
    usual = learn(flat(28, 5, 1), PARIS)
    assert abs(usual.a / usual.b - 5) < 0.3
    assert abs(usual.share - 0.2) < 0.02


def test_a_new_brand_is_believed_little() -> None:
    assert learn([], PARIS).shape < 1 < learn(flat(28, 5, 1), PARIS).shape


def test_a_crisis_teaches_a_little_and_never_all() -> None:
    calm = flat(28, 2, 0)
    crisis = [Bin(one.start, 200, 180) if i >= len(calm) - 12 else one for i, one in enumerate(calm)]
    assert learn(crisis, PARIS).a / learn(crisis, PARIS).b < 2 * 2


def test_the_shape_of_the_day_is_local() -> None:
    """A brand talked of at nine in Paris is expected at nine in Paris."""
    hours = [
        Bin(start, 20 if start.astimezone(PARIS).hour == 9 else 1, 0)
        for start in (END - (28 * 24 - i) * HOUR for i in range(28 * 24))
    ]
    usual = learn(hours, PARIS)
    nine = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
    assert usual.expected(nine, PARIS) > 3 * usual.expected(nine + HOUR, PARIS)


def test_few_mentions_give_the_day_no_shape() -> None:
    hours = flat(28, 0, 0)
    hours[5] = Bin(hours[5].start, 1, 0)
    assert max(learn(hours, PARIS).profile) < 1.5
