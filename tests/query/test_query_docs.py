"""Every example of docs/query.md does what the page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from watch.errors import QueryError
from watch.query import Document, compile_query, parse

PAGE = (Path(__file__).parents[2] / "docs" / "query.md").read_text(encoding="utf-8")
REFUSED = {"-vache", "aubrac OR NOT vache", "aubrac (canapé"}
# What is shown as a piece of the language and not as a query.
PIECES = {"NEAR/n", "ONEAR/n", "NOT", "-", "AND", "OR", "titre:", "auteur:", "langue:"}
EXAMPLES = sorted(set(re.findall(r"(?<!`)`([^`]+)`(?!`)", PAGE.replace("\n", " "))) - PIECES)
BLOCKS = re.findall(r"^    (\S.*)$", PAGE, flags=re.MULTILINE)
MEANINGS = re.findall(r"^\| `([^`]+)` \| `([^`]+)` \|$", PAGE, flags=re.MULTILINE)


@pytest.mark.parametrize("example", [*EXAMPLES, *BLOCKS])
def test_every_example_is_read_or_refused_as_the_page_says(example: str) -> None:
    if example in REFUSED:
        with pytest.raises(QueryError):
            parse(example)
    else:
        assert parse(example)


@pytest.mark.parametrize(("short", "meaning"), MEANINGS)
def test_what_the_page_calls_the_same_finds_the_same(short: str, meaning: str) -> None:
    one, other = compile_query(short), compile_query(meaning)
    for held in range(8):
        text = " ".join(word for bit, word in enumerate("abc") if held >> bit & 1)
        assert (one.find(Document(text)) is None) == (other.find(Document(text)) is None)


def test_the_page_shows_the_example_of_the_contract() -> None:
    assert BLOCKS == [
        '"aubrac mobilier" OR @aubracmobilier OR (aubrac NEAR/5 (canapé OR meuble*)) NOT (vache OR plateau)'
    ]
    assert len(MEANINGS) == 6


def test_the_page_quotes_an_error_as_it_is() -> None:
    with pytest.raises(QueryError) as caught:
        parse("aubrac (canapé")
    assert str(caught.value) in PAGE.replace("\n", " ")
