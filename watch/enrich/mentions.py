"""Which brands an item names and where, and the words to show for it (pure)."""

from __future__ import annotations

from collections.abc import Sequence

from watch.model import Span

_SNIPPET = 240  # characters; a press-rights extract is 300 at most


def snippet(body: str, spans: Sequence[Span], *, text_from: int = 0, length: int = _SNIPPET) -> str:
    """The stretch of a text round the first span in it, cut at words, with … where something was left out.

    `body` is title, newline, text, and `text_from` where the text begins: the title is shown beside a snippet, so
    the snippet is of the text, unless there is none.
    """
    if body[text_from:].strip():
        spans = [Span(s.start - text_from, s.end - text_from) for s in spans if s.start >= text_from]
        body = body[text_from:]
    if not spans or len(body) <= length:
        return _ends(body, 0, min(len(body), length))
    first = spans[0]
    room = max(0, length - (first.end - first.start)) // 2
    start = max(0, first.start - room)
    end = min(len(body), start + length)
    return _ends(body, max(0, end - length), end)


def _ends(body: str, start: int, end: int) -> str:
    start = _at_word(body, start)
    if end < len(body) and not body[end].isspace():
        end = max(body.rfind(" ", start, end), body.rfind("\n", start, end), start) if " " in body[start:end] else end
    words = " ".join(body[start:end].split())
    return f"{'… ' if start else ''}{words}{' …' if end < len(body.rstrip()) else ''}"


def _at_word(body: str, start: int) -> int:
    """Forward to the next beginning of a word, unless that is far away."""
    if start == 0 or body[start - 1].isspace():
        return start
    space = body.find(" ", start, start + 40)
    return start if space < 0 else space + 1
