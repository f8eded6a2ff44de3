from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watch.collect.links import absolute, canonical_url
from watch.collect.text import clean, cut, html_to_text, plain_to_text, title_to_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Un.</p><p>Deux.</p>", "Un.\nDeux."),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<p>mot <b>gras</b>, suite\n  sur deux lignes</p>", "mot gras, suite sur deux lignes"),
        ("<ul><li>un</li><li>deux</li></ul>fin", "un\ndeux\nfin"),
        ("AT&T et R&D, caf&eacute;&nbsp;!", "AT&T et R&D, café !"),
        ("<p>AT&T &copy R&D</p>", "AT&T &copy R&D"),
        ("1 &lt; 2", "1 < 2"),
        ("<b>1 &lt; 2</b>", "1 < 2"),
        ("<script>x</script><style>y</style>z", "z"),
        ("", ""),
        ("un\ndeux", "un deux"),
    ],
)
def test_html_to_text(html: str, text: str) -> None:
    assert html_to_text(html) == text


@pytest.mark.parametrize(
    ("title", "expected"),
    [("<b>Un</b> titre", "Un titre"), ("if a<b then", "if a<b then"), ("a\r\nBcc: x", "a Bcc: x"), ("&#233;té", "été")],
)
def test_titles(title: str, expected: str) -> None:
    assert title_to_text(title) == expected


def test_plain_text_keeps_its_lines() -> None:
    assert plain_to_text("un\n\n  deux  mots\n") == "un\ndeux mots"


@pytest.mark.parametrize("html", ["<p>mot</p>" * 500_000, "<b>mot" * 600_000])
def test_endless_html_is_cut_and_marked(html: str) -> None:
    """H32, H34"""
    assert html_to_text(html).endswith("…")
    assert len(html_to_text(html)) < 3_000_000


_MEGABYTE = 1_000_000
_QUADRATIC = [
    "<select>" + "<option>" * 100_000, "<select>" + "<option>x</option>" * 50_000, "<table>" + "<tr><td>x" * 110_000,
    "<table></table><a " + " ".join(f"a{n}=1" for n in range(100_000)) + ">", "<b><i>" * 50_000, "<b></x>" * 90_000,
    "<p>" + "".join(f"<b c={n}>" for n in range(500)) + "<p>" * 1_400, "<table>" + "<b>" * 300 + "<tr>x" * 1_400,
    "<button>" + "<p>" * 300_000, "<a href=x>x" * 90_000, "<font color=red>" * 60_000, "<!--" * 250_000,
    "<table>" + ("x" * 90 + "<!-- -->") * 10_000, "<svg>" * 200_000, "<svg/>" * 160_000, "<template>" * 100_000,
    "<math><mi>x" * 90_000, "<form>" * 160_000, "<script>" * 120_000, "<textarea>" * 100_000, "<title>" * 140_000,
    "&" * _MEGABYTE, "<" * _MEGABYTE, "</" * 500_000, "<a b='" * 160_000, "<P>" * 300_000, "<![CDATA[" * 110_000,
]  # fmt: skip


@pytest.mark.parametrize("html", _QUADRATIC, ids=lambda html: html[:12])
def test_a_megabyte_of_any_html_is_read_in_linear_time(html: str) -> None:
    """H32, H62"""
    began = time.process_time()
    html_to_text(html)
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<select>{}</select><p>fin", "fin"),
        ("{}<button>Lu</button><p>un</p><p>deux &amp; <b>gras</b></p><!-- x > y --> fin", "un\ndeux & gras\nfin"),
        ("{}<script>if (a<b) '</p>'</script>a<STYLE>p > a {{}}</STYLE>b<p title='x>y'>c", "ab\nc"),
        ("{}<svg><path d='1'/></svg>a<svg/>b <noscript>n</noscript>c<button>d", "ab cd"),
        ("{}a &lt;b> c < d <3 é</ p>f</>", "a <b> c < d <3 éf"),
    ],
)  # fmt: skip
def test_html_too_much_for_a_tree_is_read_without(html: str, text: str) -> None:
    """H32: what is hostile in a text costs nothing of its words."""
    assert html_to_text(html.format("<option>" * 2_000 if "select" in html else "<i>" * 2_000)) == text


@given(st.text(alphabet=st.characters(), max_size=50))
def test_clean_text_can_be_stored_anywhere(text: str) -> None:
    """H43"""
    cleaned = clean(text)
    cleaned.encode("utf-8")
    assert not {"\x00", "\ufffe", "\uffff", "\ud800", "\r"} & set(cleaned)
    assert clean(cleaned) == cleaned


@given(st.text(max_size=200), st.integers(10, 100))
def test_cut_holds_the_limit(text: str, limit: int) -> None:
    """H34"""
    assert len(cut(text, limit).encode()) <= limit


@pytest.mark.parametrize(
    "text",
    ["<" * 40_000 + "b", "\t \n" * 13_000 + "x", "www." * 10_000, "&" * 40_000, "a" * 40_000 + "?", "<p" * 20_000],
)
def test_no_text_takes_long(text: str) -> None:
    """H62"""
    began = time.perf_counter()
    html_to_text(text)
    title_to_text(text)
    assert time.perf_counter() - began < 2


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTP://Example.ORG:80/A?utm_source=x&b=1&fbclid=2#top", "http://example.org/A?b=1"),
        ("https://example.org/a?xtor=RSS-1&at_medium=rss&gclid=1", "https://example.org/a"),
        ("https://example.org:8443/a?b=&c", "https://example.org:8443/a?b=&c"),
        ("https://bücher.example/é", "https://xn--bcher-kva.example/%C3%A9"),
        ("https://example.org/a b", "https://example.org/a%20b"),
        ("https://forum.example/t/12#p345", "https://forum.example/t/12#p345"),
        ("ftp://example.org/", None),
        ("javascript:alert(1)", None),
        ("https://user@example.org/", None),
        ("https://", None),
        ("https://example.org/\ud800", None),
        ("https://example.org/?a=\udfff", None),
        ("http://[::1", None),
        ("/relative", None),
        (None, None),
    ],
)
def test_canonical_url(url: str | None, expected: str | None) -> None:
    assert canonical_url(url) == expected


@given(st.text(max_size=80))
def test_canonical_is_stable(tail: str) -> None:
    once = canonical_url("https://example.org/" + tail)
    assert once is None or canonical_url(once) == once


def test_absolute_joins() -> None:
    assert absolute("//cdn.example/i.jpg", "https://a.example/x") == "https://cdn.example/i.jpg"
    assert absolute("b", "https://a.example/x/y") == "https://a.example/x/b"
