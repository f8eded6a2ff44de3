"""A farm of feeds, invented: the same for the same seed, on every machine.

RSS 65 %, Atom 22 %, RDF 8 %, JSON Feed 5 %; 20–150 kB; French and English; one address of the loopback a feed, until
they are used up. `body(n, step)` is the feed `n` after so many steps; a step gives one feed in ten one more entry.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from random import Random

NEWEST = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
"""No entry is younger."""
_FIRST, _LAST = (0, 2), (3, 250)
_FRENCH = """
la rivière monte lentement sur les quais, où l'hiver ramène des péniches grises et des voix inquiètes ; une usine ferme,
un marché ouvre, le maire répond enfin aux habitants déçus par le nouveau tramway orange pendant que Velours Bleu lance
à Brest une crème très attendue, moins chère, jugée décevante par beaucoup
"""
_ENGLISH = """
the harbour wakes under a pale sky while crews repaint the old ferry and children count slow gulls; a bakery wins
another prize, a lender cuts its fees, the council hears angry drivers about closed bridges and Northlamp ships a
brighter bulb that reviewers call excellent, cheap, sturdy, surprisingly quiet at night
"""


@dataclass(frozen=True, slots=True)
class Planted:
    """One entry, as it was planted."""

    guid: str
    url: str
    title: str
    html: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Farm:
    """`feeds` feeds, grown from `seed`."""

    feeds: int
    seed: int = 7

    def hosts(self) -> list[str]:
        """The addresses that serve, 127.0.0.2 to 127.0.3.250."""
        every = [f"127.0.{a}.{b}" for a in range(_FIRST[0], _LAST[0] + 1) for b in range(2, _LAST[1] + 1)]
        return every[: self.feeds]

    def url(self, number: int, port: int) -> str:
        """The address of a feed."""
        hosts = self.hosts()
        return f"http://{hosts[number % len(hosts)]}:{port}/feeds/{number}"

    def format(self, number: int) -> str:
        """`rss`, `atom`, `rdf` or `json`."""
        at = Random(f"{self.seed} format {number}").random()
        return "rss" if at < 0.65 else "atom" if at < 0.87 else "rdf" if at < 0.95 else "json"

    def grown(self, number: int, step: int) -> int:
        """How many entries the feed has won after `step` steps."""
        return sum(number % 10 == one % 10 for one in range(step))

    def planted(self, step: int = 0, numbers: Sequence[int] | None = None) -> int:
        """The number of entries that whoever polled at every step must have; of `numbers`, or of all feeds."""
        return sum(self._count(n) + self.grown(n, step) for n in (range(self.feeds) if numbers is None else numbers))

    def entries(self, number: int, step: int = 0) -> list[Planted]:
        """The manifest of one feed, newest first."""
        random = Random(f"{self.seed} feed {number}")
        words = (_FRENCH if random.random() < 0.6 else _ENGLISH).split()
        grown, count = self.grown(number, step), self._count(number)
        size = random.randint(18_000, 140_000) // count
        old = [_entry(number, k, random, words, size) for k in range(count)]
        return list(reversed(old + [_entry(number, count + k, random, words, size) for k in range(grown)]))

    def _count(self, number: int) -> int:
        return Random(f"{self.seed} count {number}").randint(20, 50)

    def body(self, number: int, step: int = 0) -> tuple[str, bytes]:
        """(content type, the feed as bytes)."""
        write = {"rss": _rss, "atom": _atom, "rdf": _rdf, "json": _json}[self.format(number)]
        kind, pieces = write(number, self.entries(number, step))
        return kind, "".join(pieces).encode()


def _entry(number: int, k: int, random: Random, words: Sequence[str], size: int) -> Planted:
    url = f"https://site{number}.example/{number}/{k}-{random.choice(words).strip(',;')}"
    title = " ".join(random.choices(words, k=8)).capitalize()
    html: list[str] = []
    left = max(size - 400, 100)
    while left > 0:
        sentence = " ".join(random.choices(words, k=min(60, left // 6 + 1)))
        html.append(f'<p class="chapo">{sentence}. <a href="{url}#{len(html)}">{random.choice(words)}</a></p>\n')
        left -= len(html[-1]) + 30
    at = NEWEST - timedelta(minutes=random.randint(0, 50) + 61 * (60 - k))
    return Planted(f"urn:farm:{number}:{k}", url, title, "".join(html), at)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


Written = tuple[str, Iterator[str]]


def _rss(number: int, entries: Sequence[Planted]) -> Written:
    def pieces() -> Iterator[str]:
        yield '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>'
        yield f"<title>Feed {number}</title><link>https://site{number}.example/</link><description>x</description>\n"
        for one in entries:
            yield f'<item><title>{_escaped(one.title)}</title><link>{one.url}</link><guid isPermaLink="false">'
            yield f"{one.guid}</guid><pubDate>{format_datetime(one.at)}</pubDate><description>{_escaped(one.html)}"
            yield "</description></item>\n"
        yield "</channel></rss>\n"

    return "application/rss+xml; charset=utf-8", pieces()


def _atom(number: int, entries: Sequence[Planted]) -> Written:
    def pieces() -> Iterator[str]:
        yield '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        yield f"<title>Feed {number}</title><id>urn:farm:{number}</id><updated>{NEWEST.isoformat()}</updated>\n"
        for one in entries:
            yield f'<entry><title>{_escaped(one.title)}</title><link href="{one.url}"/><id>{one.guid}</id><updated>'
            yield f'{one.at.isoformat()}</updated><content type="html">{_escaped(one.html)}</content></entry>\n'
        yield "</feed>\n"

    return "application/atom+xml; charset=utf-8", pieces()


def _rdf(number: int, entries: Sequence[Planted]) -> Written:
    def pieces() -> Iterator[str]:
        yield '<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF xmlns="http://purl.org/rss/1.0/"'
        yield ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        yield f'<channel rdf:about="https://site{number}.example/"><title>Feed {number}</title></channel>\n'
        for one in entries:
            yield f'<item rdf:about="{one.url}"><title>{_escaped(one.title)}</title><link>{one.url}</link>'
            yield f"<dc:date>{one.at.isoformat()}</dc:date><description>{_escaped(one.html)}</description></item>\n"
        yield "</rdf:RDF>\n"

    return "application/rdf+xml; charset=utf-8", pieces()


def _json(number: int, entries: Sequence[Planted]) -> Written:
    items = [
        {"id": e.guid, "url": e.url, "title": e.title, "content_html": e.html, "date_published": e.at.isoformat()}
        for e in entries
    ]
    head = {"version": "https://jsonfeed.org/version/1.1", "title": f"Feed {number}", "items": items}
    return "application/feed+json", iter([json.dumps(head, ensure_ascii=False)])
