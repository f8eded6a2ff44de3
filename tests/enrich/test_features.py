"""Texts become features: the same for a batch as one by one, linear in length, leading back to the text."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watch.enrich.cues import CUES
from watch.enrich.features import BITS, Block, Features, extract
from watch.enrich.lexicon import lexicon
from watch.enrich.reading import read, tokens

LEXICON = lexicon(["# a comment", "bon\t0.8", "super\t0.9", "nul\t-0.7", "😍\t0.9", ":)\t0.5"])
TEXTS = st.text(max_size=60)


def words(text: str) -> list[str]:
    reading = read([text])
    found = tokens(reading)
    return ["".join(map(chr, reading.codes[a:b])) for a, b in zip(found.start, found.end, strict=True)]


def cue(text: str, name: str) -> float:
    return float(extract([text], lexicon=LEXICON).cues[0, CUES.index(name)])


def held(block: Block, holder: int) -> list[int]:
    return block.indices[block.indptr[holder] : block.indptr[holder + 1]].tolist()


def rows_of(features: Features, text: int) -> list[list[int]]:
    """The rows of a text, n-grams of characters spelled out through its pieces."""
    pieces = held(features.pieces, text)
    words = [sorted(held(block, text)) for block in features.words]
    return [*words, sorted(row for piece in pieces for row in held(features.grams, piece))]


def assert_same(one: Features, many: Features, text: int) -> None:
    assert rows_of(one, 0) == rows_of(many, text)
    assert one.pieces.scale[0] == many.pieces.scale[text]
    assert [b.scale[0] for b in one.words] == [b.scale[text] for b in many.words]
    assert np.allclose(one.cues[0], many.cues[text])


@given(st.lists(TEXTS, min_size=1, max_size=6))
@settings(max_examples=150, deadline=None)
def test_a_text_has_the_same_features_alone_and_in_any_batch(texts: list[str]) -> None:
    many = extract(texts, lexicon=LEXICON)
    for at, text in enumerate(texts):
        assert_same(extract([text], lexicon=LEXICON), many, at)


@given(st.lists(st.text(st.characters(categories=None), max_size=30), min_size=1, max_size=5))
@settings(max_examples=150, deadline=None)
def test_any_string_is_read_and_every_index_fits_the_table(texts: list[str]) -> None:
    features = extract(texts, lexicon=LEXICON)
    assert features.size == len(texts)
    assert features.cues.shape == (len(texts), len(CUES))
    assert np.isfinite(features.cues).all()
    for block in (*features.words, features.grams):
        assert block.indptr[0] == 0
        assert block.indptr[-1] == len(block.indices)
        assert ((block.indices >= 0) & (block.indices < 2**BITS)).all()


@given(TEXTS)
@settings(max_examples=100, deadline=None)
def test_offsets_lead_back_to_the_characters_of_the_text(text: str) -> None:
    reading = read([text])
    for code, offset in zip(reading.codes.tolist(), reading.offset.tolist(), strict=True):
        if offset < 0 or offset >= len(text) or chr(code).isspace() or code == ord("'"):
            continue
        assert text[offset].lower() == chr(code) or len(text[offset].lower()) != 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("C'est l'été", ["c", "est", "l", "été"]),
        ("SUPER !!!!!", ["super", "!!"]),
        ("trooooop bien", ["troop", "bien"]),
        ("en 20000 exemplaires", ["en", "20000", "exemplaires"]),
        ("😍😍 oui", ["😍", "😍", "oui"]),
        ("@claire voir https://example.org/a?b=c merci", ["voir", "merci"]),
        ("a@b.example n'est pas un nom", ["a", "@", "b", ".", "example", "n", "est", "pas", "un", "nom"]),
        (" \t\n ", []),
        ("", []),
    ],
)
def test_a_text_is_cut_into_words_marks_and_emoji(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_character_grams_are_those_of_scikit_learns_char_wb() -> None:
    """« bon » between spaces: 4 + 3 + 2 + 1 grams of 2, 3, 4, 5 characters."""
    features = extract(["bon bon"], lexicon=LEXICON)
    assert len(rows_of(features, 0)[3]) == 2 * (4 + 3 + 2 + 1)
    assert len(features.grams.indices) == 4 + 3 + 2 + 1  # worked out once


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("un bon film", "positive"),
        ("c'est nul", "negative"),
        ("pas bon", "not positive"),
        ("not super", "not positive"),
        ("nul mais bon", "positive after contrast"),
        ("bon, mais nul", "negative after contrast"),
        ("quoi ?", "question"),
        ("oh !", "exclamation"),
        ("ENFIN arrivé", "capitals"),
        ("trooooop", "stretched"),
        ("😍", "positive emoji"),
        ("voir http://example.org", "link"),
        ("merci @claire", "handle"),
        ("100 €", "money"),
    ],
)
def test_a_cue_is_seen(text: str, name: str) -> None:
    assert cue(text, name) > 0


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("pas cher. Très bon produit de plus", "not positive"),
        ("pas bon", "positive"),
        ("bonne nouvelle", "positive"),
        ("OK", "stretched"),
        ("le mais est bon", "positive emoji"),
    ],
)
def test_a_cue_is_not_seen_where_it_is_not(text: str, name: str) -> None:
    assert cue(text, name) == 0


def test_the_negation_of_one_text_does_not_reach_the_next() -> None:
    features = extract(["ce n'est pas", "bon"], lexicon=LEXICON)
    assert features.cues[1, CUES.index("not positive")] == 0


def test_a_text_is_cut_at_two_hundred_thousand_characters() -> None:
    long, longer = (extract(["ab " * size], lexicon=LEXICON) for size in (66_667, 200_000))
    assert rows_of(long, 0) == rows_of(longer, 0)


@pytest.mark.parametrize("unit", ["x", "a ", "! ", "😍", "pas mais ", "@", "http://"])
def test_texts_that_hurt_take_linear_time(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    start = time.process_time()
    extract([text], lexicon=LEXICON)
    assert time.process_time() - start < 3
