"""Reprints, light edits and excerpts are one story; different texts are not."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watch.enrich.stories import SAME, Print, Stories, containment, fingerprint, unpacked

WIRE = (
    "Le fabricant de meubles Aubrac Mobilier a annoncé jeudi le rappel de 3 200 lits superposés de la gamme "
    "Laguiole, après l'effondrement d'un exemplaire à Saint-Étienne. Les clients seront remboursés sans facture, "
    'promet la maison. "Nous avons prévenu les magasins dès lundi", assure sa directrice, qui attend les conclusions '
    "du laboratoire national d'essais avant de reprendre la production à Rodez."
)
EXCERPT = WIRE[: WIRE.index("Les clients")]
OTHER = (
    "Au salon du meuble, Aubrac Mobilier présente une gamme de bureaux en frêne massif, dessinée avec une designer "
    "lyonnaise, et parle d'un retour aux essences locales pour réduire le transport du bois entre ses ateliers. Les "
    "clients seront livrés au printemps, promet la maison."
)
ENGLISH = (
    "Furniture maker Aubrac said on Thursday it is recalling 3,200 bunk beds of its Laguiole range after one of them "
    "collapsed in Saint-Etienne. Customers will get their money back without a receipt, the company said."
)
# A language of 1,400 words, so that two texts share hardly any run of them by chance.
WORDS = [
    a + b + c for a in "bcdfghjlmnprst" for b in ("a", "e", "i", "ou") for c in ("lo", "mi", "nde", "rta", "ssu") * 5
]
WORDS = sorted({f"{word}{i % 7}" for i, word in enumerate(WORDS)})


def alike(one: str, other: str) -> float:
    return containment(fingerprint(one).pairs, fingerprint(other).pairs)


def told(*texts: str) -> list[int]:
    """The story of each text, as they come one by one."""
    stories, found = Stories(), list[int]()
    for number, text in enumerate(texts):
        words = fingerprint(text)
        story = stories.find(words)
        if story is None or stories.is_longer(words, story):
            stories.add(number if story is None else story, words)
        found.append(number if story is None else story)
    return found


@pytest.mark.parametrize(
    "copy",
    [
        "RAPPEL. Aubrac retire ses lits de la vente\n" + WIRE.replace("jeudi", "ce jeudi"),
        "PARIS (AFP) — " + WIRE,
        WIRE + " Lire aussi : nos autres articles. © 2026 Tous droits réservés.",
        "Par la rédaction, avec AFP. " + WIRE.replace("'", "’").replace('"', "”"),
        WIRE.split(".")[0] + ".\n" + WIRE,
        WIRE.upper(),
        EXCERPT + "[…]",
        EXCERPT + "[...] Lire la suite",
        "Publié le 12 mars à 10h45. " + EXCERPT[:-30] + "…",
        "RT @lamontagne: " + EXCERPT + " https://t.co/Xy12",
        "#Rappel : " + EXCERPT.replace("Aubrac", "#Aubrac"),
        WIRE.replace("a annoncé jeudi le rappel", "annonce le rappel").replace("la maison", "l'entreprise"),
        WIRE.replace("sans facture, promet la maison", "promet la maison, sans facture"),
    ],
)
def test_a_copy_tells_the_same_story_whichever_comes_first(copy: str) -> None:
    assert told(WIRE, OTHER, copy) == [0, 1, 0]
    assert told(copy, OTHER, WIRE) == [0, 1, 0]


def test_short_copies_are_one_story_whatever_furniture_each_has() -> None:
    brief = "La commode Aubrac est rappelée après un accident dans la Loire."
    one = f"SAINT-ÉTIENNE (AFP) - {brief} Abonnez-vous à notre lettre d'information pour ne rien manquer."
    other = f"Publié le 12 mars à 10h45 par la rédaction\n{brief} Nous utilisons des cookies. Tous droits réservés."
    assert told(one, other) == [0, 0]


def test_furniture_alone_is_no_story() -> None:
    tail = " Nous utilisons des cookies pour mesurer l’audience. Abonnez-vous à notre lettre. Tous droits réservés."
    assert told("Aubrac ouvre à Rodez." + tail, "Ravel ferme à Lille." + tail) == [0, 1]


def test_another_news_of_the_same_brand_is_another_story() -> None:
    assert alike(WIRE, OTHER) < 0.2


def test_the_same_news_in_another_language_is_another_story() -> None:
    assert alike(WIRE, ENGLISH) < 0.1


def test_what_stands_deep_in_a_long_text_is_not_what_it_tells() -> None:
    """A review of the press is not the story of each dispatch in it."""
    review = " ".join(random.Random(1).sample(WORDS, 120)) + " " + EXCERPT
    assert told(EXCERPT, review) == [0, 1]


def test_an_excerpt_is_found_again_by_the_longest_text_of_its_story() -> None:
    assert told(EXCERPT, WIRE, WIRE.replace("Le fabricant de meubles Aubrac Mobilier", "Aubrac")) == [0, 0, 0]


def test_a_text_too_short_to_be_reprinted_has_no_fingerprint() -> None:
    assert fingerprint("Bravo Aubrac !") == Print()
    assert told("Bravo Aubrac !", "Bravo Aubrac !") == [0, 1]
    assert fingerprint("ha " * 50) == Print()


def test_the_oldest_of_equal_stories_is_found() -> None:
    stories = Stories()
    for story_id in (7, 3, 5):
        stories.add(story_id, fingerprint(WIRE))
    assert stories.find(fingerprint(WIRE)) == 3


def test_what_the_store_keeps_is_found_again() -> None:
    words = fingerprint(WIRE)
    assert unpacked(words.packed()) == words.pairs
    stories = Stories.of({4: words.packed()}, [(4, mark) for mark in words.marks])
    assert stories.find(fingerprint(EXCERPT)) == 4


@pytest.mark.parametrize(
    "text", ["", "a" * 200_000, "😀" * 5_000, "词" * 5_000, "mot " * 50_000, "\n.\n" * 50_000, "À" * 99]
)
def test_odd_texts_have_a_bounded_fingerprint(text: str) -> None:
    words = fingerprint(text)
    assert len(words.pairs) <= 600
    assert len(words.marks) <= 200


@given(st.integers(8, 300), st.randoms())
def test_a_text_is_like_itself(size: int, chance: random.Random) -> None:
    pairs = fingerprint(" ".join(chance.sample(WORDS, size))).pairs
    assert containment(pairs, pairs) == 1.0


@given(st.dictionaries(st.integers(0, 2**32), st.integers(8, 100), min_size=1, max_size=6), st.randoms())
def test_exact_copies_are_one_story_in_any_order_and_all_others_stay_apart(
    bodies: dict[int, int], chance: random.Random
) -> None:
    """However they come, one by one: the story of a text is that of its first copy, as if all were there at once."""
    each = [" ".join(random.Random(seed).sample(WORDS, size)) for seed, size in bodies.items()] * 2
    chance.shuffle(each)
    assert told(*each) == [each.index(text) for text in each]


@given(st.integers(30, 150), st.randoms())
def test_a_light_edit_never_splits(size: int, chance: random.Random) -> None:
    """One word in twenty left out, changed or moved."""
    words = chance.sample(WORDS, size)
    edited = list(words)
    for place in chance.sample(range(0, size - 2, 2), size // 20):
        change = chance.choice(("drop", "swap", "new"))
        if change == "swap":
            edited[place], edited[place + 1] = edited[place + 1], edited[place]
        else:
            edited[place] = "" if change == "drop" else "remplacement"
    assert told(" ".join(words), " ".join(edited)) == [0, 0]
    assert told(" ".join(edited), " ".join(words)) == [0, 0]


@given(st.integers(12, 100), st.randoms())
def test_an_excerpt_never_splits(size: int, chance: random.Random) -> None:
    words = chance.sample(WORDS, size + 100)
    excerpt = " ".join(words[:size]) + " […]"
    assert told(" ".join(words), excerpt) == [0, 0]
    assert told(excerpt, " ".join(words)) == [0, 0]


@given(st.lists(st.integers(0, 2**32), min_size=2, max_size=5, unique=True))
def test_unrelated_texts_never_join(seeds: list[int]) -> None:
    """Texts of the same words in another order."""
    bodies = [" ".join(random.Random(seed).sample(WORDS, 60)) for seed in seeds]
    assert told(*bodies) == list(range(len(seeds)))


def test_the_threshold_is_what_the_figures_were_measured_with() -> None:
    assert SAME == 0.8
