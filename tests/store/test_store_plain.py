"""Plain SQL says the same as SQLModel, on both databases."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import make
import pytest
from sqlmodel import select

from watch.errors import StoreError
from watch.store import Store
from watch.store.plain import Plain, plain_of
from watch.store.tables import Brand, Item, Source

PARIS = timezone(timedelta(hours=2))
AT = datetime(2026, 7, 1, 9, 30, 15, 123456, tzinfo=PARIS)


def test_times_are_those_of_the_orm(store: Store) -> None:
    with store.session() as session:
        session.add(make.brand(created_at=AT))
    with store.plain() as plain:
        ((raw,),) = plain.rows("SELECT created_at FROM brand")
        assert plain.moment(raw) == AT
        plain.run("UPDATE brand SET created_at = ?", [plain.time(AT + timedelta(days=1))])
    with store.reading() as session:
        assert session.exec(select(Brand.created_at)).one() == AT + timedelta(days=1)


def test_a_time_without_zone_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="without a zone"), store.plain() as plain:
        plain.time(datetime(2026, 7, 1))  # noqa: DTZ001


def test_an_exception_rolls_everything_back(store: Store) -> None:
    with store.session() as session:
        session.add(make.brand())
    with pytest.raises(RuntimeError), store.plain() as plain:
        plain.run("DELETE FROM brand")
        raise RuntimeError
    with store.plain(reading=True) as plain:
        assert plain.rows("SELECT count(*) FROM brand") == [(1,)]


def test_more_rows_than_a_statement_takes(store: Store) -> None:
    with store.plain() as plain:
        rows = [(f"key {n}", "x") for n in range(1_001)]
        after = "ON CONFLICT (key) DO NOTHING RETURNING key"
        assert len(plain.insert("setting (key, value)", rows, after)) == 1_001
        assert plain.insert("setting (key, value)", [*rows, ("new", "y")], after) == [("new",)]
        among, value = plain.among("key", ["key 7", 'a "quoted" one', "absent"])
        assert plain.rows(f"SELECT key FROM setting WHERE {among}", [value]) == [("key 7",)]


def test_lists_and_days_are_those_of_the_orm(store: Store) -> None:
    with store.session() as session:
        source = make.source(tags=["é", 'b"'], options={"full_text": True})
        session.add(source)
        session.flush()
        session.add(make.item(source, tags=["x"]))
    with store.plain() as plain:
        plain.run("UPDATE source SET tags = ?", [plain.value(("ï", "d"))])
        plain.run("UPDATE item SET tags = ?", [plain.value([])])
        assert plain.value(date(2026, 7, 1)) == (date(2026, 7, 1) if plain.is_postgresql else "2026-07-01")
    with store.reading() as session:
        assert session.exec(select(Source.tags)).one() == ["ï", "d"]
        assert session.exec(select(Item.tags)).one() == []


def test_it_is_in_the_transaction_of_its_session(store: Store) -> None:
    with store.session() as session:
        session.add(make.brand())
        session.flush()
        assert plain_of(session).rows("SELECT name FROM brand") == [("Aubrac",)]


def test_a_writer_in_the_way_is_a_passing_error(sqlite_store: Store) -> None:
    impatient = Store(sqlite_store.url, busy=20)
    with sqlite_store.plain(), pytest.raises(StoreError, match="locked") as caught, impatient.plain():
        pass
    assert caught.value.passing
    with sqlite_store.plain(), impatient.plain(reading=True) as plain:
        assert isinstance(plain, Plain)
    impatient.close()


def test_a_server_that_has_started_again_is_met_again(postgres_store: Store) -> None:
    with postgres_store.plain() as plain:
        ((pid,),) = plain.rows("SELECT pg_backend_pid()")
    with postgres_store.session() as session:
        plain_of(session).rows("SELECT pg_terminate_backend(?)", [pid])
    with postgres_store.plain() as plain:
        assert plain.rows("SELECT 1") == [(1,)]
