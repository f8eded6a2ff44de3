"""A query as a tree of frozen nodes; `parse` makes it, the matcher and the search read it.

The functions `all_of`, `any_of`, `none_of` keep one shape for one meaning: no And inside And, no Or inside Or, no
node with a single child, exclusions last. So a printed tree, read again, is equal to itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

FieldName = Literal["title", "author", "site", "lang", "source", "tag"]


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase as the person wrote it, with its stars, without quotes, "=" and field.

    `exact`: case and accents count. `field`: where to look; None is title and text.
    """

    text: str
    quoted: bool = False
    exact: bool = False
    field: FieldName | None = None


@dataclass(frozen=True, slots=True)
class Near:
    """At most `distance` words between the two; `ordered`: left before right."""

    left: Node
    right: Node
    distance: int
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class And:
    """All parts hold."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part holds."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Node


Node: TypeAlias = Term | Near | And | Or | Not


def all_of(parts: Iterable[Node]) -> Node:
    """The And of `parts` in its one shape."""
    flat = [leaf for part in parts for leaf in (part.parts if isinstance(part, And) else (part,))]
    ordered = [p for p in flat if not isinstance(p, Not)] + [p for p in flat if isinstance(p, Not)]
    return ordered[0] if len(ordered) == 1 else And(tuple(ordered))


def any_of(parts: Iterable[Node]) -> Node:
    """The Or of `parts` in its one shape."""
    flat = [leaf for part in parts for leaf in (part.parts if isinstance(part, Or) else (part,))]
    return flat[0] if len(flat) == 1 else Or(tuple(flat))


def none_of(part: Node) -> Node:
    """The Not of `part`; twice not is the part itself."""
    return part.part if isinstance(part, Not) else Not(part)


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below."""
    match node:
        case Term():
            return ()
        case Near():
            return (node.left, node.right)
        case Not():
            return (node.part,)
        case And() | Or():
            return node.parts


def walk(node: Node) -> Iterator[tuple[Node, int]]:
    """Every node with its depth, the root being 1; without recursion, for trees of any depth."""
    waiting = [(node, 1)]
    while waiting:
        here, depth = waiting.pop()
        yield here, depth
        waiting += [(child, depth + 1) for child in reversed(children(here))]


def finds_something(node: Node) -> bool:
    """Whether the query asks for the presence of anything; a query that only excludes does not."""
    match node:
        case Not():
            return False
        case And():
            return any(map(finds_something, node.parts))
        case Or():
            return all(map(finds_something, node.parts))
        case _:
            return True
