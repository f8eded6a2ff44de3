"""Queries become trees; mistakes become sentences."""

from __future__ import annotations

import random
import subprocess
import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from query_trees import trees

from watch.errors import QueryError
from watch.query import And, Near, Node, Not, Or, Term, parse, to_text

A, B, C, D = Term("a"), Term("b"), Term("c"), Term("d")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a", A),
        ("a b", And((A, B))),
        ("a AND b ET c", And((A, B, C))),
        ("a OR b OU c", Or((A, B, C))),
        ("a b OR c d", Or((And((A, B)), And((C, D))))),
        ("a (b OR c)", And((A, Or((B, C))))),
        ("a NOT b", And((A, Not(B)))),
        ("a -b", And((A, Not(B)))),
        ("a –b", And((A, Not(B)))),
        ("a SAUF b", And((A, Not(B)))),
        ("a AND NOT b", And((A, Not(B)))),
        ("a NOT NOT b", And((A, B))),
        ("a NEAR/5 b", Near(A, B, 5)),
        ("a ONEAR/5 b", Near(A, B, 5, ordered=True)),
        ("a PRES/5 b", Near(A, B, 5)),
        ("a PRÈS/5 b", Near(A, B, 5)),
        ("a PRE\u0300S/5 b", Near(A, B, 5)),
        ("a NEAR/1 b NEAR/2 c", Near(Near(A, B, 1), C, 2)),
        ("a NEAR/1 (b OR c)", Near(A, Or((B, C)), 1)),
        ('"a  b"', Term("a b", quoted=True)),
        ("« a b »", Term("a b", quoted=True)),
        ("“a b”", Term("a b", quoted=True)),
        ("=Orange", Term("Orange", exact=True)),
        ('="La Poste"', Term("La Poste", quoted=True, exact=True)),
        ("meuble*", Term("meuble*")),
        ("@aubrac", Term("@aubrac")),
        ("#aubrac", Term("#aubrac")),
        ("title:a", Term("a", field="title")),
        ("titre:a", Term("a", field="title")),
        ("TITLE:a", Term("a", field="title")),
        ('source:"a b"', Term("a b", quoted=True, field="source")),
        ("title:(a OR b)", Or((Term("a", field="title"), Term("b", field="title")))),
        ("et ou sauf", And((Term("et"), Term("ou"), Term("sauf")))),
        ("ANDROID NOTE ORANGE", And((Term("ANDROID"), Term("NOTE"), Term("ORANGE")))),
        ("AT&T C++ co-op l'été .NET", And(tuple(Term(w) for w in ["AT&T", "C++", "co-op", "l'été", ".NET"]))),
        ("https://example.org/a 10:30", And((Term("https://example.org/a"), Term("10:30")))),
    ],
)
def test_a_query_is_read_as_the_reference_says(text: str, tree: Node) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("a OR b NOT c", "(a OR b) NOT c"),
        ("a OR b -c -d", "(a OR b) NOT c NOT d"),
        ("a NOT b OR c", "(a NOT b) OR c"),
        ("-c a OR b", "(a OR b) NOT c"),
        ("a OR b AND NOT c", "a OR (b NOT c)"),
        ("a OR -b c", "a OR (c NOT b)"),
        ("a OR b NOT c d", "((a OR b) NOT c) d"),
        ("d (a OR b NOT c)", "d ((a OR b) NOT c)"),
        ("a NOT b NEAR/3 c", "a NOT (b NEAR/3 c)"),
        ("a OR b NEAR/3 c d", "a OR ((b NEAR/3 c) d)"),
        (
            '"aubrac mobilier" OR @aubracmobilier OR (aubrac NEAR/5 (canapé OR meuble*)) NOT (vache OR plateau)',
            '("aubrac mobilier" OR @aubracmobilier OR (aubrac NEAR/5 (canapé OR meuble*))) NOT (vache OR plateau)',
        ),
    ],
)
def test_operators_bind_as_the_reference_says(text: str, meaning: str) -> None:
    assert parse(text) == parse(meaning)


@pytest.mark.parametrize(
    ("text", "position", "words"),
    [
        ("", 0, "empty"),
        ("  \n", 0, "empty"),
        ("a (b OR c", 2, "closing parenthesis is missing"),
        ("a (b (c)", 2, "closing parenthesis is missing"),
        ("a b)", 3, "has no opening one"),
        ("a ()", 3, "nothing between these parentheses"),
        ('a "b c', 2, "closing quotation mark is missing"),
        ("a « b c", 2, "closing quotation mark is missing"),
        ("a b »", 4, "has no opening one"),
        ("OR a", 0, "OR needs a word on both sides"),
        ("a OU", 2, "OU needs a word on both sides"),
        ("a AND OR b", 6, "OR needs a word on both sides"),
        ("NEAR/3 a", 0, "NEAR/3 needs a word on both sides"),
        ("a NEAR/3", 2, "NEAR/3 needs a word on both sides"),
        ("a NEAR/3 -b", 9, "nothing excluded"),
        ("a NEAR b", 2, "as in NEAR/5"),
        ("a PRES b", 2, "as in PRES/5"),
        ("a near/5 b", 2, "NEAR/5 in capitals"),
        ("a NEAR/100 b", 2, "from 0 to 99"),
        ("a NEAR/x b", 2, "as in NEAR/5"),
        ("a NEAR/3 (b c)", 2, "AND and NOT stay outside"),
        ("a NEAR/3 site:b.fr", 2, "not for site:"),
        ("site:(a NEAR/3 b)", 0, "not for site:"),
        ("a NOT", 2, "NOT needs a word right after it"),
        ("a - b", 2, "must touch the word that it excludes"),
        ("a = b", 2, "must touch the word whose case"),
        ("title:", 0, "needs a word or a phrase right after it"),
        ("title: OR a", 7, "needs a word on both sides"),
        ("author:(title:a)", 0, "inside the parentheses of author:"),
        ("titel:a", 0, "did you mean “title:”"),
        ("a sources:b", 2, "did you mean “source:”"),
        ("site:lemonde.fr/politique", 5, "name of a site"),
        ("*a", 0, "right after the beginning of a word"),
        ("aa*b", 2, "right after the beginning of a word"),
        ("b a*", 3, "at least two letters"),
        ('a "bb cc* d*"', 11, "at least two letters"),
        ("a €", 2, "no letter or digit"),
        ('a "…"', 3, "no letter or digit"),
        ("-a", 0, "only excludes"),
        ("NOT a -b", 0, "only excludes"),
        ("a OR NOT b", 5, "only excludes"),
        ("(" * 21 + "a" + ")" * 21, 20, "20 levels"),
        ("a " * 257, 512, "256 words"),
        ("é" * 2_100, 2_048, "4 kB"),
        (" NEAR/1 ".join(["ab"] * 256), 0, "20 levels"),
    ],
)
def test_a_mistake_is_told_where_it_is_in_plain_words(text: str, position: int, words: str) -> None:
    """H67: also the limits, of 4 kB, 256 words and 20 levels"""
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert words in caught.value.message
    assert caught.value.position == position


@pytest.mark.parametrize(
    "text",
    ["(" * 20 + "a" + ")" * 20, "a " * 256, "a" * 4096, "a " + "NOT " * 1_000 + "b", " OR ".join(["(a b -c)"] * 85)],
)
def test_the_limits_themselves_are_allowed(text: str) -> None:
    """H67"""
    assert parse(text)


@given(trees())
def test_a_printed_tree_reads_back_as_the_same_tree(tree: Node) -> None:
    assert parse(to_text(tree)) == tree


PIECES = [
    "a",
    "bb*",
    "AT&T",
    '"',
    '"c d"',
    "«",
    "»",
    "(",
    ")",
    "-",
    "=",
    "*",
    "OR",
    "ET",
    "NOT",
    "NEAR/3",
    "NEAR",
    "@",
    "#",
]
PIECES += [
    "title:",
    "site:",
    "lang:fr",
    "x.fr",
    "é",
    " ",
    "  ",
    "\n",
    "😀",
    "\ud800",
    "\x00",
    "“",
    "ONEAR/12",
    ":",
    "/",
    "'",
]


@settings(max_examples=300)
@given(
    st.one_of(
        st.text(), st.lists(st.sampled_from(PIECES)).map("".join), st.lists(st.sampled_from(PIECES)).map(" ".join)
    )
)
@example("\ud800" * 3_000)
@example("(" * 4_000)
def test_any_text_is_read_and_prints_back_or_is_refused_inside_it(text: str) -> None:
    check_any(text)


def test_ten_thousand_random_texts_raise_nothing_but_query_errors() -> None:
    """H66"""
    dice = random.Random(2026)
    for _ in range(10_000):
        size = dice.randrange(1, 12)
        if dice.random() < 0.5:
            text = dice.choice(["", " "]).join(dice.choices(PIECES, k=size))
        else:
            text = "".join(
                chr(dice.choice((dice.randrange(128), dice.randrange(0x3000), 0x1F600))) for _ in range(size)
            )
        check_any(text)


def check_any(text: str) -> None:
    tree, error = read(text)
    if tree is not None:
        assert parse(to_text(tree)) == tree
    if error is not None:
        assert error.message
        assert 0 <= error.position <= len(text)


def read(text: str) -> tuple[Node | None, QueryError | None]:
    try:
        return parse(text), None
    except QueryError as error:
        return None, error


def test_the_room_is_imported_without_its_parser() -> None:
    code = "import sys, watch.query; sys.exit('lark' in sys.modules or 'sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
