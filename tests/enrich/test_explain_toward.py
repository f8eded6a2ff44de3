"""The words shown for a tone toward a name are what made it, exactly; without them it flips or weakens."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from shared_data import SHARED

from watch.enrich.around import CUES
from watch.enrich.classify import Classifier, default_models
from watch.enrich.explain import cue_gains, gram_gains, word_weights
from watch.enrich.explain_toward import token_weights
from watch.enrich.heads import score
from watch.enrich.reading import Places
from watch.enrich.target import places_of
from watch.enrich.toward import OWN, Heard
from watch.model import Prediction, Span, TextToLabel

NAMED = [
    ("Nordex est excellent, mais Lison est horrible.", "Nordex"),
    ("Nordex est excellent, mais Lison est horrible.", "Lison"),
    ("On a quitté Lison pour Nordex : enfin un service client qui répond 😍 !!!", "Nordex"),
    ("Très déçue par Nordex, produit de mauvaise qualité et service nul.", "Nordex"),
    ("Franchement je ne recommande pas Nordex, une honte…\nLe SAV ne répond jamais !", "Nordex"),
    ("J'adore Nordex : rapide, simple, et l'équipe est adorable", "Nordex"),
    ("Titre : Nordex ouvre un magasin à Lille\nLe magasin ouvrira mardi à 9 h, selon la mairie.", "Nordex"),
    ("We left Lison for Nordex and never looked back, great support", "Lison"),
    ("We left Lison for Nordex and never looked back, great support", "Nordex"),
    ("Nordex is awful: it crashes every day and nobody answers. Unlike Lison, which just works.", "Nordex"),
    ("I love my new Nordex bike, best purchase of the year! @shop https://example.org", "Nordex"),
    ("Nordex Bikes and Nordex Cars hold their yearly meeting on Monday in Paris.", "Nordex"),
]
Floats = NDArray[np.float64]


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier.load(default_models())


def hear(classifier: Classifier, texts: Sequence[str], places: Sequence[Sequence[tuple[int, int]]]) -> Heard:
    assert classifier.toward is not None
    heat = float(classifier.models["sentiment"].temperature[0])
    return classifier.toward.hear(texts, places, lexicon=classifier.lexicon, heads=classifier.heads, heat=heat)


def rest(classifier: Classifier, texts: Sequence[str], heard: Heard, winners: Places) -> Floats:
    """What no token makes, worked out from the cues that tokens do not make and the remainders of whole texts."""
    toward, heads, size = classifier.toward, classifier.heads, len(texts)
    assert toward is not None
    every, around = np.arange(size), heard.around
    of_none = [CUES.index(name) for name in ("others before", "others after", "others", "places", "length")]
    alone = around.cues[:, of_none] @ toward.cues[of_none] + toward.bias
    logits = score(around.features, heads)[:, heads.columns["sentiment"]]
    gains = gram_gains(around.features, heads, around.mix, task="sentiment")
    gains = gains + cue_gains(around.features, heads, around.mix, task="sentiment")
    left = logits - np.stack([np.bincount(around.features.tokens.doc, part, size) for part in gains.T], axis=1)
    for name, full, some in (
        ("tone text", logits[:, 2] - logits[:, 0], left[:, 2] - left[:, 0]),
        ("plain text", logits[:, 1], left[:, 1]),
    ):
        at = CUES.index(name)
        share = np.divide(some, full, out=np.zeros(size), where=full != 0)
        alone = alone + (around.cues[:, at] * share)[:, None] * toward.cues[at]
    own = score(heard.clauses, heads)[:, heads.columns["sentiment"]]
    words = word_weights(heard.clauses, heads, winners, heard.mix, task="sentiment")
    own = own[every, winners] - np.bincount(heard.clauses.tokens.doc, words, size) - own.mean(axis=1)
    alone = alone[every, winners] - alone.mean(axis=1)
    return np.asarray((1 - OWN) / toward.temperature * alone + OWN / heard.heat * own, np.float64)


def check(classifier: Classifier, texts: Sequence[str], places: Sequence[Sequence[tuple[int, int]]]) -> None:
    assert classifier.toward is not None
    heard = hear(classifier, texts, places)
    for label in range(3):
        winners = np.full(len(texts), label)
        weights = token_weights(heard, classifier.toward, classifier.heads, winners)
        total = np.bincount(heard.around.line.doc, weights, len(texts)) + rest(classifier, texts, heard, winners)
        assert total == pytest.approx(heard.logits[:, label] - heard.logits.mean(axis=1), abs=1e-3)


def test_words_add_up_to_the_logit_toward_the_name(classifier: Classifier) -> None:
    check(classifier, [text for text, _ in NAMED], [places_of(*pair) for pair in NAMED])


@given(st.lists(st.tuples(st.text(max_size=60), st.integers(0, 50), st.integers(0, 10)), min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_words_of_any_text_add_up_wherever_the_name_is_said_to_stand(
    classifier: Classifier, some: list[tuple[str, int, int]]
) -> None:
    check(classifier, [text for text, _, _ in some], [[(start, start + size)] for _, start, size in some])


def test_words_of_a_text_longer_than_what_is_read_add_up(classifier: Classifier) -> None:
    text = "Nordex est super. " + "mot " * 60_000 + "Nordex est nul."
    check(classifier, [text, "Nordex !"], [places_of(text, "Nordex"), [(0, 6)]])


@pytest.mark.parametrize(("text", "name"), NAMED)
def test_pieces_stand_where_they_are_said_to_and_are_never_the_name(
    classifier: Classifier, text: str, name: str
) -> None:
    (found,) = classifier.predict([TextToLabel(text, target=name)])
    assert found.evidence
    named = {at for start, end in places_of(text, name) for at in range(start, end)}
    for piece in found.evidence:
        assert piece.text == text[piece.start : piece.end]
        assert named.isdisjoint(range(piece.start, piece.end))


def test_each_name_has_words_of_its_own(classifier: Classifier) -> None:
    text = "Nordex est excellent, mais Lison est horrible."
    good, bad = classifier.predict([TextToLabel(text, target=name) for name in ("Nordex", "Lison")])
    assert (good.target_sentiment, bad.target_sentiment) == ("positive", "negative")
    weights = [{piece.text: piece.weight for piece in found.evidence} for found in (good, bad)]
    assert weights[0]["excellent"] > 0 < weights[1]["horrible"]
    assert weights[0].get("horrible", 0) < weights[0]["excellent"]
    assert weights[1].get("excellent", 0) < weights[1]["horrible"]


def test_places_count_in_title_and_text(classifier: Classifier) -> None:
    title, text = "Nordex déçoit", "Le service de Nordex est lamentable."
    (found,) = classifier.predict([TextToLabel(text, title=title, target="Nordex")])
    body = f"{title}\n{text}"
    assert all(body[piece.start : piece.end] == piece.text for piece in found.evidence)
    assert "lamentable" in {piece.text for piece in found.evidence}


def test_a_name_that_is_nowhere_leaves_the_words_of_the_text(classifier: Classifier) -> None:
    texts = ["C'est horrible et honteux", "J'adore", "Lison est nulle"]
    plain = classifier.predict([TextToLabel(text) for text in texts])
    asked = [*(TextToLabel(text, target="Nordex") for text in texts), TextToLabel("Nordex, bof", target="Nordex")]
    assert [found.evidence for found in classifier.predict(asked)[:3]] == [found.evidence for found in plain]


def test_without_a_model_toward_names_the_words_are_those_of_the_text(classifier: Classifier) -> None:
    bare, text = replace(classifier, toward=None), "Nordex est nul, Lison est super"
    (asked,), (plain,) = bare.predict([TextToLabel(text, target="Lison")]), bare.predict([TextToLabel(text)])
    assert asked.evidence == plain.evidence


def test_texts_without_a_target_are_explained_as_ever_beside_others(classifier: Classifier) -> None:
    texts = [TextToLabel(text) for text, _ in NAMED[:3]]
    alone = classifier.predict(texts)
    mixed = classifier.predict([TextToLabel(NAMED[0][0], target="Lison"), *texts])[1:]
    assert [found.evidence for found in mixed] == [found.evidence for found in alone]


def test_nothing_is_explained_unless_asked(classifier: Classifier) -> None:
    assert classifier.predict([TextToLabel(*NAMED[0][:1], target="Lison")], explain=False)[0].evidence == ()


def test_words_speak_for_the_label_that_a_lean_gives(classifier: Classifier) -> None:
    text = TextToLabel("Je trouve Nordex horrible", target="Nordex")
    (for_it,), (against,) = (classifier.predict([replace(text, lean=lean)]) for lean in ((0, 0, 9), (9, 0, 0)))
    assert (for_it.target_sentiment, against.target_sentiment) == ("positive", "negative")
    praise, blame = ({piece.text: piece.weight for piece in found.evidence} for found in (for_it, against))
    assert praise["horrible"] < 0 < blame["horrible"]


@pytest.mark.parametrize("text", ["", " ", "Nordex", "Nordex !", "\n\n\nNordex\n\n", "@Nordex", "…" * 9, "a" * 200_000])
def test_any_text_is_explained(classifier: Classifier, text: str) -> None:
    (found,) = classifier.predict([TextToLabel(text, target="Nordex", spans=(Span(0, 6),))])
    assert all(piece.text.strip() for piece in found.evidence)


def without(text: str, found: Prediction) -> str:
    """The text with the words shown for its label taken out."""
    for piece in sorted(found.evidence, key=lambda piece: -piece.start):
        if piece.weight > 0:
            text = f"{text[: piece.start]} {text[piece.end :]}"
    return text


def weakened(classifier: Classifier, pairs: Sequence[tuple[str, str]]) -> float:
    """The share of names toward which the label is less likely, or another one, once its words are gone."""
    found = classifier.predict([TextToLabel(text, target=name) for text, name in pairs])
    bare = [TextToLabel(without(text, one), target=name) for (text, name), one in zip(pairs, found, strict=True)]
    assert all(places_of(text.text, text.target or "") for text in bare), "no name is taken out"
    less = 0
    for before, after in zip(found, classifier.predict(bare, explain=False), strict=True):
        assert before.target_scores
        assert after.target_scores
        label = max(before.target_scores, key=before.target_scores.__getitem__)
        less += after.target_sentiment != label or after.target_scores[label] < before.target_scores[label]
    return less / len(pairs)


def test_without_the_words_shown_a_tone_toward_a_name_flips_or_weakens(classifier: Classifier) -> None:
    assert weakened(classifier, NAMED) >= 0.8


@pytest.mark.shared
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_so_it_does_for_the_written_texts(classifier: Classifier, lang: str) -> None:
    assert SHARED is not None
    rows = read_rows(SHARED / "data" / "written" / "dev.jsonl.gz", lang)
    assert len(rows) > 100
    assert weakened(classifier, rows) >= 0.8


def read_rows(path: Path, lang: str) -> list[tuple[str, str]]:
    """(text, name) of the names that stand in the texts of a language."""
    rows = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
    pairs = [(row["text"], one["name"]) for row in rows if row["lang"] == lang for one in row["targets"]]
    return [pair for pair in pairs if places_of(*pair)]
