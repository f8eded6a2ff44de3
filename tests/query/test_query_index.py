"""The quick index text is that of the plain definition: the terms of the text's tokens, asides at the end."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from watch.query import index, index_text
from watch.query.index import encode
from watch.query.tokens import is_tag, tokens

PIECES = [
    "a", "B", "z", "Z", "été", "É", "e\u0301", "\u0301", "\u200b", "\u200d", "\ufeff", "\u00ad", "\u212a", "İ", "ß",
    "œ", "3", "5", "½", "٣", ",", ".", "3,5", "1.5.2", "C++", "C#", "C＃", "\u212a++", "é+", ".NET", "..a", ". ", ", ",
    "#", "@", "＃", "＠", "#tag", "#bel_été", "@nom", "@a_b", "#_", "@.", "_", "&", "＆", "AT&T", "&#39;", "+", "++",
    "Canal+", "’", "'", "«", "»", "–", "—", "…", "-", "/", ":", "(", "\u02bc", "👍", "👍🏽", "❤\ufe0f",
    "👩\u200d🚀", "🇫🇷", "🇫", "無", "印", "が",
    "\u3099", "か\u3099", "\uff76", "ＨＵＮＥ", "ﷺ", "\x00", "\x1c", "\x1f", "\x85", "\xa0", "\u1680",
    "\u2003", "\u2028", "\u2029", "\u202f", "\u3000", " ", "\n", "\t", "\ud800", "\udcff", "\U0010ffff", "long" * 11,
]  # fmt: skip


def plain(text: str) -> str:
    """The definition: what `index_text` was before it was quick."""
    line: list[str] = []
    aside: list[str] = []
    for token, after in pairwise([*tokens(text), None]):
        if token is not None:
            shares = is_tag(token.folded) and after is not None and after.position == token.position
            (aside if shares else line).append(encode(token.folded))
    return " ".join(line + aside)


@settings(max_examples=1_000, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text())
@example("un #bel_été ici, .NET. Puis ..NET ., a. #x @y_z")
def test_the_quick_terms_are_those_of_the_tokens(text: str) -> None:
    assert index_text(text) == plain(text)


def test_no_sign_between_words_is_taken_for_another() -> None:
    for sign in map(chr, [*range(0x250), *range(0x2000, 0x2070), 0x3000, 0xFF06, 0xFF0B, 0xFF0E]):
        texts = (
            f"a{sign}b",
            f"C{sign}+ #a{sign}b @{sign}c",
            f"1{sign},{sign}5",
            f"{sign}.{sign}net.{sign}",
            f"é{sign}++",
        )
        assert list(map(index_text, texts)) == list(map(plain, texts))


def test_the_words_kept_are_few_and_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "_CACHED_WORDS", 10)
    texts = [f"mot{n} {'long' * 20}{n}" for n in range(50)]
    assert list(map(index_text, texts)) == list(map(plain, texts))
    assert len(index._words) <= 10
    assert max(map(len, index._words)) <= 40
