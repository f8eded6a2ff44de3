"""Both readers of XML feeds, lxml and feedparser, give the same entries."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from shared_data import SHARED

from watch.collect import encoding, repair
from watch.collect.kinds import feed_lxml, feed_usual, feed_xml
from watch.collect.kinds import feed_names as names
from watch.errors import ParseError
from watch.model import Entries

BASE = "https://presse.example/flux/rss.xml"
NAMESPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/" '
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:thr="http://purl.org/syndication/thread/1.0" '
    'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xhtml="http://www.w3.org/1999/xhtml" '
    'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
)
# Real feeds that the quick reader may leave to feedparser: none is known to.
LEFT_TO_FEEDPARSER = 0.02
CORPORA = ("feedvalidator_testcases", "feed_rs_fixtures", "miniflux_testdata", "simplepie_data", "real_feeds_dev")
# Documents about which the readers differ, and why. None does.
DIFFERENT: dict[str, str] = {}


def rss(item: str, channel: str = "", root: str = "") -> str:
    inside = f"<channel><title>Presse</title>{channel}<item>{item}</item><item><title>b</title></item></channel>"
    return f'<rss version="2.0" {NAMESPACES} {root}>{inside}</rss>'


def atom(entry: str, feed: str = "", root: str = "") -> str:
    inside = f"<title>Notes</title>{feed}<entry>{entry}</entry><entry><title>b</title></entry>"
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {NAMESPACES} {root}>{inside}</feed>'


def rdf(item: str) -> str:
    return (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        f'{NAMESPACES}><channel rdf:about="x"><title>Annales</title><dc:language>fr</dc:language></channel>'
        f'<image rdf:about="i"><title>Logo</title><url>/l.png</url></image><item rdf:about="/1">{item}</item></rdf:RDF>'
    )


def outcome(document: str, *, quick: bool) -> Entries | str:
    try:
        return feed_xml.read(document, BASE, 2_000, quick=quick)
    except ParseError as error:
        return error.kind


def differences(document: str) -> list[str]:
    """Where the two readers differ about a document, field by field."""
    quick, slow = outcome(document, quick=True), outcome(document, quick=False)
    if quick == slow:
        return []
    if isinstance(quick, str) or isinstance(slow, str):
        return [f"{quick!r:.60} against {slow!r:.60}"]
    pairs = list(zip(quick.entries, slow.entries, strict=False))
    found = [f"{len(quick.entries)} entries against {len(slow.entries)}"] if quick.entries != slow.entries else []
    for field in fields(pairs[0][0]) if pairs else ():
        values = [(getattr(a, field.name), getattr(b, field.name)) for a, b in pairs]
        found += [f"{field.name}: {a!r:.200} against {b!r:.200}" for a, b in values if a != b]
    return found or ["the feed's own title, language or rhythm"]


RSS = [
    "<title>Un &amp; deux</title><link>/a?x=1&amp;y=2</link><guid isPermaLink='false'>n1</guid>",
    "<title>a</title><guid>/seul</guid><pubDate>Fri, 20 Nov 2026 08:00:00 +0100</pubDate>",
    "<title>a</title><guid isPermaLink='TRUE'>https://a.example/1</guid><pubDate>20 Nov 2026 8:00 EST</pubDate>",
    "<title>a</title><guid>https://a.example/1</guid><link/><pubDate>Tue, 30 Feb 2024 12:00:00 GMT</pubDate>",
    "<title>AT&amp;amp;T &lt;b&gt;gras&lt;/b&gt;</title><description>1 &lt; 2</description>",
    "<title><![CDATA[R&D <i>x</i>]]></title><description>court</description><content:encoded><![CDATA[<p>Un</p>]]>"
    "</content:encoded>",
    "<description>court</description><description>second</description><itunes:summary>plain &lt;p&gt;</itunes:summary>",
    "<description/><content:encoded/><media:description type='html'>&lt;p&gt;m&lt;/p&gt;</media:description>",
    "<media:group><media:title>m</media:title><media:content url='/i.png' medium='image'><media:thumbnail url='/t'/>"
    "</media:content></media:group><title>vrai</title>",
    "<title>a</title><source url='/s'>S</source><media:title>m</media:title><itunes:image href='/p.jpg'/>",
    "<dc:creator>Ana</dc:creator><author>a@b.fr (Luc)</author><itunes:author>Eve</itunes:author>",
    "<category domain='d'>x</category><category>x</category><category/><dc:subject>y</dc:subject>"
    "<media:keywords>u, v</media:keywords><itunes:category text='T'/>",
    "<comments>/a#avis</comments><slash:comments> 12 </slash:comments><enclosure url='/e.png' type='image/png'/>",
    "<title xml:lang='en_GB'>a</title><dc:date>2026-11-20T10:00:00.5+01:00</dc:date>"
    "<dcterms:issued>2026</dcterms:issued>",
    "<title>Ã©tÃ© \x92</title><description>caf<!-- x -->é</description><link>http:////a.example/&amp;eacute;</link>",
    "<foo><title>caché</title></foo><title>vrai</title><bar><link>/b</link></bar>",
    "<description>du <b>gras</b> ici</description><image><url>/x</url></image>",
    "<title>a</title><link>/a?x&amp;amp;y</link><guid>n1</guid><pubDate>20 Nov 2026 08:00:00 +0100</pubDate>"
    "<description>&lt;p&gt;d&lt;/p&gt;</description><content:encoded/><dc:creator>a@b.fr (Luc)</dc:creator>"
    "<category>x</category><category/><dc:subject>x</dc:subject><enclosure url='/e.png' type='image/png'/>"
    "<media:thumbnail url='t'/>",
    "<link>/a</link><content:encoded>&lt;p&gt;c</content:encoded><description>d</description><f>x</f><title>é</title>",
    "<link>/a</link><title>a</title><title>b</title><author>x</author><dc:creator>y</dc:creator>"
    "<media:content url='u'/>",
    "<link>a:///b</link><guid>c:///d</guid><comments>/c</comments><slash:comments>7</slash:comments>"
    "<thr:total>3</thr:total>",
    "<date>lundi 4 mars 2024 09:15</date><pubDate>lundi 4 mars 2024 09:15</pubDate>",
]
ATOM = [
    "<id>tag:1</id><title type='text'>a &lt;b&gt; c</title><link href='un'/><updated>2026-11-20T10:00:00Z</updated>",
    "<id>https://a.example/1</id><title type='html'>&lt;b&gt;x&lt;/b&gt;</title><link rel='self' href='s'/>"
    "<link rel='replies' type='text/html' href='r'/><link rel='enclosure' type='image/png' href='e'/>",
    "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>Un <a href='x'/>&lt;deux&gt;</p>trois<br/>"
    "</div></content><summary type='xhtml'><xhtml:div>s</xhtml:div></summary><thr:total>7</thr:total>",
    "<content type='image/png'>AAAA</content><author><name>Ana</name><email>a@b.example</email></author>",
    "<author><name>Ana</name></author><author><name>Luc</name><uri>/l</uri></author><contributor><name>C</name>"
    "</contributor><category term='t' label='L'/><category term='t'>u</category>",
    "<source><title>autre</title><id>s</id></source><title>vrai</title><published>2026-11-20T10:00:00+01:00</published>",
    "<title xml:lang=''>a</title><rights type='xhtml'><xhtml:div><title>non</title></xhtml:div></rights>",
]
# A base address below the root: feedparser lets it reach what follows, unless the root has one of its own.
MOVED = "<content type='html' xml:base='https://b.example/'>&lt;p&gt;x</content><link href='/y'/>"
FEEDS = [
    *(rss(item) for item in RSS),
    *(rss(item, "<language>fr-FR</language><ttl>90</ttl>", "xml:base='https://b.example/d/'") for item in RSS),
    *(rss(item, "<itunes:summary>s</itunes:summary><description>d</description>") for item in RSS),
    *(rdf(item) for item in RSS),
    *(atom(entry) for entry in ATOM),
    *(atom(entry, "<logo>l</logo>", "xml:base='https://b.example/d/' xml:lang='en_GB'") for entry in ATOM),
    atom(MOVED, root="xml:base='https://c.example/'"),
    rss("<title>a</title>", "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>"),
    rss("<link>/a</link><title>a</title>").replace("</channel>", "<title>Fin</title><ttl>9</ttl></channel>"),
    rss("<link>/a</link><guid>b</guid>").replace("</channel>", "<title>Fin</title></channel>"),
    rss("<title>a</title>", "<image><title>i</title><link>l</link></image><textInput><title>t</title></textInput>"),
]


@pytest.mark.parametrize("document", FEEDS, ids=range(len(FEEDS)))
def test_both_readers_agree(document: str) -> None:
    assert differences(document) == []


def test_a_base_address_counts_inside_its_element_only() -> None:
    """https://www.w3.org/TR/xmlbase/: the one known difference, in which feedparser is wrong."""
    quick, slow = (feed_xml.read(atom(MOVED), BASE, 9, quick=quick) for quick in (True, False))
    assert (quick.entries[0].url, slow.entries[0].url) == ("https://presse.example/y", "https://b.example/y")


def test_the_host_of_an_author_may_be_long() -> None:
    """Of several authors, feedparser takes the address apart, and knows hosts of two to four letters only."""
    item = "<dc:creator>Ana</dc:creator><author>a@b.example (Luc)</author>"
    quick, slow = (feed_xml.read(rss(item), BASE, 9, quick=quick) for quick in (True, False))
    assert (quick.entries[0].author, slow.entries[0].author) == ("Ana, Luc", "Ana, ple (Luc")


_PARTS = st.lists(st.sampled_from([p + t for p in RSS for t in ("", "<x>y</x>")]), min_size=1, max_size=4)


@settings(max_examples=60, deadline=None)
@given(_PARTS)
def test_both_readers_agree_on_parts_mixed(parts: list[str]) -> None:
    assert differences(rss("".join(parts))) == []


@pytest.mark.parametrize("document", [rss(RSS[0]), rdf(RSS[0]), atom(ATOM[0]), atom(ATOM[2])])
def test_the_usual_is_read_quickly(document: str) -> None:
    assert feed_lxml.parse(repair.repair(document)) is not None


def test_the_usual_is_read_at_once() -> None:
    usual = "<item><title>a</title><link>/a</link><guid isPermaLink='false'>b</guid><description>c</description></item>"
    walk = feed_lxml._Reader.__new__(feed_lxml._Reader)
    walk.atom, walk.base, walk.is_odd, walk.name = False, "", True, names.Names()
    assert (feed_usual.part(walk, etree.fromstring(usual), None) or {})["id"] == "b"
    assert feed_usual.part(walk, etree.fromstring(usual.replace("c<", "c<b/><")), None) is None


@pytest.mark.parametrize(
    "document",
    [
        rss("<title>a</b>"),
        rss("<foo:title>a</foo:title>"),
        "<html><body>x</body></html>",
        rss("<item><title>a</title></item>"),
        rss("<x>" * 400 + "</x>" * 400),
        "<!DOCTYPE rss [<!ENTITY f SYSTEM 'file:///etc/hostname'>]>" + rss("<title>&g;</title>"),
    ],
    ids=["crossed", "no namespace", "a page", "item in item", "deep", "unknown entity"],
)
def test_the_doubtful_is_left_to_feedparser(document: str) -> None:
    """H32, H44"""
    assert feed_lxml.parse(document) is None


def test_entities_and_inclusions_are_never_resolved() -> None:
    """H30, H31: even if a declaration came through the repair"""
    bomb = "".join(f'<!ENTITY z{n} "{f"&z{n - 1};" * 10}">' for n in range(1, 9))
    head = f'<!DOCTYPE rss [<!ENTITY z0 "zz">{bomb}<!ENTITY f SYSTEM "file:///etc/hostname">]>'
    inclusion = "<x:include xmlns:x='http://www.w3.org/2001/XInclude' href='/etc/hostname' parse='text'/>"
    for item in ("<title>&z8;</title>", "<title>&f;</title>", f"<description>{inclusion}</description>"):
        found = feed_lxml.parse(head + rss(item))
        assert found is None or not found[1][0].get("title")


def _documents(corpus: str) -> Iterator[tuple[str, str]]:
    assert SHARED is not None
    with tarfile.open(SHARED / "data" / "feeds" / f"{corpus}.tar.gz") as archive:
        for member in archive:
            stream = archive.extractfile(member)
            if stream is None or member.name.endswith((".json", ".jsonl", ".html", ".opml")):
                continue
            document = encoding.decode(stream.read())
            if repair.find_root(document) is not None:
                yield member.name, document


@pytest.mark.shared
@pytest.mark.skipif(SHARED is None, reason="the feeds are not here: set HUNE_SHARED")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("corpus", CORPORA)
def test_both_readers_agree_on_corpora(corpus: str) -> None:
    """Entries, ids, links, dates and text; and the quick one reads nearly all of the real ones."""
    documents = dict(_documents(corpus))
    different = {name: found for name, document in documents.items() if (found := differences(document))}
    assert different.keys() == {name for name in DIFFERENT if name in documents}, different
    if corpus == "real_feeds_dev":
        quick = sum(feed_lxml.parse(repair.repair(document)) is not None for document in documents.values())
        assert quick >= len(documents) * (1 - LEFT_TO_FEEDPARSER)
