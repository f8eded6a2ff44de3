"""Sources of people, and what changes about those of the file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import make
import pytest

from watch.config import parse
from watch.errors import Refused
from watch.store import Store, declared, rhythm, sources, subscribed
from watch.store.tables import Source

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def declare(store: Store, more: str = "") -> None:
    with store.session() as session:
        text = f'[[source]]\nname = "a"\nkind = "page"\nurl = "https://a.example/"\n{more}\n'
        declared.bring_in(session, parse(text), NOW)


@pytest.mark.parametrize(("more", "kept"), [("", True), ('tags = ["x"]', True), ('select = ".x"', False)])
def test_what_is_read_in_another_way_is_asked_for_whole(sqlite_store: Store, more: str, kept: bool) -> None:
    declare(sqlite_store)
    with sqlite_store.session() as session:
        source = sources.get(session, "a")
        source.etag, source.next_poll_at = b'"1"', NOW
    declare(sqlite_store, more)
    with sqlite_store.reading() as session:
        source = sources.get(session, "a")
    assert (source.etag, source.next_poll_at) == ((b'"1"', NOW) if kept else (None, None))


def test_a_source_is_removed_and_taken_up_again(store: Store) -> None:
    with store.session() as session:
        subscribed.add(session, {"name": "a", "kind": "feed", "url": "https://a.example/"}, now=NOW)
    with store.session() as session:
        source = sources.get(session, "a")
        source.etag, source.failures, source.enabled = b"1", 3, False
        subscribed.remove(session, "a")
    with store.session() as session:
        assert sources.page(session) == []
        (former,) = subscribed.everything(session)
        subscribed.add(session, {"name": "b", "tags": ["x"]}, now=NOW, former=former)
    with store.reading() as session:
        (again,) = sources.page(session)
    assert (again.name, again.tags, again.etag, again.failures, again.enabled) == ("b", ["x"], None, 0, True)


def test_the_file_takes_over_what_a_person_added(sqlite_store: Store) -> None:
    with sqlite_store.session() as session:
        subscribed.add(session, {"name": "a", "kind": "feed", "url": "https://b.example/"}, now=NOW)
    declare(sqlite_store)
    with sqlite_store.session() as session, pytest.raises(Refused, match="declared in"):
        subscribed.remove(session, "a")


def test_the_rhythm_is_that_of_the_last_items_of_each_source(store: Store) -> None:
    with store.session() as session:
        rows: list[Source] = [make.save(session, make.source()) for _ in range(3)]
        for n in range(rhythm.LOOKED_AT + 5):
            make.save(session, make.item(rows[0], published=NOW - timedelta(hours=100 - n)))
        make.save(session, make.item(rows[1], published=NOW))
        ids = [row.id or 0 for row in rows]
        found = rhythm.recent(session, ids)
    assert [len(found[id_]) for id_ in ids] == [rhythm.LOOKED_AT, 1, 0]
    assert found[ids[0]][0] == NOW - timedelta(hours=100 - rhythm.LOOKED_AT - 4)
