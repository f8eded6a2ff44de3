"""What stands around a text is left out; what it tells stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watch.enrich.furniture import without_furniture

TOLD = "Aubrac rappelle 3 200 lits superposés."


@pytest.mark.parametrize(
    "text",
    [
        f"PARIS (AFP) — {TOLD}",
        f"SAINT-ÉTIENNE, 12 nov (AFP) - {TOLD}",
        f"(Reuters) - {TOLD}",
        f"NEW YORK, Nov 3 (Reuters) - {TOLD}",
        f"Clermont-Ferrand (Reuters, avec AP) : {TOLD}",
        f"AFP - {TOLD}",
        f"RT @lamontagne: {TOLD}",
        f"Par la rédaction, avec AFP. {TOLD}",
        f"Par Camille Roux, avec Reuters\n{TOLD}",
        f"By Jane Doe, Newsroom. {TOLD}",
        f"Publié le 12 mars à 10h45. {TOLD}",
        f"Mis à jour le 12/03/2026\n{TOLD}",
        f"Published on March 3, 2026. {TOLD}",
        f"Temps de lecture : 3 min. {TOLD}",
        f"{TOLD} Lire aussi : nos autres articles.",
        f"{TOLD}\n→ À lire également : les lits superposés sont-ils sûrs ?",
        f"{TOLD} À lire aussi : le bois.",
        f"{TOLD} Abonnez-vous à notre lettre d'information.",
        f"{TOLD} Cet article est réservé aux abonnés.",
        f"{TOLD} Il vous reste 73 % de cet article à lire.",
        f"{TOLD} Avec agences.",
        f"{TOLD} (avec AFP)",
        f"{TOLD} © 2026 Tous droits réservés.",
        f"{TOLD} Nous utilisons des cookies pour mesurer l’audience. Accepter tous les cookies.",
        f"{TOLD} L’article Aubrac rappelle ses lits est apparu en premier sur Meubles.",
        f"{TOLD} The post Aubrac recalls beds appeared first on Furniture.",
        f"{TOLD} Read more on our site. Subscribe to our newsletter! All rights reserved.",
        f"{TOLD} Sign up. Follow us on Mastodon. Get the latest news in your inbox.",
        f"{TOLD} [+1234 chars]",
        f"{TOLD} https://t.co/Xy12 pic.twitter.com/abc",
        f"{TOLD}\nPhoto : AFP",
    ],
)
def test_furniture_is_left_out(text: str) -> None:
    assert without_furniture(text).split() == TOLD.split()


@pytest.mark.parametrize(
    "text",
    [
        "Abonnement : Aubrac livre un lit par an à ceux qui paient douze euros par mois.",
        "Le lit ne rentre pas, dit l’AFP.",
        "Par la fenêtre, on voit la rédaction de la maison.",
        "Paris (France) - La maison Aubrac rappelle ses lits.",
        "Our staff ate all cookies.",
        "Avec cette agence, Aubrac a tout changé.",
        "Lire, c'est vivre. Voir, c'est croire.",
    ],
)
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert without_furniture(text) == text


def test_a_text_of_nothing_else_is_empty() -> None:
    assert without_furniture("© 2026. Tous droits réservés. Lire aussi : la météo") == ""


@given(st.text(max_size=300))
def test_any_text_can_be_read_and_nothing_is_added(text: str) -> None:
    kept = iter(text)
    assert all(sign in kept for sign in without_furniture(text) if not sign.isspace())
