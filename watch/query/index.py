"""Tokens written so that every full-text index reads them alike: only a–z and 0–9, parted by spaces.

SQLite's FTS5 (unicode61 or ascii) and PostgreSQL's `simple` configuration would each cut "c++", "été" or an emoji
in their own way. So every character but a–y and 0–9 is escaped: "zz" is the letter z, "z2bz" the character U+002B,
and "zo" opens a token that begins with a digit (PostgreSQL would read "1e5" as a number). Escapes go character by
character, so that the beginning of a word stays the beginning of its term.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import chain, pairwise

from watch.query.tokens import each_token, is_tag

# PostgreSQL refuses lexemes of 2 kB. Longer tokens share their beginning, which the matcher then tells apart.
LONGEST = 255
_CACHED_LENGTH = 40
# Twice so many at most, in about 6 MB.
_CACHED_WORDS = 25_000
_ASIDE = "#"
# Of ASCII, what a token can be made of or looks at; the rest parts words, whatever stands beside it.
_TELLING = frozenset("_&.+,#@")
_PARTING = bytes(
    (code if code > 127 or (sign := chr(code)).isalnum() or sign in _TELLING else 32) for code in range(256)
).lower()
# And of all other signs, the most frequent that do; by the first of their bytes.
_SIGNS = tuple(
    (first, tuple(map(str.encode, signs))) for first, signs in ((b"\xc2", "\xa0«»"), (b"\xe2\x80", "’“”–—…"))
)
_UTF_8 = ("utf-8", "surrogatepass")
_ESCAPE = re.compile(r"z(z|o|[0-9a-f]+z)")


def index_text(text: str) -> str:
    """The terms of `text` in order, parted by spaces: what the full-text index is given.

    Phrases stay phrases: one term for each position; tags that share theirs with words come at the end.
    """
    # No token reaches across what parts words, nor looks past it: the terms of a text are those of its words.
    terms = b" ".join(filter(None, map(_words.__getitem__, _parted(text)))).decode()
    return terms if _ASIDE not in terms else _asides_last(terms.split(" "))


def _parted(text: str) -> list[bytes]:
    """The pieces of `text` between white space and signs that only part words; in lower case as far as ASCII goes."""
    # In UTF-8, since bytes are translated and cut quicker than characters; a surrogate passes through.
    pieces = text.encode(*_UTF_8).translate(_PARTING).replace(b". ", b" ").replace(b", ", b" ")
    for first, signs in _SIGNS:
        if first in pieces:
            for sign in signs:
                pieces = pieces.replace(sign, b" ")
    return pieces.split()


class _Words(dict[bytes, bytes]):
    """The terms of the words met so far: in order, then each aside behind its mark. Texts repeat their words."""

    def __init__(self) -> None:
        self._before: dict[bytes, bytes] = {}

    def __missing__(self, word: bytes) -> bytes:
        terms = self._before.get(word) or _terms(word.decode(*_UTF_8)).encode()
        if len(word) > _CACHED_LENGTH:
            return terms
        if len(self) >= _CACHED_WORDS:
            # Words that are still used come back from there; the others are forgotten the next time.
            self._before = dict(self)
            self.clear()
        # Most words are their own term: kept once.
        self[word] = terms = word if terms == word else terms
        return terms


_words = _Words()


def _terms(word: str) -> str:
    word = word.rstrip(".,")
    if word.isascii() and word.isalnum():
        return _encode(word) if "z" in word or word[0].isdigit() else word[:LONGEST]
    line: list[str] = []
    aside: list[str] = []
    for token, after in pairwise(chain(each_token(word), (None,))):
        if token is not None:
            shares = is_tag(token.folded) and after is not None and after.position == token.position
            (aside if shares else line).append(encode(token.folded))
    return " ".join([*line, *(_ASIDE + term for term in aside)])


def _asides_last(terms: list[str]) -> str:
    line = [term for term in terms if term[0] != _ASIDE]
    return " ".join([*line, *(term[1:] for term in terms if term[0] == _ASIDE)])


def encode(folded: str) -> str:
    """A folded token (or the beginning of one) as an index term of at most 255 characters."""
    return _known(folded) if len(folded) <= _CACHED_LENGTH else _encode(folded)


def _encode(folded: str) -> str:
    escaped = re.sub(r"[^a-y0-9]", lambda m: "zz" if m[0] == "z" else f"z{ord(m[0]):x}z", folded[:LONGEST])
    return (f"zo{escaped}" if escaped[:1].isdigit() else escaped)[:LONGEST]


_known = lru_cache(maxsize=20_000)(_encode)


def decode(term: str) -> str:
    """The folded token of a term that `encode` did not have to shorten."""
    return _ESCAPE.sub(lambda m: _unescape(m[1]), term)


def _unescape(code: str) -> str:
    if code in ("z", "o"):
        return "z" if code == "z" else ""
    return chr(int(code[:-1], 16))
