"""Feeds as found in the wild: what we make of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watch.collect.kinds import feed
from watch.errors import HuneError, ParseError
from watch.model import Entries, Page, SourceSpec

BASE = "https://presse.example/flux/rss.xml"


def read(body: str | bytes, content_type: str = "text/xml", language: str | None = None) -> Entries:
    raw = body.encode() if isinstance(body, str) else body
    source = SourceSpec("Presse", "feed", url=BASE, language=language)
    return feed.parse(source, Page(BASE, 200, raw, content_type))


def rss(*items: str, head: str = '<?xml version="1.0" encoding="utf-8"?>', extra: str = "") -> str:
    inside = "".join(f"<item>{item}</item>" for item in items)
    return (
        f'{head}<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/" '
        'xmlns:slash="http://purl.org/rss/1.0/modules/slash/" '
        'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">'
        f"<channel><title>Presse</title><link>https://presse.example/</link>{extra}{inside}</channel></rss>"
    )


def titles(entries: Entries) -> list[str]:
    return [entry.title for entry in entries.entries]


def test_rss_entry_whole() -> None:
    found = read(
        rss(
            "<title>Un canapé</title><link>/a/1?utm_source=rss</link><guid isPermaLink='false'>n1</guid>"
            "<pubDate>Fri, 20 Nov 2026 08:00:00 +0100</pubDate><dc:creator>Jeanne Roy</dc:creator>"
            "<description>court</description><category>Meubles</category><category>Meubles</category>"
            "<content:encoded><![CDATA[<p>Un.</p><p>Deux &amp; trois</p><script>x()</script>]]></content:encoded>"
            "<comments>/a/1#avis</comments><slash:comments>12</slash:comments>"
            "<media:thumbnail url='/i.jpg'/>",
            extra="<language>fr-FR</language><ttl>90</ttl>",
        )
    )
    (entry,) = found.entries
    assert entry.title == "Un canapé"
    assert entry.text == "Un.\nDeux & trois"
    assert entry.url == "https://presse.example/a/1?utm_source=rss"
    assert entry.guid == "n1"
    assert entry.published == datetime(2026, 11, 20, 7, tzinfo=UTC)
    assert entry.author == "Jeanne Roy"
    assert entry.tags == ("Meubles",)
    assert entry.image == "https://presse.example/i.jpg"
    assert entry.comments_url == "https://presse.example/a/1#avis"
    assert entry.engagement == 12
    assert (entry.lang, found.lang, found.title, found.poll_hint) == ("fr", "fr", "Presse", 5400)


def test_atom_with_base_and_typed_titles() -> None:
    """H45"""
    found = read(
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://notes.example/2026/" xml:lang="en">'
        '<title>Notes</title><entry><id>tag:1</id><title type="text">a &lt;b&gt; c</title><link href="un"/>'
        "<updated>2026-11-20T10:00:00Z</updated><author><name>Ana</name></author>"
        '<content type="html">&lt;p&gt;Hi&lt;/p&gt;</content></entry></feed>'
    )
    (entry,) = found.entries
    assert entry.url == "https://notes.example/2026/un"
    assert entry.text == "Hi"
    assert entry.published == entry.updated == datetime(2026, 11, 20, 10, tzinfo=UTC)
    assert (entry.author, entry.lang) == ("Ana", "en")


def test_rdf() -> None:
    """H45"""
    found = read(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>Annales</title></channel>'
        "<item rdf:about='https://a.example/1'><title>Levain</title><link>https://a.example/1</link>"
        "<dc:date>2026-11-12T10:00:00+01:00</dc:date></item></rdf:RDF>"
    )
    assert found.entries[0].published == datetime(2026, 11, 12, 9, tzinfo=UTC)


def test_json_feed() -> None:
    """H45"""
    found = read(
        json.dumps(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "title": "Micro",
                "language": "fr",
                "items": [
                    {
                        "id": 42,
                        "url": "/42",
                        "content_html": "<p>Bon pain &amp; bon prix</p>",
                        "date_published": "2026-11-20T09:00:00+01:00",
                        "authors": [{"name": "Ana"}, {"name": "Luc"}],
                        "tags": ["pain", 3],
                    },
                    "nonsense",
                ],
            }
        ),
        "application/feed+json",
    )
    (entry,) = found.entries
    assert (entry.guid, entry.url) == ("42", "https://presse.example/42")
    assert entry.title == entry.text == "Bon pain & bon prix"
    assert (entry.author, entry.tags, entry.lang) == ("Ana, Luc", ("pain",), "fr")


@pytest.mark.parametrize("language", ["fr\0", "\ud800", "x" * 5_000, "français", "", 3, None])
def test_what_is_no_language_is_left_out(language: object) -> None:
    """H43: and the other entries are read"""
    row = {"id": "1", "url": "https://a.example/\ud800", "image": "https://a.example/\ud800", "language": language}
    found = read(json.dumps({"version": "x", "language": language, "items": [row, {"id": "2", "language": "fr-FR"}]}))
    assert [entry.lang for entry in found.entries] == [None, "fr"]
    assert (found.lang, found.entries[0].url, found.entries[0].image) == (None, None, None)


@pytest.mark.parametrize("body", ['<rss version="2.0"><channel></channel></rss>', '{"version":"x","items":[]}'])
def test_empty_feed_is_a_success(body: str) -> None:
    """H45"""
    assert read(body).entries == ()


def test_operators_language_wins() -> None:
    assert read(rss("<title>a</title>", extra="<language>en-US</language>"), language="fr").entries[0].lang == "fr"


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("AT&T", "AT&T"),
        ("R&D", "R&D"),
        ("M&A : la fusion", "M&A : la fusion"),
        ("Procter &amp; Gamble", "Procter & Gamble"),
        ("caf&eacute;&nbsp;!", "café !"),
        ("&amp;eacute;t&amp;eacute;", "été"),
        ("Q&R", "Q&R"),
        ("a &unknown; b", "a &unknown; b"),
        ("x &#xD800;y &#x110000;z &#99999999999;.", "x y z ."),
        ("NUL &#0;\x00 FFFE \ufffe.", "NUL FFFE ."),
        ("&#146;t Hof", "’t Hof"),
        ("1 < 2", "1 < 2"),
        ("<![CDATA[R&D <b>gras</b>]]>", "R&D gras"),
        ("Deux\n  lignes", "Deux lignes"),
    ],
)
def test_titles_come_out_exact(written: str, read_as: str) -> None:
    """H43, H44, measured points 5 and 6 of the bar"""
    assert titles(read(rss(f"<title>{written}</title><guid>1</guid>"))) == [read_as]


def test_ill_formed_feed_keeps_names_exact() -> None:
    """H44: crossed tags send feedparser to its loose parser, where AT&T became AT&T;"""
    found = read(rss("<title>AT&T et R&D</title><description><b><i>croisé</b></i></description><guid>1</guid>"))
    assert titles(found) == ["AT&T et R&D"]


@pytest.mark.parametrize(
    "document",
    [
        "\n\n  " + rss("<title>a</title>"),
        "<br />\n<b>Warning</b>: mysql is gone<br />\n" + rss("<title>a</title>"),
        "\ufeff" + rss("<title>a</title>"),
        rss("<title>a</title>") + "<!-- 0.2 s --><script>x</script>",
        rss("<title>a</title>", head='<?xml version="1.0"?><?xml-stylesheet href="http://127.0.0.1/x.xsl"?>'),
        rss("<title>a</title>", head='<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://x.example/d.dtd">'),
    ],
)
def test_junk_around_a_feed_is_left_out(document: str) -> None:
    """H31, H44"""
    assert titles(read(document)) == ["a"]


def test_entities_are_neither_expanded_nor_fetched() -> None:
    """H30, H31"""
    bomb = "".join(f'<!ENTITY z{n} "{f"&z{n - 1};" * 10}">' for n in range(1, 9))
    head = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY z0 "zz">{bomb}<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    found = read(rss("<title>&z8;</title>", "<title>&f;</title>", head=head))
    assert titles(found) == ["&z8;", "&f;"]


@pytest.mark.parametrize(
    ("declared", "http", "codec"),
    [
        ("utf-8", "text/xml", "utf-8-sig"),
        ("utf-16", "text/xml", "utf-16"),
        ("utf-16", "text/xml", "utf-16-le"),
        ("utf-16", "text/xml", "utf-16-be"),
        ("iso-8859-1", "text/xml", "cp1252"),
        ("us-ascii", "text/xml", "utf-8"),
        ("iso-8859-1", "text/xml", "utf-8"),
        ("utf-8", "text/xml; charset=windows-1252", "cp1252"),
        ("punycode", "text/xml", "utf-8"),
        ("undefined", "text/xml; charset=undefined", "utf-8"),
        ("idna", "text/xml; charset=unicode_escape", "utf-8"),
        ("utf-7", "text/xml; charset=utf-7", "utf-8"),
    ],
)
def test_encodings(declared: str, http: str, codec: str) -> None:
    """H40, H41, H42"""
    title = "L’œil sur les prix : 7 €, à bientôt…"
    document = rss(f"<title>{title}</title>", head=f'<?xml version="1.0" encoding="{declared}"?>')
    assert titles(read(document.encode(codec), http)) == [title]


def test_stray_bytes_damage_only_themselves() -> None:
    """H41"""
    document = rss(*(f"<title>été {n}</title><guid>{n}</guid>" for n in range(3))).encode()
    assert titles(read(document.replace("été 1".encode(), b"\xffabc\xfe 1"))) == ["été 0", "\ufffdabc\ufffd 1", "été 2"]


@pytest.mark.parametrize("date", ["hier", "0", "Mon, 01 Jan 0001 00:00:00 GMT", "Tue, 30 Feb 2024 12:00:00 +0100"])
def test_absurd_dates_are_none(date: str) -> None:
    """H52"""
    found = read(rss(f"<title>a</title><pubDate>{date}</pubDate>"))
    assert found.entries[0].published is None or found.entries[0].published.year == 2024


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("lundi 4 mars 2024 09:15", datetime(2024, 3, 4, 9, 15, tzinfo=UTC)),
        ("Ven, 20 Nov 26 9:12:00 +0100", datetime(2026, 11, 20, 8, 12, tzinfo=UTC)),
        ("November 20, 2026", datetime(2026, 11, 20, tzinfo=UTC)),
        ("1er août 2026 à 10h30", datetime(2026, 8, 1, 10, 30, tzinfo=UTC)),
    ],
)
def test_dates_in_words(date: str, expected: datetime) -> None:
    """H52"""
    assert read(rss(f"<title>a</title><pubDate>{date}</pubDate>")).entries[0].published == expected


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "data:text/html,x", "http://[::1", "http://u:p@h.example/", "\\\\host\\x", "mailto:a@b"],
)
def test_harmful_links_become_none(link: str) -> None:
    """H55"""
    (entry,) = read(rss(f"<title>a</title><link>{link}</link><guid isPermaLink='false'>1</guid>")).entries
    assert entry.url is None


def test_nothing_of_a_script_is_kept() -> None:
    """H53, H54"""
    body = (
        "<script>evil()</script><style>p{}</style><svg><animate onbegin=evil()></svg><iframe srcdoc='evil'></iframe>"
        "<math><mtext><table><mglyph><style><img title='</style><img src=1 onerror=evil()>'></table></math>"
        "<noscript>evil</noscript><template>evil</template><!-- evil --><p>bon</p>"
    )
    (entry,) = read(rss(f"<title>a</title><description><![CDATA[{body}]]></description>")).entries
    assert "evil" not in entry.text.replace("onerror=evil()>'>", "")
    assert entry.text.endswith("bon")


def test_web_page_is_refused_with_a_hint() -> None:
    """H15"""
    page = '<!DOCTYPE html><html><head><link rel="alternate" type="application/rss+xml" href="/feed"></head></html>'
    with pytest.raises(ParseError, match=r"https://presse\.example/feed") as caught:
        read(page, "text/html")
    assert caught.value.kind == "not_a_feed"


@pytest.mark.parametrize("body", ["", "   ", "hello", '{"error": 1}', "[1]", "<html><body>login</body></html>"])
def test_what_is_no_feed(body: str) -> None:
    """H13, H15"""
    with pytest.raises(ParseError) as caught:
        read(body)
    assert caught.value.kind == "not_a_feed"


def test_wrong_media_type_does_not_matter() -> None:
    """H15"""
    assert titles(read(rss("<title>a</title>"), "text/html; charset=utf-8")) == ["a"]


def test_cut_feed_gives_its_entries_and_says_so() -> None:
    """P08, H44"""
    whole = rss(*(f"<title>t{n}</title><guid>{n}</guid>" for n in range(9)))
    assert not read(whole).damaged
    found = read(whole[: len(whole) * 2 // 3])
    assert found.damaged
    assert titles(found) == [f"t{n}" for n in range(len(found.entries))]
    assert 3 <= len(found.entries) < 9


@pytest.mark.parametrize("length", [60, 150, 400])
def test_cut_before_the_first_entry(length: int) -> None:
    """P08"""
    with pytest.raises(ParseError) as caught:
        read(rss("<title>t</title>")[:length])
    assert caught.value.kind in ("truncated", "not_a_feed")


def test_cut_json_feed() -> None:
    """P08"""
    with pytest.raises(ParseError) as caught:
        read('{"version": "https://jsonfeed.org/version/1", "items": [{"id": "1", "content_te')
    assert caught.value.kind == "truncated"


def test_deep_json_is_an_error() -> None:
    """H32, H61"""
    with pytest.raises(ParseError):
        read('{"items":' + "[" * 200_000)
    assert read('{"items":[{"id":' + "9" * 5000 + "}]}").entries[0].guid == "0"


def test_newest_two_thousand_are_kept() -> None:
    """H33"""
    document = rss(
        *(
            f"<title>t{n}</title><guid>{n}</guid><pubDate>{1 + n % 28:02d} Jan {2000 + n // 28} 00:00:00 GMT</pubDate>"
            for n in range(2_400)
        )
    )
    found = read(document)
    assert len(found.entries) == feed.MAX_ENTRIES
    assert {entry.title for entry in found.entries} == {f"t{n}" for n in range(400, 2_400)}


def test_what_is_too_long_is_cut_and_marked() -> None:
    """H34"""
    tags = "".join(f"<category>c{n}</category>" for n in range(300))
    found = read(
        rss(f"<title>{'é' * 9_000}</title><description>{'mot ' * 600_000}</description>{tags}", "<title>b</title>")
    )
    first, second = found.entries
    assert len(first.title.encode()) <= 1_000
    assert first.title.endswith("…")
    assert 900_000 < len(first.text.encode()) <= 1_000_000
    assert first.text.endswith("…")
    assert len(first.tags) == 50
    assert second.title == "b"


def test_many_attributes_are_dropped() -> None:
    """H32, measured point 7 of the bar"""
    attributes = " ".join(f'a{n}="x"' for n in range(20_000))
    assert titles(read(rss(f"<title>a</title><x {attributes}></x>", "<title>b</title>"))) == ["a", "b"]


@pytest.mark.parametrize("author", ["hello@kaolin.example (Kaolin team)", "Kaolin team (hello@kaolin.example)"])
def test_authors_are_names(author: str) -> None:
    assert read(rss(f"<title>a</title><author>{author}</author>")).entries[0].author == "Kaolin team"


def test_syndication_module_gives_the_rhythm() -> None:
    """P14"""
    extra = "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>"
    assert read(rss(extra=extra)).poll_hint == 21_600
    assert read(rss(extra="<ttl>" + "9" * 5000 + "</ttl>")).poll_hint is None


def test_a_guid_does_not_change_with_the_address_of_the_feed() -> None:
    """H50"""
    found = read(rss("<title>a</title><link>/1</link><guid>1204</guid>"))
    assert found.entries[0].guid == "1204"


def test_a_body_that_looks_like_a_path_is_not_opened() -> None:
    """H68"""
    with pytest.raises(ParseError):
        read("/etc/passwd")
    with pytest.raises(ParseError):
        read("http://127.0.0.1/")


def test_a_feed_needs_an_address() -> None:
    with pytest.raises(HuneError, match="needs a url"):
        feed.request(SourceSpec("x", "feed"))


_PIECES = st.sampled_from(
    ["<item>", "</item>", "<title>", "</title>", "&", "&#", "&#x", ";", "<![CDATA[", "]]>", "<!--", "-->", "<!DOCTYPE ",
     "<!ENTITY", "é", "\x00", "<guid>", "<link>", "http://x/", "<?xml ", "?>", "<a b='", "</channel>", "<description>"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(_PIECES | st.text(max_size=8), max_size=40), st.booleans())
def test_nothing_but_parse_errors_comes_out(pieces: list[str], wrapped: bool) -> None:
    """H43, H44"""
    document = "".join(pieces)
    try:
        found = read(rss(document) if wrapped else document)
    except ParseError:
        return
    for entry in found.entries:
        (entry.title + entry.text + entry.guid).encode("utf-8")
        assert "\x00" not in entry.title + entry.text + entry.guid


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    """H41"""
    for raw in (body, b'<rss version="2.0"><channel><item><title>' + body + b"</title></item></channel></rss>"):
        try:
            read(raw)
        except ParseError:
            continue
