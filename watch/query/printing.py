"""A tree as text in our query language, in the one way that reads back as the same tree."""

from __future__ import annotations

from watch.query.tree import And, Near, Node, Not, Or, Term


def to_text(node: Node) -> str:
    """`node` as a query: `parse(to_text(node)) == node` for every tree that `parse` makes."""
    match node:
        case Term():
            return _term(node)
        case Near():
            operator = "ONEAR" if node.ordered else "NEAR"
            return f"{_closed(node.left)} {operator}/{node.distance} {_closed(node.right)}"
        case Not():
            return f"NOT {_beside(node.part)}"
        case And():
            return " ".join(to_text(p) if isinstance(p, Not) else _beside(p) for p in node.parts)
        case Or():
            return " OR ".join(_beside(part) for part in node.parts)


def _term(term: Term) -> str:
    field = f"{term.field}:" if term.field else ""
    text = f'"{term.text}"' if term.quoted else term.text
    return f"{field}{'=' if term.exact else ''}{text}"


def _closed(node: Node) -> str:
    return _term(node) if isinstance(node, Term) else f"({to_text(node)})"


def _beside(node: Node) -> str:
    """As part of something larger than a NEAR, which needs no parentheses there."""
    return to_text(node) if isinstance(node, Near) else _closed(node)
