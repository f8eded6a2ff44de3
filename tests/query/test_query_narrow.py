"""Whatever a matcher accepts, the narrowed search of a real index returns."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from query_trees import documents, trees

from watch.query import Document, Node, compile_query, index_text, narrow, parse, to_fts5, to_text, to_tsquery


def fts5(query: str) -> str | None:
    return to_fts5(narrow(parse(query)))


@pytest.mark.parametrize(
    ("query", "expression"),
    [
        ("Été", '"ete"'),
        ('"canapé conver*"', '"canape conver" *'),
        ('"can* convertible"', '("can" * AND "convertible")'),
        ("a NEAR/3 b", '("a" AND "b")'),
        ("a OR b NOT c", '("a" OR "b")'),
        ("=Orange site:a.fr", '"orange"'),
        ("title:a", '"a"'),
        ("a OR site:a.fr", None),
        ("lang:fr", None),
        ("#zoé", '"z23zzzoe"'),
        ("4G", '"zo4g"'),
    ],
)
def test_the_index_is_asked_what_it_can_know(query: str, expression: str | None) -> None:
    assert fts5(query) == expression


def test_a_row_of_words_is_not_asked_of_a_tsvector() -> None:
    assert to_tsquery(narrow(parse('"canapé lit conver*" OR b'))) == "((canape & lit & conver:*) | (b))"


@pytest.fixture(params=["ascii", "unicode61"])
def sqlite(request: pytest.FixtureRequest) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    connection.execute(f"CREATE VIRTUAL TABLE fts USING fts5(body, tokenize = '{request.param}')")
    yield connection
    connection.close()


def in_sqlite(connection: sqlite3.Connection, bodies: list[str], expression: str | None) -> set[int]:
    if expression is None:
        return set(range(len(bodies)))
    connection.execute("DELETE FROM fts")
    connection.executemany("INSERT INTO fts(rowid, body) VALUES (?, ?)", enumerate(map(index_text, bodies)))
    return {row for (row,) in connection.execute("SELECT rowid FROM fts WHERE fts MATCH ?", (expression,))}


def accepted(tree: Node, stored: list[Document]) -> set[int]:
    matcher = compile_query(to_text(tree))
    return {number for number, document in enumerate(stored) if matcher.find(document) is not None}


several = st.lists(documents(), min_size=1, max_size=8)
real_database = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300)


@real_database
@given(trees(), several)
def test_sqlite_returns_whatever_the_matcher_accepts(
    sqlite: sqlite3.Connection, tree: Node, stored: list[Document]
) -> None:
    found = in_sqlite(sqlite, [document.body for document in stored], to_fts5(narrow(tree)))
    assert accepted(tree, stored) <= found


@real_database
@given(st.text(min_size=1))
def test_sqlite_finds_every_text_by_itself(sqlite: sqlite3.Connection, text: str) -> None:
    """H66: Also what SQLite would cut otherwise, or take for an operator."""
    phrase = text.translate(dict.fromkeys(map(ord, '"“”„‟«»*'), " "))
    if index_text(phrase):
        assert in_sqlite(sqlite, [phrase], fts5(f'"{phrase}"')) == {0}


def test_the_largest_query_is_no_burden_to_sqlite(sqlite: sqlite3.Connection) -> None:
    words = [f"w{number}" for number in range(250)]
    nested = " (".join(f"w{n} OR w{n} x" for n in range(20)) + ")" * 19
    for query in (" ".join(words), " OR ".join(words), nested, " OR ".join(f"({w} x)" for w in words[:125])):
        assert in_sqlite(sqlite, [" ".join([*words, "x"])], fts5(query)) == {0}


@pytest.fixture
def postgres(postgres_url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(postgres_url) as connection:
        yield connection
        connection.rollback()


@real_database
@given(trees(), several)
def test_postgresql_returns_whatever_the_matcher_accepts(
    postgres: psycopg.Connection, tree: Node, stored: list[Document]
) -> None:
    asked = to_tsquery(narrow(tree))
    rows = [index_text(document.body) for document in stored]
    found = postgres.execute(
        "SELECT n - 1 FROM unnest(%s::text[]) WITH ORDINALITY AS t(body, n)"
        " WHERE %s::text IS NULL OR to_tsvector('simple', body) @@ to_tsquery('simple', %s)",
        (rows, asked, asked),
    )
    assert accepted(tree, stored) <= {number for (number,) in found}


@real_database
@given(st.text())
def test_postgresql_reads_the_index_text_as_it_stands(postgres: psycopg.Connection, text: str) -> None:
    terms = index_text(text)
    row = postgres.execute("SELECT tsvector_to_array(to_tsvector('simple', %s))", (terms,)).fetchone()
    assert row == (sorted(set(terms.split())),)
