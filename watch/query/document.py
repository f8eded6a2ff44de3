"""What a query is asked of: a document, and the same with its tokens at hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from watch.query.pattern import same_host
from watch.query.table import TokenTable
from watch.query.tokens import Token, tokens

# So many positions lie between title and text that no phrase and no NEAR reaches across.
_GAP = 1_000


@dataclass(frozen=True, slots=True)
class Document:
    """A text with what the fields of a query ask about.

    `site` is a host ("www.lemonde.fr"), `lang` a language tag ("fr", "fr-CA"), `source` the name of the source.
    """

    text: str
    title: str = ""
    author: str | None = None
    site: str | None = None
    lang: str | None = None
    source: str | None = None
    tags: tuple[str, ...] = ()

    @property
    def body(self) -> str:
        """Title, newline, text; the text alone if there is no title. Spans count its characters."""
        return f"{self.title}\n{self.text}" if self.title else self.text


def site_of(url: str | None) -> str | None:
    """The host of an address, as `site` wants it; None where there is none that can be read."""
    try:
        return urlsplit(url).hostname if url else None
    except ValueError:
        return None


class Prepared:
    """A document cut into tokens once, for any number of matchers. Made by `prepare`."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.title_end = len(document.title)
        self._fields: dict[str, tuple[TokenTable, ...]] = {}

    @cached_property
    def body(self) -> TokenTable:
        """The tokens of title and text, positions apart, characters counted as in `Document.body`."""
        title = tokens(self.document.title)
        if not self.document.title:
            return TokenTable(tokens(self.document.text))
        position = title[-1].position + _GAP if title else 0
        moved = _moved(tokens(self.document.text), self.title_end + 1, position)
        return TokenTable([*title, *moved])

    def field(self, name: str) -> tuple[TokenTable, ...]:
        """The values of the field author, lang, source or tag, one table each."""
        if name not in self._fields:
            self._fields[name] = tuple(TokenTable(tokens(value)) for value in self._values(name))
        return self._fields[name]

    def _values(self, name: str) -> tuple[str, ...]:
        document = self.document
        if name == "tag":
            return document.tags
        value = {"author": document.author, "lang": document.lang, "source": document.source}[name]
        return (value,) if value else ()

    @cached_property
    def hosts(self) -> tuple[str, ...]:
        """The site and the domains that it belongs to: blog.lemonde.fr, lemonde.fr, fr."""
        labels = same_host(self.document.site or "").split(".")
        return tuple(".".join(labels[i:]) for i in range(len(labels)))


def prepare(document: Document) -> Prepared:
    """`document`, with its tokens at hand."""
    return Prepared(document)


def _moved(found: list[Token], characters: int, positions: int) -> Iterator[Token]:
    for folded, exact, start, end, position in found:
        yield Token(folded, exact, start + characters, end + characters, position + positions)
