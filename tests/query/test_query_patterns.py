"""H65: there are no regular expressions of a user's: what looks like one is words, or refused, and never slow."""

from __future__ import annotations

import time

import pytest

from watch import config
from watch.errors import ConfigError, QueryError
from watch.query import Document, compile_query

# What makes a backtracking engine think for years (OWASP, ReDoS; CPython's and others' own bug trackers).
CATASTROPHIC = [
    "(a+)+$", "([a-zA-Z]+)*$", "(a|aa)+$", "(a|a?)+$", "(.*a){20}", "^(a+)+b", "(x+x+)+y", "a*a*a*a*a*a*b",
    "(?:a?){50}a{50}", r"(\w+\s?)*$", r"^(([a-z])+.)+[A-Z]([a-z])+$", r"(?=(a+))a*b\1",
]  # fmt: skip
TEXT = Document("a" * 50_000 + "! " + "aa " * 20_000)


@pytest.mark.parametrize("form", ["{}", "/{}/", "/{}/i", "re:{}", "regex:{}", '"{}"', '"/{}/"', "title:/{}/"])
@pytest.mark.parametrize("pattern", CATASTROPHIC)
def test_a_pattern_is_words_or_a_mistake(pattern: str, form: str) -> None:
    """H65"""
    began = time.process_time()
    try:
        compile_query(form.format(pattern)).find(TEXT)
    except QueryError as error:
        assert error.message
    assert time.process_time() - began < 2


def test_signs_of_patterns_find_nothing_but_themselves() -> None:
    """H65"""
    assert compile_query('"b.d"').find(Document("bad bed")) is None
    assert compile_query('"^b"').find(Document("b")) is not None


def test_no_setting_takes_a_pattern() -> None:
    """H65: neither a brand nor an alert; a key for one is not known"""
    for row in ('pattern = "(a+)+$"', 'regex = "(a+)+$"'):
        with pytest.raises(ConfigError):
            config.parse(f'[[brand]]\nname = "A"\nquery = "a"\n{row}\n', {})
    with pytest.raises(ConfigError):
        config.parse('[[brand]]\nname = "A"\nquery = "(a+)+$"\n', {})
