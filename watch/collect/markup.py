"""HTML before it is parsed: what is not content goes, in time linear in the text. Pure."""

from __future__ import annotations

import re

_SILENT = re.compile(r"<!--|<(script|style|template|noscript|svg)(?=[\s>])", re.IGNORECASE)


def without_scripts(html: str) -> str:
    """`html` without comments, scripts, styles, templates and drawings; one that does not end takes the rest along.

    Quick and not exact, which is enough to look for links: a page is never shown.
    """
    lower = html.lower()
    # A letter such as İ grows when lowered: the positions would no longer agree.
    lower = lower if len(lower) == len(html) else html
    kept: list[str] = []
    at = 0
    while found := _SILENT.search(html, at):
        kept.append(html[at : found.start()])
        end = f"</{found[1].lower()}" if found[1] else "-->"
        stop = lower.find(end, found.end())
        if stop < 0:
            return "".join(kept)
        at = stop + len(end) if end == "-->" else html.find(">", stop) + 1 or len(html)
    return "".join([*kept, html[at:]])
