"""RSS, RDF and Atom that are well-formed, through lxml: much quicker than feedparser, and the same parts.

What comes out has the names and the habits of feedparser (which title wins, what stands for a link), so that one
reader of parts serves both. Whatever is doubtful is left to feedparser: `parse` answers None.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from lxml import etree

from watch.collect.kinds import feed_names as names
from watch.collect.kinds import feed_usual
from watch.collect.kinds.feed_leaves import Leaves
from watch.collect.kinds.feed_walk import DoubtError, Part

_IN_IMAGE = frozenset({"title", "link", "description", "url", "href", "width", "height"})
_MAX_AUTHORS = 20


def parse(document: str) -> tuple[Part, list[Part]] | None:
    """The feed's own parts and its entries, named as feedparser names them; None where feedparser is to read it.

    No entity, DTD, XInclude or address is ever resolved; depth and size are bounded by libxml2.
    """
    try:
        body = document.encode()
        walk = _Reader(etree.fromstring(body, _parser()), is_odd=names.may_need_mending(body))
    except (etree.XMLSyntaxError, UnicodeEncodeError, DoubtError):
        return None
    return walk.feed, walk.entries


@cache
def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False,
        remove_comments=True, remove_pis=True, strip_cdata=True,
    )  # fmt: skip


class _Reader(Leaves):
    """The elements that are read, each by a method."""

    def entry(self, element: etree._Element, given: Part, depth: int, lang: str | None) -> None:
        if self.part is not self.feed or "lastmod" in given or "href" in given:
            raise DoubtError("an odd entry")
        if (usual := feed_usual.part(self, element, lang)) is not None:
            self.entries.append(usual)
            self.title_depth = depth + 1 if usual.get("title") else -1
            return
        self.part, self.depths = {}, {}
        self.entries.append(self.part)
        self.title_depth, self.guid_is_link = -1, False
        if about := element.get(names.RDF_ABOUT):
            self.part["id"] = about
        self.children(element, depth, lang)
        if "links" in self.part:
            self.part["enclosures"] = [link for link in self.part["links"] if link["rel"] == "enclosure"]
        self.part, self.has_content = self.feed, False

    def channel(self, element: etree._Element, given: Part, depth: int, lang: str | None) -> None:
        if self.part is not self.feed or "lastmod" in given or "href" in given:
            raise DoubtError("an odd channel")
        self.children(element, depth, lang)

    def source(self, element: etree._Element, given: Part, depth: int, lang: str | None) -> None:
        if any(self.name(child) in ("item", "entry") for child in element):
            raise DoubtError("an entry in a source")
        self.title_depth = -1

    def image(self, element: etree._Element, given: Part, depth: int, lang: str | None) -> None:
        if len(element) and (self.part is not self.feed or any(self.name(e) not in _IN_IMAGE for e in element)):
            raise DoubtError("an odd image")
        self.title_depth = -1

    def title(self, element: etree._Element, given: Part, depth: int, lang: str | None) -> None:
        detail = self.disguised(self.detail(element, given, "text/plain", lang))
        if not -1 < self.title_depth <= depth:
            self.put("title", detail["value"], depth)
            self.part["title_detail"] = detail
        if detail["value"]:
            self.title_depth = depth

    def media_title(self, element: etree._Element, given: Part, depth: int, lang: str | None) -> None:
        before = self.title_depth
        self.title(element, given, depth, lang)
        self.title_depth = before

    def content(
        self, element: etree._Element, given: Part, depth: int, lang: str | None, default: str = "text/plain"
    ) -> None:
        self.has_content = True
        if self.part is self.feed:
            self.feed.setdefault("summary", "")
            return
        detail = self.words(element, given, default, lang)
        self.part.setdefault("content", []).append(detail)
        self.part.setdefault("summary", detail["value"])

    def words(self, element: etree._Element, given: Part, default: str, lang: str | None) -> Part:
        """The words of an entry: with a tag in them they are read as HTML, whatever their type is."""
        detail = self.detail(element, given, default, lang)
        return detail if "<" in detail["value"] else self.disguised(detail)

    def encoded(self, element: etree._Element, given: Part, depth: int, lang: str | None) -> None:
        self.content(element, given, depth, lang, "text/html")

    def summary(self, element: etree._Element, given: Part, depth: int, lang: str | None, key: str = "summary") -> None:
        if "summary" in self.part and not self.has_content:
            self.content(element, given, depth, lang)
        elif self.part is self.feed:
            self.feed[key] = ""
        else:
            detail = self.words(element, given, "text/plain" if key == "summary" else "text/html", lang)
            self.put("summary", detail["value"], depth)
            self.part["summary_detail"] = detail

    def description(self, element: etree._Element, given: Part, depth: int, lang: str | None) -> None:
        self.summary(element, given, depth, lang, "subtitle")

    def guid(self, element: etree._Element, given: Part, depth: int, lang: str | None) -> None:
        self.guid_is_link = not self.atom and given.get("ispermalink", "true").strip().lower() != "false"
        value = self.text(element)
        if self.guid_is_link and value:
            value = names.join(self.base, value)
        self.put("id", value, depth)
        self.part.setdefault("guidislink", self.guid_is_link and "link" not in self.part)
        if self.guid_is_link:
            self.part.setdefault("link", value)

    def link(self, element: etree._Element, given: Part, depth: int, lang: str | None) -> None:
        link = names.link(given, self.base)
        text = "" if "href" in link else self.text(element)
        if not text and "href" not in link:
            return
        self.part.setdefault("links", []).append(link)
        if text:
            link["href"] = self.part["link"] = names.link_text(names.join(self.base, text))
        elif link["rel"] == "alternate" and names.content_type(link["type"]) in ("text/html", names.XHTML):
            self.part["link"] = link["href"]

    def enclosure(self, element: etree._Element, given: Part, depth: int, lang: str | None) -> None:
        link = {"rel": "enclosure", "type": given.get("type", ""), "href": names.address(given)}
        self.part.setdefault("links", []).append(link)

    def date(self, element: etree._Element, given: Part, depth: int, lang: str | None) -> None:
        if self.part is self.feed:
            return
        key, value = names.DATES[self.name(element)], self.text(element)
        self.put(key, value, depth)
        self.part[f"{key}_parsed"] = names.date(value)

    def author(self, element: etree._Element, given: Part, depth: int, lang: str | None) -> None:
        if not len(element):
            self.put("author", self.text(element), depth)
            self.named({})
            return
        found = {self.name(child).removeprefix("itunes_"): child for child in element}
        if any(name in self.readers or name == "rdf_description" for name in found):
            raise DoubtError("an odd author")
        known = {name: self.text(found[name]) for name in ("name", "email") if name in found}
        words = [element.text or "", *(child.tail or "" for child in element)]
        self.put("author", names.mend("".join(words).strip()), depth)
        self.named({name: text for name, text in known.items() if text})
        name, mail = known.get("name"), known.get("email")
        if name or mail:
            self.part["author"] = f"{name} ({mail})" if name and mail else name or mail

    def named(self, author: Part) -> None:
        """Add an author, who is in words where nothing else is known."""
        authors: list[Part] = self.part.setdefault("authors", [])
        if len(authors) < _MAX_AUTHORS:
            authors.append(author or names.person(self.part["author"]))

    def category(self, element: etree._Element, given: Part, depth: int, lang: str | None) -> None:
        if self.part is self.feed:
            return
        term = given.get("text" if self.name(element) == "itunes_category" else "term")
        tags = self.tag(term, given.get("scheme", given.get("domain")), given.get("label")) if given else None
        tags = tags or self.part.get("tags")
        text = self.text(element)
        if text and tags and not tags[-1]["term"]:
            tags[-1]["term"] = text
        elif text:
            self.tag(text)

    def media(self, element: etree._Element, given: Part, depth: int, lang: str | None) -> None:
        self.part.setdefault("media_content", []).append(given)
        self.children(element, depth, lang)


_BY_READER: tuple[tuple[Callable[..., None], str], ...] = (
    (_Reader.entry, "item entry"),
    (_Reader.channel, "channel"),
    (_Reader.source, "source textinput"),
    (_Reader.image, "image"),
    (_Reader.title, "title dc_title"),
    (_Reader.media_title, "media_title"),
    (_Reader.content, "content"),
    (_Reader.encoded, "content_encoded fullitem"),
    (_Reader.summary, "summary itunes_summary"),
    (_Reader.description, "description media_description dc_description"),
    (_Reader.guid, "guid id"),
    (_Reader.link, "link"),
    (_Reader.enclosure, "enclosure"),
    (_Reader.date, " ".join(names.DATES)),
    (_Reader.language, "language dc_language"),
    (_Reader.author, "author managingeditor dc_author dc_creator itunes_author"),
    (_Reader.person, "podcast_person"),
    (_Reader.counts, "media_starrating media_statistics"),
    (_Reader.subtitle, "subtitle tagline itunes_subtitle"),
    (_Reader.category, "category keywords dc_subject itunes_category media_category"),
    (_Reader.keywords, "tags itunes_keywords media_keywords"),
    (_Reader.thumbnail, "media_thumbnail"),
    (_Reader.media, "media_content"),
    (_Reader.picture, "itunes_image itunes_link"),
)
_Reader.readers = {name: reader for reader, listed in _BY_READER for name in listed.split()}
