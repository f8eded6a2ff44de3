"""From what the grammar recognised to the tree. The only file that needs lark at its import."""

from __future__ import annotations

from lark import Token, Transformer
from lark.visitors import v_args

from watch.errors import QueryError
from watch.query.pattern import check
from watch.query.tree import And, FieldName, Near, Node, Not, Or, Term, all_of, any_of, none_of

_FIELDS: dict[str, FieldName] = {
    "title": "title",
    "author": "author",
    "site": "site",
    "lang": "lang",
    "source": "source",
    "tag": "tag",
    "titre": "title",
    "auteur": "author",
    "langue": "lang",
}
FIELD_NAMES = tuple(_FIELDS)
_QUOTES = str.maketrans(dict.fromkeys('"“”„‟«»', " "))


@v_args(inline=True)
class Build(Transformer[Token, Node]):
    """One method for each rule of `grammar.lark`; lark calls them while it parses, innermost first."""

    def start(self, node: Node) -> Node:
        """The whole query."""
        return node

    def both(self, left: Node, *rest: Node | Token) -> Node:
        """AND, written or not, and what an exclusion leaves."""
        return all_of((left, _last(rest)))

    def either(self, left: Node, _or: Token, right: Node) -> Node:
        """OR."""
        return any_of((left, right))

    def exclusion(self, _not: Token, part: Node) -> Node:
        """NOT or minus."""
        return none_of(part)

    def near(self, left: Node, operator: Token, right: Node) -> Node:
        """NEAR/n and ONEAR/n."""
        _check_near((left, right), operator)
        return Near(left, right, int(operator.split("/")[1]), ordered=operator.startswith("O"))

    def group(self, _open: Token, node: Node, _close: Token) -> Node:
        """Parentheses leave no trace but the shape of the tree."""
        return node

    def field_group(self, field: Token, _open: Token, node: Node, _close: Token) -> Node:
        """A field before parentheses holds for every word inside."""
        return _inside(node, _field(field), field)

    def term(self, *found: Token) -> Node:
        """A word or phrase, with field and "=" if they are there."""
        *before, value = found
        quoted = value.type == "PHRASE"
        text = value[1:-1].translate(_QUOTES) if quoted else str(value)
        fields = [_field(token) for token in before if token.type == "FIELD"]
        exact = any(token.type == "EXACT" for token in before)
        term = Term(text, quoted, exact, fields[0] if fields else None)
        check(term, (value.start_pos or 0) + quoted)
        return Term(" ".join(text.split()), quoted, exact, term.field)


def _last(found: tuple[Node | Token, ...]) -> Node:
    node = found[-1]
    assert not isinstance(node, Token)
    return node


def _field(token: Token) -> FieldName:
    return _FIELDS[token.removesuffix(":").lower()]


def _check_near(operands: tuple[Node, ...], operator: Token) -> None:
    for node in operands:
        match node:
            case Or():
                _check_near(node.parts, operator)
            case And() | Not():
                message = "takes words, phrases, and OR between them; AND and NOT stay outside"
                raise QueryError(f"{operator} {message}", operator.start_pos or 0)
            case Term(field=field) if field not in (None, "title"):
                raise QueryError(f"{operator} is for words of the text, not for {field}:", operator.start_pos or 0)


def _inside(node: Node, field: FieldName, at: Token) -> Node:
    match node:
        case Term():
            return _term_inside(node, field, at)
        case Near():
            if field != "title":
                raise QueryError(f"NEAR is for words of the text, not for {field}:", at.start_pos or 0)
            left, right = _inside(node.left, field, at), _inside(node.right, field, at)
            return Near(left, right, node.distance, node.ordered)
        case Not():
            return Not(_inside(node.part, field, at))
        case And():
            return all_of(_inside(part, field, at) for part in node.parts)
        case Or():
            return any_of(_inside(part, field, at) for part in node.parts)


def _term_inside(term: Term, field: FieldName, at: Token) -> Term:
    if term.field is not None:
        raise QueryError(f"{term.field}: stands inside the parentheses of {field}:", at.start_pos or 0)
    placed = Term(term.text, term.quoted, term.exact, field)
    if field == "site":
        check(placed, at.start_pos or 0)
    return placed
