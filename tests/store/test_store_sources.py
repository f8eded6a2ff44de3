"""Claims, due times, what a poll leaves behind: on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from watch.config import parse
from watch.errors import Refused
from watch.store import Store, declared, due, polls, sources
from watch.store.tables import Poll, Source

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def add(store: Store, name: str, **values: Any) -> None:
    with store.session() as session:
        session.add(Source(name=name, kind="feed", url=f"https://{name}.example/", created_at=NOW, **values))


def claimed(store: Store, token: str = "me", now: datetime = NOW, **options: Any) -> list[str]:
    with store.plain() as plain:
        return [source.name for source in due.claim(plain, now, token, **options)]


def test_due_sources_are_claimed_once(store: Store) -> None:
    add(store, "new")
    add(store, "past", next_poll_at=NOW - HOUR)
    add(store, "future", next_poll_at=NOW + HOUR)
    add(store, "off", enabled=False)
    add(store, "undeclared", active=False)
    assert claimed(store) == ["new", "past"]
    assert claimed(store, "other") == []


def test_a_claim_ends(store: Store) -> None:
    add(store, "a")
    assert claimed(store) == ["a"]
    assert claimed(store, "other", NOW + due.LEASE) == ["a"]
    with store.plain() as plain:
        assert due.held(plain, "me", [1]) == set()
        assert due.held(plain, "other", [1]) == {1}


def test_all_ignores_due_times_but_not_retry_after(store: Store) -> None:
    """P33"""
    add(store, "future", next_poll_at=NOW + HOUR)
    add(store, "held", not_before=NOW + HOUR)
    assert claimed(store, all=True) == ["future"]


def test_only_one_source(store: Store) -> None:
    add(store, "a")
    add(store, "b")
    assert claimed(store, only="b") == ["b"]


def test_what_has_the_address_of_a_due_source_comes_along(store: Store) -> None:
    """P34"""
    add(store, "a")
    for name, values in {"b": {}, "off": {"enabled": False}, "held": {"not_before": NOW + HOUR}}.items():
        with store.session() as session:
            url, later = "https://a.example/", NOW + HOUR
            session.add(Source(name=name, kind="feed", url=url, created_at=NOW, next_poll_at=later, **values))
    add(store, "other", next_poll_at=NOW + HOUR)
    assert claimed(store, only="a") == ["a"]
    assert claimed(store, "next", NOW + due.LEASE) == ["a", "b"]


def test_batches_follow_each_other(store: Store) -> None:
    for name in "abc":
        add(store, name)
    assert claimed(store, limit=2) == ["a", "b"]
    assert claimed(store, after=2, limit=2) == ["c"]


def test_a_time_years_ahead_was_a_wrong_clock(store: Store) -> None:
    """P37"""
    add(store, "a", next_poll_at=NOW + timedelta(days=3_000))
    add(store, "b", next_poll_at=NOW + timedelta(days=6))
    assert claimed(store) == ["a"]


def state(id_: int, **values: Any) -> dict[str, Any]:
    return {"id": id_, **values}


def row(id_: int, at: datetime) -> dict[str, Any]:
    return {
        "source_id": id_,
        "at": at,
        "outcome": "ok",
        "http_status": 200,
        "kind": None,
        "message": None,
        "entries": 1,
        "new": 0,
        "updated": 0,
        "bytes": 0,
        "seconds": 0.0,
    }


def test_recording_gives_the_claim_back(store: Store) -> None:
    add(store, "a")
    claimed(store)
    with store.plain() as plain:
        polls.record(plain, [state(1, next_poll_at=NOW + HOUR, etag=b'W/"\xe9"', failures=2)], [row(1, NOW)])
    with store.reading() as session:
        source = session.exec(select(Source)).one()
    assert (source.next_poll_at, source.etag, source.failures) == (NOW + HOUR, b'W/"\xe9"', 2)
    assert (source.claim, source.claimed_until) == (None, None)


def test_fifty_polls_are_kept(store: Store) -> None:
    """P39"""
    add(store, "a")
    add(store, "b")
    with store.plain() as plain:
        polls.record(plain, [], [row(id_, NOW + n * HOUR) for n in range(60) for id_ in (1, 2)])
        polls.forget_old(plain, [1])
    with store.reading() as session:
        kept: Sequence[Poll] = sources.polls(session, 1)
        assert [poll.at for poll in kept] == [NOW + n * HOUR for n in range(59, 9, -1)]
        assert len(session.exec(select(Poll).where(Poll.source_id == 2)).all()) == 60


def test_what_is_not_due_is_waiting(store: Store) -> None:
    add(store, "due")
    add(store, "future", next_poll_at=NOW + HOUR)
    add(store, "off", enabled=False)
    with store.plain(reading=True) as plain:
        assert [source.name for source in due.waiting(plain, NOW)] == ["future", "off"]
        assert [source.name for source in due.waiting(plain, NOW, only="off")] == ["off"]


def test_a_host_rests(store: Store) -> None:
    """P38"""
    add(store, "a")
    add(store, "b", not_before=NOW + 5 * HOUR)
    with store.plain() as plain:
        due.hold(plain, [1, 2], NOW + HOUR)
    with store.reading() as session:
        assert [s.not_before for s in sources.page(session)] == [NOW + HOUR, NOW + 5 * HOUR]


def test_switching_off_and_on(store: Store) -> None:
    """P19"""
    add(store, "a", failures=3, next_poll_at=NOW + HOUR, last_failure="dns")
    with store.session() as session:
        sources.disable(session, "a")
    assert claimed(store) == []
    with store.session() as session:
        sources.enable(session, "a")
    assert claimed(store) == ["a"]


def test_an_unknown_name_is_refused(sqlite_store: Store) -> None:
    with sqlite_store.session() as session, pytest.raises(Refused, match="no source 'x'"):
        sources.enable(session, "x")


def test_moves_are_believed_on_the_third_day() -> None:
    """P20"""
    source = Source(name="a", kind="feed", url="https://old/", created_at=NOW, moved_to="https://new/", moved_days=2)
    assert due.asked_address(source) == "https://old/"
    source.moved_days = 3
    assert due.asked_address(source) == "https://new/"


def declare(store: Store, url: str) -> None:
    with store.session() as session:
        declared.bring_in(session, parse(f'[[source]]\nname = "a"\nurl = "{url}"\n'), NOW)


def test_a_poll_of_the_old_address_cannot_write_over_a_new_one(store: Store) -> None:
    declare(store, "https://old.example/")
    assert claimed(store) == ["a"]
    declare(store, "https://new.example/")
    with store.plain() as plain:
        assert due.held(plain, "me", [1]) == set()
    assert claimed(store, "other") == ["a"]


@pytest.mark.parametrize(("outcome", "enabled"), [("disabled", True), ("failed", False), (None, False)])
def test_a_new_address_ends_what_a_410_began(sqlite_store: Store, outcome: str | None, enabled: bool) -> None:
    """What a person switched off stays off."""
    declare(sqlite_store, "https://gone.example/")
    with sqlite_store.session() as session:
        source = sources.get(session, "a")
        source.enabled, source.last_outcome = False, outcome
    declare(sqlite_store, "https://gone.example/")
    assert claimed(sqlite_store) == []
    declare(sqlite_store, "https://new.example/")
    assert claimed(sqlite_store) == (["a"] if enabled else [])
