"""A query as a person types it → its tree. What the language is: docs/query.md; its grammar: grammar.lark."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from watch.errors import QueryError
from watch.query.mistakes import MAX_DEPTH, check_text, check_tokens, too_deep, unexpected, unreadable
from watch.query.tree import Node, Not, finds_something, walk

if TYPE_CHECKING:
    from lark import Lark, Token

# Between two parentheses a tree may have an Or, an And, a Not and a Near.
_MAX_TREE_DEPTH = 4 * MAX_DEPTH


def parse(text: str) -> Node:
    """The tree of `text`.

    Raises QueryError, with the position in `text` and a sentence for the person who wrote it, for everything that is no
    query: also for one that only excludes, or is over 4 kB, 256 words and phrases, or 20 levels.
    """
    check_text(text)
    found = _lex(text)
    node = _grow(text, found)
    if any(depth > _MAX_TREE_DEPTH for _, depth in walk(node)):
        raise too_deep(0)
    if not finds_something(node):
        raise _only_excludes(node, found)
    return node


def _lex(text: str) -> list[Token]:
    """The words and signs of the query, those that can only be mistakes refused."""
    from lark.exceptions import UnexpectedCharacters

    from watch.query.build import FIELD_NAMES

    try:
        found = list(_lark().lex(text))
    except UnexpectedCharacters as error:
        raise unreadable(text, error.pos_in_stream or 0) from None
    check_tokens(found, FIELD_NAMES)
    return found


def _grow(text: str, found: list[Token]) -> Node:
    from lark.exceptions import UnexpectedToken, VisitError

    try:
        # With a transformer inside, lark answers with what the transformer made of `start`.
        node: Node = _lark().parse(text)  # type: ignore[assignment]
    except UnexpectedToken as error:
        position = None if error.token.type == "$END" else error.token.start_pos
        raise unexpected(found, position) from None
    except VisitError as error:
        raise error.orig_exc from None
    return node


def _only_excludes(node: Node, found: list[Token]) -> QueryError:
    first = next(t for t in found if t.type in ("NOT", "MINUS"))
    if isinstance(node, Not) or not any(t.type == "OR" for t in found):
        message = f"the query only excludes: say what to look for before {first}"
    else:
        message = "one side of OR only excludes, and would find nearly everything: say what to look for on both"
    return QueryError(message, first.start_pos or 0)


@cache
def _lark() -> Lark:
    """The parser, made once, when the first query comes: lark takes 60 ms to import."""
    from lark import Lark

    from watch.query.build import Build

    grammar = Path(__file__).with_name("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer="basic", transformer=Build())
