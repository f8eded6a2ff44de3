"""Near-duplicates: which texts `Stories` puts together, against groups that are known. Pair precision, recall, F1.

    python benchmarks/bench_stories.py DIR

DIR holds `clusters/dev.jsonl.gz` (or is that folder); of it, the groups made of one article each
(`neardup_synthetic`, labels `nd-…`). The texts go in one after the other as the pipeline feeds them, in the order of
the file (the original first) and in five shuffled orders, since nothing says that an original is read before copies.
"""

from __future__ import annotations

import gzip
import json
import random
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

from watch.enrich.stories import Stories, fingerprint

ORDERS = 5
Row = dict[str, str]


def rows_of(folder: Path) -> list[Row]:
    """The rows whose groups are certain."""
    place = folder / "clusters" if (folder / "clusters").is_dir() else folder
    lines = gzip.decompress((place / "dev.jsonl.gz").read_bytes()).splitlines()
    rows: list[Row] = [json.loads(line) for line in lines]
    return [row for row in rows if row["source"] == "neardup_synthetic" and row["label"].startswith("nd-")]


def told(rows: Sequence[Row]) -> dict[str, int]:
    """Row id → its story, as `watch.enrich.write` finds it."""
    stories, found = Stories(), dict[str, int]()
    for number, row in enumerate(rows):
        mark = fingerprint(row["text"])
        story = stories.find(mark)
        if story is None or stories.is_longer(mark, story):
            story = number if story is None else story
            stories.add(story, mark)
        found[row["id"]] = story
    return found


def pairs(groups: dict[str, list[str]]) -> set[tuple[str, str]]:
    """Every two ids that share a group."""
    return {pair for ids in groups.values() for pair in combinations(sorted(ids), 2)}


def scores(rows: Sequence[Row], found: dict[str, int]) -> tuple[float, float, float]:
    """Pair precision, recall and F1 of stories against labels."""
    ours, theirs = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    for row in rows:
        ours[str(found[row["id"]])].append(row["id"])
        theirs[row["label"]].append(row["id"])
    said, true = pairs(ours), pairs(theirs)
    both = len(said & true)
    return both / max(len(said), 1), both / max(len(true), 1), 2 * both / max(len(said) + len(true), 1)


def lost(rows: Sequence[Row], found: dict[str, int]) -> Counter[str]:
    """Variants of the pairs that were told apart."""
    variant = {row["id"]: row["variant"] for row in rows}
    theirs = defaultdict[str, list[str]](list)
    for row in rows:
        theirs[row["label"]].append(row["id"])
    apart = (pair for pair in pairs(theirs) if found[pair[0]] != found[pair[1]])
    return Counter("-".join(sorted(variant[one] for one in pair)) for pair in apart)


def main(folder: Path) -> None:
    rows = rows_of(folder)
    orders = [rows, *(random.Random(seed).sample(rows, len(rows)) for seed in range(ORDERS))]
    start = time.process_time()
    found = [told(order) for order in orders]
    seconds = time.process_time() - start
    print(f"{len(rows)} texts, {len(rows) * len(orders) / seconds:,.0f} a second of CPU")
    for language in sorted({row["lang"] for row in rows}):
        some = [row for row in rows if row["lang"] == language]
        for name, runs in (("in order", found[:1]), ("shuffled", found[1:])):
            figures = [statistics.mean(column) for column in zip(*(scores(some, one) for one in runs), strict=True)]
            print(f"{language} {name}: precision {figures[0]:.3f}  recall {figures[1]:.3f}  F1 {figures[2]:.3f}")
        print(f"{language} lost in order: {dict(lost(some, found[0]).most_common())}")


if __name__ == "__main__":
    if len(sys.argv) == 2:
        main(Path(sys.argv[1]))
    else:
        print("bench_stories: name the folder of labelled data")
