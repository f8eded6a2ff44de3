"""What a kind of source is: how to ask for it, and how to read what comes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from watch.model import Entries, Page, Request, SourceSpec


class Collector(Protocol):
    """A kind of source. Both functions are pure: no network, no clock, no store."""

    KEYS: dict[str, str]
    """The keys of `sources.toml` that this kind takes besides the common ones → what they mean."""

    def request(self, source: SourceSpec) -> Request:
        """What to ask. Raises HuneError when the source lacks what its kind needs."""
        ...

    def parse(self, source: SourceSpec, page: Page) -> Entries:
        """What stands on the page. Raises ParseError."""
        ...


def kinds() -> dict[str, Collector]:
    """Every kind by its name in `sources.toml`; a new one is a module in `kinds/` and a line here."""
    from watch.collect.kinds import feed, page

    return {"feed": feed, "page": page}


def reader(kind: str) -> Callable[[SourceSpec, Page], Entries]:
    """What reads a page for `kind`: that of a source, or `article` for the page behind an entry."""
    from watch.collect import article

    return article.parse if kind == article.KIND else kinds()[kind].parse
