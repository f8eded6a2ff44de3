"""Sources that people add: one by one, or as a list; what is known already or may not be is said, not done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any, Literal
from urllib.parse import urlsplit

from sqlmodel import Session

from watch.collect import text as texts
from watch.collect.identity import key_of_url
from watch.collect.links import canonical_url
from watch.collect.opml import Outline
from watch.errors import FetchError, Refused
from watch.net import Gate, vet
from watch.store import subscribed
from watch.store.due import asked_address
from watch.store.tables import Source

_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """A source that somebody wants: `name` None takes one from `title` or the host; `every` is in seconds."""

    url: str
    every: int
    name: str | None = None
    title: str = ""
    kind: str = "feed"
    tags: tuple[str, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one wanted source; `name` is that of the source it is now, or was before."""

    outcome: Literal["added", "known", "refused"]
    url: str
    name: str | None = None
    reason: str | None = None


class Shelf:
    """The sources of a store, and the door to it. Made for one transaction."""

    def __init__(self, session: Session, gate: Gate, *, now: datetime, own: str | None = None) -> None:
        """`own` is the public address of this Hune, which is not read: it would hear itself (bar H29)."""
        self._session = session
        self._gate = gate
        self._now = now
        self._own = (urlsplit(own).hostname or "").lower() if own else None
        rows = subscribed.everything(session)
        self._names = {row.name for row in rows}
        self._by_key = {_key(url): row for row in reversed(rows) for url in (row.url, asked_address(row)) if url}

    def check(self, url: str, name: str | None = None) -> str:
        """`url` as it would be asked for. Raises FetchError or Refused where `add` could not add it."""
        address = vet(self._gate, url)
        if self._own and urlsplit(address).hostname == self._own:
            raise Refused(f"{self._own} is this Hune itself: it would hear its own echo")
        known = self._by_key.get(_key(address))
        if known and known.active:
            raise Refused(f"{url} is read already, as {known.name!r}")
        if name is not None and name != texts.title_to_text(name)[:_LONGEST_NAME]:
            raise Refused(f"a name is one line of at most {_LONGEST_NAME} plain characters")
        if name is not None and name in self._names and not (known and known.name == name):
            raise Refused(f"there is or was another source {name!r}; give this one another name")
        return address

    def add(self, wanted: Wanted) -> Source:
        """Make it a source, due at once. Raises FetchError or Refused."""
        address = self.check(wanted.url, wanted.name)
        former = self._by_key.get(_key(address))
        name = wanted.name or (former.name if former else self._free_name(wanted.title, address))
        values = {
            "name": name,
            "kind": wanted.kind,
            "url": address,
            "tags": list(wanted.tags),
            "options": wanted.options,
            "every": wanted.every,
        }
        source = subscribed.add(self._session, values, now=self._now, former=former)
        self._names.add(name)
        self._by_key[_key(address)] = source
        return source

    def add_all(self, outlines: Iterable[Outline], *, every: int) -> Iterable[tuple[Outline, Verdict]]:
        """Add the feeds of a list, with what became of each line. A feed in two folders gets the tags of both."""
        added: dict[str, Source] = {}
        for one in outlines:
            verdict = self._verdict(one, every, added)
            yield one, verdict

    def _verdict(self, one: Outline, every: int, added: dict[str, Source]) -> Verdict:
        if one.problem:
            return Verdict("refused", one.url, reason=one.problem)
        twin = self._by_key.get(_key(one.url))
        if twin and twin.active:
            if twin.name in added:
                twin.tags = list(dict.fromkeys([*twin.tags, *one.tags]))
            return Verdict("known", one.url, twin.name)
        try:
            source = self.add(Wanted(one.url, every, title=one.title, tags=one.tags))
        except (FetchError, Refused) as error:
            return Verdict("refused", one.url, reason=str(error))
        added[source.name] = source
        return Verdict("added", source.url or one.url, source.name)

    def _free_name(self, title: str, address: str) -> str:
        host = urlsplit(address).hostname or address
        base = texts.title_to_text(title)[: _LONGEST_NAME - 60] or host
        names = chain((base, f"{base} ({host})"[:_LONGEST_NAME]), (f"{base} ({n})" for n in range(2, 1_000)))
        free = next((name for name in names if name not in self._names), None)
        if free is None:
            raise Refused(f"a thousand sources are called {base!r}")
        return free


def _key(url: str) -> str:
    return key_of_url(canonical_url(url) or url)
