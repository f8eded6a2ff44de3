"""Mentions page by page, with filters and full text, on both databases."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta

import make
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from watch.errors import QueryError
from watch.query import Document, compile_query, index_text
from watch.store import listing, mentioned
from watch.store.filters import Wanted, moment
from watch.store.tables import ItemTopic, Topic

TEXTS = [
    "Le canapé Aubrac est arrivé",
    "Aubrac, quel scandale !",
    "C++ chez Aubrac",
    "l'été d’Aubrac #déco",
    "AUBRAC AT&T",
]


def add(session, source, brand, *, topics=(), at=make.NOW, tone="neutral", **values):
    item = make.save(session, make.item(source, published=at, **values))
    terms = index_text(Document(text=item.text, title=item.title).body)
    sqlite = session.get_bind().dialect.name == "sqlite"
    session.execute(
        text(
            "INSERT INTO item_index (rowid, tokens) VALUES (:id, :terms)"
            if sqlite
            else "INSERT INTO item_index (item_id, tokens) VALUES (:id, to_tsvector('simple', :terms))"
        ),
        {"id": item.id, "terms": terms},
    )
    for name, score in topics:
        session.add(ItemTopic(item_id=item.id, topic=name, score=score))
    return make.save(session, make.mention(item, brand, sentiment=tone)).id


@pytest.fixture
def filled(store):
    with store.session() as session:
        forum = make.save(session, make.source(name="Forum", tags=["presse"]))
        blog = make.save(session, make.source(name="Blog", kind="page"))
        ours, rival = make.save(session, make.brand()), make.save(session, make.brand(name="Rival", role="competitor"))
        session.add(Topic(name="livraison", title={}, department="support"))
        session.flush()
        for n, body in enumerate(TEXTS * 4):
            add(
                session,
                (forum, blog)[n % 2],
                (ours, ours, rival)[n % 3],
                text=body,
                title=f"Titre {n}",
                at=make.NOW - timedelta(hours=n // 3),
                engagement=n % 4 or None,
                topics=[("livraison", 0.5), ("prix", 0.9)] if n % 5 == 0 else [],
                tags=["idée"] if n == 7 else [],
                tone=("negative", "positive")[n % 2],
            )
    return store


def walk(store, wanted, sort, limit):
    after, seen = None, []
    while True:
        with store.reading() as session:
            page = listing.page(session, wanted, sort=sort, limit=limit, after=after)
        assert len(page.mentions) <= limit
        seen += page.mentions
        if page.next is None:
            return seen
        after = page.next


CASES = [
    (Wanted(), 20),
    (Wanted(brand=("Aubrac",)), 14),
    (Wanted(brand=("Aubrac", "Rival")), 20),
    (Wanted(brand=("Nobody",)), 0),
    (Wanted(q="canape"), 4),
    (Wanted(q='"quel scandale"'), 4),
    (Wanted(q="C++ OR AT&T"), 8),
    (Wanted(q="l'été"), 4),
    (Wanted(q="aubrac NOT scandale"), 16),
    (Wanted(q="titre*"), 20),
    (Wanted(q="source:blog"), 10),
    (Wanted(q="tag:presse"), 10),
    (Wanted(q="#déco"), 4),
    (Wanted(q="=AUBRAC"), 4),
    (Wanted(topic=("prix",)), 4),
    (Wanted(department=("support",)), 4),
    (Wanted(source=("Forum",)), 10),
    (Wanted(kind=("page",)), 10),
    (Wanted(tag=("idée",)), 1),
    (Wanted(tag=("presse", "idée")), 11),
    (Wanted(sentiment=("negative",), brand=("Aubrac",)), 7),
    (Wanted(min_confidence=0.9), 0),
    (Wanted(since=make.NOW), 3),
    (Wanted(until=make.NOW), 17),
]


def test_pages_hold_exactly_what_is_wanted(filled):
    # One world for all cases: building it on PostgreSQL takes longer than asking.
    for wanted, count in CASES:
        whole = walk(filled, wanted, "-published", 200)
        assert len(whole) == count, wanted
        for sort, limit in itertools.product(listing.SORTS, (1, 7)):
            seen = walk(filled, wanted, sort, limit)
            assert sorted(one.id for one in seen) == sorted(one.id for one in whole), (wanted, sort, limit)


def test_each_order_is_kept(filled):
    newest = [one.published for one in walk(filled, Wanted(), "-published", 6)]
    assert newest == sorted(newest, reverse=True)
    oldest = [one.published for one in walk(filled, Wanted(), "published", 6)]
    assert oldest == sorted(oldest)
    loudest = [one.engagement or -1 for one in walk(filled, Wanted(), "-engagement", 6)]
    assert loudest == sorted(loudest, reverse=True)


def test_what_comes_in_between_neither_repeats_nor_hides(filled):
    with filled.reading() as session:
        first = listing.page(session, Wanted(), limit=5)
    with filled.session() as session:
        source, brand = make.save(session, make.source()), make.save(session, make.brand(name="New"))
        add(session, source, brand, at=make.NOW + timedelta(hours=1))
    with filled.reading() as session:
        second = listing.page(session, Wanted(), limit=200, after=first.next)
    assert len({one.id for one in (*first.mentions, *second.mentions)}) == 20


def test_a_query_that_cannot_be_read_says_where(store):
    with pytest.raises(QueryError), store.reading() as session:
        listing.page(session, Wanted(q="(("))


def test_topics_come_best_first_and_name_the_department(filled):
    found = walk(filled, Wanted(topic=("livraison",)), "published", 50)[0]
    assert found.topics == (("prix", 0.9), ("livraison", 0.5))
    assert found.department == "support"


def test_a_mention_that_is_gone_is_none(store):
    with store.reading() as session:
        assert mentioned.detail(session, 1) is None


words = st.sampled_from(["canapé", "AUBRAC", "c++", "at&t", "scand*", "#deco", "été", "titre", "7"])
queries = st.recursive(
    words,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda two: f"({two[0]} AND {two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]} OR {two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]} NOT {two[1]})"),
    ),
    max_leaves=5,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=queries)
def test_a_search_finds_what_the_matcher_would(filled, query):
    matcher = compile_query(query)
    every = walk(filled, Wanted(), "-published", 200)
    titles = {f"Titre {n}": body for n, body in enumerate(TEXTS * 4)}
    fits = [m.id for m in every if matcher.find(Document(title=m.title, text=titles[m.title])) is not None]
    assert [m.id for m in walk(filled, replace(Wanted(), q=query), "-published", 200)] == fits


@pytest.mark.parametrize(
    ("given", "end", "expected"),
    [
        ("2026-11-20", False, "2026-11-19T23:00:00+00:00"),
        ("2026-11-20", True, "2026-11-20T23:00:00+00:00"),
        ("2026-03-29", True, "2026-03-29T22:00:00+00:00"),
        ("2026-11-20T07:30", False, "2026-11-20T06:30:00+00:00"),
        ("2026-11-20T07:30:00Z", True, "2026-11-20T07:30:00+00:00"),
        ("2026-11-20T07:30:00 02:00", False, "2026-11-20T05:30:00+00:00"),
    ],
)
def test_times_are_read_in_the_zone(given, end, expected):
    from zoneinfo import ZoneInfo

    assert moment(given, ZoneInfo("Europe/Paris"), end=end).isoformat() == expected
