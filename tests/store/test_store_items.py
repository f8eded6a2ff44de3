"""Items are stored once, found again, labelled and indexed: on both databases."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import make
import pytest
from sqlalchemy import text as sql
from sqlmodel import Session, select

from watch.collect import take_in
from watch.model import Entries, Entry
from watch.store import Store, items
from watch.store.dialect import is_postgresql
from watch.store.plain import plain_of
from watch.store.tables import Item, Sighting, Source

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SEEN_BEFORE = NOW - timedelta(days=9)
ENTRY = Entry(
    guid="g1",
    url="https://x.example/a?utm_source=rss",
    title="Un titre",
    text="Un texte",
    published=NOW - timedelta(hours=2),
    tags=("a",),
)


def add_source(session: Session, name: str = "s", *, new: bool = False) -> Source:
    source = Source(
        name=name, kind="feed", url="https://x.example/", created_at=NOW, first_success_at=None if new else SEEN_BEFORE
    )
    session.add(source)
    session.flush()
    return source


def take(session: Session, source: Source, *entries: Entry, at: datetime = NOW) -> tuple[int, int]:
    session.flush()
    (taken,) = take_in(plain_of(session), [(make.due(source), Entries(entries))], at)
    return taken.new, taken.updated


def only(session: Session) -> Item:
    session.expire_all()
    return session.exec(select(Item)).one()


def found(session: Session, word: str) -> int:
    match = (
        "SELECT item_id FROM item_index WHERE tokens @@ to_tsquery('simple', :word)"
        if is_postgresql(session)
        else "SELECT rowid FROM item_index WHERE item_index MATCH :word"
    )
    return len(session.execute(sql(match), {"word": word}).all())


def test_an_entry_becomes_an_item_once(store: Store) -> None:
    with store.session() as session:
        source = add_source(session)
        assert take(session, source, ENTRY) == (1, 0)
        assert take(session, source, ENTRY, at=NOW + timedelta(hours=1)) == (0, 0)
        item = only(session)
    assert item.url == "https://x.example/a"
    assert (item.title, item.tags, item.backlog, item.labels_version) == ("Un titre", ["a"], False, None)
    assert (item.published, item.collected) == (ENTRY.published, NOW)


def test_an_edit_keeps_when_it_was_published(store: Store) -> None:
    """H51"""
    with store.session() as session:
        source = add_source(session)
        take(session, source, ENTRY)
        session.exec(select(Item)).one().labels_version = "v1"
        session.flush()
        edited = replace(ENTRY, text="Un autre texte", published=NOW)
        later = NOW + timedelta(hours=1)
        assert take(session, source, edited, at=later) == (0, 1)
        assert take(session, source, edited, at=later) == (0, 0)
        item = only(session)
    assert (item.text, item.published, item.updated) == ("Un autre texte", ENTRY.published, later)
    assert item.labels_version is None


def test_gone_and_back_is_not_new(store: Store) -> None:
    """H51"""
    with store.session() as session:
        source = add_source(session)
        take(session, source, ENTRY)
        assert take(session, source) == (0, 0)
        assert take(session, source, ENTRY) == (0, 0)


def test_two_sources_one_item_and_the_first_words_stay(store: Store) -> None:
    with store.session() as session:
        first, second = add_source(session), add_source(session, "t")
        take(session, first, ENTRY)
        assert take(session, second, replace(ENTRY, guid="z", text="extrait")) == (0, 0)
        assert take(session, second, replace(ENTRY, guid="z", text="autre extrait")) == (0, 0)
        assert only(session).text == "Un texte"
        assert len(session.exec(select(Sighting)).all()) == 2


def test_a_guid_that_changes_every_time_makes_no_copies(store: Store) -> None:
    """H50"""
    with store.session() as session:
        source = add_source(session)
        assert [take(session, source, replace(ENTRY, guid=f"g{n}")) for n in range(3)] == [(1, 0), (0, 0), (0, 0)]


def test_one_address_for_every_announcement_loses_none(store: Store) -> None:
    """H50"""
    with store.session() as session:
        source = add_source(session)
        assert take(session, source, replace(ENTRY, guid="v1", title="Version 1")) == (1, 0)
        assert take(session, source, replace(ENTRY, guid="v2", title="Version 2")) == (1, 0)
        both = (replace(ENTRY, guid="v2", title="Version 2"), replace(ENTRY, guid="v3", title="Version 3"))
        assert take(session, source, *both) == (1, 0)


def test_one_guid_for_every_entry_loses_none(store: Store) -> None:
    """H50"""

    def one(n: int) -> Entry:
        return replace(ENTRY, guid="idem", url=f"https://x.example/{n}", title=f"Titre {n}")

    with store.session() as session:
        source = add_source(session)
        assert take(session, source, one(0), one(1)) == (2, 0)
        assert take(session, source, one(0), one(1)) == (0, 0)
        assert take(session, source, one(2), one(1)) == (1, 0)


def test_a_guid_that_stays_names_the_entry_whatever_changes(store: Store) -> None:
    """H50, H51: another title often brings another address"""
    with store.session() as session:
        source = add_source(session)
        take(session, source, ENTRY)
        renamed = replace(ENTRY, url="https://x.example/b", title="Un meilleur titre")
        assert take(session, source, renamed) == (0, 1)
        assert take(session, source, renamed) == (0, 0)
        item = only(session)
    assert (item.url, item.title) == ("https://x.example/b", "Un meilleur titre")


def test_new_guids_with_every_answer_and_no_address_make_no_copies(store: Store) -> None:
    """H50"""
    with store.session() as session:
        source = add_source(session)
        counts = [take(session, source, replace(ENTRY, guid=f"g{n}", url=None)) for n in range(3)]
        assert counts == [(1, 0), (0, 0), (0, 0)]
        edited = replace(ENTRY, guid="g0", url=None, text="Un autre texte")
        assert take(session, source, edited) == (0, 1)


def test_without_guid_and_address_the_words_are_the_name(store: Store) -> None:
    """H50"""
    with store.session() as session:
        source = add_source(session)
        bare = replace(ENTRY, guid="", url=None)
        assert take(session, source, bare) == (1, 0)
        assert take(session, source, bare) == (0, 0)


@pytest.mark.parametrize(
    ("published", "kept", "backlog"),
    [
        (NOW - timedelta(hours=23), NOW - timedelta(hours=23), False),
        (NOW - timedelta(hours=25), NOW - timedelta(hours=25), True),
        (NOW + timedelta(days=999), NOW, False),
        (None, NOW, True),
    ],
)
def test_first_page_of_a_new_source(sqlite_store: Store, published: datetime, kept: datetime, backlog: bool) -> None:
    """H52, and the backlog of a new source"""
    with sqlite_store.session() as session:
        take(session, add_source(session, new=True), replace(ENTRY, published=published))
        item = only(session)
    assert (item.published, item.backlog, item.first_page) == (kept, backlog, True)


def test_no_backlog_after_an_outage(sqlite_store: Store) -> None:
    with sqlite_store.session() as session:
        take(session, add_source(session), replace(ENTRY, published=NOW - timedelta(days=5)))
        assert (only(session).backlog, only(session).first_page) == (False, False)


def test_engagement_is_counted_without_labelling_again(store: Store) -> None:
    with store.session() as session:
        source = add_source(session)
        take(session, source, ENTRY)
        session.exec(select(Item)).one().labels_version = "v1"
        session.flush()
        assert take(session, source, replace(ENTRY, engagement=12)) == (0, 0)
        item = only(session)
    assert (item.engagement, item.labels_version) == (12, "v1")


def test_text_no_database_may_refuse(store: Store) -> None:
    """H43"""
    with store.session() as session:
        take(session, add_source(session), replace(ENTRY, title="\U0001f9ff é ‮", text="\ufffd'\"\\%_"))
        assert only(session).title == "\U0001f9ff é ‮"


def test_to_label_newest_first_then_other_versions(store: Store) -> None:
    with store.session() as session:
        source = add_source(session)
        entries = [replace(ENTRY, guid=str(n), url=f"https://x.example/{n}") for n in range(5)]
        take(session, source, *entries)
        rows = session.exec(select(Item).order_by(Item.id)).all()  # type: ignore[arg-type]  # a column
        rows[0].labels_version, rows[1].labels_version, rows[2].quarantined = "v1", "v2", "broken"
        session.flush()
        assert [item.url[-1:] for item in items.to_label(session, "v2", 9) if item.url] == ["4", "3", "0"]
        assert len(items.to_label(session, "v2", 1)) == 1
        assert len(items.to_label(session, "v1", 9)) == 3


def test_new_and_edited_words_are_found(store: Store) -> None:
    with store.session() as session:
        source = add_source(session)
        take(session, source, ENTRY)
        assert (found(session, "texte"), found(session, "canape")) == (1, 0)
        take(session, source, replace(ENTRY, text="Un canapé"))
        assert (found(session, "texte"), found(session, "canape")) == (0, 1)


def test_two_thousand_entries_at_once(sqlite_store: Store) -> None:
    with sqlite_store.session() as session:
        source = add_source(session)
        entries = [replace(ENTRY, guid=str(n), url=f"https://x.example/{n}") for n in range(2_000)]
        assert take(session, source, *entries) == (2_000, 0)
        assert take(session, source, *entries) == (0, 0)


def test_what_no_collector_should_give_costs_nothing(store: Store) -> None:
    """H43: strings that PostgreSQL refuses, from whatever kind of source"""
    worst = "\x00\ud800" + "x" * 5_000
    bad = Entry(worst, "https://x.example/\ud800", worst, worst, author=worst, lang=worst, image="https://x/\ud800")
    bad = replace(bad, comments_url=worst, tags=(worst, "\x00"), engagement=2**40, full_text=worst)
    with store.session() as session:
        assert take(session, add_source(session), bad, ENTRY) == (2, 0)
        item = session.exec(select(Item).where(Item.title != ENTRY.title)).one()
    assert (item.url, item.image, item.comments_url, item.lang, item.engagement) == (None,) * 5
    assert (len(item.title.encode()), len(item.author or ""), item.tags) == (1_000, 200, ["x" * 100])
    assert item.text == "x" * 5_000


@pytest.mark.parametrize(
    "letters",
    ["0123456789abcdef", "".join(map(chr, range(0x430, 0x450))), "\U0001f9ff\U0001f600"],
    ids=["hexadecimal", "cyrillic", "emoji"],
)
def test_a_text_of_endless_new_words_is_stored(store: Store, letters: str) -> None:
    """A tsvector holds 1 MB: the beginning of such a text is indexed, and the next entry is not lost."""
    dice = random.Random(1)
    text = " ".join("".join(dice.choices(letters, k=9)) for _ in range(100_000))
    while len(text.encode()) > 1_000_000:
        text = text[: len(text) * 9 // 10]
    with store.session() as session:
        source = add_source(session)
        assert take(session, source, replace(ENTRY, text=text), replace(ENTRY, guid="2", url=None)) == (2, 0)


def test_a_long_text_of_few_words_is_found_whole(store: Store) -> None:
    with store.session() as session:
        take(session, add_source(session), replace(ENTRY, text="le la les " * 80_000 + "fin"))
        assert found(session, "fin") == 1
