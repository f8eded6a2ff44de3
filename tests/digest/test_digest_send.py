from __future__ import annotations

import multiprocessing
from datetime import UTC, datetime, timedelta

import pytest
from digest_morning import EVE, HOUR, MORNING, begin, configured, issues, outbox, tell
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from watch.digest import render, send_due
from watch.store import Store, deliveries, digests, heartbeats


def test_a_digest_is_frozen_and_queued_for_each_reader_at_its_hour(store: Store) -> None:
    begin(store)
    tell(store, MORNING - HOUR, sentiment="negative")
    assert send_due(store, configured(), MORNING - timedelta(seconds=1)) == []
    (issue,) = send_due(store, configured(), MORNING)
    assert (issue.name, str(issue.day), issue.since, issue.until) == ("matinale", "2026-11-20", EVE, MORNING)
    assert render.from_json(issue.content).brands[0].tally.negative == 1
    assert [(row.channel, row.recipient, row.state) for row in outbox(store)] == [
        ("patronne", "claire@example.org", "queued"),
        ("atelier", "sam@example.org", "queued"),
    ]
    message = outbox(store)[0].message
    assert message["title"] == render.subject(render.from_json(issue.content))
    assert message["text"].startswith(message["title"])
    assert "<html" in message["html"]


def test_a_digest_is_single_however_often_it_is_asked_for(store: Store) -> None:
    begin(store)
    for minutes in range(5):
        send_due(store, configured(), MORNING + timedelta(minutes=minutes))
    assert len(issues(store)) == 1
    assert len(outbox(store)) == 2


def test_three_days_down_make_one_late_digest_of_everything(sqlite_store: Store) -> None:
    begin(sqlite_store)
    for day in range(3):
        tell(sqlite_store, EVE + timedelta(days=day, hours=5))
    (issue,) = send_due(sqlite_store, configured(), EVE + timedelta(days=3, hours=4))
    digest = render.from_json(issue.content)
    assert digest.late
    assert digest.brands[0].tally.total == 3
    assert "en retard" in render.text(digest)


def test_a_clock_ahead_for_one_call_costs_no_later_digest(sqlite_store: Store) -> None:
    begin(sqlite_store)
    days = [MORNING, datetime(2030, 1, 1, 12, tzinfo=UTC), *(MORNING + timedelta(days=n, hours=1) for n in range(4))]
    made = [[str(issue.day) for issue in send_due(sqlite_store, configured(), now)] for now in days]
    assert made == [["2026-11-20"], ["2030-01-01"], [], ["2026-11-21"], ["2026-11-22"], ["2026-11-23"]]


def test_each_look_at_the_digests_is_noted(store: Store) -> None:
    send_due(store, configured(), MORNING)
    send_due(store, configured(), MORNING + HOUR)
    with store.reading() as session:
        assert heartbeats.last(session)["digest"] == MORNING + HOUR


def test_nothing_to_say_is_skipped_when_asked_and_time_goes_on(sqlite_store: Store) -> None:
    begin(sqlite_store)
    assert len(send_due(sqlite_store, configured("skip"), MORNING)) == 1
    assert outbox(sqlite_store) == []
    with sqlite_store.reading() as session:
        assert digests.told_until(session, "matinale") == MORNING


def test_a_plan_nobody_has_heard_of_begins_a_day_ago(sqlite_store: Store) -> None:
    (issue,) = send_due(sqlite_store, configured(), MORNING + HOUR)
    assert issue.since == MORNING + HOUR - timedelta(days=1)


def test_the_content_stays_as_it_was_when_labels_change(sqlite_store: Store) -> None:
    begin(sqlite_store)
    tell(sqlite_store, MORNING - HOUR, sentiment="negative")
    (issue,) = send_due(sqlite_store, configured(), MORNING)
    tell(sqlite_store, MORNING - HOUR)
    assert issues(sqlite_store)[0].content == issue.content


def test_an_item_labelled_after_its_digest_is_in_the_next_one(sqlite_store: Store) -> None:
    begin(sqlite_store)
    first = tell(sqlite_store, MORNING - HOUR)
    send_due(sqlite_store, configured(), MORNING)
    late = tell(sqlite_store, MORNING - 2 * HOUR)
    next_day = tell(sqlite_store, MORNING + HOUR)
    send_due(sqlite_store, configured(), MORNING + timedelta(days=1))
    assert [issue.content["items"] for issue in issues(sqlite_store)] == [[first], [late, next_day]]


@settings(
    max_examples=8,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.tuples(st.integers(1, 70), st.integers(0, 20)), max_size=12))
def test_every_item_is_in_exactly_one_digest(
    tmp_path_factory: pytest.TempPathFactory, arrivals: list[tuple[int, int]]
) -> None:
    # (hour of collection, hours until it was labelled)
    store = Store.open(f"sqlite:///{tmp_path_factory.mktemp('e15') / 'hune.db'}")
    begin(store)
    stored: list[int] = []
    for hour in range(24 * 5):
        stored += [tell(store, EVE + c * HOUR) for c, delay in arrivals if c + delay == hour]
        if hour % 24 == 0:
            send_due(store, configured(), EVE + hour * HOUR)
    told = [item for issue in issues(store) for item in issue.content["items"]]
    store.close()
    assert sorted(told) == sorted(stored)


def _tick(url: str, now: datetime) -> None:
    store = Store.open(url)
    send_due(store, configured(), now)
    store.close()


def test_two_schedulers_make_one_digest(store: Store) -> None:
    begin(store)
    context = multiprocessing.get_context("spawn")
    both = [context.Process(target=_tick, args=(store.url, MORNING)) for _ in range(2)]
    for process in both:
        process.start()
    for process in both:
        process.join(60)
        assert process.exitcode == 0
    assert len(issues(store)) == 1
    assert len(outbox(store)) == 2


def test_a_digest_that_cannot_be_built_is_tried_again_and_costs_the_others_nothing(sqlite_store: Store) -> None:
    begin(sqlite_store)
    two = configured()
    broken = two.digest[0].model_copy(update={"name": "cassée", "timezone": "Nowhere/Land"})
    both = two.model_copy(update={"digest": (broken, *two.digest)})
    assert [issue.name for issue in send_due(sqlite_store, both, MORNING)] == ["matinale"]


def test_queued_rows_of_an_issue_are_found(sqlite_store: Store) -> None:
    begin(sqlite_store)
    (issue,) = send_due(sqlite_store, configured(), MORNING)
    assert issue.id is not None
    with sqlite_store.reading() as session:
        assert len(deliveries.of_issue(session, issue.id)) == 2
