"""Kind `page`: the list of articles of a page that has no feed."""

from __future__ import annotations

import contextlib
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watch.collect.kinds import page as kind
from watch.errors import HuneError, ParseError
from watch.model import Entries, Page, SourceSpec

URL = "https://maison.example/actualites/"
MENU = '<nav><ul><li><a href="/presse/dossiers-de-presse">Dossiers de presse</a></li></ul></nav>'
FOOT = (
    '<footer><h3><a href="/mentions-legales-du-site">Mentions légales</a></h3>'
    '<h3><a href="/x/plan">Plan du site</a></h3></footer>'
)


def read(body: str, select: str | None = None, url: str = URL, language: str | None = None) -> Entries:
    spec = SourceSpec("Maison", "page", url, language=language, options={"select": select} if select else {})
    return kind.parse(spec, Page(url, 200, body.encode(), "text/html; charset=utf-8"))


def cards(*names: str) -> str:
    return "".join(
        f"""<article class="post-{n} post"><a href="/actualites/{name}"><img src="/img/{n}.jpg"></a>
        <header><h2 class="t"><a href="{name}?utm_source=x">Le titre de {name}</a></h2></header>
        <p class="meta">Publié le <time datetime="2026-11-{n:02}T08:00:00+01:00">{n} novembre</time>
        par <span class="author">Claire</span></p>
        <p>Un résumé assez long pour être gardé, à propos de {name}.</p><a href="{name}">Lire la suite</a></article>"""
        for n, name in enumerate(names, 1)
    )


def test_articles_with_all_that_a_card_says() -> None:
    head = '<html lang="fr-FR"><head><title>Maison &amp; actualités</title></head><body>'
    html = f"{head}{MENU}<main>{cards('canape', 'lit')}</main>{FOOT}"
    read_ = read(html)
    assert (read_.title, read_.lang, len(read_.entries)) == ("Maison & actualités", "fr", 2)
    one = read_.entries[0]
    assert (one.title, one.url) == ("Le titre de canape", "https://maison.example/actualites/canape?utm_source=x")
    assert one.guid == "https://maison.example/actualites/canape"
    assert one.published == datetime(2026, 11, 1, 7, tzinfo=UTC)
    assert one.text.endswith("Un résumé assez long pour être gardé, à propos de canape.")
    assert (one.author, one.image, one.lang) == ("Claire", "https://maison.example/img/1.jpg", "fr")


def titles(read_: Entries) -> list[str]:
    return [entry.title for entry in read_.entries]


@pytest.mark.parametrize(
    "html",
    [
        # headings in links
        "".join(f'<a class="card" href="/a/{n}"><h3>Un article numéro {n}</h3><span>Lire</span></a>' for n in (1, 2)),
        # links in headings, no article element
        "".join(f'<div class="b{n}"><h2><a href="/a/{n}">Un article numéro {n}</a></h2></div>' for n in (1, 2)),
        # a plain list, beside a sidebar with fewer words
        "<ul>" + "".join(f'<li><a href="/a/{n}">Un article numéro {n}</a></li>' for n in (1, 2, 3)) + "</ul>",
        # a table of news
        "<table>"
        + "".join(
            f'<tr><td>{n}/11/2026</td><td><a href="/a/{n}">Un article numéro {n}</a></td></tr>' for n in (1, 2, 3)
        )
        + "</table>",
        # two sections of a front page
        "".join(
            f'<section class="s{n}"><h2 class="x"><a href="/a/{n}">Un article numéro {n}</a></h2></section>'
            for n in (1, 2)
        )
        + "".join(f'<div class="une"><h3><a href="/a/{n}">Un article numéro {n}</a></h3></div>' for n in (3, 4)),
    ],
)
def test_a_list_is_recognised_by_what_repeats(html: str) -> None:
    won = "".join(f'<h2><a href="/pub/{what}">Gagnez un {what}</a></h2>' for what in ("canapé", "lit"))
    aside = f"<aside>{won}</aside>"
    tags = "".join(f'<span><a href="/tag/{n}">Mot-clef numéro {n}</a></span>' for n in range(9))
    found = titles(read(f"<body><header>{MENU}</header><div>{html}</div>{aside}{tags}{FOOT}"))
    assert found
    assert found == [f"Un article numéro {n}" for n in range(1, len(found) + 1)]


def test_a_selector_names_the_articles() -> None:
    html = f"<body>{cards('un', 'deux')}<div class='x'><a href='/z'>Zorro</a></div><div class='x'>rien</div>"
    assert titles(read(html, "div.x")) == ["Zorro"]
    assert titles(read(html, "article")) == ["Le titre de un", "Le titre de deux"]
    assert titles(read(html, "article > a:last-child")) == ["Le titre de un", "Le titre de deux"]


@pytest.mark.parametrize(
    ("html", "select"), [("<p>rien", None), ("<p>rien", "article"), ("pas une page", None), ("", None)]
)
def test_a_page_without_articles_is_a_failure(html: str, select: str | None) -> None:
    with pytest.raises(ParseError) as error:
        read(html, select)
    assert error.value.kind == "not_a_feed"


def test_links_that_are_no_articles_are_left_out() -> None:
    html = cards("un", "deux") + "".join(
        f'<article><h2><a href="{href}">Un lien ailleurs</a></h2></article>'
        for href in (
            "https://autre.example/a",
            "javascript:alert(1)",
            "/",
            "/actualites/",
            "/tag/lit",
            "/a.pdf",
            "http://[::1",
        )
    )
    assert len(read(html).entries) == 2


def test_links_in_sentences_are_no_list() -> None:
    words = "Une phrase assez longue qui renvoie, comme le font les articles, à"
    html = "".join(f"<p>{words} <a href='/ref/{n}'>une autre page du site</a>.</p>" for n in range(9))
    assert titles(read(html + cards("un", "deux"))) == ["Le titre de un", "Le titre de deux"]
    with pytest.raises(ParseError):
        read(html)


def test_base_href_counts() -> None:
    html = '<base href="https://www.maison.example/blog/">' + cards("un", "deux")
    assert read(html).entries[0].url == "https://www.maison.example/blog/un?utm_source=x"


@pytest.mark.parametrize(
    ("html", "lang", "day"),
    [
        ('<time datetime="2026-11-05">hier</time>', None, 5),
        ("<time>5 novembre 2026</time>", "fr", 5),
        ('<span class="entry-date">Nov 5, 2026</span>', "en", 5),
        ('<span class="date">05/11/2026</span>', "fr", 5),
        ('<span class="date">05/11/2026</span>', "en", None),
        ('<meta itemprop="datePublished" content="2026-11-05T00:00:00Z">', None, 5),
        ('<time datetime="bientôt">bientôt</time>', None, None),
    ],
)
def test_dates(html: str, lang: str | None, day: int | None) -> None:
    page = "".join(f"<article><h2><a href='/a/{n}'>Un article {n}</a></h2>{html}</article>" for n in (1, 2))
    for entry in read(page, language=lang).entries:
        assert entry.published == (datetime(2026, 11, day, tzinfo=UTC) if day else None)


def test_at_most_two_hundred() -> None:
    assert len(read(cards(*(f"a{n}" for n in range(300))).replace("2026-11-", "2026-")).entries) == 200


@pytest.mark.parametrize("select", ["a[[", "::::", "<"])
def test_a_selector_that_is_none_is_said_before_asking(select: str) -> None:
    with pytest.raises(HuneError, match="no CSS selector"):
        kind.request(SourceSpec("x", "page", URL, options={"select": select}))


def test_a_page_needs_an_address() -> None:
    with pytest.raises(HuneError, match="needs a url"):
        kind.request(SourceSpec("x", "page"))


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000 + "<a href=/a>Un article du jour</a>",
        "<a href='/x'>" * 50_000,
        "<!--" * 200_000,
        "<script>" * 200_000,
        "<h2><a href='/a'>Un article" * 20_000,
    ],
)
def test_evil_pages_end_soon(html: str) -> None:
    began = time.process_time()
    with contextlib.suppress(ParseError):
        read(html)
    assert time.process_time() - began < 10


@given(st.text(alphabet=st.sampled_from(list("<>/ah2='\" é&;\x00!-")), max_size=200))
def test_any_page_is_read_or_refused(html: str) -> None:
    try:
        read(html)
    except ParseError as error:
        assert error.kind == "not_a_feed"
