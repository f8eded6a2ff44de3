"""The store opens, upgrades, refuses and keeps time; on both databases."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import make
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import Session, SQLModel, select

from watch.config import parse
from watch.errors import StoreError
from watch.store import Store, creation, declared, heartbeats, schema, upgrade
from watch.store.engine import connect
from watch.store.tables import Brand, Source
from watch.store.types import UtcDateTime


def test_migrations_make_the_tables_the_code_describes(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        found = compare_metadata(context, SQLModel.metadata)
    ours = [change for change in found if "item_index" not in str(change)]
    assert ours == []


def test_a_time_comes_back_as_it_went_in(store: Store) -> None:
    paris = timezone(timedelta(hours=2))
    at = datetime(2026, 7, 1, 9, 30, 15, 123456, tzinfo=paris)
    with store.session() as session:
        session.add(make.brand(created_at=at))
    with store.reading() as session:
        kept = session.exec(select(Brand.created_at)).one()
    assert kept == at
    assert kept.tzinfo is UTC


def test_a_time_without_zone_is_refused(store: Store) -> None:
    with pytest.raises(Exception, match="without a zone"), store.session() as session:
        session.add(make.brand(created_at=datetime(2026, 7, 1)))  # noqa: DTZ001


@given(st.datetimes(timezones=st.just(UTC), min_value=datetime(1800, 1, 1), max_value=datetime(2900, 1, 1)))  # noqa: DTZ001
def test_times_sort_in_sqlite_as_they_do_in_life(at: datetime) -> None:
    from sqlalchemy.dialects import sqlite

    kept = UtcDateTime().process_bind_param(at, sqlite.dialect())
    later = UtcDateTime().process_bind_param(at + timedelta(microseconds=1), sqlite.dialect())
    assert kept < later
    assert UtcDateTime().process_result_value(kept, sqlite.dialect()) == at


def test_an_exception_rolls_everything_back(store: Store) -> None:
    with pytest.raises(RuntimeError), store.session() as session:
        session.add(make.brand())
        session.flush()
        raise RuntimeError("half-way")
    with store.reading() as session:
        assert session.exec(select(Brand)).all() == []


def test_sqlite_writes_through_to_the_disk(sqlite_store: Store) -> None:
    """E29: synchronous=FULL, WAL, a busy timeout."""
    with sqlite_store.reading() as session:
        pragmas = [session.exec(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous")]  # type: ignore[call-overload]
    assert pragmas == ["wal", 2]


def test_two_writers_wait_for_each_other(store: Store) -> None:
    """E24: nothing is lost when two transactions write at once."""
    names = [f"Marque {n}" for n in range(20)]

    def write(part: list[str]) -> None:
        for name in part:
            with store.session() as session:
                session.add(make.brand(name=name))

    threads = [threading.Thread(target=write, args=(names[i::2],)) for i in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.reading() as session:
        assert sorted(session.exec(select(Brand.name)).all()) == sorted(names)


def test_readers_do_not_wait_for_a_writer(store: Store) -> None:
    with store.session() as writing:
        make.save(writing, make.brand())
        with store.reading() as session:
            assert session.exec(select(Brand)).all() == []


def test_two_processes_may_upgrade_at_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'hune.db'}"
    errors: list[Exception] = []

    def upgrade() -> None:
        try:
            Store.open(url).close()
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=upgrade) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite:////nowhere/at/all/hune.db", "does not exist"),
        ("mysql://localhost/x", "not a database Hune knows"),
        ("not an address", "no database address"),
        ("postgresql://u:geheim@host:notaport/db", "no database address"),
        ("sqlite+aiosqlite:///x", "not a database Hune knows"),
        ("postgresql://nobody:secret@127.0.0.1:1/x", "cannot use the database"),
    ],
)
def test_a_database_that_cannot_be_had_is_one_sentence(url: str, said: str) -> None:
    with pytest.raises(StoreError, match=said) as caught:
        Store.open(url)
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)
    assert "geheim" not in str(caught.value)


def test_a_file_that_is_no_database_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "hune.db").write_text("this is a letter to my aunt, and long enough to look like a page" * 20)
    with pytest.raises(StoreError, match="not a database"):
        Store.open(f"sqlite:///{tmp_path / 'hune.db'}")


def test_a_database_of_a_newer_hune_is_left_alone(sqlite_store: Store) -> None:
    """E30: an old binary refuses a new schema."""
    with sqlite_store.session() as session:
        session.connection().execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="newer Hune"):
        Store.open(sqlite_store.url)


def test_a_source_keeps_its_bytes(store: Store) -> None:
    with store.session() as session:
        make.save(session, make.source(etag=b'W/"\xe9"', name="é"))
    with store.reading() as session:
        assert _only(session).etag == b'W/"\xe9"'


def _only(session: Session) -> Source:
    return session.exec(select(Source)).one()


def test_two_that_bring_in_the_same_file_at_once_agree(store: Store, now: datetime) -> None:
    config = parse('[[brand]]\nname = "A"\nquery = "a"\n[[brand]]\nname = "B"\nquery = "b"\n')
    errors: list[Exception] = []

    def bring_in() -> None:
        try:
            with store.session() as session:
                declared.bring_in(session, config, now)
                heartbeats.beat(session, "poll", now)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=bring_in) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with store.reading() as session:
        assert len(session.exec(select(Brand)).all()) == 2


def test_opening_a_store_that_is_written_to_does_not_wait(sqlite_store: Store) -> None:
    with sqlite_store.session() as session:
        make.save(session, make.brand())
        Store.open(sqlite_store.url).close()


def test_what_the_file_no_longer_declares_turns_inactive_and_comes_back(store: Store, now: datetime) -> None:
    both = '[[brand]]\nname = "A"\nquery = "a"\n[[source]]\nname = "S"\nurl = "https://a.example/feed"\n'
    with store.session() as session:
        declared.bring_in(session, parse(both), now)
        session.exec(select(Source)).one().etag = b"old"
    with store.session() as session:
        declared.bring_in(session, parse(""), now)
        assert [session.exec(select(table)).one().active for table in (Brand, Source)] == [False, False]
    with store.session() as session:
        declared.bring_in(session, parse(both.replace("/feed", "/other")), now)
        found = session.exec(select(Source)).one()
        assert (found.active, found.url, found.etag) == (True, "https://a.example/other", None)


def test_the_migrations_form_one_chain_in_the_order_of_their_numbers(sqlite_store: Store) -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(upgrade.__file__).parent / "migrations"))
    script = ScriptDirectory.from_config(config)
    assert tuple(reversed([one.revision for one in script.walk_revisions()])) == schema.revisions()
    assert script.get_current_head() == schema.revisions()[-1]


def test_a_new_database_is_what_the_migrations_make(tmp_path: Path) -> None:
    """Run `python -m watch.store.creation` after a new migration."""
    engine = connect(f"sqlite:///{tmp_path / 'migrated.db'}")
    upgrade.to_head(engine)
    engine.dispose()
    with closing(sqlite3.connect(tmp_path / "migrated.db")) as connection:
        assert creation.written(connection) == creation.FILE.read_text(encoding="utf-8")


def test_an_older_database_is_brought_up(store: Store) -> None:
    with store.session() as session:
        session.connection().execute(text("DROP TABLE robots"))
        session.connection().execute(text("DROP TABLE overruled"))
        session.connection().execute(text("DROP TABLE story_mark"))
        session.connection().execute(text("UPDATE alembic_version SET version_num = '0001'"))
        session.connection().execute(text("ALTER TABLE item DROP COLUMN first_page"))
        session.connection().execute(text("ALTER TABLE source DROP COLUMN page"))
        session.connection().execute(text("ALTER TABLE brand DROP COLUMN words"))
        session.connection().execute(text("ALTER TABLE mention DROP COLUMN sure"))
    upgrade.to_head(store.engine)
    with store.session() as session:
        make.save(session, make.source())
