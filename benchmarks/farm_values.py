"""What the farm is made of: feeds, and the entries planted in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Planted:
    """One entry, as a correct reader finds it: `guid` is empty where the feed gives none, `at` None without a date.

    `text` is plain, a paragraph a line. `style` is a number from which its writer draws how to put all this.
    """

    guid: str
    url: str
    title: str
    text: str
    at: datetime | None
    author: str | None
    tags: tuple[str, ...]
    image: str | None
    comments: int | None
    style: int


@dataclass(frozen=True, slots=True)
class Feed:
    """How one feed is written.

    `encoding` is its label, `declared` whether the XML says it (else HTTP alone does); `flaw` one of
    `farm_bytes.FLAWS` or None; `size` in bytes as UTF-8, about; `manner` a number from which its writer draws.
    """

    number: int
    format: str
    lang: str
    encoding: str
    declared: bool
    flaw: str | None
    count: int
    size: int
    manner: int

    @property
    def site(self) -> str:
        """The address of the site it belongs to."""
        return f"https://site{self.number}.example/"
