"""One tokenizer for texts and for the words of queries, so that both always agree.

A text becomes tokens at positions. A word is a run of letters and digits; everything else parts words, so that
"porte-monnaie" and "l'été" are two words each, found apart and as a phrase. Except:

- a number keeps its comma or point: "3,5" (the same as "3.5"), "4G";
- "C++", "C#" (one letter before) are one token, so that a search for "C" does not find them;
- "&", a "+" after a word and the point of ".NET" are tokens of their own: "AT&T", "Canal+" are phrases;
- "#tag" is a token, and its words stand at the same position; "@handle" likewise, if its name is one word;
- an emoji is a token, whatever its skin tone;
- each sign of Chinese and Japanese is a token, since those put no space between words.

The time is linear in the length of the text, whatever it holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from watch.query.folding import exact, fold

# Chinese and Japanese signs.
_SIGNS = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3040-\u3098\u309b-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
# What continues a word without being a letter: combining marks, vowel signs, soft hyphen, joiners.
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0900-\u0903\u093a-\u093c\u093e-\u094f\u0951-\u0957"
    "\u0981-\u0983\u09bc\u09be-\u09cd\u09d7\u0b82\u0bbe-\u0bcd\u0bd7\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u102b-\u103e\u1b34-\u1b44\u1ab0-\u1aff"
    "\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufe20-\ufe2f\u00ad\u200b-\u200d\u2060\ufeff\U000110ba"
)
# "_" parts words (markdown writes _so_), and so does U+02BC, an apostrophe that Unicode calls a letter.
_LETTER = rf"[^\W_\u02bc{_SIGNS}]"
# No possessive quantifiers: Python 3.11 before 3.11.5, Debian 12's for one, gets them wrong (python/cpython#101955).
_WORD = rf"{_LETTER}+(?:[{_MARKS}]+{_LETTER}*)*"
_NUMBER_GOES_ON = rf"(?:(?<=\d)[.,](?=\d){_WORD})*"
_NAME = rf"\w+(?:[{_MARKS}]+\w*)*"
_EMOJI = "[\u2190-\u21ff\u2300-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]"
_EMOJI_RUN = rf"{_EMOJI}(?:[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]|\u200d{_EMOJI})*"
_FLAG = "[\U0001f1e6-\U0001f1ff]{2}"
_TAG, _PLAIN = 1, 2


class Token(NamedTuple):
    """A word of a text: folded, as written, where in characters (`end` exclusive), and which word it is.

    `position` counts words from 0. Tokens of one text come in order of `position`; a tag comes before the
    words inside it, the first of which shares its position.
    """

    folded: str
    exact: str
    start: int
    end: int
    position: int


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(
        rf"(?<![\w&{_MARKS}])([@#＠＃]{_NAME})"  # 1: a tag; "&#39;" is none
        rf"|((?<![\w{_MARKS}])[A-Za-z](?:\+\+|[#＃])(?![^\W\d_])"  # 2: C++, C#
        rf"|{_WORD}{_NUMBER_GOES_ON}|[{_SIGNS}][\u3099\u309a]*|{_FLAG}|{_EMOJI_RUN}"
        rf"|[&＆]|(?<=[\w{_MARKS}])\+{{1,2}}(?!{_LETTER})|(?<![\w.{_MARKS}])\.(?=[^\W\d_]))"
    )


def tokens(text: str) -> list[Token]:
    """The tokens of `text`, in order; empty where there is nothing that one could look for."""
    return list(each_token(text))


def each_token(text: str) -> Iterator[Token]:
    """`tokens`, one after the other: a megabyte of signs is a million of them."""
    position = 0
    for match in _pattern().finditer(text):
        if match.lastindex == _PLAIN:
            yield _token(match, position)
            position += 1
        else:
            tagged = list(_tag(match, position))
            yield from tagged
            position = tagged[-1].position + 1


def _token(match: re.Match[str], position: int) -> Token:
    raw = match[0]
    plain = raw.isascii()
    folded = raw.lower() if plain else fold(raw)
    if "," in folded:  # a decimal comma is a decimal point
        folded = folded.replace(",", ".")
    return Token(folded, raw if plain else exact(raw), *match.span(), position)


def _tag(match: re.Match[str], position: int) -> Iterator[Token]:
    """A tag, then the words by which it is found too: all those of a #hashtag, the only one of a @handle."""
    tag = _token(match, position)
    yield tag
    words = [m for m in _pattern().finditer(match.string, tag.start + 1, tag.end) if m.lastindex == _PLAIN]
    if tag.folded[0] == "@" and not (len(words) == 1 and words[0].span() == (tag.start + 1, tag.end)):
        return
    for offset, word in enumerate(words):
        yield _token(word, position + offset)


def is_tag(folded: str) -> bool:
    """Whether a folded token is a @handle or a #hashtag."""
    return folded[0] in "@#"
