"""Pages and full texts, through poll_due, real servers on loopback and a real store."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from loopback import Asked, Loopback, Reply, reply
from sqlmodel import select

from watch.collect import InlineParser, Poller, PoolParser, article, full_text, poll_due
from watch.errors import ParseError
from watch.model import Page, Polled, SourceSpec
from watch.net import Gate, Limits
from watch.store import Store
from watch.store.tables import Item, Source

Serve = Callable[[Callable[[Asked], Reply]], Loopback]
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)
HTML = "Content-Type: text/html; charset=utf-8"
WORDS = (
    "Le fabricant de meubles a annoncé mardi l'ouverture d'un nouvel atelier près de Rodez, où seront cousues les "
    "housses de tous ses canapés convertibles. "
)


def story(name: str, paragraphs: int = 4) -> str:
    text = "".join(f"<p>{WORDS} Paragraphe {n} de {name}.</p>" for n in range(paragraphs))
    return (
        f"<html><head><title>{name}</title></head><body><nav><a href='/'>Accueil</a> <a href='/a'>Menu</a></nav>"
        f"<main><article><h1>{name}</h1>{text}</article></main><footer>Mentions légales et cookies</footer></html>"
    )


def rss(*names: str) -> str:
    items = "".join(
        f"<item><title>{name}</title><link>/{name}</link><guid>{name}</guid><description>Début de {name}…</description>"
        f"<pubDate>Fri, 20 Nov 2026 {n % 24:02}:00:00 GMT</pubDate></item>"
        for n, name in enumerate(names)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>P</title>{items}</channel></rss>'


def site(pages: Mapping[str, Reply | str]) -> Callable[[Asked], Reply]:
    def answer(asked: Asked) -> Reply:
        page = pages.get(asked.path, reply(404))
        return reply(200, page, HTML) if isinstance(page, str) else page

    return answer


class World:
    def __init__(self, store: Store, server: Loopback) -> None:
        self.store, self.server, self.now = store, server, NOW
        self.poller = Poller(Gate([server.allow]), "Hune/1", parser=InlineParser(), spacing=0, limits=Limits(seconds=5))

    def add(self, kind: str, path: str, **options: Any) -> None:
        with self.store.session() as session:
            source = Source(name=kind, kind=kind, url=self.server.url(path), options=options, created_at=NOW)
            session.add(source)

    def poll(self, after: timedelta = timedelta()) -> Polled:
        self.now += after
        (polled,) = poll_due(self.store, self.poller, self.now)
        return polled

    @property
    def texts(self) -> dict[str, str]:
        with self.store.reading() as session:
            return {item.title: item.text for item in session.exec(select(Item))}

    def asked(self) -> list[str]:
        paths = [asked.path for asked in self.server.asked]
        self.server.asked.clear()
        return paths


def test_a_page_is_polled_like_a_feed(serve: Serve, sqlite_store: Store) -> None:
    """P31: robots.txt is asked for once a day."""
    listed = "".join(f"<article><h2><a href='/{n}'>Un article numéro {n}</a></h2></article>" for n in (1, 2))
    w = World(sqlite_store, serve(site({"/actus": listed})))
    w.add("page", "/actus")
    assert (w.poll().new, w.asked()) == (2, ["/robots.txt", "/actus"])
    assert (w.poll(timedelta(hours=2)).outcome, w.asked()) == ("ok", ["/actus"])
    assert (w.poll(DAY).new, w.asked()) == (0, ["/robots.txt", "/actus"])


@pytest.mark.parametrize(
    ("robots", "kind", "said"),
    [
        (reply(200, "User-agent: *\nDisallow: /actus"), "blocked", "asks not to read this page"),
        (reply(503), "http_5xx", "left alone"),
    ],
)
def test_a_page_that_robots_forbids_is_not_read(
    serve: Serve, sqlite_store: Store, robots: bytes, kind: str, said: str
) -> None:
    """P31"""
    w = World(sqlite_store, serve(site({"/actus": "<p>", "/robots.txt": robots})))
    w.add("page", "/actus")
    told = w.poll()
    assert (told.outcome, told.kind, w.asked()) == ("failed", kind, ["/robots.txt"])
    assert said in (told.message or "")


def test_the_selector_of_the_source_counts(serve: Serve, sqlite_store: Store) -> None:
    w = World(
        sqlite_store, serve(site({"/actus": "<div class=x><a href=/z>Zorro</a></div><h2><a href=/b>Bernardo</a>"}))
    )
    w.add("page", "/actus", select=".x")
    assert (w.poll().new, list(w.texts)) == (1, ["Zorro"])


def test_a_page_without_articles_says_what_to_do(serve: Serve, sqlite_store: Store) -> None:
    w = World(sqlite_store, serve(site({"/actus": "<p>Rien"})))
    w.add("page", "/actus")
    told = w.poll()
    assert (told.kind, "`select`" in (told.message or "")) == ("not_a_feed", True)


def test_full_text_is_fetched_once(serve: Serve, sqlite_store: Store) -> None:
    """What the feed says stays what an edit is told by: the second poll finds nothing changed."""
    w = World(sqlite_store, serve(site({"/rss": rss("a", "b"), "/a": story("a"), "/b": story("b")})))
    w.add("feed", "/rss", full_text=True)
    assert w.poll().new == 2
    assert sorted(w.asked()) == ["/a", "/b", "/robots.txt", "/rss"]
    assert "Paragraphe 3 de a." in w.texts["a"]
    assert "Mentions légales" not in w.texts["a"]
    told = w.poll(timedelta(hours=2))
    assert (told.new, told.updated, w.asked()) == (0, 0, ["/rss"])
    assert "Paragraphe 3 de b." in w.texts["b"]


def test_an_edit_is_fetched_again(serve: Serve, sqlite_store: Store) -> None:
    pages: dict[str, Reply | str] = {"/rss": rss("a", "b"), "/a": story("a"), "/b": story("b")}
    w = World(sqlite_store, serve(site(pages)))
    w.add("feed", "/rss", full_text=True)
    w.poll()
    pages |= {"/rss": rss("a", "b").replace("Début de a", "Le début de a"), "/a": story("a", 9)}
    w.asked()
    assert (w.poll(timedelta(hours=2)).updated, sorted(w.asked())) == (1, ["/a", "/rss"])
    assert "Paragraphe 8 de a." in w.texts["a"]


def test_full_text_that_cannot_be_had_costs_nothing(serve: Serve, sqlite_store: Store) -> None:
    robots = reply(200, "User-agent: *\nDisallow: /c")
    pages = {"/rss": rss("a", "b", "c", "d"), "/a": "<p>Payez.", "/b": reply(500), "/c": story("c"), "/d": story("d")}
    w = World(sqlite_store, serve(site({**pages, "/robots.txt": robots})))
    w.add("feed", "/rss", full_text=True)
    told = w.poll()
    assert (told.outcome, told.new) == ("ok", 4)
    assert "/c" not in w.asked()
    assert [w.texts[name] for name in "abc"] == [f"Début de {name}…" for name in "abc"]
    assert "Paragraphe" in w.texts["d"]


def test_links_into_private_networks_are_not_followed(serve: Serve, sqlite_store: Store) -> None:
    """H27"""
    other = serve(lambda _: reply(200, story("a")))
    w = World(sqlite_store, serve(site({"/rss": rss("a").replace("/a<", f"{other.url('/a')}<")})))
    w.add("feed", "/rss", full_text=True)
    assert w.poll().outcome == "ok"
    assert (other.asked, w.texts) == ([], {"a": "Début de a…"})


def test_articles_of_one_poll_are_bounded(serve: Serve, sqlite_store: Store) -> None:
    names = [f"a{n}" for n in range(full_text.ARTICLES + 4)]
    w = World(sqlite_store, serve(site({"/rss": rss(*names), **{f"/{name}": story(name) for name in names}})))
    w.add("feed", "/rss", full_text=True)
    assert w.poll().new == len(names)
    assert len(w.asked()) == full_text.ARTICLES + 2
    newest = [w.texts[name] for name in ("a20", "a21", "a22", "a23")]
    assert all("Paragraphe" in text for text in newest)


def test_without_the_key_no_article_is_fetched(serve: Serve, sqlite_store: Store) -> None:
    """P25"""
    w = World(sqlite_store, serve(site({"/rss": rss("a"), "/a": story("a")})))
    w.add("feed", "/rss")
    w.poll()
    assert w.asked() == ["/rss"]


def test_articles_are_read_in_children() -> None:
    spec = SourceSpec("x", article.KIND)
    with PoolParser(workers=1) as parser:
        read = asyncio.run(parser.parse(spec, Page("https://a.example/a", 200, story("a").encode(), HTML[14:])))
        assert "Paragraphe 3" in read.entries[0].text
        with pytest.raises(ParseError):
            asyncio.run(parser.parse(spec, Page("https://a.example/a", 200, b"<p>Rien")))
