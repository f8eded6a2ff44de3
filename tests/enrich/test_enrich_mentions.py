"""The words shown for a mention."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from watch.enrich.mentions import snippet
from watch.model import Span


def at(body: str, word: str) -> list[Span]:
    start = body.index(word)
    return [Span(start, start + len(word))]


def test_a_short_text_is_shown_whole() -> None:
    assert snippet("Un lit Aubrac.", at("Un lit Aubrac.", "Aubrac")) == "Un lit Aubrac."


def test_a_long_text_is_cut_at_words_round_the_name() -> None:
    body = "mot " * 200 + "Aubrac " + "suite " * 200
    shown = snippet(body, at(body, "Aubrac"), length=80)
    assert shown.startswith("… mot ")
    assert shown.endswith("suite …")
    assert "Aubrac" in shown
    assert len(shown) <= 84


def test_the_title_is_not_repeated() -> None:
    body = "Aubrac tombe\nLe lit Aubrac est tombé."
    assert snippet(body, at(body, "Aubrac"), text_from=13) == "Le lit Aubrac est tombé."


def test_a_text_of_a_title_only_shows_the_title() -> None:
    assert snippet("Aubrac tombe\n", at("Aubrac tombe\n", "Aubrac"), text_from=13) == "Aubrac tombe"


def test_line_breaks_become_spaces() -> None:
    assert snippet("Un\n\nlit\tAubrac", []) == "Un lit Aubrac"


@given(st.text(max_size=600), st.integers(0, 600), st.integers(1, 50))
def test_a_snippet_is_bounded_and_of_the_text(body: str, start: int, size: int) -> None:
    """Property: never much longer than asked, and every word of it stands in the text."""
    start = min(start, len(body))
    shown = snippet(body, [Span(start, min(len(body), start + size))], length=100)
    assert len(shown) <= 104
    for word in shown.removeprefix("… ").removesuffix(" …").split():
        assert word in body
