"""How a source does, in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from watch.collect.health import State, health, span
from watch.store.rhythm import usual_gap
from watch.store.tables import Source

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def every(gap: timedelta, since: timedelta, number: int = 10) -> list[datetime]:
    return [NOW - since - n * gap for n in range(number)]


@pytest.mark.parametrize(
    ("published", "gap"),
    [
        (every(HOUR, HOUR), HOUR),
        ([NOW, NOW - HOUR, NOW - 3 * HOUR, NOW - 300 * HOUR], 2 * HOUR),
        ([NOW] * 30, None),
        (every(HOUR, HOUR, 3), None),
        ([], None),
    ],
)
def test_the_usual_gap(published: list[datetime], gap: timedelta | None) -> None:
    assert usual_gap(published) == gap


@pytest.mark.parametrize(
    ("values", "published", "state"),
    [
        ({}, [], "waiting"),
        ({"last_success_at": NOW}, [], "ok"),
        ({"last_success_at": NOW}, every(HOUR, 40 * HOUR), "ok"),
        ({"last_success_at": NOW}, every(HOUR, 49 * HOUR), "silent"),
        ({"last_success_at": NOW}, every(24 * HOUR, 100 * HOUR), "ok"),
        ({"last_success_at": NOW}, every(24 * HOUR, 121 * HOUR), "silent"),
        ({"last_success_at": NOW}, [NOW - 9_000 * HOUR], "ok"),
        ({"last_success_at": NOW, "failures": 2}, every(HOUR, 49 * HOUR), "failing"),
        ({"enabled": False, "failures": 2}, [], "off"),
    ],
)
def test_states(values: dict[str, Any], published: list[datetime], state: State) -> None:
    source = Source(name="a", kind="feed", created_at=NOW, **values)
    assert health(source, published, NOW).state == state


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "1 min"), (89, "89 min"), (91, "2 h"), (47 * 60, "47 h"), (72 * 60, "3 days")]
)
def test_spans(minutes: int, words: str) -> None:
    assert span(timedelta(minutes=minutes)) == words
