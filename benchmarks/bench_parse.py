"""Feeds a second on one core, from bytes to entries, against feedparser as it comes.

    python benchmarks/bench_parse.py [DIRECTORY_WITH_THE_SHARED_DATA]

The feeds are the real ones of the shared data, or the farm's where these are absent. All run in this process, in
turns; CPU time, medians. feedparser alone gives HTML: ours goes on to plain
text, absolute links and dates. The ratio is what to read: figures depend on the machine and on who else uses it.
"""

from __future__ import annotations

import io
import statistics
import sys
import tarfile
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import farm
import feedparser

from watch.collect import encoding
from watch.collect.kinds import feed, feed_xml
from watch.errors import ParseError
from watch.model import Page, SourceSpec

BASE = "https://presse.example/flux"
FARMED, ROUNDS, LIMIT = 100, 3, 2_000


def real(shared: Path) -> list[bytes]:
    with tarfile.open(shared / "data" / "feeds" / "real_feeds_dev.tar.gz") as archive:
        streams = [archive.extractfile(member) for member in archive if not member.name.endswith("jsonl")]
        return [stream.read() for stream in streams if stream]


def ours(body: bytes) -> int:
    return len(feed.parse(SourceSpec("Presse", "feed", url=BASE), Page(BASE, 200, body)).entries)


def ours_without_lxml(body: bytes) -> int:
    document = encoding.decode(body)
    return len(feed_xml.read(document, BASE, LIMIT, quick=False).entries)


def usual(body: bytes) -> int:
    return len(feedparser.parse(io.BytesIO(body)).entries[:LIMIT])


def sweep(read: Callable[[bytes], int], bodies: Sequence[bytes]) -> tuple[float, int]:
    """CPU seconds and entries of reading all `bodies`."""
    start, entries = time.process_time(), 0
    for body in bodies:
        try:
            entries += read(body)
        except ParseError:
            continue
    return time.process_time() - start, entries


def main() -> None:
    warnings.simplefilter("ignore", DeprecationWarning)
    grown = farm.Farm(FARMED)
    bodies = real(Path(sys.argv[1])) if len(sys.argv) > 1 else [grown.body(n)[1] for n in range(FARMED)]
    bodies = [body for body in bodies if not body.lstrip().startswith(b"{")]
    readers = {"feedparser": usual, "hune, feedparser alone": ours_without_lxml, "hune": ours}
    runs: dict[str, list[tuple[float, int]]] = {name: [] for name in readers}
    for _ in range(ROUNDS):
        for name, read in readers.items():
            runs[name].append(sweep(read, bodies))
    print(f"{len(bodies)} feeds, {ROUNDS} rounds, {sum(map(len, bodies)) / 1e6:.1f} MB")
    print(f"{'':24} ms a feed  entries  entries/s  ratio")
    for name, found in runs.items():
        seconds = statistics.median(cost for cost, _ in found)
        ratio = statistics.median(slow / cost for (slow, _), (cost, _) in zip(runs["feedparser"], found, strict=True))
        entries = found[0][1]
        print(f"{name:24} {seconds / len(bodies) * 1e3:9.2f} {entries:8} {entries / seconds:10,.0f} {ratio:6.1f}")


if __name__ == "__main__":
    main()
