"""The farm that sweeps are measured on: what is planted is what a correct reader finds, entry by entry."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from watch.collect import reading
from watch.model import Entries, Page, SourceSpec

BASE = "http://127.0.0.1/feeds/1"
BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"


@pytest.fixture(scope="module")
def farm() -> Iterator[Any]:
    sys.path.append(str(BENCHMARKS))
    import farm  # type: ignore[import-not-found]  # benchmarks are scripts, not a package

    yield farm.Farm(10_000)
    sys.path.remove(str(BENCHMARKS))


@pytest.fixture(scope="module")
def numbers(farm: Any) -> list[int]:
    """Two hundred feeds: as they come, and more of those in old encodings and of the malformed."""
    feeds = [farm.feed(number) for number in range(4_000)]
    malformed = [feed.number for feed in feeds if feed.flaw]
    legacy = [feed.number for feed in feeds if feed.encoding != "utf-8"][20:60]
    return list(dict.fromkeys([*malformed[:40], *legacy, *range(160)]))[:200]


@pytest.fixture(scope="module")
def found(farm: Any, numbers: list[int]) -> dict[int, Entries]:
    """What our reader makes of them."""
    return {number: read(*farm.body(number)) for number in numbers}


def read(kind: str, body: bytes) -> Entries:
    entries = reading.read(SourceSpec("Farm", "feed", url=BASE), Page(BASE, 200, body, content_type=kind))
    assert isinstance(entries, Entries), entries
    return entries


def test_our_reader_finds_what_was_planted_entry_by_entry(farm: Any, found: dict[int, Entries]) -> None:
    for number, entries in found.items():
        planted = [(one.guid, one.url, one.title, one.at, one.author, one.tags) for one in farm.entries(number)]
        read_ = [(e.guid, e.url, e.title, e.published, e.author, e.tags) for e in entries.entries]
        assert read_ == planted, farm.feed(number)


def test_our_reader_finds_every_word_that_was_planted(farm: Any, found: dict[int, Entries]) -> None:
    for number, entries in found.items():
        planted = [one.text.split() for one in farm.entries(number)]
        assert [entry.text.split() for entry in entries.entries] == planted, farm.feed(number)


def test_our_reader_finds_pictures_and_counts_of_comments(farm: Any, found: dict[int, Entries]) -> None:
    for number, entries in found.items():
        # RDF has no element for a picture.
        planted = [(one.image, one.comments) for one in farm.entries(number) if farm.feed(number).format != "rdf"]
        assert [(e.image, e.engagement) for e in entries.entries][: len(planted)] == planted, farm.feed(number)


def test_it_is_as_mixed_as_it_says(farm: Any) -> None:
    feeds = [farm.feed(number) for number in range(4_000)]
    for form, share in {"rss": 0.65, "atom": 0.22, "rdf": 0.08, "json": 0.05}.items():
        assert sum(feed.format == form for feed in feeds) / 4_000 == pytest.approx(share, abs=0.02)
    assert sum(feed.encoding != "utf-8" for feed in feeds) / 4_000 == pytest.approx(0.08, abs=0.01)
    assert sum(feed.flaw is not None for feed in feeds) / 4_000 == pytest.approx(0.01, abs=0.003)
    assert {feed.encoding for feed in feeds} == {"utf-8", "utf-16", "iso-8859-1", "iso-8859-15", "windows-1252"}
    assert len({feed.lang for feed in feeds}) == 7


def test_a_feed_has_20_to_150_kilobytes(farm: Any) -> None:
    sizes = [len(farm.body(number)[1]) for number in range(200)]
    assert min(sizes) >= 20_000
    assert max(sizes) <= 150_000
    assert sum(sizes) / 200 == pytest.approx(75_000, abs=10_000)


def test_a_step_gives_one_feed_in_ten_one_more_entry(farm: Any) -> None:
    assert farm.planted(1) - farm.planted(0) == 1_000
    assert farm.entries(0, 1)[1:] == farm.entries(0, 0)
    assert farm.body(1, 1) == farm.body(1, 0)


def test_each_feed_has_a_host_of_its_own_unless_they_share(farm: Any) -> None:
    assert len({farm.host(number) for number in range(10_000)}) == 10_000
    shared = type(farm)(10_000, hosts=1_000)
    assert len({shared.host(number) for number in range(10_000)}) == 1_000


def test_the_same_seed_grows_the_same_farm(farm: Any) -> None:
    packed = gzip.compress(farm.body(3)[1], mtime=0)
    assert packed == gzip.compress(type(farm)(10).body(3)[1], mtime=0)
    assert farm.body(3) != type(farm)(10, seed=8).body(3)
