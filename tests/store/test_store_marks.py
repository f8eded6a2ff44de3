"""Marks: at once, or not at all."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session

from watch.store import Store, keys
from watch.store.marks import mark


def _used(store: Store) -> datetime | None:
    with store.reading() as session:
        return keys.every(session)[0].used_at


def _key(store: Store, now: datetime) -> str:
    with store.session() as session:
        keys.create(session, name="", scopes=["read"], now=now)
        session.flush()
        return keys.every(session)[0].id


def test_a_mark_is_written(store: Store, now: datetime) -> None:
    key = _key(store, now)
    assert mark(store, lambda session: keys.used(session, key, now))
    assert _used(store) == now


def test_a_mark_is_given_up_while_another_writes_and_the_next_is_written(store: Store, now: datetime) -> None:
    key = _key(store, now)

    def use(session: Session) -> None:
        keys.used(session, key, now)

    with store.session() as busy:
        keys.used(busy, key, now)
        busy.flush()
        assert not mark(store, use)
        busy.rollback()
    assert _used(store) is None
    assert mark(store, use)


def test_the_connection_is_as_patient_afterwards_as_before(sqlite_store: Store, now: datetime) -> None:
    key = _key(sqlite_store, now)
    mark(sqlite_store, lambda session: keys.used(session, key, now))
    with sqlite_store.session() as busy:
        mark(sqlite_store, lambda session: keys.used(session, key, now))
        with sqlite_store.reading() as session:
            assert session.execute(text("PRAGMA busy_timeout")).scalar_one() == 10_000
        busy.rollback()
