"""The tokens of one text, ready to be asked for words and phrases any number of times."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from watch.query.pattern import Element
from watch.query.tokens import Token


class Hit(NamedTuple):
    """Where something was found: positions `first` to `last` (inclusive), characters `start` to `end`."""

    first: int
    last: int
    start: int
    end: int


class TokenTable:
    """Which tokens a text holds, and where."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens

    @cached_property
    def by_folded(self) -> dict[str, list[Token]]:
        """The tokens under their folded form, each list in order of position."""
        places: dict[str, list[Token]] = {}
        for token in self.tokens:
            places.setdefault(token.folded, []).append(token)
        return places

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self.by_folded)

    def beginning_with(self, prefix: str) -> list[str]:
        """The folded forms that begin with `prefix`."""
        words = self._sorted
        end = start = bisect_left(words, prefix)
        while end < len(words) and words[end].startswith(prefix):
            end += 1
        return words[start:end]

    def find(self, wanted: Sequence[Element]) -> list[Hit]:
        """Every place where the elements stand at their distances, in order of position."""
        occurrences: list[list[Token]] = []
        for element in wanted:
            here = self._occurrences(element)
            if not here:
                return []
            occurrences.append(here)
        if len(wanted) == 1:
            return [Hit(t.position, t.position, t.start, t.end) for t in occurrences[0]]
        return _in_line(wanted, occurrences)

    def _occurrences(self, element: Element) -> list[Token]:
        found = self._folded_like(element)
        if element.exact is None:
            return found
        if element.prefix:
            return [t for t in found if t.exact.startswith(element.exact)]
        return [t for t in found if t.exact == element.exact]

    def _folded_like(self, element: Element) -> list[Token]:
        if not element.prefix:
            return self.by_folded.get(element.folded, [])
        words = self.beginning_with(element.folded)
        if len(words) == 1:
            return self.by_folded[words[0]]
        return sorted((t for word in words for t in self.by_folded[word]), key=lambda t: t.position)


def _in_line(wanted: Sequence[Element], occurrences: Sequence[Sequence[Token]]) -> list[Hit]:
    """The places that all elements agree on."""
    places = [{t.position - e.offset: t for t in here} for e, here in zip(wanted, occurrences, strict=True)]
    common = set.intersection(*map(set, places))
    hits = []
    for first in sorted(common):
        opening, closing = places[0][first], places[-1][first]
        hits.append(Hit(opening.position, closing.position, opening.start, closing.end))
    return hits
