"""Which item an entry is. Pure.

An item's key is its canonical address, so that two sources that carry one article make one item. Where there is no
address, or it names no single entry, it is the source and the source's own name for it (guid); else the source
and a hash of the words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from urllib.parse import urlsplit

from watch.collect.links import canonical_url
from watch.model import Entry

# PostgreSQL refuses index rows over 2.7 kB.
_LONGEST_NAME = 600


@dataclass(frozen=True, slots=True)
class Named:
    """An entry with its names: `guid` in its source, `key` in the store; `digest` tells an edit.

    `spare` is the name it has when its guid turns out to name something else.
    """

    entry: Entry
    url: str | None
    guid: str
    key: str
    digest: str
    spare: str


def name_entries(source_id: int, entries: Iterable[Entry]) -> list[Named]:
    """Name the entries of one page; of several with one name, the first is kept."""
    rows = [(entry, *_derived(entry)) for entry in entries]
    carried_by = _different(((entry.guid, url or hash_) for entry, url, hash_ in rows if entry.guid))
    named_as = _different(
        (url, entry.guid if len(carried_by[entry.guid]) == 1 else hash_) for entry, url, hash_ in rows if url
    )
    found: dict[str, Named] = {}
    for entry, url, hash_ in rows:
        guid = entry.guid if len(carried_by[entry.guid]) == 1 else ""
        unique = url is not None and len(named_as[url]) == 1 and _names_one_page(url)
        named = _name(source_id, entry, url, guid, hash_, unique)
        found.setdefault(named.guid, named)
    return list({named.key: named for named in reversed(found.values())}.values())[::-1]


def digest(entry: Entry) -> str:
    """A hash of title and text."""
    return digest_of(entry.title, entry.text)


def digest_of(title: str, text: str) -> str:
    """The digest of an entry with these words."""
    return blake2b(f"{title}\0{text}".encode("utf-8", "replace"), digest_size=16).hexdigest()


def key_of_url(url: str) -> str:
    """The key of a canonical address: http and https, with or without the last slash, are one."""
    return _short(url.partition(":")[2].rstrip("/"))


def key_of_guid(source_id: int, guid: str) -> str:
    """The key of what only its source can name."""
    return _short(f"{source_id} {guid}")


def _derived(entry: Entry) -> tuple[str | None, str]:
    if entry.derived is not None:
        return entry.derived.url, entry.derived.digest
    return canonical_url(entry.url), digest(entry)


def _name(source_id: int, entry: Entry, url: str | None, guid: str, hash_: str, unique: bool) -> Named:
    spare = key_of_url(url) if url and unique else f"# {hash_}"
    name = _short(guid) if guid else spare
    key = key_of_url(url) if url and unique else key_of_guid(source_id, name)
    return Named(entry, url, name, key, hash_, spare)


def _different(pairs: Iterable[tuple[str | None, str]]) -> defaultdict[str | None, set[str]]:
    found: defaultdict[str | None, set[str]] = defaultdict(set)
    for key, value in pairs:
        found[key].add(value)
    return found


def _names_one_page(url: str) -> bool:
    # Feeds of announcements link every entry to the home page.
    parts = urlsplit(url)
    return bool(parts.path.strip("/") or parts.query or parts.fragment)


def _short(name: str) -> str:
    if len(name.encode("utf-8", "replace")) <= _LONGEST_NAME:
        return name
    return name[:100] + " " + blake2b(name.encode("utf-8", "replace"), digest_size=16).hexdigest()
