"""What people read.

`HUNE_GOLDEN=write pytest tests/digest` writes the golden files anew; look at them before committing.
"""

from __future__ import annotations

import os
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from digest_sample import digest, empty, line
from hypothesis import example, given, settings
from hypothesis import strategies as st

from watch.digest import render
from watch.model import Coverage, Digest, Language

GOLDEN = Path(__file__).parent / "golden"
UNSUBSCRIBE = "https://hune.example.org/unsubscribe/AbC"
LANGUAGES: tuple[Language, ...] = ("fr", "en")


class Page(HTMLParser):
    """Links, elements and visible text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[dict[str, str | None]] = []
        self.tags: set[str] = set()
        self.words = ""
        self.attributes: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag == "a":
            self.links.append(dict(attrs))

    def handle_data(self, data: str) -> None:
        if self.lasttag != "style":
            self.words += data

    @property
    def targets(self) -> list[str]:
        return [link["href"] or "" for link in self.links]


def check(name: str, written: str) -> None:
    path = GOLDEN / name
    if os.environ.get("HUNE_GOLDEN") == "write":
        path.write_text(written, "utf-8")
    assert written == path.read_text("utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_digest_has_the_same_bytes(language: Language) -> None:
    whole = digest(language)
    check(f"digest.{language}.txt", render.text(whole, unsubscribe_url=UNSUBSCRIBE))
    check(f"digest.{language}.html", render.html(whole, unsubscribe_url=UNSUBSCRIBE))
    check(f"empty.{language}.txt", render.text(empty(language)))
    check(f"empty.{language}.html", render.html(empty(language)))


@pytest.mark.parametrize(
    ("whole", "subject"),
    [
        (digest(), "Aubrac Mobilier\u00a0: 34 mentions (+12\u00a0%), 6 négatives, 1 incident ouvert"),
        (digest("en"), "Aubrac Mobilier: 34 mentions (+12%), 6 negative, 1 open incident"),
        (empty(), "Aubrac Mobilier\u00a0: rien de nouveau"),
        (empty("en"), "Aubrac Mobilier: nothing new"),
        (digest(incidents=()), "Aubrac Mobilier\u00a0: 34 mentions (+12\u00a0%), 6 négatives"),
    ],
)
def test_the_subject_has_the_news(whole: Digest, subject: str) -> None:
    assert render.subject(whole) == subject


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_line_has_the_news_and_lines_are_72_wide(language: Language) -> None:
    text = render.text(digest(language), unsubscribe_url=UNSUBSCRIBE)
    assert text.splitlines()[0] == render.subject(digest(language))
    assert all(len(row) <= 72 for row in text.splitlines() if "https://" not in row)


@pytest.mark.parametrize("language", LANGUAGES)
def test_sections_come_in_their_order_in_text_and_page(language: Language) -> None:
    titles = {
        "fr": ["En un coup d’œil", "Incidents", "À répondre d’abord", "Ce qui se dit", "Concurrents", "Couverture"],
        "en": ["At a glance", "Incidents", "To answer first", "What is said", "Competitors", "Coverage"],
    }[language]
    for words in (render.text(digest(language)).lower(), Page(render.html(digest(language))).words.lower()):
        places = [
            words.rindex(f"{title.lower()}\n") if f"{title.lower()}\n" in words else words.index(title.lower())
            for title in titles
        ]
        assert places == sorted(places)


def test_every_line_leads_to_its_item_and_to_its_page() -> None:
    whole = digest()
    for words in ("\n".join(Page(render.html(whole)).targets), render.text(whole)):
        for one in (*whole.to_answer, *whole.said, *whole.competitors):
            assert f"{whole.base_url}/mentions/{one.mention_id}" in words
            assert one.url is None or one.url in words


def test_without_pages_of_ours_no_link_leads_to_them() -> None:
    page = Page(render.html(digest(base_url=None)))
    assert {urlsplit(target).hostname for target in page.targets} == {"example.org"}


def test_links_are_opened_without_telling_where_from() -> None:
    assert {link.get("rel") for link in Page(render.html(digest())).links} == {"noopener noreferrer"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_to_say_is_said_in_one_line(language: Language) -> None:
    said = {
        "fr": "Rien à signaler\u00a0: aucune mention, aucun incident.",
        "en": "Nothing to report: no mention, no incident.",
    }
    assert said[language] in render.text(empty(language))
    assert said[language] in Page(render.html(empty(language))).words


def test_sources_that_failed_are_named_at_the_foot() -> None:
    for words in (render.text(digest()), Page(render.html(digest())).words):
        foot = words[words.lower().rindex("couverture") :]
        assert "Le Journal du meuble" in foot
        assert "son serveur est en panne (503)" in foot
        assert "Coin salon" in foot


def test_a_page_asks_nothing_of_the_network() -> None:
    page = render.html(digest())
    assert Page(page).tags.isdisjoint({"img", "script", "link", "iframe", "form", "svg", "object", "video"})
    assert "@import" not in page
    assert "url(" not in page


def test_the_bar_of_tones_is_told_in_words() -> None:
    assert 'aria-label="6 négatives, 20 neutres, 8 positives"' in render.html(digest())


def test_french_has_its_no_break_spaces() -> None:
    words = render.subject(digest()) + render.text(digest())
    assert re.findall(r"[^\s\u00a0] [:;!?%»](?:\s|$)|« ", words) == []


HOSTILE = (
    "<script>alert(1)</script>", "</mj-text><mj-raw><script>", "{{7*7}}{% include 'x' %}", "a\r\nBcc: x\r\n\r\ny",
    "\u2028\u2029\x85\0\x1b[31m", "\u202egnp.exe\u2066", "é" + "\u0301" * 500, "👨‍👩‍👧" * 200, "x" * 1_000_000,
    "&lt;b&gt; &amp;",
    '" onmouseover="alert(1)', "<![CDATA[", "]]>", "<!--", "--><b>", "@everyone <!channel>", "\ud800",
)  # fmt: skip


@pytest.mark.parametrize("evil", HOSTILE)
def test_what_strangers_write_stays_text(evil: str) -> None:
    whole = digest(said=(line(1, evil, snippet=evil, source=evil, topic=evil, url=evil, lang='fr"><b>'),))
    calm, page = Page(render.html(digest())), Page(render.html(whole))
    assert page.tags <= calm.tags
    assert page.attributes <= calm.attributes | {"lang"}
    text = render.text(whole)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\x85\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text)
    assert ("{{7*7}}" in page.words) == (evil == "{{7*7}}{% include 'x' %}")


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "https://user:pass@example.org/",
        "http://[::1",
        "//example.org",
        "ftp://a/b",
        "https://e.org/\u202e",
    ],
)
def test_only_addresses_of_the_web_become_links(address: str) -> None:
    whole = digest(to_answer=(), competitors=(), said=(line(1, "titre", url=address),), base_url=None)
    assert Page(render.html(whole)).links == []
    assert address not in render.text(whole)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=60), st.text(max_size=200))
@example("Aubrac\r\nBcc: x", "\u2028")
def test_a_subject_is_one_line_of_200_at_most(name: str, title: str) -> None:
    first = digest().brands[0]
    subject = render.subject(digest(brands=(replace(first, brand=name * 9),), said=(line(1, title),)))
    assert len(subject) <= 200
    assert len(subject.splitlines()) <= 1


@pytest.mark.parametrize("length", [1, 60, 1000])
def test_a_page_stays_under_100_kb(length: int) -> None:
    lines = tuple(
        line(n, "t" * 300, snippet="<&" * 140, url="https://example.org/" + "a" * 1900, source="&" * 100)
        for n in range(length)
    )
    failed = tuple((f"Source {n} " + "<" * 100, "pourquoi") for n in range(length))
    whole = digest(to_answer=lines, said=lines, competitors=lines, coverage=Coverage(length, 0, failed, ()))
    page = render.html(whole)
    assert len(page.encode()) < 100_000
    assert page.rstrip().endswith("</html>")


def test_a_digest_comes_back_from_json_as_it_was() -> None:
    for whole in (digest(), empty("en")):
        assert render.from_json(render.as_json(whole)) == whole
    assert render.from_json({**render.as_json(digest()), "items": [1, 2]}) == digest()
    assert render.as_json(digest())["since"] == "2026-11-19T06:30:00Z"
