"""Strange texts get a label of low confidence or "not sure", never an exception; and quickly."""

from __future__ import annotations

import time
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strange import ANY

from watch.enrich.classify import Classifier, default_models
from watch.model import TextToLabel

STRANGE = {
    "nothing": "", "spaces": " " * 200_000, "one letter": "a" * 200_000,
    "accent": "é" * 200_000, "digits": "1" * 200_000,
    "marks": "!" * 200_000, "ideographs": "漢" * 200_000,
    "combining": "a\u0301" * 100_000, "two letters": "ab" * 100_000,
    "one word": "Lison " * 30_000, "emoji": "😍😍😍", "many emoji": "😀" * 200_000,
    "nul": "\0\0", "surrogate": "\ud800",
    "mixed scripts": "Привет hello bonjour 你好", "Turkish": "Çok güzel bir ürün, herkese tavsiye ederim",
    "Russian": "Этот магазин ужасный, никогда больше", "Arabic": "هذا المنتج رائع جدا", "Japanese": "この店は最高です",
    "German": "Das ist ein sehr gutes Produkt, ich bin begeistert und empfehle es weiter",
}  # fmt: skip


@cache
def classifier() -> Classifier:
    return Classifier.load(default_models())


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE.keys())
def test_a_strange_text_gets_a_low_confidence_or_not_sure(text: str) -> None:
    (found,) = classifier().predict([TextToLabel(text)])
    assert not found.sure or max(found.scores.values()) < 0.5


@pytest.mark.parametrize("text", ["Danke schön", "Слово Decathlon super", "デカトロンは最高です Decathlon super"])
def test_no_tone_of_a_foreign_text_is_sure(text: str) -> None:
    (found,) = classifier().predict([TextToLabel(text, target="Decathlon")])
    assert not found.sure
    assert not found.target_sure


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE.keys())
def test_a_strange_text_is_read_toward_a_name_in_bounded_time(text: str) -> None:
    start = time.process_time()
    (found,) = classifier().predict([TextToLabel(f"{text} Lison", target="Lison")])
    assert found.target_scores is not None
    assert sum(found.target_scores.values()) == pytest.approx(1, abs=1e-4)
    assert time.process_time() - start < 5


def test_plain_words_are_sure() -> None:
    found = classifier().predict([TextToLabel("Super produit, livraison rapide, je recommande"), TextToLabel("nul")])
    assert [(one.sentiment, one.sure) for one in found] == [("positive", True), ("negative", True)]


@settings(deadline=None, max_examples=60)
@given(ANY, st.integers(1, 50), st.sampled_from([None, "Lison"]))
def test_no_text_is_refused(text: str, times: int, target: str | None) -> None:
    (found,) = classifier().predict([TextToLabel(text * times, target=target)])
    assert sum(found.scores.values()) == pytest.approx(1, abs=1e-4)


@settings(deadline=None, max_examples=40)
@given(ANY, st.sampled_from(["{} Lison", "Lison {}", "{0}Lison {0}", "{0} Lison,{0}"]))
def test_a_name_anywhere_in_a_text_is_read_and_explained_in_its_place(text: str, around: str) -> None:
    asked = TextToLabel(around.format(text), target="Lison")
    (found,) = classifier().predict([asked])
    assert found.target_scores is not None
    assert sum(found.target_scores.values()) == pytest.approx(1, abs=1e-4)
    assert all(asked.text[one.start : one.end] == one.text for one in found.evidence)


FLOODS = ["👨\u200d👩\u200d👧\u200d👦", "🇫🇷", "😡", "H\u0315\u0300\u0301\u0302\u0303\u0304\u0305", "אב\u05b8\u05bc"]


@pytest.mark.parametrize("times", [100, 1000])
@pytest.mark.parametrize("flood", FLOODS, ids=ascii)
def test_a_name_in_a_flood_is_not_sure(flood: str, times: int) -> None:
    for text in (f"{flood * times} Lison", f"Lison {flood * times}"):
        (found,) = classifier().predict([TextToLabel(text, target="Lison")])
        assert found.target_scores is not None
        assert not found.target_sure or max(found.target_scores.values()) < 0.5


@pytest.mark.parametrize(
    ("text", "tone"),
    [
        ("Lison 😡🤬😡", "negative"),
        ("Bravo Lison, merciiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiii", "positive"),
        ("Bravo Lison " + "😍" * 30, "positive"),
    ],
)
def test_emphasis_is_no_flood(text: str, tone: str) -> None:
    (found,) = classifier().predict([TextToLabel(text, target="Lison")])
    assert (found.target_sentiment, found.target_sure) == (tone, True)
