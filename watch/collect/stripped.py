"""The text of HTML that is too much for a tree: tags are left out one by one, in linear time. Pure.

A parser builds what browsers build, and browsers are quadratic in places (options of a select, text fostered out of a
table, attributes, nesting). Nobody reads such HTML, but its neighbours in the feed are to be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from watch.collect.harmless import references_read

_BREAK = "\u2029"
_BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "br", "caption", "dd", "details", "dialog", "div", "dl", "dt",
        "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li",
        "main", "nav", "ol", "p", "pre", "section", "summary", "table", "td", "th", "title", "tr", "ul",
    }
)  # fmt: skip
# Up to their end tag, what is in them is no markup.
_RAW = frozenset({"iframe", "script", "style", "textarea"})
_SILENT = frozenset({"button", "head", "math", "noscript", "object", "select", "svg", "template"})
# No alternative can fail once begun, to the end of the text if need be: nothing is read twice.
_TOKEN = re.compile(
    r"<(?:!--(?:-?>|.*?(?:--!?>|\Z))|[!?][^>]*(?:>|\Z)"
    r"|(/?)([a-zA-Z][^\s/>]*)(?:[^>=]+|=\s*(?:\"[^\"]*(?:\"|\Z)|'[^']*(?:'|\Z))?)*(?:>|\Z)|/[^a-zA-Z][^>]*(?:>|\Z))",
    re.DOTALL,
)


def strip(html: str) -> str:
    """The text of `html` with U+2029 where a block begins or ends."""
    text = "".join(_pieces(html.replace("\x00", ""), _Ends(html)))
    return references_read(text)


class _Ends:
    """Where in a text the last end tag of each name stands: -1 for none."""

    def __init__(self, html: str) -> None:
        self._html = html.lower().replace("\x00", "")
        self._last: dict[str, int] = {}

    def next(self, name: str, at: int) -> int:
        """The place of the first end tag of `name` from `at` on, -1 for none; quick when there is none."""
        if name not in self._last:
            self._last[name] = self._html.rfind(f"</{name}")
        return self._html.find(f"</{name}", at) if self._last[name] >= at else -1


def _pieces(html: str, ends: _Ends) -> Iterator[str]:
    at = 0
    while (token := _TOKEN.search(html, at)) is not None:
        yield html[at : token.start()]
        name, at = (token[2] or "").lower(), token.end()
        if name in _BLOCKS:
            yield _BREAK
        elif not token[1] and (name in _RAW or name in _SILENT) and not token[0].endswith("/>"):
            end = ends.next(name, at)
            # An end that is missing: scripts go on to the last character, a button does not.
            at = end if end >= 0 else len(html) if name in _RAW else at
    yield html[at:]
