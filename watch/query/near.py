"""Words near each other: pairs of what stands left and right of a NEAR, and groups where one NEAR holds another."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import NamedTuple, TypeAlias

from watch.query.document import Prepared
from watch.query.table import Hit

_MOST_HITS = 10_000


class Group(NamedTuple):
    """Hits that belong together; `first` and `last` are the positions that they lie between."""

    first: int
    last: int
    hits: tuple[Hit, ...]


Groups: TypeAlias = Callable[[Prepared], list[Group]]


class _Anchor(NamedTuple):
    """Positions from which a distance is counted, and the group that they stand for."""

    first: int
    last: int
    group: Group


def alone(hits: Sequence[Hit]) -> list[Group]:
    """Each hit as a group of its own; the first 10,000, since no text that a person wrote has more of one word."""
    return [Group(hit.first, hit.last, (hit,)) for hit in hits[:_MOST_HITS]]


def near(left: Groups, right: Groups, distance: int, *, ordered: bool) -> Groups:
    """Pairs with at most `distance` words between them; `ordered`: left before right.

    Without order, a group is near to what any of its words is near to; with order, it counts as a whole. Each word
    is paired with its closest partner on each side, so that the time stays in proportion to the number of hits.
    """

    def find(document: Prepared) -> list[Group]:
        ones = left(document)
        others = right(document) if ones else []
        if not others:
            return []
        if ordered:
            return _join(_wholes(ones, "last"), _wholes(others, "first"), distance)
        mine, theirs = _words(ones), _words(others)
        return list({*_join(mine, theirs, distance), *_join(theirs, mine, distance)})

    return find


def _words(groups: Iterable[Group]) -> list[_Anchor]:
    """An anchor for each word of the groups, one where several have the same."""
    anchors = {(hit.first, hit.last): group for group in groups for hit in group.hits}
    return [_Anchor(first, last, group) for (first, last), group in anchors.items()]


def _wholes(groups: Iterable[Group], side: str) -> list[_Anchor]:
    """An anchor for each group, one where several have the same place at the `side` that counts."""
    anchors = {getattr(group, side): group for group in groups}
    return [_Anchor(group.first, group.last, group) for group in anchors.values()]


def _join(before: Sequence[_Anchor], after: Sequence[_Anchor], distance: int) -> list[Group]:
    """Each anchor `before` with the closest one `after` it, and each one `after` with the closest one `before`."""
    before = sorted(before, key=attrgetter("last"))
    after = sorted(after, key=attrgetter("first"))
    firsts, lasts = [a.first for a in after], [b.last for b in before]
    ahead = ((b, bisect_right(firsts, b.last)) for b in before)
    back = ((a, bisect_left(lasts, a.first) - 1) for a in after)
    pairs = [(b, after[i]) for b, i in ahead if i < len(after)] + [(before[i], a) for a, i in back if i >= 0]
    return list({_pair(b.group, a.group) for b, a in pairs if a.first - b.last - 1 <= distance})


def _pair(one: Group, other: Group) -> Group:
    hits = one.hits + other.hits
    return Group(min(one.first, other.first), max(one.last, other.last), tuple(sorted(set(hits))))
