"""A feed of a hundred thousand entries to its newest, before the parser spends time on the others. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from watch.collect import dates

_ENTRY = re.compile(r"<(item|entry)(?=[\s>])")
_DATE = re.compile(r"<(?:pubDate|published|updated|dc:date|modified|issued)>\s*([^<]{8,64})<")
_NEVER = datetime(1, 1, 1, tzinfo=UTC)


def newest(document: str, limit: int) -> str:
    """`document` (XML) with at most `limit` entries: the newest, in their order; undated ones come last."""
    if document.count("<item") + document.count("<entry") <= limit:
        return document
    starts = [found.start() for found in _ENTRY.finditer(document)]
    if len(starts) <= limit:
        return document
    end = _end_of_last(document, starts[-1])
    slices = [document[a:b] for a, b in zip(starts, [*starts[1:], end], strict=True)]
    order = sorted(range(len(slices)), key=lambda n: _date(slices[n]), reverse=True)
    kept = sorted(order[:limit])
    return document[: starts[0]] + "".join(slices[n] for n in kept) + document[end:]


def _end_of_last(document: str, start: int) -> int:
    ends = [document.rfind(tag, start) + len(tag) for tag in ("</item>", "</entry>") if document.rfind(tag, start) > 0]
    return max(ends, default=len(document))


def _date(entry: str) -> datetime:
    found = _DATE.search(entry)
    return (dates.parse(found[1]) if found else None) or _NEVER
