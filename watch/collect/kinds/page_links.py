"""The links of a page that lead to its articles. Pure.

Articles are listed by a template: their links stand under the same tags and classes. The group of links that says
most, in headings above all, is the list; menus, footers and asides are left out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from watch.collect import links
from watch.collect import text as texts

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_MENUS = frozenset({"nav", "footer", "aside", "form", "button", "select", "figure"})
_MENU_ROLES = frozenset({"navigation", "contentinfo", "banner", "search", "complementary", "menu"})
_NO_ARTICLE = re.compile(
    r"/(?:tags?|themes?|categor(?:y|ie)s?|auth?(?:or|eur)s?|page|login|connexion|search|recherche|feed|rss)(?:/|$)"
    r"|\.(?:jpe?g|png|gif|webp|svg|pdf|zip|xml|rss|atom|ics)$",
    re.IGNORECASE,
)
_RELATIONS = frozenset({"tag", "category", "author", "next", "prev", "nofollow", "license", "me", "search"})
_SHORTEST_TITLE = 8
_MAX_ANCHORS = 5_000


@dataclass(frozen=True, slots=True)
class Link:
    """An anchor on the page, and the absolute address it leads to."""

    node: LexborNode
    url: str


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a node stands: the nearest ancestors as `tag.class`, and whether they are of a menu, an article."""

    path: tuple[str, ...]
    menu: bool = False
    article: bool = False
    heading: bool = False


def base_of(tree: LexborHTMLParser, url: str) -> str:
    """What links of the page are relative to."""
    base = tree.css_first("base[href]")
    return urljoin(url, (base.attributes.get("href") or "").strip()) if base else url


def language(tree: LexborHTMLParser) -> str | None:
    """The language that the page claims, two or three letters."""
    html = tree.css_first("html")
    return texts.language(html.attributes.get("lang")) if html else None


def title(tree: LexborHTMLParser) -> str | None:
    """The title of the page."""
    found = tree.css_first("title")
    return texts.title_to_text(found.text()) or None if found else None


def inside(nodes: Iterable[LexborNode], base: str) -> list[Link]:
    """The link that each of `nodes` is or holds: in a heading if there is one there, else the first with words."""
    return _unique(link for node in nodes if (link := _link(_anchor(node), base)))


def repeating(tree: LexborHTMLParser, base: str, page_url: str) -> list[Link]:
    """The links of the list of articles, in the order of the page; empty where none is recognised."""
    placed = list(_candidates(tree, base, page_url))
    groups: defaultdict[_Place, list[Link]] = defaultdict(list)
    for place, link in placed:
        groups[place].append(link)
    lists = {place: group for place, group in groups.items() if len(_unique(group)) >= (2 if place.heading else 3)}
    if not lists:
        return []
    best = max(lists, key=lambda place: _weight(place, lists[place]))
    # A front page has several sections: all its headings that repeat are its articles.
    return _unique(
        link for place, link in placed if place == best or (best.heading and place.heading and place in lists)
    )


def _candidates(tree: LexborHTMLParser, base: str, page_url: str) -> Iterator[tuple[_Place, Link]]:
    known: dict[int, _Place] = {}
    for node in tree.css("a[href]")[:_MAX_ANCHORS]:
        place = _place(node, known)
        link = None if place.menu else _link(node, base)
        said = len(words(node)) if link else 0
        if link and said >= _SHORTEST_TITLE and _may_be_article(link, page_url) and not _in_a_sentence(node, said):
            yield _with_own_heading(place, node), link


def words(node: LexborNode) -> str:
    """The words of a node on one line."""
    return " ".join(texts.clean(node.text(deep=True, separator=" ")).split())


def _anchor(node: LexborNode) -> LexborNode | None:
    if node.tag == "a":
        return node
    anchors = node.css(", ".join(f"{heading} a[href]" for heading in HEADINGS)) or node.css("a[href]")
    return next((anchor for anchor in anchors if words(anchor)), anchors[0] if anchors else None)


def _link(node: LexborNode | None, base: str) -> Link | None:
    url = links.absolute(node.attributes.get("href"), base) if node is not None else None
    return Link(node, url) if node is not None and url else None


def _unique(found: Iterable[Link]) -> list[Link]:
    return list({links.canonical_url(link.url): link for link in reversed(list(found))}.values())[::-1]


def _place(node: LexborNode, known: dict[int, _Place]) -> _Place:
    """Where `node` stands, worked out from the top, once for each ancestor."""
    chain: list[LexborNode] = []
    parent = node.parent
    while parent is not None and parent.tag not in ("body", "html") and parent.mem_id not in known:
        chain.append(parent)
        parent = parent.parent
    place = known.get(parent.mem_id, _Place(())) if parent is not None else _Place(())
    for one in reversed(chain):
        place = known[one.mem_id] = _under(place, one)
    return place


def _under(above: _Place, node: LexborNode) -> _Place:
    tag = node.tag or ""
    article = above.article or tag in ("article", "main")
    # The header of an article holds its title, the header of a page its menu.
    menu = tag in _MENUS or (tag == "header" and not article) or node.attributes.get("role") in _MENU_ROLES
    return _Place(
        path=(*above.path[-3:], _signature(node)),
        menu=above.menu or menu,
        article=article,
        heading=above.heading or tag in HEADINGS,
    )


def _signature(node: LexborNode) -> str:
    classes = (node.attributes.get("class") or "").split()
    # `post-1234` differs from card to card.
    return f"{node.tag}.{next((name for name in classes if not any(map(str.isdigit, name))), '')}"


def _with_own_heading(place: _Place, node: LexborNode) -> _Place:
    if place.heading or node.css_first(", ".join(HEADINGS)) is None:
        return place
    return _Place(place.path, place.menu, place.article, heading=True)


def _may_be_article(link: Link, page_url: str) -> bool:
    here, there = urlsplit(page_url), urlsplit(link.url)
    if _site(here.hostname) != _site(there.hostname) or (not there.path.strip("/") and not there.query):
        return False
    relations = set((link.node.attributes.get("rel") or "").lower().split())
    same = (here.path.rstrip("/"), here.query) == (there.path.rstrip("/"), there.query)
    return not same and not _NO_ARTICLE.search(there.path) and not relations & _RELATIONS


def _in_a_sentence(node: LexborNode, said: int) -> bool:
    """Whether the link is a few words of a paragraph: what an article refers to, not what a list lists."""
    parent = node.parent
    while parent is not None and parent.tag in ("b", "em", "i", "span", "strong"):
        parent = parent.parent
    return parent is not None and parent.tag in ("p", "blockquote") and len(words(parent)) > 2 * said + 40


def _site(host: str | None) -> str:
    # Good enough to tell `blog.maison.fr` from `facebook.com`; IP addresses are compared whole.
    name = (host or "").lower()
    return name if name.replace(".", "").isdigit() else ".".join(name.split(".")[-2:])


def _weight(place: _Place, group: list[Link]) -> float:
    lengths = sum(min(len(words(link.node)), 80) for link in group[:40])
    return lengths * (3.0 if place.heading else 1.0) * (1.5 if place.article else 1.0)
