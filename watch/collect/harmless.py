"""The text of HTML that is made of a few harmless tags only: what nearly all feeds send. Pure.

The text of such a fragment is what stands between its tags, in its order, whatever closes what: so no tree is built.
All that a browser would not show, or would show elsewhere (scripts, tables, comments), is left to the parser, as are
capitals and odd quotes.
"""

from __future__ import annotations

import re

_BREAK = "\u2029"
_BLOCKS = (
    "address article aside blockquote br dd details div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li"
    " main nav ol p pre section summary ul"
)
_INLINE = (
    "a abbr acronym b big center cite code del dfn em font i img ins kbd mark q s samp small span strike strong sub sup"
    " time tt u var wbr"
)
# What stands in for a tag, end tags and the usual `<br />` included.
_MARKS = {
    f"{before}{name}{after}": mark
    for listed, mark in ((_BLOCKS, _BREAK), (_INLINE, ""))
    for name in listed.split()
    for before, after in (("", ""), ("/", ""), ("", "/"), ("", " /"))
}
# Their text is not read by a person, and holds no tag but their end.
_RAW = frozenset({"script", "style", "iframe"})
# Attributes: values in double quotes, in single ones, or bare, each after a name.
_VALUE = r"""(?<=[\w:-])=(?:"[^"]*"|'[^']*'|[^ \n>"'=`]+(?=[ \n>]))"""
_TAG = re.compile(rf"""(/?[a-z][a-z0-9]*)(?:[ \n][^>"'=]*(?:{_VALUE}[^>"'=]*)*)?/?>""")
_COMMENT = re.compile(r"!--(?!-?>)(?:[^-]|-(?!-))*-->")
_REFERENCE = re.compile(r"&#?\w{1,32};")
_KNOWN_REFERENCES = 2_000
_KNOWN_TAGS, _SHORT = 4_000, 60


class _References(dict[str, str]):
    """What HTML's references stand for, as the parser reads them."""

    def __missing__(self, reference: str) -> str:
        from selectolax.lexbor import LexborHTMLParser

        body = LexborHTMLParser(f"<body>.{reference}").body
        text = body.text(deep=True)[1:] if body is not None else reference
        if len(self) < _KNOWN_REFERENCES:
            self[reference] = text
        return text


_references = _References()


_known = dict(_MARKS)


def between_tags(html: str) -> str | None:
    """The text of `html` with U+2029 where a block begins or ends; None for what needs a parser."""
    begin, *pieces = html.split("<")
    texts, within = [begin], ""
    for piece in pieces:
        tag, end, text = piece.partition(">")
        mark = _known.get(tag) if end else None
        if mark is None or within:
            mark, text, within = _odd(piece, within)
            if mark is None:
                return None
        texts += (mark, text)
    text = "".join(texts)
    if within or "\x00" in text:
        return None
    return references_read(text)


def references_read(text: str) -> str:
    """`text` with its HTML references, those with a semicolon, turned to what the parser reads in them."""
    return _REFERENCE.sub(lambda found: _references[found[0]], text) if "&" in text else text


def _odd(piece: str, within: str) -> tuple[str | None, str, str]:
    """What stands for a tag with attributes, a comment, or raw text, `within` which we are; the text after it."""
    tag = _TAG.match(piece) or _COMMENT.match(piece)
    name = tag[1] if tag and tag.re is _TAG else ""
    if tag is None or (within and name != f"/{within}"):
        return None, "", ""
    if name in _RAW:
        return "", "", name
    mark = "" if within or not name else _MARKS.get(name)
    if not within and name and mark is not None and tag.end() <= _SHORT:
        _remember(piece, tag.end(), mark)
    return mark, piece[tag.end() :], ""


def _remember(piece: str, end: int, mark: str) -> None:
    # Texts repeat their tags; one with ">" in a value is not met as such.
    if len(_known) >= _KNOWN_TAGS:
        _known.clear()
        _known.update(_MARKS)
    _known[piece[: end - 1]] = mark
