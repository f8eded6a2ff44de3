"""What is made of the parts of an entry, by both readers of XML."""

from __future__ import annotations

import json

import pytest

from watch.collect.kinds import feed, feed_xml
from watch.errors import ParseError
from watch.model import Entries, Entry, Page, Rests, SourceSpec

BASE = "https://presse.example/flux/rss.xml"
NAMESPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:thr="http://purl.org/syndication/thread/1.0" '
    'xmlns:slash="http://purl.org/rss/1.0/modules/slash/" xmlns:podcast="https://podcastindex.org/namespace/1.0" '
    'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
)


def rss(item: str, channel: str = "") -> str:
    return f'<rss version="2.0" {NAMESPACES}><channel><title>P</title>{channel}<item>{item}</item></channel></rss>'


def atom(entry: str, inside: str = "", root: str = "") -> str:
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {NAMESPACES} {root}>{inside}<entry>{entry}</entry></feed>'


def both(document: str) -> Entry:
    """The one entry of `document`, which both readers read alike."""
    quick, slow = (feed_xml.read(document, BASE, 9, quick=quick) for quick in (True, False))
    assert quick == slow
    return quick.entries[0]


def read(body: str | bytes) -> Entries:
    raw = body.encode() if isinstance(body, str) else body
    return feed.parse(SourceSpec("Presse", "feed", url=BASE), Page(BASE, 200, raw))


@pytest.mark.parametrize(
    "link", ["<link></link>", "<link/>", "<link />", "<link>\n </link>", "<link><![CDATA[ ]]></link>"]
)
@pytest.mark.parametrize("guid", ["<guid>", "<guid isPermaLink='TRUE'>", '<guid isPermaLink="True">'])
def test_an_empty_link_is_none(link: str, guid: str) -> None:
    for item in (f"{link}{guid}https://a.example/1</guid>", f"{guid}https://a.example/1</guid>{link}"):
        assert both(rss("<title>a</title>" + item)).url == "https://a.example/1"


@pytest.mark.parametrize("word", ["false", "False", "FALSE"])
def test_a_guid_that_is_no_link(word: str) -> None:
    assert both(rss(f"<guid isPermaLink='{word}'>https://a.example/1</guid><title>a</title>")).url is None


@pytest.mark.parametrize("root", ["", 'xml:base="https://b.example/d/"'])
def test_an_id_of_atom_is_no_address(root: str) -> None:
    entry = "<id>i</id><title>a</title><link rel='enclosure' type='audio/mpeg' href='https://a.example/e.mp3'/>"
    assert (both(atom(entry, root=root)).guid, both(atom(entry, root=root)).url) == ("i", "https://a.example/e.mp3")
    assert both(atom("<id>i</id><title>a</title>", root=root)).url is None
    assert both(atom("<id>https://a.example/1</id><title>a</title>", root=root)).url == "https://a.example/1"


@pytest.mark.parametrize("kind", ["type='text'", ""])
def test_text_of_atom_is_no_html(kind: str) -> None:
    """H45"""
    entry = f"<title {kind}>Use &lt;b&gt; tags</title><content {kind}>Use &lt;b&gt; tags &amp;amp; more</content>"
    assert (both(atom(entry)).title, both(atom(entry)).text) == ("Use <b> tags", "Use <b> tags & more")


def test_html_that_says_it_is_text() -> None:
    assert both(atom("<title>a</title><summary>&lt;p&gt;Un&lt;/p&gt;&lt;p&gt;Deux</summary>")).text == "Un\nDeux"


def test_the_original_link_wins() -> None:
    item = "<link>https://feeds.example/~r/1</link><feedburner:origLink>https://a.example/1?x=1&amp;y=2</feedburner:origLink>"
    assert both(rss(item)).url == "https://a.example/1?x=1&y=2"


def test_a_base_may_be_relative_and_nested() -> None:
    entry = "<title>a</title><link xml:base='b/' href='c'/>"
    assert feed_xml.read(atom(entry, root="xml:base='/a/'"), BASE, 9).entries[0].url == "https://presse.example/a/b/c"


def test_references_in_the_address_of_comments() -> None:
    assert (
        both(rss("<title>a</title><comments>/c?a=1&amp;b=2</comments>")).comments_url
        == "https://presse.example/c?a=1&b=2"
    )


@pytest.mark.parametrize(
    ("item", "author"),
    [
        ("<dc:creator>Ana</dc:creator><dc:creator>Luc</dc:creator><dc:creator>Ana</dc:creator>", "Ana, Luc"),
        ("<dc:creator>Ana</dc:creator><author>a@b.fr (Ana)</author>", "Ana"),
        ("<author>a@b.example (Ana)</author>", "Ana"),
        ("<itunes:author>Eve</itunes:author><podcast:person role='host' href='x'>Luc</podcast:person>", "Eve"),
        ("<podcast:person role='host' href='x'>Luc</podcast:person>", "Luc"),
        ("<podcast:person>Luc</podcast:person>", "Luc"),
        ("<author/>", None),
    ],
)
def test_authors(item: str, author: str | None) -> None:
    assert both(rss("<title>a</title>" + item)).author == author


def test_authors_of_atom() -> None:
    feed_author = "<author><name>Revue</name><email>r@a.example</email></author>"
    entry = "<title>a</title><author><name>Ana</name></author><author><name>Luc</name></author>"
    assert both(atom(entry, feed_author)).author == "Ana, Luc"
    assert both(atom("<title>a</title>", feed_author)).author == "Revue"
    assert both(rss("<title>a</title>", "<managingEditor>Revue</managingEditor>")).author is None


@pytest.mark.parametrize("authors", [{"authors": [{"name": "Ana"}, {"name": "Luc"}]}, {"author": {"name": "Ana, Luc"}}])
def test_authors_of_json_feeds_are_inherited(authors: dict[str, object]) -> None:
    found = read(json.dumps(authors | {"items": [{"id": "1"}, {"id": "2", "authors": [{"name": "Eve"}]}]}))
    assert [entry.author for entry in found.entries] == ["Ana, Luc", "Eve"]


@pytest.mark.parametrize(
    ("item", "engagement"),
    [
        ("<slash:comments>3</slash:comments><media:statistics views='900'/>", 3),
        ("<link rel='replies' thr:count='7' href='r'/>", 7),
        ("<thr:total>5</thr:total>", 5),
        (
            "<media:community><media:starRating count='12'/><media:statistics views='90'/></media:community>",
            12,
        ),
        ("<media:group><media:community><media:statistics views='90'/></media:community></media:group>", 90),
        ("<media:statistics views='90' favorites='4'/>", 4),
        ("<media:statistics views='many'/>", None),
    ],
)
def test_engagement(item: str, engagement: int | None) -> None:
    assert both(atom("<title>a</title>" + item)).engagement == engagement


def test_a_podcast() -> None:
    item = (
        "<title>a</title><itunes:subtitle>court</itunes:subtitle><itunes:keywords>pain, levain</itunes:keywords>"
        "<itunes:image href='/i.jpg'/><itunes:duration>12:00</itunes:duration>"
    )
    found = both(rss(item))
    assert (found.text, found.tags, found.image) == ("court", ("pain", "levain"), "https://presse.example/i.jpg")
    assert both(rss(item + "<itunes:summary>long</itunes:summary>")).text == "long"


def test_hours_and_days_of_rest() -> None:
    """P14"""
    hours = "<skipHours><hour>0</hour><hour> 23 </hour><hour>24</hour><hour>77</hour><hour>x</hour></skipHours>"
    days = "<skipDays><day>Saturday</day><day>sunday</day><day>Someday</day></skipDays>"
    assert feed_xml.read(rss("<title>a</title>", hours + days), BASE, 9).rests == Rests((0, 23), (5, 6))
    assert feed_xml.read(rss("<title>a</title>"), BASE, 9).rests is None


def test_who_always_rests_is_asked() -> None:
    """P14"""
    always = f"<skipHours>{''.join(f'<hour>{hour}</hour>' for hour in range(24))}</skipHours>"
    assert feed_xml.read(rss("<title>a</title>", always), BASE, 9).rests is None


@pytest.mark.parametrize(
    "before",
    ["<!DOCTYPE html>", "<!doctype html PUBLIC '-//W3C//DTD'>\n", "<!-- <html><body> -->", "<!-- <rss> <feed> -->",
     "\n\n", "<!-- un --><!DOCTYPE rss><!-- <rss version='2.0'> -->"],
)  # fmt: skip
def test_junk_before_a_feed(before: str) -> None:
    """H44"""
    for document in (rss("<title>a</title>"), atom("<title>a</title>")):
        assert read(before + document).entries[0].title == "a"


@pytest.mark.parametrize("document", ["<!DOCTYPE html><title>x</title><p><rss>", "<html><!-- x --><feed></html>"])
def test_a_page_is_no_feed(document: str) -> None:
    with pytest.raises(ParseError, match="web page"):
        read(document)


@pytest.mark.parametrize("codec", ["utf-32", "utf-32-le", "utf-32-be", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("head", ["", '<?xml version="1.0" encoding="utf-32"?>', "\n"])
def test_wide_encodings(codec: str, head: str) -> None:
    """H44"""
    assert read((head + rss("<title>Été</title>")).encode(codec)).entries[0].title == "Été"
    assert read('{"items": [{"id": "1", "title": "Été"}]}'.encode(codec)).entries[0].title == "Été"
