"""A condition on a full-text index that every match of a query fulfils, so that the store looks at few rows.

What the index cannot know (order over distances, case, accents, fields, exclusions) is left out, never guessed: the
matcher decides on the rows that come back, and so search and new items have one answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from watch.query.index import encode
from watch.query.pattern import elements, is_plain
from watch.query.tokens import is_tag
from watch.query.tree import And, Near, Node, Not, Or, Term, children

# FTS5's parser has a stack of 100; deeper parts of a query are left to the matcher.
_MAX_DEPTH = 20


@dataclass(frozen=True, slots=True)
class Anything:
    """The index cannot help."""


@dataclass(frozen=True, slots=True)
class Words:
    """These folded tokens follow each other; with `prefix`, the last one is a beginning."""

    folded: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Every:
    """All parts hold."""

    parts: tuple[Narrowing, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least one part holds."""

    parts: tuple[Narrowing, ...]


Narrowing: TypeAlias = Anything | Words | Every | Some


def narrow(node: Node) -> Narrowing:
    """What the index of `index_text(document.body)` must hold for every document that `node` matches."""
    return _narrow(node, _MAX_DEPTH)


def _narrow(node: Node, depth: int) -> Narrowing:
    if depth == 0:
        return Anything()
    match node:
        case Term():
            return _term(node) if node.field in (None, "title") else Anything()
        case Near() | And():
            return _every(_narrow(part, depth - 1) for part in children(node))
        case Or():
            return _some([_narrow(part, depth - 1) for part in node.parts])
        case Not():
            return Anything()


def _term(term: Term) -> Narrowing:
    """Whole words in a row stay in a row; a beginning may end it; tags are indexed aside, on their own."""
    rows: list[Words] = []
    next_offset: int | None = None
    for element in elements(term.text, exact=term.exact):
        if element.offset == next_offset and not is_tag(element.folded):
            rows[-1] = Words((*rows[-1].folded, element.folded), element.prefix)
        else:
            rows.append(Words((element.folded,), element.prefix))
        next_offset = element.offset + 1 if is_plain(element) else None
    return _every(rows)


def _every(parts: Iterable[Narrowing]) -> Narrowing:
    known = tuple(part for part in parts if not isinstance(part, Anything))
    return known[0] if len(known) == 1 else Every(known) if known else Anything()


def _some(parts: Sequence[Narrowing]) -> Narrowing:
    return Anything() if any(isinstance(part, Anything) for part in parts) else Some(tuple(parts))


def to_fts5(narrowing: Narrowing) -> str | None:
    """A MATCH expression of SQLite's FTS5; None if the index cannot narrow."""
    match narrowing:
        case Anything():
            return None
        case Words():
            phrase = " ".join(map(encode, narrowing.folded))
            return f'"{phrase}"{" *" if narrowing.prefix else ""}'
        case Every():
            return "(" + " AND ".join(filter(None, map(to_fts5, narrowing.parts))) + ")"
        case Some():
            return "(" + " OR ".join(filter(None, map(to_fts5, narrowing.parts))) + ")"


def to_tsquery(narrowing: Narrowing) -> str | None:
    """The text of PostgreSQL's `to_tsquery('simple', …)`; None if the index cannot narrow.

    Words in a row are only asked to be there: a tsvector forgets positions beyond 16383 and the 256th of a word
    (PostgreSQL documentation, 12.11 Limitations), so that `<->` would lose matches in long texts.
    """
    match narrowing:
        case Anything():
            return None
        case Words():
            terms = [encode(folded) for folded in narrowing.folded]
            return "(" + " & ".join(terms) + (":*)" if narrowing.prefix else ")")
        case Every():
            return "(" + " & ".join(filter(None, map(to_tsquery, narrowing.parts))) + ")"
        case Some():
            return "(" + " | ".join(filter(None, map(to_tsquery, narrowing.parts))) + ")"
