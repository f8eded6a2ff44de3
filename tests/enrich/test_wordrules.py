"""Word rules: a person's word on words, for one brand; the text keeps its length, the explanation stays exact."""

from __future__ import annotations

import math

import make
import pytest
from hypothesis import given
from hypothesis import strategies as st

from watch.enrich.classify import Classifier, default_models
from watch.enrich.understand import Labels, understand
from watch.enrich.wordrules import STATED, Ruled, blanked, leans, ruled, rules_of, told
from watch.model import SENTIMENTS, Prediction, Span, TextToLabel
from watch.query import Document, prepare
from watch.store.mentions import Carrier
from watch.store.tables import Brand, Item

SHOP = {"guerre": "neutral", "de la bombe": "positive", "tueur*": "neutral", "rupture de stock": "negative"}


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier.load(default_models())


def heed(text: str, words: dict[str, str], *, title: str = "", spans: tuple[Span, ...] = ()) -> Ruled:
    asked = TextToLabel(text, title=title, target="Ludo", spans=spans)
    return ruled(asked, prepare(Document(text, title=title)), rules_of(words))


def stated(found: Ruled) -> list[tuple[str, str]]:
    return [(piece.text, tone) for tone, piece in found.stated]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Un jeu de guerre chez Ludo", "Un jeu de        chez Ludo"),
        ("GUERRE ! Guerré, l’guerre", "       !       , l’      "),
        ("aguerrie, guerres", "aguerrie, guerres"),
        ("un tueur, des Tueuses de tueurs", "un      , des Tueuses de       "),
        ("#guerre et @guerre", "#       et @      "),
        ("C'est de  la\nbombe, la bombe", "C'est             , la bombe"),
        ("rien", "rien"),
    ],
)
def test_a_ruled_word_is_blanked_whatever_its_case_and_accents(text: str, left: str) -> None:
    assert heed(text, SHOP).text.text == left


def test_title_and_text_are_blanked_each_and_no_phrase_reaches_across() -> None:
    found = heed("bombe et guerre", SHOP, title="Guerre de la")
    assert (found.text.title, found.text.text) == ("       de la", "bombe et       ")


def test_a_title_that_is_blanked_whole_is_still_a_title() -> None:
    found = heed("Ludo", {"guerre": "neutral"}, title="Guerre")
    assert (found.text.title, found.text.text) == (" " * 6, "Ludo")


def test_a_neutral_word_states_nothing_and_the_others_their_tone() -> None:
    found = heed("La guerre, c'est de la bombe, mais rupture de stock", SHOP)
    assert stated(found) == [("de la bombe", "positive"), ("rupture de stock", "negative")]
    assert found.text.lean == (STATED, 0, STATED)
    assert heed("La guerre", SHOP).text.lean == ()


def test_the_longest_of_rules_that_overlap_holds() -> None:
    words = {"bombe": "negative", "de la bombe": "positive", "pas de la bombe": "negative"}
    assert stated(heed("de la bombe", words)) == [("de la bombe", "positive")]
    assert stated(heed("pas de la bombe ; une bombe", words)) == [
        ("pas de la bombe", "negative"),
        ("bombe", "negative"),
    ]


def test_a_word_wins_over_a_beginning_whatever_their_order() -> None:
    for words in ({"tueur*": "negative", "tueur": "positive"}, {"tueur": "positive", "tueur*": "negative"}):
        assert stated(heed("un tueur", words)) == [("tueur", "positive")]


def test_a_rule_speaks_once_a_text() -> None:
    found = heed("bravo bravo Bravo", {"bravo": "positive"})
    assert found.text.text.strip() == ""
    assert stated(found) == [("bravo", "positive")]
    assert found.text.lean == (0, 0, STATED)


def test_the_name_itself_is_never_blanked() -> None:
    found = heed("Guerre & Jeux, la guerre", {"guerre": "negative"}, spans=(Span(0, 13),))
    assert found.text.text == "Guerre & Jeux, la       "


def test_a_text_without_such_words_is_left_as_it_is() -> None:
    text = TextToLabel("Rien à dire", target="Ludo")
    assert ruled(text, prepare(Document("Rien à dire")), rules_of(SHOP)) == Ruled(text)
    assert ruled(text, prepare(Document("Rien à dire")), ()).text is text


SIGNS = st.text(st.sampled_from("guerGUERéÉbom l'-#@.\n\u0301😀ß"), max_size=60)
WORDS = st.dictionaries(
    st.sampled_from(["guerre", "gue*", "bom", "ber", "erre guerre", "😀", "l'été", "#bom"]), st.sampled_from(SENTIMENTS)
)


@given(SIGNS, SIGNS, WORDS, st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)), max_size=3))
def test_blanking_never_moves_a_character(
    title: str, text: str, words: dict[str, str], names: list[tuple[int, int]]
) -> None:
    document = Document(text, title=title)
    spans = tuple(Span(start, start + length) for start, length in names)
    found = ruled(TextToLabel(text, title=title, spans=spans), prepare(document), rules_of(words))
    assert (len(found.text.title), len(found.text.text)) == (len(title), len(text))
    read = Document(found.text.text, title=found.text.title).body
    assert all(new in (old, " ") for new, old in zip(read, document.body, strict=True))
    for span in spans:
        assert read[span.start : span.end] == document.body[span.start : span.end]
    for _, piece in found.stated:
        assert document.body[piece.start : piece.end] == piece.text
        assert read[piece.start : piece.end] == " " * len(piece.text)


@given(st.text(max_size=40), st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=4))
def test_blanks_are_as_long_as_what_they_hide(text: str, pairs: list[tuple[int, int]]) -> None:
    assert len(blanked(text, [Span(start, end) for start, end in pairs])) == len(text)


def odds(found: Prediction) -> dict[str, float]:
    assert found.target_scores is not None
    return {name: math.log(score) for name, score in found.target_scores.items()}


TEXTS = ["Ludo, c'est nul", "J'adore Ludo", "Ludo ouvre mardi", "Nordex est parti"]


@pytest.mark.parametrize("text", TEXTS)
def test_a_lean_is_added_to_the_log_odds(classifier: Classifier, text: str) -> None:
    plain, leant = classifier.predict(
        [TextToLabel(text, target="Ludo"), TextToLabel(text, target="Ludo", lean=(0, 0, 1.5))]
    )
    moved = {name: odds(leant)[name] - odds(plain)[name] for name in SENTIMENTS}
    assert moved["positive"] - moved["negative"] == pytest.approx(1.5, abs=1e-3)
    assert moved["neutral"] - moved["negative"] == pytest.approx(0, abs=1e-3)
    told_of_all = {name: math.log(leant.scores[name] / plain.scores[name]) for name in SENTIMENTS}
    assert told_of_all["positive"] - told_of_all["neutral"] == pytest.approx(1.5, abs=1e-3)


def test_texts_without_a_lean_have_none() -> None:
    assert leans([TextToLabel("a"), TextToLabel("b", lean=(1, 0, 2))]).tolist() == [[0, 0, 0], [1, 0, 2]]


def toward(classifier: Classifier, text: str, words: dict[str, str]) -> Prediction:
    at = text.index("Ludo")
    found = heed(text, words, spans=(Span(at, at + 4),))
    return told(classifier.predict([found.text])[0], found.stated)


def test_a_word_ruled_neutral_is_not_heard(classifier: Classifier) -> None:
    text = "Les jeux de guerre et de tueurs de chez Ludo"
    plain, hushed = toward(classifier, text, {}), toward(classifier, text, SHOP)
    assert hushed.target_scores == toward(classifier, blanked(text, [Span(12, 18), Span(25, 31)]), {}).target_scores
    assert odds(hushed)["negative"] < odds(plain)["negative"]
    assert not {"guerre", "tueurs"} & {piece.text for piece in hushed.evidence}


def test_a_word_ruled_positive_or_negative_decides_over_a_plain_text(classifier: Classifier) -> None:
    text = "Ludo : bombe"
    assert toward(classifier, text, {"bombe": "positive"}).target_sentiment == "positive"
    assert toward(classifier, text, {"bombe": "negative"}).target_sentiment == "negative"


def test_one_rule_does_not_outweigh_a_whole_text(classifier: Classifier) -> None:
    text = "Très déçue par Ludo, produit de mauvaise qualité et service client nul. Bombe !"
    assert toward(classifier, text, {"bombe": "positive"}).target_sentiment == "negative"


def test_the_evidence_tells_what_was_stated_and_where(classifier: Classifier) -> None:
    text = "Franchement, les soirées de chez Ludo, c'est de la bombe"
    found = toward(classifier, text, SHOP)
    piece = next(piece for piece in found.evidence if piece.text == "de la bombe")
    assert (piece.start, piece.end) == (45, 56)
    assert piece.weight == pytest.approx(STATED * 2 / 3, abs=1e-4)
    assert all(text[one.start : one.end] == one.text for one in found.evidence)
    assert [abs(one.weight) for one in found.evidence] == sorted((abs(e.weight) for e in found.evidence), reverse=True)


def test_what_was_stated_against_the_label_is_shown_as_such(classifier: Classifier) -> None:
    text = "Très déçue par Ludo, produit de mauvaise qualité et service client nul. Bombe !"
    found = toward(classifier, text, {"bombe": "positive"})
    assert [piece.weight for piece in found.evidence if piece.text == "Bombe"] == [pytest.approx(-STATED / 3)]
    assert len(found.evidence) <= 8


def test_every_rule_that_spoke_is_shown(classifier: Classifier) -> None:
    words = dict.fromkeys(("un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"), "positive")
    found = toward(classifier, "Ludo " + " ".join(words), words)
    assert {piece.text for piece in found.evidence} == set(words)


def brand(number: int, name: str, words: dict[str, str]) -> Brand:
    return make.brand(id=number, name=name, query=name.casefold(), words=words)


def item(text: str) -> Item:
    return Item(id=1, key="k", source_id=1, text=text, published=make.NOW, collected=make.NOW, digest="d")


def test_a_rule_holds_for_its_brand_only(classifier: Classifier) -> None:
    text = "Ludo et Ravel, de la bombe."
    brands = [brand(1, "Ludo", {"de la bombe": "negative"}), brand(2, "Ravel", {})]
    plain = [brand(1, "Ludo", {}), brand(2, "Ravel", {})]
    (after,), (before,) = (
        understand(Labels.of(classifier, some, []), [item(text)], {1: Carrier("s", ())}) for some in (brands, plain)
    )
    assert after.mentions[1] == before.mentions[1]
    assert odds(after.mentions[0][2])["negative"] > odds(before.mentions[0][2])["negative"]
    assert after.prediction == before.prediction
    assert after.body == text


def test_the_version_of_labels_does_not_tell_of_word_rules(classifier: Classifier) -> None:
    """So that the past stays as it is until somebody asks."""
    one, other = ([brand(1, "Ludo", words)] for words in ({}, SHOP))
    assert Labels.of(classifier, one, []).version == Labels.of(classifier, other, []).version
