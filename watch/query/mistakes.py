"""What is wrong with a query, told to someone who has never heard of a parser."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from watch.errors import QueryError

if TYPE_CHECKING:  # the command line reads configurations without lark
    from lark import Token

MAX_BYTES = 4096
MAX_TERMS = 256
MAX_DEPTH = 20

_QUOTES = '"“”„‟«'
_BINARY = ("AND", "OR", "NEAR", "BAD_NEAR")
_FIELD_LIKE = re.compile(r"([^\W\d_]+):(?!/)")


def check_text(text: str) -> None:
    """Refuse what is empty or longer than 4 kB in UTF-8."""
    if not text.strip():
        raise QueryError("the query is empty: write at least one word", 0)
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise QueryError("the query is longer than 4 kB; split it into several", _end_of(text, MAX_BYTES))


def _end_of(text: str, size: int) -> int:
    """How many characters of `text` fit into `size` bytes."""
    return len(text.encode("utf-8", "surrogatepass")[:size].decode("utf-8", "ignore"))


def check_tokens(found: Sequence[Token], fields: Sequence[str]) -> None:
    """Refuse what the grammar would refuse less clearly, or would let pass."""
    _check_parentheses(found)
    terms = [t for t in found if t.type in ("WORD", "PHRASE")]
    if len(terms) > MAX_TERMS:
        raise QueryError("the query has more than 256 words and phrases", _at(terms[MAX_TERMS]))
    for token in found:
        if token.type == "BAD_NEAR":
            raise QueryError(_bad_near(token), _at(token))
        if token.type == "WORD":
            _check_field(token, fields)


def _check_parentheses(found: Sequence[Token]) -> None:
    opened: list[Token] = []
    for token in found:
        if token.type == "OPEN":
            opened.append(token)
        elif token.type == "CLOSE":
            if not opened:
                raise QueryError("this closing parenthesis has no opening one", _at(token))
            opened.pop()
        if len(opened) > MAX_DEPTH:
            raise too_deep(_at(token))
    if opened:
        raise QueryError("a closing parenthesis is missing for this opening one", _at(opened[-1]))


def too_deep(position: int) -> QueryError:
    """The error for more than 20 levels."""
    return QueryError("the query is nested more than 20 levels deep", position)


def _bad_near(token: Token) -> str:
    name, _, number = token.partition("/")
    if name.upper() != name:
        return f"write {token.upper()} in capitals"
    if number.isdecimal():
        return f"{name} takes a number of words from 0 to 99"
    return f'{name} needs a number of words, as in {name}/5; for the word itself, write "{name}"'


def _check_field(token: Token, fields: Sequence[str]) -> None:
    name = _FIELD_LIKE.match(token)
    if name is None:
        return
    from difflib import get_close_matches  # here, since few queries need it and the command line should start fast

    close = get_close_matches(name[1].lower(), fields, cutoff=0.8)
    if close:
        meant = min(close, key=fields.index)
        raise QueryError(f"“{name[0]}” is not a field; did you mean “{meant}:”?", _at(token))


def unreadable(text: str, position: int) -> QueryError:
    """The error for a character that begins nothing."""
    sign = text[position]
    if sign in _QUOTES:
        return QueryError("a closing quotation mark is missing for this opening one", position)
    if sign == "»":
        return QueryError("this closing quotation mark has no opening one", position)
    if sign == "=":
        return QueryError("“=” must touch the word whose case and accents count, as in =Orange", position)
    return QueryError("a minus sign must touch the word that it excludes, as in -vache", position)


def unexpected(found: Sequence[Token], position: int | None) -> QueryError:
    """The error for the token at `position` (None: the end) that cannot stand where it stands."""
    before = [t for t in found if position is None or _at(t) < position]
    here = next((t for t in found if _at(t) == position), None)
    last = before[-1] if before else None
    if here is not None and here.type in _BINARY:
        return QueryError(f"{here} needs a word on both sides", _at(here))
    if last is None:
        return QueryError("the query cannot begin here", 0)
    return QueryError(_after(last, here), _at(last) if here is None else _at(here))


def _after(last: Token, here: Token | None) -> str:
    """What is wrong with `here` (None: the end) right after `last`."""
    if last.type in ("AND", "OR"):
        return f"{last} needs a word on both sides"
    if last.type == "NEAR":
        return f"{last} needs a word on both sides" + (", and nothing excluded" if here is not None else "")
    if last.type in ("NOT", "MINUS"):
        return f"{last} needs a word right after it"
    if last.type in ("FIELD", "EXACT"):
        return f"“{last}” needs a word or a phrase right after it"
    if last.type == "OPEN":
        return "there is nothing between these parentheses"
    return f"“{here}” cannot stand here"


def _at(token: Token) -> int:
    return token.start_pos or 0
