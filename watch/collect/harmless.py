"""The text of HTML that is made of a few harmless tags only: what nearly all feeds send. Pure.

The text of such a fragment is what stands between its tags, in its order, whatever closes what: so no tree is built.
All that a browser would not show, or would show elsewhere (scripts, tables, comments), is left to the parser, as are
capitals and odd quotes.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

# Written as a tree of letters, which `re` goes through quicker than a list of words: address, article, aside …
_BLOCKS = (
    "a(?:ddress|rticle|side)|b(?:lockquote|r)|d(?:d|etails|iv|l|t)|f(?:ig(?:caption|ure)|ooter)|h(?:[1-6r]|eader)|li"
    "|main|nav|ol|p(?:re)?|s(?:ection|ummary)|ul"
)
_INLINE = (
    "a(?:bbr|cronym)?|b(?:ig)?|c(?:ite|ode)|d(?:el|fn)|em|font|i(?:mg|ns)?|kbd|mark|q"
    "|s(?:amp|mall|pan|tr(?:ike|ong)|u[bp])?|t(?:ime|t)|u|var|wbr"
)
# Values in double quotes, in single ones, or bare, each after a name. No U+2029: blocks are replaced by it first.
_VALUE = r"""(?<=[\w:-])=(?:"[^"<\u2029]*"|'[^'<\u2029]*'|[^ \n<>"'=`\u2029]+(?=[ \n>]))"""
_ATTRIBUTES = rf"""(?:[ \n][^<>"'=\u2029]*(?:{_VALUE}[^<>"'=\u2029]*)*)?"""
_BLOCK = re.compile(f"</?(?:{_BLOCKS}){_ATTRIBUTES}/?>")
_INLINE_TAG = re.compile(f"</?(?:{_INLINE}){_ATTRIBUTES}/?>")
_REFERENCE = re.compile(r"&#?\w{1,32};")
_BREAK = "\u2029"
_KNOWN_REFERENCES = 2_000


class _References(dict[str, str]):
    """What HTML's references stand for, as the parser reads them."""

    def __missing__(self, reference: str) -> str:
        body = LexborHTMLParser(f"<body>.{reference}").body
        text = body.text(deep=True)[1:] if body is not None else reference
        if len(self) < _KNOWN_REFERENCES:
            self[reference] = text
        return text


_references = _References()


def between_tags(html: str) -> str | None:
    """The text of `html` with U+2029 where a block begins or ends; None for what needs a parser."""
    text, blocks = _BLOCK.subn(_BREAK, html)
    text, inline = _INLINE_TAG.subn("", text)
    if blocks + inline != html.count("<") or "\x00" in text:
        return None
    return _REFERENCE.sub(lambda found: _references[found[0]], text) if "&" in text else text
