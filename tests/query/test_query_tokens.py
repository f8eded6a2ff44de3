"""One tokenizer for texts and queries."""

from __future__ import annotations

import re
import time
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from watch.query import decode, index_text, tokens
from watch.query.index import LONGEST, encode


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Canapé CANAPÉ canape", ["canape", "canape", "canape"]),
        ("cœur Œuvre Straße Ærø", ["coeur", "oeuvre", "strasse", "aero"]),
        ("l'été d’hiver qu'il j’ai", ["l", "ete", "d", "hiver", "qu", "il", "j", "ai"]),
        ("porte-monnaie co-op", ["porte", "monnaie", "co", "op"]),
        ("AT&T, H&M", ["at", "&", "t", "h", "&", "m"]),
        ("C, C++, C++17, C#", ["c", "c++", "c++", "17", "c#"]),
        ("Canal+ Notepad++", ["canal", "+", "notepad", "++"]),
        (".NET ASP.NET", [".", "net", "asp", "net"]),
        ("fin... suite…mais", ["fin", "suite", "mais"]),
        ("3,5 3.5 4G 12h30 1 000", ["3.5", "3.5", "4g", "12h30", "1", "000"]),
        ("#été_2024", ["#ete_2024", "ete", "2024"]),
        ("@aubracmobilier", ["@aubracmobilier", "aubracmobilier"]),
        ("@aubrac_mobilier", ["@aubrac_mobilier"]),
        ("claire@example.org", ["claire", "example", "org"]),
        ("_markdown_ **gras**", ["markdown", "gras"]),
        ("bravo 👍🏽 ❤️", ["bravo", "👍", "❤"]),
        ("無印良品", ["無", "印", "良", "品"]),
        ("ca\u00adnapé caf\u0065\u0301", ["canape", "cafe"]),
        ("ＨＵＮＥ", ["hune"]),
        ("€ % … « » —", []),
    ],
)
def test_a_text_is_cut_where_a_reader_would_cut_it(text: str, folded: list[str]) -> None:
    assert [token.folded for token in tokens(text)] == folded


def test_a_tag_shares_its_position_with_its_first_word() -> None:
    assert [(t.folded, t.position) for t in tokens("un #bel_été ici")] == [
        ("un", 0),
        ("#bel_ete", 1),
        ("bel", 1),
        ("ete", 2),
        ("ici", 3),
    ]


@given(st.text())
def test_tokens_point_into_the_text_in_order(text: str) -> None:
    found = tokens(text)
    for token in found:
        assert text[token.start : token.end]
        assert token.folded
    assert [t.position for t in found] == sorted(t.position for t in found)


accented = st.text("aAéÉœc+#@.&_ 3,àÀ'\u0301\u00adがか👍") | st.text()


@settings(max_examples=500)
@given(accented)
@example(".À")
@example("é+")
@example("é@a")
def test_however_accents_are_encoded_the_tokens_are_the_same(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    decomposed = unicodedata.normalize("NFD", composed)
    assert [t.folded for t in tokens(decomposed)] == [t.folded for t in tokens(composed)]


@given(st.text())
def test_the_index_text_holds_only_letters_and_digits(text: str) -> None:
    assert re.fullmatch(r"[a-z0-9 ]*", index_text(text))


@given(st.text(min_size=1, max_size=20))
def test_a_term_of_the_index_can_be_read_back(text: str) -> None:
    assert decode(encode(text)) == text


@given(st.text(min_size=1), st.text())
def test_the_beginning_of_a_word_is_the_beginning_of_its_term(beginning: str, rest: str) -> None:
    assert encode(beginning + rest).startswith(encode(beginning))


def test_the_index_text_of_a_phrase_with_a_hashtag_stays_a_phrase() -> None:
    assert index_text("un #bel_été ici").split()[:4] == ["un", "bel", "ete", "ici"]


def test_a_term_is_short_enough_for_every_index() -> None:
    assert max(map(len, index_text("é" * 5_000 + " 👍" + "z" * 5_000).split())) <= LONGEST


HOSTILE = [
    "a",
    "a ",
    "1,",
    "1,1a",
    "#",
    "@a ",
    "#a_",
    "@_",
    "+",
    "a+",
    "\u0301",
    "a\u0301",
    "&",
    "👍",
    "👍\u200d",
    "無",
]
HOSTILE += [".a", "C++", "(", "\u200b", "œ ", "\U0001f1e6", "\x00", "\ud800", "ﷺ", "a'", "_a", "1.", "\u02bc"]


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_texts_take_no_longer_than_others(piece: str) -> None:
    """Processor time on a busy machine, so with room: about 0.4 s are usual; squared time would take minutes."""
    assert _seconds(piece * (200_000 // len(piece))) < 3


def _seconds(text: str) -> float:
    begin = time.process_time()
    index_text(text)
    return time.process_time() - begin
