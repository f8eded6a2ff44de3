"""The feeds of an address: what a page names, what its platform has, what is asked for."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loopback import Asked, Loopback, Reply, reply

from watch.collect import InlineParser, Poller, advertised, discover, platforms
from watch.errors import FetchError, Refused
from watch.model import Page
from watch.net import Gate, Limits

Serve = Callable[[Callable[[Asked], Reply]], Loopback]
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PAGE = "https://maison.example/blog/"
RSS = (
    '<?xml version="1.0"?><rss version="2.0"><channel><title>{}</title><language>fr</language>'
    "<item><title>Un</title><link>https://p.example/1</link></item></channel></rss>"
)


def links(html: str, header: str = "") -> list[str]:
    return [
        one.url for one in advertised.links(Page(PAGE, 200, html.encode(), "text/html; charset=utf-8", link=header))
    ]


ALTERNATE = '<link rel="alternate" type="application/rss+xml" href="{}">'


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<link rel="alternate" type="application/rss+xml" href="/feed">', ["https://maison.example/feed"]),
        (
            "<LINK TYPE=application/atom+xml REL='Alternate Home' HREF=atom.xml>",
            ["https://maison.example/blog/atom.xml"],
        ),
        (
            '<body><div><link rel=alternate type="application/feed+json" href="//f.example/j"/></div>',
            ["https://f.example/j"],
        ),
        ('<link rel="feed" href="/f">', ["https://maison.example/f"]),
        ('<link rel=alternate type="application/rdf+xml; charset=utf-8" href="/f">', ["https://maison.example/f"]),
        ('<base href="https://www.maison.example/"><link rel=feed href=f>', ["https://www.maison.example/f"]),
        ('<link rel="alternate" type="application/rss+xml" href="/?a=1&amp;b=2">', ["https://maison.example/?a=1&b=2"]),
        ('<link rel="alternate" type="application/rss+xml" href="feed://a.example/f">', ["https://a.example/f"]),
        ('<link rel="alternate" type="application/rss+xml" href="feed:https://a.example/f">', ["https://a.example/f"]),
        # not feeds
        ('<link rel="alternate" hreflang="en" href="/en">', []),
        ('<link rel="stylesheet" type="application/rss+xml" href="/f">', []),
        ('<link rel="alternate" type="application/json+oembed" href="/o">', []),
        ('<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/1">', []),
        ('<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">', []),
        ('<link rel="alternate" type="application/rss+xml" href="file:///etc/passwd">', []),
        ('<link rel="alternate" type="application/rss+xml">', []),
        ('<!-- <link rel="alternate" type="application/rss+xml" href="/f"> -->', []),
        ("<script>'<link rel=alternate type=application/rss+xml href=/f>'</script>", []),
        # anchors
        ('<a href="/rss.xml"><img></a>', ["https://maison.example/rss.xml"]),
        ('<a href="/abonnement">Flux <b>RSS</b></a>', ["https://maison.example/abonnement"]),
        ('<a href="/x" title="Syndication"><i></i></a>', ["https://maison.example/x"]),
        ('<a href="/feedback">Votre avis</a><a href="/atomes">Les atomes</a>', []),
        ('<a href="/a">La bombe atomique et les flux de capitaux expliqués en dix minutes</a>', []),
    ],
)
def test_what_a_page_names(html: str, found: list[str]) -> None:
    assert links(html) == found


def test_named_before_linked_articles_before_comments_short_before_long() -> None:
    html = (
        '<a href="/rss">RSS</a>'
        + '<link rel=alternate type=application/rss+xml title="Flux des commentaires" href="/c">'
        + "".join(ALTERNATE.format(path) for path in ("/comments/feed", "/a/b/feed", "/feed", "/feed"))
    )
    paths = [url.removeprefix("https://maison.example") for url in links(html)]
    assert paths == ["/feed", "/a/b/feed", "/c", "/comments/feed", "/rss"]


def test_link_headers_count() -> None:
    header = '</feed>; rel="alternate"; type="application/rss+xml"; title="A, b", </wp>; rel="https://api.w.org/"'
    assert links("<p>", header) == ["https://maison.example/feed"]


@pytest.mark.parametrize(
    ("url", "feeds"),
    [
        ("https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv/videos", ["https://www.youtube.com/feeds/videos.xml?channel_id=UCabcdefghijklmnopqrstuv"]),
        ("https://www.youtube.com/playlist?list=PLabcdefghijk", ["https://www.youtube.com/feeds/videos.xml?playlist_id=PLabcdefghijk"]),
        ("https://www.youtube.com/@chaine", []),
        ("https://github.com/hune-watch/hune", ["https://github.com/hune-watch/hune/releases.atom", "https://github.com/hune-watch/hune/commits.atom"]),
        ("https://github.com/o/r.js/commits/main", ["https://github.com/o/r.js/commits/main.atom"]),
        ("https://gitlab.com/g/p", ["https://gitlab.com/g/p/-/tags?format=atom", "https://gitlab.com/g/p.atom"]),
        ("https://www.reddit.com/r/france/new", ["https://www.reddit.com/r/france/.rss"]),
        ("https://medium.com/@claire", ["https://medium.com/feed/@claire"]),
        ("https://medium.com/tag/meubles/latest", ["https://medium.com/feed/tag/meubles"]),
        ("https://claire.medium.com/", ["https://claire.medium.com/feed"]),
        ("https://claire.substack.com/p/un", ["https://claire.substack.com/feed"]),
        ("https://claire.tumblr.com/", ["https://claire.tumblr.com/rss"]),
        ("https://claire.blogspot.fr", ["https://claire.blogspot.fr/feeds/posts/default"]),
        ("https://claire.over-blog.com/x", ["https://claire.over-blog.com/rss"]),
        ("https://claire.canalblog.com/x", ["https://claire.canalblog.com/rss.xml"]),
        ("https://bsky.app/profile/claire.example", ["https://bsky.app/profile/claire.example/rss"]),
        ("https://piaille.example/@claire", ["https://piaille.example/@claire.rss"]),
        ("https://piaille.example/tags/canape", ["https://piaille.example/tags/canape.rss"]),
        ("https://maison.example/blog", []),
    ],
)  # fmt: skip
def test_where_platforms_keep_their_feeds(url: str, feeds: list[str]) -> None:
    assert [one.url for one in platforms.of_address(url)] == feeds


@pytest.mark.parametrize(
    ("words", "feed"),
    [
        ('<meta name="generator" content="WordPress 6.7">', "https://m.example/feed/"),
        ('<meta name="generator" content="Ghost 5.9">', "https://m.example/rss/"),
        ("<link href=/sites/default/files/a.css>", "https://m.example/rss.xml"),
        ('<meta name="generator" content="SPIP 4.2">', "https://m.example/spip.php?page=backend"),
        ('<meta name="generator" content="Joomla! - Open Source">', "https://m.example/blog?format=feed&type=rss"),
        ("<script src=https://cdn.shopify.com/x.js>", "https://m.example/blog.atom"),
        (
            "<!-- This is Squarespace. --><img src=https://static1.squarespace.com/a>",
            "https://m.example/blog?format=rss",
        ),
        ("<img src=https://static.wixstatic.com/a>", "https://m.example/blog-feed.xml"),
        ("<html data-wf-site=1>", "https://m.example/blog/rss.xml"),
        ('<meta name="generator" content="Hugo 0.1">', "https://m.example/index.xml"),
        ('<meta name="generator" content="Jekyll v4">', "https://m.example/feed.xml"),
        ('<meta name="generator" content="Dotclear 2">', "https://m.example/feed/atom"),
        ('<meta name="generator" content="Discourse 3">', "https://m.example/latest.rss"),
    ],
)
def test_what_a_page_is_made_with(words: str, feed: str) -> None:
    assert feed in [one.url for one in platforms.of_page("https://m.example/blog/", words)]


@pytest.mark.parametrize("words", [words for words, _ in platforms._BY_WORDS])
def test_a_guess_never_leaves_the_site(words: str) -> None:
    plain = words.partition("|")[0].replace("[\"']", '"').replace("\\", "").replace("(?:", "").replace("?", "")
    guesses = platforms.of_page("https://m.example/", plain) + platforms.usual("https://m.example/")
    assert {one.url.split("/")[2].partition("?")[0] for one in guesses} == {"m.example"}


def site(pages: Mapping[str, Reply]) -> Callable[[Asked], Reply]:
    return lambda asked: pages.get(asked.path, reply(404))


def find(server: Loopback, path: str = "/") -> discover.Discovered:
    poller = Poller(Gate([server.allow]), "Hune/1", parser=InlineParser(), spacing=0, limits=Limits(seconds=5))
    return discover.find(poller, server.url(path), NOW)


def paths(server: Loopback) -> list[str]:
    return [asked.path for asked in server.asked]


def test_a_feed_is_asked_for_once(serve: Serve) -> None:
    """P25"""
    server = serve(site({"/rss": reply(200, RSS.format("Presse"))}))
    (found,) = find(server, "/rss").feeds
    assert (found.url, found.how, found.title, found.entries) == (server.url("/rss"), "itself", "Presse", 1)
    assert found.lang == "fr"
    assert paths(server) == ["/rss"]


def test_a_page_names_its_feeds(serve: Serve) -> None:
    """H15: what the page names is asked for, and nothing else."""
    html = ALTERNATE.format("/feed") + ALTERNATE.format("/comments/feed") + '<a href="/rss">RSS</a>'
    feeds = {"/feed": reply(200, RSS.format("A")), "/comments/feed": reply(200, RSS.format("C"))}
    server = serve(site({"/": reply(200, html, "Content-Type: text/html"), **feeds}))
    assert [one.title for one in find(server).feeds] == ["A", "C"]
    assert paths(server) == ["/", "/feed", "/comments/feed"]


def test_one_level_only(serve: Serve) -> None:
    """H15"""
    pages = {"/": reply(200, ALTERNATE.format("/b")), "/b": reply(200, ALTERNATE.format("/c"))}
    server = serve(site({**pages, "/c": reply(200, RSS.format("C"))}))
    assert find(server).feeds == ()
    assert "/c" not in paths(server)


def test_only_http_is_followed(serve: Serve) -> None:
    """H15"""
    html = "".join(ALTERNATE.format(url) for url in ("file:///etc/passwd", "ftp://a.example/f", "http://10.0.0.1/feed"))
    server = serve(site({"/": reply(200, html)}))
    told = find(server)
    assert told.feeds == ()
    assert "not on the public internet" in dict(told.failed)["http://10.0.0.1/feed"]


def test_links_that_look_like_it_come_next(serve: Serve) -> None:
    html = ALTERNATE.format("/gone") + '<p><a href="/actus/flux">Flux RSS</a>'
    server = serve(site({"/": reply(200, html), "/actus/flux": reply(200, RSS.format("A"))}))
    told = find(server)
    assert [(one.title, one.how) for one in told.feeds] == [("A", "linked")]
    assert told.failed == ((server.url("/gone"), "the server refuses: nothing is there (404)"),)


@pytest.mark.parametrize(
    ("html", "path", "most"),
    [('<meta name="generator" content="WordPress 6">', "/feed/", 3), ("<p>Bonjour", "/rss.xml", 6)],
)
def test_guesses_come_last_and_end_with_the_first_feed(serve: Serve, html: str, path: str, most: int) -> None:
    server = serve(site({"/": reply(200, html), path: reply(200, RSS.format("A"))}))
    assert [one.url for one in find(server).feeds] == [server.url(path)]
    assert len(server.asked) <= most


def test_guesses_obey_robots(serve: Serve) -> None:
    """P31: autodiscovery beyond the given page."""
    robots = reply(200, "User-agent: *\nDisallow: /")
    server = serve(site({"/": reply(200, "<p>Bonjour"), "/robots.txt": robots, "/feed": reply(200, RSS.format("A"))}))
    assert find(server).feeds == ()
    assert paths(server) == ["/", "/robots.txt"]


def test_what_the_page_names_is_meant_to_be_read(serve: Serve) -> None:
    """P31"""
    robots = reply(200, "User-agent: *\nDisallow: /")
    pages = {"/": reply(200, ALTERNATE.format("/feed")), "/robots.txt": robots, "/feed": reply(200, RSS.format("A"))}
    assert [one.title for one in find(serve(site(pages))).feeds] == ["A"]


def test_requests_are_bounded(serve: Serve) -> None:
    html = "".join(ALTERNATE.format(f"/f{n}") for n in range(500)) + "".join(
        f'<a href="/r{n}">RSS</a>' for n in range(500)
    )
    server = serve(site({"/": reply(200, html)}))
    assert find(server).feeds == ()
    assert len(server.asked) <= discover.REQUESTS + 2  # the page itself, and robots.txt


def test_a_host_that_asks_for_rest_gets_it(serve: Serve) -> None:
    html = "".join(ALTERNATE.format(f"/f{n}") for n in range(5))
    server = serve(lambda asked: reply(200, html) if asked.path == "/" else reply(429, "", "Retry-After: 60"))
    find(server)
    assert len(server.asked) == 2


def test_a_moved_feed_is_told_where_it_is(serve: Serve) -> None:
    server = serve(site({"/old": reply(301, "", "Location: /new"), "/new": reply(200, RSS.format("A"))}))
    assert [one.url for one in find(server, "/old").feeds] == [server.url("/new")]


@pytest.mark.parametrize(("status", "kind"), [(404, "http_4xx"), (500, "http_5xx")])
def test_an_address_that_fails_is_said(serve: Serve, status: int, kind: str) -> None:
    server = serve(lambda _: reply(status))
    with pytest.raises(FetchError) as error:
        find(server)
    assert error.value.kind == kind
    assert len(server.asked) == 1


def test_a_shut_page_of_a_known_platform_may_have_an_open_feed(serve: Serve) -> None:
    server = serve(site({"/@claire": reply(403), "/@claire.rss": reply(200, RSS.format("Claire"))}))
    assert [one.title for one in find(server, "/@claire").feeds] == ["Claire"]


def test_what_a_hune_writes_is_not_read(serve: Serve) -> None:
    """H29"""
    server = serve(site({"/rss": reply(200, RSS.format("Écho"), "Via: 1.1 proxy, 1.1 hune")}))
    with pytest.raises(FetchError, match="loop"):
        find(server, "/rss")


def test_platforms_without_feeds_are_named_without_asking() -> None:
    poller = Poller(Gate([]), "Hune/1", parser=InlineParser())
    with pytest.raises(Refused, match=r"facebook\.com gives nobody a feed"):
        discover.find(poller, "https://www.facebook.com/aubrac", NOW)


@pytest.mark.parametrize(
    "html", ["<link " * 100_000, "<a href=" * 100_000, "<!--" * 300_000, "<link rel=alternate " + "a" * 10**6]
)
def test_evil_pages_end_soon(html: str) -> None:
    began = time.process_time()
    links(html)
    platforms.of_page(PAGE, html)
    assert time.process_time() - began < 5


@given(
    st.text(alphabet=st.sampled_from(list("<>/linkhref=alternate'\" :[]&;\x00!-")), max_size=200), st.text(max_size=60)
)
def test_any_page_is_read(html: str, header: str) -> None:
    for one in advertised.links(Page(PAGE, 200, html.encode(), link=header)):
        assert one.url.startswith(("http://", "https://"))
