"""Many queries asked of each document: most are skipped, because no word that they need occurs."""

from __future__ import annotations

from collections.abc import Sequence

from watch.model import Span
from watch.query.document import Document, Prepared, prepare
from watch.query.matcher import Matcher
from watch.query.narrow import Anything, Every, Narrowing, Some, Words, narrow

_Need = tuple[str, bool]  # a folded token, or with True its beginning


class MatcherSet:
    """Named matchers with an inverted index from the words, one of which each of them needs."""

    def __init__(self, matchers: Sequence[tuple[str, Matcher]]) -> None:
        self.matchers = tuple(matchers)
        self._always: list[int] = []
        self._by_word: dict[str, list[int]] = {}
        self._by_beginning: dict[str, list[int]] = {}
        for number, (_, matcher) in enumerate(self.matchers):
            self._add(number, _needs(narrow(matcher.node)))
        self._lengths = sorted({len(beginning) for beginning in self._by_beginning})

    def _add(self, number: int, needs: frozenset[_Need] | None) -> None:
        if needs is None:
            self._always.append(number)
            return
        for folded, prefix in needs:
            (self._by_beginning if prefix else self._by_word).setdefault(folded, []).append(number)

    def find(self, document: Document | Prepared) -> list[tuple[str, tuple[Span, ...]]]:
        """The names of the matchers that match, in their order, with spans as of `Matcher.find`."""
        prepared = prepare(document) if isinstance(document, Document) else document
        found = []
        for number in sorted(self._possible(prepared)):
            name, matcher = self.matchers[number]
            spans = matcher.find(prepared)
            if spans is not None:
                found.append((name, spans))
        return found

    def _possible(self, document: Prepared) -> set[int]:
        possible = set(self._always)
        words = document.body.by_folded
        for word in words.keys() & self._by_word.keys():
            possible.update(self._by_word[word])
        for length in self._lengths:
            for beginning in {word[:length] for word in words} & self._by_beginning.keys():
                possible.update(self._by_beginning[beginning])
        return possible


def _needs(narrowing: Narrowing) -> frozenset[_Need] | None:
    """Tokens of which at least one occurs in whatever matches; None if there are none."""
    match narrowing:
        case Anything():
            return None
        case Words():
            return _rarest(narrowing)
        case Every():
            known = [needs for part in narrowing.parts if (needs := _needs(part)) is not None]
            return min(known, key=_cost, default=None)
        case Some():
            parts = [_needs(part) for part in narrowing.parts]
            return None if None in parts else frozenset().union(*(needs for needs in parts if needs))


def _rarest(words: Words) -> frozenset[_Need]:
    """The longest token, since long words are rare; a beginning only where there is nothing else."""
    whole = words.folded[:-1] if words.prefix else words.folded
    return frozenset({(max(whole, key=len), False)} if whole else {(words.folded[-1], True)})


def _cost(needs: frozenset[_Need]) -> tuple[int, int]:
    """Few tokens before many, long ones before short ones."""
    return len(needs), -min(len(folded) for folded, _ in needs)
