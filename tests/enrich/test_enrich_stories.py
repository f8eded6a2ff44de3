"""Reprints are one story; different texts are not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from watch.enrich.stories import SAME, SIZE, Stories, signature, similarity

WIRE = (
    "Le fabricant de meubles Aubrac Mobilier a annoncé jeudi le rappel de 3 200 lits superposés de la gamme "
    "Laguiole, après l’effondrement d’un exemplaire à Saint-Étienne. Les clients seront remboursés sans facture, "
    "promet la maison."
)
OTHER = (
    "Au salon du meuble, Aubrac Mobilier présente une gamme de bureaux en frêne massif, dessinée avec une designer "
    "lyonnaise, et parle d’un retour aux essences locales pour réduire le transport du bois entre ses ateliers."
)


def test_a_reprint_with_another_headline_is_the_same_story() -> None:
    reprint = "RAPPEL. Aubrac retire ses lits de la vente\n" + WIRE.replace("jeudi", "ce jeudi") + " (avec agence)"
    assert similarity(signature(WIRE), signature(reprint)) >= SAME


def test_another_news_of_the_same_brand_is_not() -> None:
    assert similarity(signature(WIRE), signature(OTHER)) < SAME / 2


def test_stories_are_found_again() -> None:
    stories = Stories.of([(1, signature(WIRE)), (2, signature(OTHER))])
    assert stories.find(signature(WIRE + " Plus d’informations à venir.")) == 1
    assert (
        stories.find(
            signature("Rien à voir : la neige est tombée tôt cette année sur le plateau, disent les éleveurs.")
        )
        is None
    )


def test_a_text_too_short_to_be_reprinted_has_no_signature() -> None:
    assert signature("Bravo Aubrac !") == ()
    assert Stories.of([(1, ())]).find(()) is None


@given(
    st.lists(
        st.sampled_from(["alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel"]),
        min_size=8,
        max_size=60,
    )
)
def test_a_text_is_like_itself(words: list[str]) -> None:
    mark = signature(" ".join(words))
    assert len(mark) == SIZE
    assert similarity(mark, mark) == 1.0
