"""H22, H25: one strict parser."""

from __future__ import annotations

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from watch.net import urls


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://Example.ORG", "http://example.org/"),
        ("https://example.org:443/a?b=c#d", "https://example.org/a?b=c"),
        ("http://example.org:8080", "http://example.org:8080/"),
        ("https://bücher.example/é?q=ü", "https://xn--bcher-kva.example/%C3%A9?q=%C3%BC"),
        ("http://[::1]:80/x", "http://[::1]/x"),
        ("http://ex_ample.org/a%20b", "http://ex_ample.org/a%20b"),
        ("http://①②⑦.0.0.1/", "http://127.0.0.1/"),
        ("http://example.org/a/./b/../c?d=/../e", "http://example.org/a/c?d=/../e"),
        ("http://example.org/../..", "http://example.org/"),
        ("http://example.org//a/..", "http://example.org//"),
        ("http://example.org./a", "http://example.org/a"),
        ("http://127.0.0.1./", "http://127.0.0.1/"),
    ],
)
def test_normal_form(text: str, expected: str) -> None:
    assert str(urls.parse(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "file:///etc/passwd", "ftp://example.org/", "gopher://x/", "data:text/plain,x", "javascript:alert(1)",
        "jar:http://x!/", "//example.org", "/x", "", "http://", "http:///x", "http://user:pw@example.org/",
        "http://example.org@127.0.0.1/", "http://example.org\\@127.0.0.1/", "http://exa mple.org/",
        "http://example.org/a b", "http://example.org/\r\nX: y", "http://example.org:0/", "http://example.org:99999/",
        "http://example.org:80:80/", "http://[::1%25eth0]/", "http://[::1/", "http://exa%6dple.org/",
        "http://example.org:８０/", "http://" + "a" * 9000,
        "http://2130706433/", "http://0x7f.1/", "http://127.1/", "http://0177.0.0.1/", "http://1.2.3.4.5/",
    ],
)  # fmt: skip
def test_refused(text: str) -> None:
    """H22, H25"""
    with pytest.raises(ValueError):  # noqa: PT011 - any sentence will do
        urls.parse(text)


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("/b", "https://example.org/b"),
        ("c", "https://example.org/dir/c"),
        ("//other.example/x", "https://other.example/x"),
        ("?q=1", "https://example.org/dir/a?q=1"),
    ],
)
def test_relative_locations(location: str, expected: str) -> None:
    """H20"""
    assert str(urls.join("https://example.org/dir/a", location)) == expected


@given(st.text(max_size=60).map(lambda tail: "http://" + tail))
def test_the_client_reads_what_we_read(text: str) -> None:
    """H25: no second parser may see another host."""
    try:
        url = urls.parse(text)
    except ValueError:
        return
    theirs = httpx.URL(str(url))
    assert theirs.raw_host.decode().strip("[]") == url.host
    assert (theirs.port or {"http": 80, "https": 443}[url.scheme]) == url.port
    assert urls.parse(str(url)) == url
