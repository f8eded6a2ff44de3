"""P31: robots.txt as RFC 9309 reads it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watch.collect import robots

SITE = "https://presse.example"


@pytest.mark.parametrize(
    ("text", "path", "may"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow: /", "/robots.txt", True),
        ("user-AGENT : *\nDISALLOW : /prive # rien\n", "/prive/a", False),
        ("\ufeffUser-agent: *\r\nDisallow: /a\r\n", "/a", False),
        # RFC 9309, 5.2: the longest rule wins, a permission when they are equal.
        ("User-agent: *\nDisallow: /example/page/\nAllow: /example/page/ouverte", "/example/page/ouverte.gif", True),
        ("User-agent: *\nAllow: /a\nDisallow: /a", "/a", True),
        ("User-agent: *\nAllow: /\nDisallow: /prive", "/prive", False),
        # RFC 9309, 2.2.3: stars and ends.
        ("User-agent: *\nDisallow: *.pdf$", "/x/a.pdf", False),
        ("User-agent: *\nDisallow: *.pdf$", "/x/a.pdf?b", True),
        ("User-agent: *\nDisallow: /a*b*c", "/a1b2c3", False),
        ("User-agent: *\nDisallow: /a*b*c", "/a1c2b3", True),
        ("User-agent: *\nDisallow: /a$", "/a", False),
        ("User-agent: *\nDisallow: /a$", "/ab", True),
        ("User-agent: *\nDisallow: /*$", "/ab", False),
        ("User-agent: *\nDisallow: /aba*aba$", "/aba", True),
        ("User-agent: *\nDisallow: /recherche?*tri=", "/recherche?q=a&tri=date", False),
        # Escapes compare by what they stand for.
        ("User-agent: *\nDisallow: /%7Epierre", "/~pierre", False),
        ("User-agent: *\nDisallow: /été", "/%C3%A9t%c3%a9/", False),
        ("User-agent: *\nDisallow: /a%2Fb", "/a/b", True),
        # Who is meant.
        ("User-agent: Hune\nDisallow: /\n\nUser-agent: *\nAllow: /", "/a", False),
        ("User-agent: hune/1.0 (bot)\nDisallow: /", "/a", False),
        ("User-agent: un\nDisallow: /", "/a", True),
        ("User-agent: HuneBot\nDisallow: /", "/a", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: Hune\nDisallow: /b", "/a", True),
        ("User-agent: Hune\nDisallow: /a\n\nUser-agent: x\nDisallow: /\n\nUser-agent: Hune\nDisallow: /b", "/b", False),
        ("User-agent: x\nUser-agent: Hune\nCrawl-delay: 3\nDisallow: /a", "/a", False),
        ("User-agent: x\nSitemap: https://a.example/s.xml\nUser-agent: *\nDisallow: /a", "/a", False),
        ("Disallow: /\nUser-agent: *\nDisallow: /b", "/a", True),
        ("<html><body>404</body></html>", "/a", True),
    ],
)
def test_a_page_is_allowed_or_not(text: str, path: str, may: bool) -> None:
    assert robots.read(text).allows(SITE + path) is may


@pytest.mark.parametrize(
    ("text", "may"),
    [
        ("User-agent: *\nDisallow: /", True),
        ("User-agent: Hune\nDisallow: /feed", False),
        ("User-agent: Hune\nDisallow: /prive", True),
    ],
)
def test_a_feed_is_fetched_unless_a_group_names_us(text: str, may: bool) -> None:
    assert robots.read(text).allows_feed(SITE + "/feed") is may


def test_patterns_that_hang_regular_expressions_do_not_hang_us() -> None:
    text = "User-agent: *\n" + "".join(f"Disallow: /{'*a' * 100}{n}$\n" for n in range(1_000))
    began = time.process_time()
    assert robots.read(text).allows(SITE + "/" + "a" * 2_000)
    assert time.process_time() - began < 5


@given(st.text(), st.text(alphabet="/*$a%é?", max_size=20))
def test_any_text_is_read(text: str, path: str) -> None:
    robots.read(text).allows(SITE + "/" + path)


@given(st.text(alphabet="ab/", max_size=8), st.text(alphabet="ab/", max_size=8))
def test_a_plain_rule_is_a_beginning(rule: str, path: str) -> None:
    rules = robots.read(f"User-agent: *\nDisallow: /{rule}")
    assert rules.allows(f"{SITE}/{path}") is not f"/{path}".startswith(f"/{rule}")
