"""An article has one address, whoever links to it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watch.collect.links import canonical_url
from watch.collect.wrapped import unwrap

ARTICLE = "https://presse.example/2026/11/lit-rappele"


@pytest.mark.parametrize(
    "url",
    [
        "https://www.google.com/url?rct=j&sa=t&url=https://presse.example/2026/11/lit-rappele&ct=ga&cd=CAI&usg=x",
        "https://www.google.fr/url?q=https%3A%2F%2Fpresse.example%2F2026%2F11%2Flit-rappele&sa=D",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fpresse.example%2F2026%2F11%2Flit-rappele%3Ffbclid%3Dabc&h=AT",
        "https://www.google.com/amp/s/presse.example/2026/11/lit-rappele",
        "https://presse-example.cdn.ampproject.org/c/s/presse.example/2026/11/lit-rappele/amp",
        "https://presse.example/2026/11/lit-rappele/amp/",
        "https://presse.example/2026/11/lit-rappele/amp.html",
        "https://presse.example/2026/11/lit-rappele?amp=1&utm_source=x",
        "https://presse.example/2026/11/lit-rappele?amp",
        "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fpresse.example%2F2026%2F11%2Flit-rappele&data=5",
        "https://www.youtube.com/redirect?event=x&q=https%3A%2F%2Fpresse.example%2F2026%2F11%2Flit-rappele",
        "https://www.google.com/url?url=https%3A%2F%2Fl.facebook.com%2Fl.php%3Fu%3Dhttps%253A%252F%252Fpresse.example%252F2026%252F11%252Flit-rappele",
    ],
)  # fmt: skip
def test_redirectors_and_amp_copies_lead_to_the_article(url: str) -> None:
    assert canonical_url(url) == ARTICLE


@pytest.mark.parametrize(
    "url",
    [
        ARTICLE,
        "https://presse.example/ampli",
        "https://presse.example/amp",
        "https://guitares.example/products/amp",
        "https://presse.example/?amplitude=3",
        "https://www.google.com/url?sa=t",
        "https://www.google.com/url?url=javascript:alert(1)",
        "https://news.google.com/rss/articles/CBMi?oc=5",
        "https://example.org/url?url=https://presse.example/",
    ],
)
def test_what_is_no_wrapper_stays(url: str) -> None:
    assert unwrap(url) == url


def test_the_address_inside_is_held_to_the_same_rules() -> None:
    assert canonical_url("https://www.google.com/url?url=https://user:pass@presse.example/") is None


@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    canonical_url(f"https://www.google.com/url?url={text}")
    canonical_url(f"https://www.google.com/amp/s/{text}")
    canonical_url(text)
