"""What is kept of the page that a source showed last: enough to know it again without reading it, and its rhythm.

Half of the feeds in the wild have no validators, or break off at their end and must be asked for whole: most of the
time they show what they showed before.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from hashlib import blake2b
from typing import Any

from watch import __version__
from watch.model import Entries, Page, Rests


@dataclass(frozen=True, slots=True)
class Known:
    """A page: its `digest`, its number of `entries`, the `hint` of its rhythm and what it was `fresh` for, in seconds.

    `damaged` says that only a part of it could be read; `rests` when it asks to be left alone.
    """

    digest: str
    entries: int
    hint: float | None = None
    damaged: bool = False
    fresh: float | None = None
    rests: Rests | None = None

    def kept(self) -> dict[str, Any]:
        """As the store keeps it."""
        return asdict(self)


def known(kept: dict[str, Any] | None) -> Known | None:
    """The page that `kept` tells of."""
    if not kept:
        return None
    rests = kept.get("rests")
    return Known(**kept | {"rests": Rests(tuple(rests["hours"]), tuple(rests["days"])) if rests else None})


def of(digest_: str, entries: Entries) -> Known:
    """What to keep of a page that was read."""
    return Known(digest_, len(entries.entries), entries.poll_hint, entries.damaged, rests=entries.rests)


def digest(page: Page) -> str:
    """A hash of all that reading depends on: body, type, address, and who reads."""
    head = f"{__version__}\0{page.url}\0{page.content_type}\0{page.link}\0"
    return blake2b(head.encode("utf-8", "replace") + page.body, digest_size=16).hexdigest()
