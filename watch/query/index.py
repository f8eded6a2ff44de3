"""Tokens written so that every full-text index reads them alike: only a–z and 0–9, parted by spaces.

SQLite's FTS5 (unicode61 or ascii) and PostgreSQL's `simple` configuration would each cut "c++", "été" or an emoji
in their own way. So every character but a–y and 0–9 is escaped: "zz" is the letter z, "z2bz" the character U+002B,
and "zo" opens a token that begins with a digit (PostgreSQL would read "1e5" as a number). Escapes go character by
character, so that the beginning of a word stays the beginning of its term.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from watch.query.tokens import is_tag, tokens

# PostgreSQL refuses lexemes of 2 kB. Longer tokens share their beginning, which the matcher then tells apart.
LONGEST = 255
_CACHED_LENGTH = 40
_ESCAPE = re.compile(r"z(z|o|[0-9a-f]+z)")


def index_text(text: str) -> str:
    """The terms of `text` in order, parted by spaces: what the full-text index is given.

    Phrases stay phrases: one term for each position; tags that share theirs with words come at the end.
    """
    line: list[str] = []
    aside: list[str] = []
    found = tokens(text)
    for token, after in pairwise([*found, None]):
        if token is not None:
            shares = is_tag(token.folded) and after is not None and after.position == token.position
            (aside if shares else line).append(encode(token.folded))
    return " ".join(line + aside)


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
