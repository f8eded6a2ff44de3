"""Does a document say what a query asks for, and where?

A tree is compiled into functions once. Each takes a prepared document and answers with its hits, or None where it does
not match; an exclusion and a match by author, site and the like have no place in the text and give no hits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from typing import TypeAlias

from watch.model import Span
from watch.query.document import Document, Prepared, prepare
from watch.query.near import Groups, alone, near
from watch.query.parse import parse
from watch.query.pattern import elements, host
from watch.query.table import Hit, TokenTable
from watch.query.tree import And, Near, Node, Not, Or, Term

Test: TypeAlias = Callable[[Prepared], "list[Hit] | None"]


@dataclass(frozen=True, slots=True)
class Matcher:
    """A query that can be asked of documents. Made by `compile_query`."""

    text: str
    node: Node
    _test: Test = field(repr=False, compare=False)

    def find(self, document: Document | Prepared) -> tuple[Span, ...] | None:
        """None if `document` does not match; else where in its `body` the words that matched stand.

        Spans are in order and do not overlap; there may be none, as for `site:lemonde.fr`.
        """
        prepared = prepare(document) if isinstance(document, Document) else document
        hits = self._test(prepared)
        return None if hits is None else _spans(hits)


@lru_cache(maxsize=2_000)
def compile_query(text: str) -> Matcher:
    """The matcher of the query `text`. Raises QueryError as `parse` does."""
    node = parse(text)
    return Matcher(text, node, _compile(node))


def _spans(hits: Sequence[Hit]) -> tuple[Span, ...]:
    """The characters of `hits`, those that overlap made one."""
    merged: list[Span] = []
    for start, end in sorted({(hit.start, hit.end) for hit in hits}):
        if merged and start < merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(end, merged[-1].end))
        else:
            merged.append(Span(start, end))
    return tuple(merged)


def _compile(node: Node) -> Test:
    match node:
        case Term():
            return _term(node)
        case Near():
            return _near(node)
        case Not():
            return _not(_compile(node.part))
        case And():
            return _and([_compile(part) for part in node.parts])
        case Or():
            return _or([_compile(part) for part in node.parts])


def _and(parts: Sequence[Test]) -> Test:
    def test(document: Prepared) -> list[Hit] | None:
        found: list[list[Hit]] = []
        for part in parts:
            hits = part(document)
            if hits is None:
                return None
            found.append(hits)
        return list(chain.from_iterable(found))

    return test


def _or(parts: Sequence[Test]) -> Test:
    def test(document: Prepared) -> list[Hit] | None:
        found = [hits for part in parts if (hits := part(document)) is not None]
        return list(chain.from_iterable(found)) if found else None

    return test


def _not(part: Test) -> Test:
    return lambda document: [] if part(document) is None else None


def _near(node: Near) -> Test:
    groups = _groups(node)
    return lambda document: sorted({hit for group in groups(document) for hit in group.hits}) or None


def _groups(node: Node) -> Groups:
    """What may stand beside a NEAR: terms, OR between them, another NEAR."""
    match node:
        case Near():
            left, right = _groups(node.left), _groups(node.right)
            return near(left, right, node.distance, ordered=node.ordered)
        case Or():
            parts = [_groups(part) for part in node.parts]
            return lambda document: [group for part in parts for group in part(document)]
        case _:
            test = _compile(node)
            return lambda document: alone(test(document) or ())


def _term(term: Term) -> Test:
    if term.field == "site":
        return _site(term.text)
    wanted = elements(term.text, exact=term.exact)
    if term.field is None:
        return lambda document: document.body.find(wanted) or None
    if term.field == "title":
        return lambda document: [h for h in document.body.find(wanted) if h.end <= document.title_end] or None
    name = term.field
    fits = {"tag": _whole, "lang": _opens}.get(name, _anywhere)
    return lambda document: (
        [] if any(fits(value, hit) for value in document.field(name) for hit in value.find(wanted)) else None
    )


def _whole(value: TokenTable, hit: Hit) -> bool:
    """tag: asks for the whole tag."""
    return hit.first == 0 and hit.end == max(token.end for token in value.tokens)


def _opens(_value: TokenTable, hit: Hit) -> bool:
    """lang:fr is fr-CA too."""
    return hit.first == 0


def _anywhere(_value: TokenTable, _hit: Hit) -> bool:
    return True


def _site(text: str) -> Test:
    wanted = host(text)
    if wanted.endswith("*"):
        beginning = wanted[:-1]
        return lambda document: [] if any(h.startswith(beginning) for h in document.hosts) else None
    return lambda document: [] if wanted in document.hosts else None
