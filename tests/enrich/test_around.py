"""Words around a name become features that know where they stand; names themselves teach nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watch.enrich.around import CUES, Around, around
from watch.enrich.classify import Classifier, default_models
from watch.enrich.line import common_words
from watch.enrich.target import places_of

COMMON = common_words(["le colis est arrivé hier, elle bat des records"] * 3)


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier.load(default_models())


def seen(classifier: Classifier, *pairs: tuple[str, str]) -> Around:
    texts = [text for text, _ in pairs]
    places = [places_of(text, name) for text, name in pairs]
    return around(texts, places, lexicon=classifier.lexicon, common=COMMON, heads=classifier.heads)


def rows(found: Around, text: int) -> list[list[int]]:
    return [sorted(block.indices[block.indptr[text] : block.indptr[text + 1]].tolist()) for block in found.blocks]


def cue(found: Around, text: int, name: str) -> float:
    return float(found.cues[text, CUES.index(name)])


def test_other_names_in_the_same_place_have_the_same_features(classifier: Classifier) -> None:
    found = seen(
        classifier, ("Elle dit que Nordex bat Lison hier.", "Nordex"), ("Elle dit que Zed bat Marou hier.", "Zed")
    )
    assert rows(found, 0) == rows(found, 1)


def test_who_beats_is_not_who_is_beaten(classifier: Classifier) -> None:
    found = seen(classifier, ("Nordex bat Lison.", "Nordex"), ("Nordex bat Lison.", "Lison"))
    assert rows(found, 0) != rows(found, 1)


def test_praise_counts_in_the_clause_it_stands_in(classifier: Classifier) -> None:
    text = "Nordex est excellent, mais Lison est horrible."
    found = seen(classifier, (text, "Nordex"), (text, "Lison"))
    assert cue(found, 0, "good clause after") > 0 == cue(found, 0, "bad clause after")
    assert cue(found, 1, "bad clause after") > 0 == cue(found, 1, "good clause after")


def test_a_name_that_is_nowhere_and_empty_texts_are_read(classifier: Classifier) -> None:
    found = seen(classifier, ("", "Nordex"), ("merci @nordex", "@nordex"), ("Rien ici", "Nordex"), ("!", "!"))
    assert found.cues.shape == (4, len(CUES))
    assert np.isfinite(found.cues).all()


@given(st.lists(st.tuples(st.text(max_size=40), st.integers(0, 40), st.integers(0, 10)), min_size=1, max_size=4))
@settings(max_examples=100, deadline=None)
def test_a_text_has_the_same_features_alone_and_in_any_batch(
    classifier: Classifier, some: list[tuple[str, int, int]]
) -> None:
    texts, places = [text for text, _, _ in some], [[(start, start + size)] for _, start, size in some]
    many = around(texts, places, lexicon=classifier.lexicon, common=COMMON, heads=classifier.heads)
    for at in range(len(some)):
        one = around(
            texts[at : at + 1], places[at : at + 1], lexicon=classifier.lexicon, common=COMMON, heads=classifier.heads
        )
        assert rows(one, 0) == rows(many, at)
        assert np.allclose(one.cues[0], many.cues[at], atol=1e-4)


def test_a_name_far_away_in_a_long_text_is_let_be(classifier: Classifier) -> None:
    text = "mot " * 70_000
    found = around([text], [[(270_000, 270_003)]], lexicon=classifier.lexicon, common=COMMON, heads=classifier.heads)
    assert np.isfinite(found.cues).all()
