"""The text of harmless HTML, read without a tree, is the one that the parser gives."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from watch.collect import text as texts
from watch.collect.harmless import between_tags

PIECES = [
    "<script>", "</script>", "<style>", "</style>", "<iframe src='x'>", "</iframe>", "<!-->", "<!--", "-->", "<center>",
    "<p>", "</p>", "<b>", "</b>", "<br/>", "<br>", '<a href="x>y">', "</a>", "<a href='x'>", '<img src=x alt="">',
    "<a b=c d>", '<a ="x>', '">', "<li>", "<ul>", "</ul>", "<div class=\"a\" id='b'>", "</div>", "<h2>", "</h2>",
    "<pre>\n", "</pre>", "&amp;", "&lt;", "&nbsp;", "&notit;", "&#128;", "&#0;", "&#x110000;", "&#xd800;", "&#13;",
    "&#1;", "&#12a;", "&é;", "&", "&copy", "&copy;", "&#x2029;", "&NotEqualTilde;", "&foo;", "a", "b c", "  ", "\n",
    "\t", "\r", "\x0b", "\x0c", "\x00", "\x85", "\xa0", "\u200b", "\ufeff", "\u2029", "\x1c", "<", "=", '"', "'",
    "/>", ">", "<table>", "<td>", "<!-- x -->", "<P>", "<span>", "</span>", "<font color=red>", "</br>", "<dl><dt>",
    "<dd>", "\U0001f600", "\ufdd0", "\U0001ffff", "\ud800", "<p/>", "<a/>", '<p a = "b>c">', "<a\thref='<'>",
    '<a b="c"="d>">', '<a b="c"d="e>">', "<h1/>", "<em x=y/>", "e\u0301",
]  # fmt: skip


@settings(max_examples=1_000, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=10).map("".join))
@example("<<b>p>")
@example("<a <p> x>y</a>")
def test_the_text_between_tags_is_that_of_the_tree(html: str) -> None:
    text = between_tags(html)
    assert text is None or texts._lines(text) == texts._lines(texts._in_tree(html))


@pytest.mark.parametrize(
    "html", ["a < b", "<p>a<table>", "<script>x<b></script>", "<!-- -- -->", "<iframe>x", "<P>a</P>", "<p", "\x00"]
)
def test_what_needs_a_parser_is_left_to_it(html: str) -> None:
    assert between_tags(html) is None


@pytest.mark.parametrize("piece", ["<a x", '<a x="', "<a x=y ", "<a =", "<p>", "&#1", "<a x=y", "  ", "<a b='c'"])
def test_hostile_html_is_read_in_linear_time(piece: str) -> None:
    assert isinstance(texts.html_to_text(piece * 20_000 + "<"), str)
