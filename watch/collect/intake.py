"""take_in: the entries of several sources to items, in the transaction it is given.

1. make the entries such that any store can hold them, and name them; 2. those the source carried before: the same, or
edited; 3. those under a key that stands: carried by another source first; 4. the others are new. New and edited items
go into the full-text index at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from watch.collect import rows
from watch.collect.identity import Named, key_of_guid, name_entries
from watch.collect.storable import storable
from watch.model import Entries
from watch.store import taken
from watch.store.due import Due
from watch.store.plain import Plain
from watch.store.taken import Known


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a page: entries on it, items that are new, items whose words changed."""

    entries: int = 0
    new: int = 0
    updated: int = 0


Pair = tuple[Named, Known]


@dataclass(slots=True)
class _Sorted:
    """The entries of one source, by what they are to the store."""

    source: Due
    entries: int
    fresh: list[Named] = field(default_factory=list)
    edited: list[Pair] = field(default_factory=list)
    counted: list[Pair] = field(default_factory=list)


def take_in(plain: Plain, pages: Iterable[tuple[Due, Entries]], now: datetime) -> list[Taken]:
    """Store what is new or changed on `pages`, collected at `now`; what came of each.

    What comes with the first successful poll of a source is no reason for an alert; of it, entries older than 24 h or
    without a date are its backlog: stored and labelled, but no news. A date in the future is taken as `now`; an edit
    keeps when the item was published. Of two sources that bring the same new item, the first has brought it.
    """
    sorted_ = [_sort(plain, source, entries) for source, entries in pages]
    added = _add(plain, sorted_, now)
    edited = [pair for one in sorted_ for pair in one.edited]
    taken.edit(plain, [rows.edit(plain, one, before.id, now) for one, before in edited])
    counted = [pair for one in sorted_ for pair in one.counted]
    taken.count(plain, [(one.entry.engagement, before.id) for one, before in counted])
    words = [pair for pairs in added for pair in pairs] + [(one, before.id) for one, before in edited]
    taken.index(plain, [(item_id, _terms(one)) for one, item_id in words])
    return [Taken(one.entries, len(new), len(one.edited)) for one, new in zip(sorted_, added, strict=True)]


def _sort(plain: Plain, source: Due, entries: Entries) -> _Sorted:
    named = name_entries(source.id, map(storable, entries.entries))
    known = taken.seen(plain, source.id, [one.guid for one in named] + [one.spare for one in named])
    found = _Sorted(source, len(entries.entries))
    for one in named:
        _place(found, one, known)
    return found


def _place(found: _Sorted, one: Named, known: Mapping[str, Known]) -> None:
    before = known.get(one.guid)
    if before is None and one.url is None:
        # Some give each entry a new guid with every answer; without an address, the words tell (bar H50).
        before = known.get(one.spare)
    if before is None:
        found.fresh.append(one)
    elif before.source_id != found.source.id:
        return  # its words are those of the source that carried it first
    elif before.digest != one.digest:
        found.edited.append((one, before))
    elif before.engagement != one.entry.engagement and one.entry.engagement is not None:
        found.counted.append((one, before))


def _add(plain: Plain, sorted_: Sequence[_Sorted], now: datetime) -> list[list[tuple[Named, int]]]:
    """Items for what is fresh; of each source, those that it was the first to bring, with their ids."""
    standing = taken.by_key(plain, [one.key for found in sorted_ for one in found.fresh])
    for found in sorted_:
        found.fresh = [_apart(found.source, one, standing.get(one.key)) for one in found.fresh]
    wanted = dict(_firsts(sorted_, standing))
    new = taken.add_new(plain, [rows.item(plain, source, one, now) for source, one in wanted.values()])
    late = taken.by_key(plain, [key for key in wanted if key not in new])
    ids = {key: known.id for key, known in (standing | late).items()} | new
    taken.saw(plain, [row for pair in _fresh(sorted_) for row in rows.sightings(plain, *pair, ids, now)])
    return [[(one, new[one.key]) for one in found.fresh if _brought(found, one, wanted, new)] for found in sorted_]


def _fresh(sorted_: Iterable[_Sorted]) -> Iterator[tuple[Due, Named]]:
    return ((found.source, one) for found in sorted_ for one in found.fresh)


def _firsts(sorted_: Iterable[_Sorted], standing: Mapping[str, Known]) -> Iterator[tuple[str, tuple[Due, Named]]]:
    met = set(standing)
    for source, one in _fresh(sorted_):
        if one.key not in met:
            met.add(one.key)
            yield one.key, (source, one)


def _brought(found: _Sorted, one: Named, wanted: Mapping[str, tuple[Due, Named]], new: Mapping[str, int]) -> bool:
    return one.key in new and wanted[one.key][0] is found.source


def _apart(source: Due, one: Named, standing: Known | None) -> Named:
    """The same address, from the same source, under a new guid and a new title: another entry on one page."""
    if standing is None or standing.source_id != source.id or one.guid == one.spare:
        return one
    if standing.title == one.entry.title:
        return one
    return replace(one, key=key_of_guid(source.id, one.guid))


def _terms(one: Named) -> str:
    assert one.entry.derived is not None  # by `storable`
    return one.entry.derived.terms
