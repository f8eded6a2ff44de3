"""The elements of a feed that are a word, a picture or a number: no other part depends on them."""

from __future__ import annotations

from lxml import etree

from watch.collect.kinds import feed_names as names
from watch.collect.kinds.feed_walk import Part, Walk

_MAX_TAGS = 600


class Leaves(Walk):
    """A walk that reads the simple elements, each by a method."""

    def language(self, element: etree._Element, given: Part, depth: int, lang: str | None) -> None:
        """Read which language the part is in."""
        self.put("language", self.text(element), depth)

    def person(self, element: etree._Element, given: Part, depth: int, lang: str | None) -> None:
        """Read who speaks in a podcast; of several, the last."""
        self.part["podcast_person"] = self.text(element)

    def counts(self, element: etree._Element, given: Part, depth: int, lang: str | None) -> None:
        """Read numbers that stand in attributes: ratings, views."""
        self.part[self.name(element)] = given

    def subtitle(self, element: etree._Element, given: Part, depth: int, lang: str | None) -> None:
        """Read the short words of an entry."""
        if self.part is not self.feed:
            self.put("subtitle", self.text(element), depth)

    def keywords(self, element: etree._Element, given: Part, depth: int, lang: str | None) -> None:
        """Read words with commas between them as categories."""
        if self.part is not self.feed and not given:
            for word in self.text(element).split(",")[:_MAX_TAGS]:
                self.tag(word.strip())

    def tag(self, term: str | None, scheme: str | None = None, label: str | None = None) -> list[Part]:
        """Add a category; more than an item can keep are left out."""
        tags: list[Part] = self.part.setdefault("tags", [])
        value = {"term": term, "scheme": scheme, "label": label}
        if any(value.values()) and len(tags) < _MAX_TAGS and value not in tags:
            tags.append(value)
        return tags

    def thumbnail(self, element: etree._Element, given: Part, depth: int, lang: str | None) -> None:
        """Read a picture given as an address or as text."""
        text = self.text(element)
        found = given if "url" in given or not text else given | {"url": names.join(self.base, text)}
        self.part.setdefault("media_thumbnail", []).append(found)

    def picture(self, element: etree._Element, given: Part, depth: int, lang: str | None) -> None:
        """Read the picture of a podcast."""
        if address := given.get("href") or given.get("url"):
            self.part["image"] = {"href": address}
