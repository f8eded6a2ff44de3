"""A farm of feeds, invented: the same for the same seed, on every machine.

RSS 65 %, Atom 22 %, RDF 8 %, JSON Feed 5 %; 20–150 kB; seven languages, French and English most; 8 % in encodings of
old, declared in the XML or by HTTP alone; 1 % malformed, though every entry can still be read. What feeds do in the
wild they do here: text in `content:encoded` beside a teaser, guids missing, links relative to `xml:base`, dates in
every usual form. `Farm.entries` is the truth that a reader must find; `body(n, step)` is feed `n` after so many steps,
each of which gives one feed in ten one more entry.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from random import Random

import farm_bytes
import farm_formats
import farm_words
from farm_values import Feed, Planted

NEWEST = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
"""No entry is younger."""
_LEGACY, _MALFORMED = 0.08, 0.01


@dataclass(frozen=True)
class Farm:
    """`feeds` feeds, grown from `seed`, on `hosts` addresses of the loopback (one each, unless said)."""

    feeds: int
    seed: int = 7
    hosts: int | None = None

    def url(self, number: int, port: int) -> str:
        """The address of a feed."""
        return f"http://{self.host(number)}:{port}/feeds/{number}"

    def host(self, number: int) -> str:
        """The address that serves a feed: 127.1.0.1, 127.1.0.2 and so on, 250 to a block."""
        place = number % (self.hosts or self.feeds)
        return f"127.1.{place // 250}.{place % 250 + 1}"

    def latency(self, number: int, low: float, high: float) -> float:
        """For how many seconds the server keeps a feed to itself: between `low` and `high`, always the same."""
        return Random(f"{self.seed} latency {number}").uniform(low, high) if high else 0.0

    def grown(self, number: int, step: int) -> int:
        """How many entries the feed has won after `step` steps."""
        return sum(number % 10 == one % 10 for one in range(step))

    def planted(self, step: int = 0, numbers: Sequence[int] | None = None) -> int:
        """The number of entries that whoever polled at every step must have; of `numbers`, or of all feeds."""
        chosen = range(self.feeds) if numbers is None else numbers
        return sum(self._counts[n] + self.grown(n, step) for n in chosen)

    @cached_property
    def _counts(self) -> list[int]:
        return [self.feed(number).count for number in range(self.feeds)]

    def feed(self, number: int) -> Feed:
        """How the feed is written."""
        random = Random(f"{self.seed} feed {number}")
        at, odd = random.random(), random.random()
        form = "rss" if at < 0.65 else "atom" if at < 0.87 else "rdf" if at < 0.95 else "json"
        # JSON Feed is UTF-8 and is never malformed, so the others are a little more often.
        odd = odd * 0.95 if form != "json" else 1.0
        legacy, malformed = odd < _LEGACY, _LEGACY <= odd < _LEGACY + _MALFORMED
        encoding = random.choice(farm_bytes.LEGACY) if legacy else "utf-8"
        flaw = random.choice(farm_bytes.FLAWS) if malformed else None
        lang = farm_words.language(random, farm_words.WESTERN if legacy else tuple(farm_words.WORDS))
        size = random.randint(29_000, 123_000) // (2 if encoding == "utf-16" else 1)
        declared, count, manner = random.random() < 0.5, random.randint(20, 50), random.getrandbits(32)
        return Feed(number, form, "fr" if flaw else lang, encoding, declared, flaw, count, size, manner)

    def entries(self, number: int, step: int = 0) -> list[Planted]:
        """The manifest of one feed, newest first."""
        feed = self.feed(number)
        every = range(feed.count + self.grown(number, step))
        return [self._entry(feed, k) for k in reversed(every)]

    def body(self, number: int, step: int = 0) -> tuple[str, bytes]:
        """(content type, the feed as bytes)."""
        feed = self.feed(number)
        kind, text = farm_formats.write(feed, self.entries(number, step))
        return farm_bytes.written(feed, kind, text)

    def _entry(self, feed: Feed, k: int) -> Planted:
        random = Random(f"{self.seed} entry {feed.number} {k}")
        words = farm_words.WORDS[feed.lang]
        url = f"{feed.site}{feed.number}/{k}-{farm_words.slug(random, words)}"
        url += f"?id={k}&page=2" if random.random() < 0.1 else ""
        style = random.getrandbits(32)
        at = NEWEST - timedelta(minutes=random.randint(0, 50) + 61 * (60 - k))
        return Planted(
            guid=_guid(feed, k, url, random.random()),
            url=url,
            title=farm_words.title(random, words),
            text="\n".join(farm_words.paragraphs(random, feed.lang, max(feed.size // feed.count - 620, 100))),
            at=at if random.random() < 0.98 else None,
            author=random.choice(_AUTHORS),
            tags=tuple(dict.fromkeys(farm_words.tag(random, words) for _ in range(random.randint(0, 3)))),
            image=f"https://img.example/{feed.number}/{k}.jpg" if random.random() < 0.4 else None,
            comments=random.randint(0, 90) if feed.format in ("rss", "atom") and random.random() < 0.3 else None,
            style=style,
        )


_AUTHORS = (None, "Awa Diop", "Loïc Le Goff", "J. O'Neill", "Rédaction", "Zoë Müller")


def _guid(feed: Feed, k: int, url: str, chance: float) -> str:
    if feed.format == "rdf":
        return url  # rdf:about
    if feed.format == "rss" and chance < 0.2:
        return "" if chance < 0.1 else url
    return f"urn:farm:{feed.number}:{k}"
