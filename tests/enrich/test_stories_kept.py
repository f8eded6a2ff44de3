"""Stories in the store: their memory, their original, what counts once, in whatever order items come."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

import make
import pytest
from sqlalchemy import func
from sqlmodel import Session, col, select

from watch.enrich import enrich_new
from watch.store import Store, stories, tallies
from watch.store.tables import Brand, Item, Mention, Source, Story, StoryMark, Tally

WIRE = (
    "La commode Aubrac est rappelée par son fabricant après un accident survenu dimanche dans la Loire, selon la "
    "préfecture. Trois mille exemplaires ont été vendus depuis le printemps. Les clients seront remboursés en magasin."
)
EXCERPT = WIRE[:108] + "…"
DAY = timedelta(days=1)


def fill(store: Store, *texts: str, **values: Any) -> None:
    with store.session() as session:
        source = session.exec(select(Source)).first() or make.save(session, make.source())
        if not session.exec(select(Brand)).first():
            make.save(session, make.brand(name="Aubrac", query="aubrac"))
        for text in texts:
            session.add(make.item(source, **{"title": "", "text": text, **values}))


def label(store: Store, now: datetime, *texts: str, **values: Any) -> None:
    fill(store, *texts, **{"published": now, "collected": now, **values})
    enrich_new(store, make.Classifier(), now)


def story_of(session: Session, text: str) -> int | None:
    return session.exec(select(Item.story_id).where(Item.text == text)).one()


def test_an_excerpt_joins_the_story_of_its_article_and_the_other_way_round(store: Store, now: datetime) -> None:
    label(store, now, EXCERPT)
    label(store, now, WIRE)
    label(store, now, "(Reuters) - " + WIRE)
    with store.reading() as session:
        assert session.exec(select(Story)).one().items == 3


def test_a_story_is_remembered_for_fourteen_days_after_its_last_item(store: Store, now: datetime) -> None:
    label(store, now, WIRE)
    label(store, now + 13 * DAY, "AFP - " + WIRE)
    label(store, now + 26 * DAY, "Reuters - " + WIRE)
    label(store, now + 41 * DAY, "DPA - " + WIRE)
    with store.reading() as session:
        assert [row.items for row in session.exec(select(Story).order_by(col(Story.id)))] == [3, 1]


def test_what_is_forgotten_leaves_no_marks_and_keeps_its_items(store: Store, now: datetime) -> None:
    label(store, now, WIRE)
    label(store, now + 15 * DAY, "Un autre communiqué d'Aubrac, sans rapport avec la commode ni avec la préfecture.")
    with store.reading() as session:
        old, new = session.exec(select(Story).order_by(col(Story.id))).all()
        assert old.signature is None
        assert set(session.exec(select(StoryMark.story_id))) == {new.id}
        assert story_of(session, WIRE) == old.id


def test_the_original_is_what_was_published_first_however_late_it_is_found(store: Store, now: datetime) -> None:
    label(store, now, EXCERPT, title="Reprise", published=now - timedelta(hours=2))
    with store.reading() as session:
        first = session.exec(select(Story)).one()
    label(store, now, WIRE, title="Dépêche", published=now - timedelta(hours=5))
    label(store, now, "AFP - " + WIRE, title="Encore une", published=now - timedelta(hours=3))
    with store.reading() as session:
        story = session.exec(select(Story)).one()
        assert (story.id, story.title, story.items) == (first.id, "Dépêche", 3)


def test_a_story_whose_original_has_no_title_is_called_by_its_first_words(store: Store, now: datetime) -> None:
    label(store, now, EXCERPT, title="Reprise")
    label(store, now, WIRE, published=now - DAY)
    with store.reading() as session:
        assert session.exec(select(Story)).one().title == WIRE[: stories.TITLE]


def test_a_late_original_counts_no_second_time(store: Store, now: datetime) -> None:
    label(store, now, EXCERPT)
    label(store, now, WIRE, published=now - timedelta(hours=5))
    with store.reading() as session:
        found = session.exec(select(Mention).order_by(col(Mention.id))).all()
        assert [(one.reprint, one.counted) for one in found] == [(False, True), (True, False)]
        rows = session.exec(select(Tally)).all()
        assert (sum(row.neutral for row in rows), sum(row.neutral_once for row in rows)) == (2, 1)
        assert tallies.differences(session) == []


@pytest.mark.parametrize("seed", range(4))
def test_one_by_one_or_all_at_once_in_any_order_the_same_items_are_one_story(
    sqlite_store: Store, now: datetime, seed: int
) -> None:
    other = (
        "Aubrac ouvre samedi un magasin de trois étages place de Jaude, avec un atelier de réparation ouvert à tous."
    )
    texts = [WIRE, "AFP - " + WIRE, WIRE + " Lire aussi : la météo.", EXCERPT, other + " Un communiqué.", other]
    random.Random(seed).shuffle(texts)
    if seed % 2:
        label(sqlite_store, now, *texts)
    else:
        for text in texts:
            label(sqlite_store, now, text)
    with sqlite_store.reading() as session:
        assert len({story_of(session, text) for text in texts if "commode" in text}) == 1
        assert sorted(row.items for row in session.exec(select(Story))) == [2, 4]
        assert sum(not one.reprint for one in session.exec(select(Mention))) == 2


def test_relabelling_moves_nothing(store: Store, now: datetime) -> None:
    label(store, now, WIRE, EXCERPT)
    newer = make.Classifier()
    newer.version = "stub-2"
    with store.reading() as session:
        before = [(item.id, item.story_id) for item in session.exec(select(Item).order_by(col(Item.id)))]
    enrich_new(store, newer, now + 20 * DAY)
    with store.reading() as session:
        assert [(item.id, item.story_id) for item in session.exec(select(Item).order_by(col(Item.id)))] == before
        assert session.exec(select(Story)).one().items == 2


def test_words_that_every_text_has_do_not_crowd_the_index(sqlite_store: Store, now: datetime) -> None:
    """A tail that nobody knows: after 16 stories its marks are no longer kept."""
    tail = "Aubrac vend aussi des bancs, des tables et des tabourets dans tous ses magasins de France et de Suisse."
    heads = [" ".join(f"mot{(n * 37 + i * i) % 9973}x{n}" for i in range(60)) for n in range(20)]
    label(sqlite_store, now, *(f"{head}. {tail}" for head in heads))
    with sqlite_store.reading() as session:
        assert session.exec(select(func.count()).select_from(Story)).one() == 20
        crowd = select(func.count()).select_from(StoryMark).group_by(col(StoryMark.mark)).order_by(func.count().desc())
        assert session.exec(crowd).first() == 16
