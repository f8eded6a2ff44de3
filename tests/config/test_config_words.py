"""`words` of a [[brand]]: rules that are read, and mistakes in them, each with its line."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlmodel import select

from watch.config import parse
from watch.errors import ConfigError
from watch.store import Store
from watch.store.declared import declare
from watch.store.tables import Brand

BRAND = '[[brand]]\nname = "Ludo"\nquery = "ludo"\n'


def wrong(words: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        parse(BRAND + words, {})
    return [str(problem) for problem in caught.value.problems]


def test_words_in_one_line_and_in_a_table_of_their_own_are_the_same() -> None:
    one = parse(BRAND + 'words = { "guerre" = "neutral", "de la bombe" = "positive", "tueur*" = "neutral" }\n')
    table = '[brand.words]\n"guerre" = "neutral"\n"de la bombe" = "positive"\n"tueur*" = "neutral"\n'
    assert one.brand[0].words == parse(BRAND + table).brand[0].words
    assert list(one.brand[0].words.items())[1] == ("de la bombe", "positive")
    assert parse(BRAND).brand[0].words == {}


@pytest.mark.parametrize(
    ("word", "tone", "said"),
    [
        ("guerre", "negatif", "'negatif' is not allowed; write 'negative', 'neutral' or 'positive'"),
        ("guerre", "", "'' is not allowed; write 'negative', 'neutral' or 'positive'"),
        ("?!", "neutral", "there is no letter or digit to look for in “?!”"),
        ("", "neutral", "there is no letter or digit to look for"),
        ("tu*eur", "neutral", "a star stands only right after the beginning of a word"),
        ("t*", "neutral", "a star needs at least two letters before it"),
        ("guerre OR bombe", "neutral", "without the signs and operators of a query (at character 8)"),
        ("=Guerre", "neutral", "without the signs and operators of a query (at character 1)"),
        ("titre:guerre", "neutral", "without the signs and operators of a query"),
        ("x" * 201, "neutral", "at most 200 characters"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_is_allowed(word: str, tone: str, said: str) -> None:
    (inline,) = wrong(f'words = {{ "{word}" = "{tone}" }}\n')
    (table,) = wrong(f'[brand.words]\n"fin" = "neutral"\n"{word}" = "{tone}"\n')
    assert inline.startswith("line 4: brand[1].words")
    assert table.startswith("line 6: brand[1].words")
    assert said in inline
    assert said in table


def test_the_table_of_a_later_brand_has_its_own_lines() -> None:
    text = '[brand.words]\n"ok" = "neutral"\n[[brand]]\nname = "B"\nquery = "b"\n[brand.words]\n"guerre" = 3\n'
    assert wrong(text) == [
        "line 10: brand[2].words.guerre: 3 is not allowed; write 'negative', 'neutral' or 'positive'"
    ]


def test_two_rules_for_one_word_are_a_mistake() -> None:
    (said,) = wrong('[brand.words]\n"Défi" = "neutral"\n"defi*" = "negative"\n"defi" = "positive"\n')
    assert said == "line 7: brand[1].words.defi: 'defi' is the same as 'Défi': case and accents do not count"


def test_more_than_two_hundred_rules_are_refused() -> None:
    rules = [f'"mot{n}" = "neutral"\n' for n in range(201)]
    assert "these are too many; 200 are allowed" in wrong("[brand.words]\n" + "".join(rules))[0]
    assert len(parse(BRAND + "[brand.words]\n" + "".join(rules[1:])).brand[0].words) == 200


@pytest.mark.parametrize("words", ['words = "guerre"\n', 'words = ["guerre"]\n'])
def test_what_is_no_table_is_refused(words: str) -> None:
    assert wrong(words) == ["line 4: brand[1].words: a table is wanted here"]


def test_the_rules_of_a_brand_are_brought_into_the_store(store: Store, now: datetime) -> None:
    for words in ('words = { "guerre" = "neutral" }\n', 'words = { "guerre" = "positive" }\n', ""):
        declare(store, parse(BRAND + words), now)
        with store.reading() as session:
            assert session.exec(select(Brand)).one().words == parse(BRAND + words).brand[0].words
