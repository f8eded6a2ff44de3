"""What a word or phrase of a query asks of a text: which tokens, at which distance from the first."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from watch.errors import QueryError
from watch.query.tokens import Token, is_tag, tokens
from watch.query.tree import Term

_HOST = re.compile(r"[\w-]+(\.[\w-]+)*\.?\*?")
# What means something in a query and nothing in a phrase.
_SIGN = re.compile(r"[()=]|^\s*-|[^\W\d_]:(?=\w)|(?<!\S)(?:AND|ET|OR|OU|NOT|SAUF|(?:O?NEAR|PR[EÈ]S)(?:/\d+)?)(?!\S)")


class Element(NamedTuple):
    """One token that must stand `offset` positions after the first; `exact` is its spelling if that counts."""

    offset: int
    folded: str
    prefix: bool
    exact: str | None


def check(term: Term, position: int) -> None:
    """Refuse with a QueryError what could never be found; `position` is where the text of `term` begins."""
    try:
        host(term.text) if term.field == "site" else elements(term.text, exact=term.exact)
    except QueryError as error:
        raise QueryError(error.message, position + error.position) from None


@lru_cache(maxsize=2_000)
def elements(text: str, *, exact: bool) -> tuple[Element, ...]:
    """The tokens that `text` asks for; a star makes the word before it a beginning.

    Raises QueryError, with a position in `text`, for stars elsewhere and where nothing could be looked for.
    """
    found = _outer(tokens(text))
    if not found:
        raise QueryError(f"there is no letter or digit to look for in “{text.strip()}”", 0)
    stars = {i for i, sign in enumerate(text) if sign == "*"}
    _check_stars(text, found, stars)
    first = found[0].position
    return tuple(Element(t.position - first, t.folded, t.end in stars, t.exact if exact else None) for t in found)


def phrase(text: str) -> tuple[Element, ...]:
    """The tokens of a word or phrase that stands by itself, without a query round it; case and accents do not count.

    Raises QueryError as `elements` does, and for what only a query may hold.
    """
    if found := _SIGN.search(text):
        raise QueryError("one word or phrase is wanted here, without the signs and operators of a query", found.start())
    return elements(text, exact=False)


def _outer(found: list[Token]) -> list[Token]:
    """Without the words inside tags: who writes #tag means the tag."""
    kept: list[Token] = []
    for token in found:
        if not (kept and token.start < kept[-1].end):
            kept.append(token)
    return kept


def _check_stars(text: str, found: list[Token], stars: set[int]) -> None:
    beginnings = {t.end: t for t in found}
    for star in sorted(stars):
        token = beginnings.get(star)
        if token is None or text[star + 1 : star + 2].isalnum():
            raise QueryError("a star stands only right after the beginning of a word, as in meuble*", star)
        if len(token.folded.lstrip("@#")) < 2 and token.folded.isascii():
            raise QueryError("a star needs at least two letters before it", star)


def host(text: str) -> str:
    """The host that `site:` asks for, in the form of `same_host`, with its star if it has one."""
    if not _HOST.fullmatch(text):
        raise QueryError(f"site: takes the name of a site such as lemonde.fr, not “{text}”", 0)
    return same_host(text)


def same_host(name: str) -> str:
    """A host without case, "www." and final dot."""
    return name.lower().removeprefix("www.").rstrip(".")


def is_plain(element: Element) -> bool:
    """Whether it is a whole word, neither beginning nor tag."""
    return not element.prefix and not is_tag(element.folded)
