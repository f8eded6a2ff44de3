"""A pass over the tree of a feed: where we are, what is being filled, in which language and from which base."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lxml import etree

from watch.collect.kinds import feed_names as names

Part = dict[str, Any]
Reader = Callable[..., None]
_TYPES = frozenset({"text/plain", "text/html", names.XHTML})
_WORDS = frozenset(
    {"comments", "slash_comments", "thr_total", "feedburner_origlink", "ttl", "sy_updateperiod", "sy_updatefrequency"}
)
_DOUBTFUL = frozenset({"rss", "feed", "rdf_rdf", "date", "body", "xhtml_body", "abstract"})
_LEFT_OUT = frozenset(
    {
        "contributor", "dc_contributor", "itunes_owner", "webmaster", "dc_publisher", "rights", "copyright",
        "dc_rights", "info", "feedburner_browserfriendly", "generator",
        "cloud", "newlocation",
    }
)  # fmt: skip


class DoubtError(Exception):
    """A construct that feedparser should decide about."""


class Walk:
    """One pass over a tree. `part` is what is being filled: the feed, or one of its entries."""

    readers: Mapping[str, Reader] = {}

    def __init__(self, root: etree._Element, *, is_odd: bool = True) -> None:
        self.is_odd = is_odd  # its texts may need mending
        self.feed: Part = {}
        self.entries: list[Part] = []
        self.part = self.feed
        self.depths: dict[str, int] = {}
        self.title_depth, self.has_content, self.guid_is_link = -1, False, False
        self.name = names.Names()
        kind, given = self.name(root), names.attributes(root.items())
        if kind not in ("rss", "feed", "rdf_rdf") or not names.are_usual(root, kind):
            raise DoubtError(kind)
        self.feed["atom"] = self.atom = names.is_atom(root, kind)
        self.base = names.rebase("", given)
        lang = given.get("xml:lang", given.get("lang")) or None
        if lang and kind != "rdf_rdf":
            self.feed["language"] = lang.replace("_", "-")
        self.children(root, 1, lang)

    def children(self, parent: etree._Element, depth: int, lang: str | None) -> None:
        """Read what stands in `parent`, `depth` deep, with the base and the language of each."""
        known, readers = self.name.known, self.readers
        for element in parent:
            name = known.get(element.tag) or self.name(element)
            read, items = readers.get(name), element.items()
            if items:
                self.changed(name, read, element, names.attributes(items), depth + 1, lang)
            elif read is not None:
                read(self, element, {}, depth + 1, lang)
            else:
                self.other(name, element, {}, depth + 1, lang)

    def changed(
        self, name: str, read: Reader | None, element: etree._Element, given: Part, depth: int, lang: str | None
    ) -> None:
        """Read an element that has attributes: of base and language, perhaps."""
        outer = self.base
        self.base = names.rebase(outer, given)
        lang = given.get("xml:lang", given.get("lang", lang)) or None
        if read is not None:
            read(self, element, given, depth, lang)
        else:
            self.other(name, element, given, depth, lang)
        self.base = outer

    def other(self, name: str, element: etree._Element, given: Part, depth: int, lang: str | None) -> None:
        """Read an element that is no part by itself."""
        if name in _WORDS:
            self.word(name, element, given, depth)
        elif name in _DOUBTFUL:
            raise DoubtError(name)
        elif len(element) and name not in _LEFT_OUT:
            # What is not known may still hold what is.
            self.children(element, depth, lang)

    def is_read(self, name: str) -> bool:
        """Whether elements of that name say anything to the one that holds them."""
        return name in self.readers or name in _WORDS or name in _DOUBTFUL

    def word(self, name: str, element: etree._Element, given: Part, depth: int) -> None:
        """Keep an element that is a word or a number."""
        if given:
            raise DoubtError(name)
        text = self.text(element)
        self.put(name, names.join(self.base, text) if name == "comments" else text, depth)

    def put(self, key: str, value: str, depth: int) -> None:
        """Keep a value, unless the entry has one that stood higher."""
        if self.part is not self.feed:
            if depth > self.depths.get(key, depth):
                return
            self.depths[key] = depth
        self.part[key] = value

    def text(self, element: etree._Element) -> str:
        """The text of an element that holds nothing else."""
        if len(element):
            raise DoubtError("markup in a text")
        text = (element.text or "").strip()
        return names.mend(text) if self.is_odd else text

    def detail(self, element: etree._Element, given: Part, default: str, lang: str | None) -> Part:
        """A text with its type and language."""
        kind = names.content_type(given.get("type", default)) if given else default
        if kind not in _TYPES or given.get("mode") == "base64":
            raise DoubtError(kind)
        value = names.markup(element) if kind == names.XHTML else self.text(element)
        return {"type": kind, "language": lang.replace("_", "-") if lang else None, "value": value}

    def disguised(self, detail: Part) -> Part:
        """A text that says it is plain, with the type that it has."""
        if detail["type"] == "text/plain" and not self.atom and names.looks_like_html(detail["value"]):
            detail["type"] = "text/html"
        return detail
