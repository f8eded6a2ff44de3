"""Entries of RSS and RDF that hold the usual and nothing else: their parts at once, as the walk would find them.

Usual are texts without markup and attributes, each once (categories apart), a link, and pictures by their address.
Whatever else stands in an entry is for the walk.
"""

from __future__ import annotations

from lxml import etree

from watch.collect.kinds import feed_names as names
from watch.collect.kinds.feed_walk import Part, Walk

_KEYS = {
    "title": "title", "link": "link", "guid": "id", "pubdate": "published", "dc_date": "updated",
    "description": "summary", "content_encoded": "content", "author": "author", "dc_creator": "author",
    "category": "tags", "dc_subject": "tags", "comments": "comments", "slash_comments": "slash_comments",
    "feedburner_origlink": "feedburner_origlink",
}  # fmt: skip
_MEDIA = {"enclosure": "enclosures", "media_thumbnail": "media_thumbnail", "media_content": "media_content"}
_MAX_TAGS = 50
# Says what a guid is where there is no link.
_PERMALINK = ["isPermaLink"]


def part(walk: Walk, entry: etree._Element, lang: str | None) -> Part | None:
    """The parts of `entry`, whose language is `lang`; None where anything in it is not usual."""
    if walk.atom or walk.base:
        return None
    found = _texts(walk, entry)
    # In addresses with ":///", `names.join` sees more than a text.
    if (
        found is None
        or not found.get("link")
        or any(":///" in found.get(key, "") for key in ("link", "id", "comments"))
    ):
        return None
    if "id" not in found and (about := entry.get(names.RDF_ABOUT)):
        found["id"] = about
    found["link"] = names.link_text(found["link"])
    if author := found.get("author"):
        found["authors"] = [names.person(author)]
    if "title" in found:
        found["title_detail"] = walk.disguised({"type": "text/plain", "language": lang, "value": found["title"]})
    return _dated(_worded(found))


def _texts(walk: Walk, entry: etree._Element) -> Part | None:
    found: Part = {"tags": []}
    known, keys = walk.name.known, _KEYS
    for element in entry:
        name = known.get(element.tag) or walk.name(element)
        key = keys.get(name)
        if len(element) or (key is None and walk.is_read(name) and name not in _MEDIA):
            return None
        given = element.keys()
        if key is None:
            if name in _MEDIA and not _picture(found, name, element):
                return None
        elif (given and (key != "id" or given != _PERMALINK)) or not _put(found, key, element, walk.is_odd):
            return None
    return found if len(found["tags"]) <= _MAX_TAGS else None


def _put(found: Part, key: str, element: etree._Element, is_odd: bool) -> bool:
    text = (element.text or "").strip()
    text = names.mend(text) if is_odd else text
    if key == "tags":
        found["tags"] += [{"term": text}] if text else []
        return True
    if key in found:
        return False
    found[key] = text
    return True


def _picture(found: Part, name: str, element: etree._Element) -> bool:
    given = names.attributes(element.items())
    if "url" not in given or "xml:base" in given or "base" in given:
        return False
    if name == "enclosure":
        given = {"rel": "enclosure", "type": given.get("type", ""), "href": names.address(given) or ""}
    found.setdefault(_MEDIA[name], []).append(given)
    return True


def _worded(found: Part) -> Part:
    if (summary := found.get("summary")) is not None:
        found["summary_detail"] = {"type": "text/html", "value": summary}
    if (content := found.get("content")) is not None:
        found["content"] = [{"type": "text/html", "value": content}]
        found.setdefault("summary", content)
    return found


def _dated(found: Part) -> Part:
    for key in ("published", "updated"):
        if key in found:
            found[f"{key}_parsed"] = names.date(found[key])
    return found
