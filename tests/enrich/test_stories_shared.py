"""Near-duplicates of the labelled data: the figures of docs/labels.md hold."""

from __future__ import annotations

import gzip
import json
import random
from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations

import pytest
from shared_data import SHARED

from watch.enrich.stories import Stories, fingerprint


def pairs(groups: Iterable[list[str]]) -> set[tuple[str, str]]:
    return {pair for ids in groups for pair in combinations(sorted(ids), 2)}


@pytest.mark.shared
@pytest.mark.parametrize(("lang", "floor", "shuffled"), [("en", 0.955, 0.945), ("fr", 0.99, 0.985)])
def test_near_duplicates_are_told_as_one_story(lang: str, floor: float, shuffled: float) -> None:
    assert SHARED is not None
    lines = gzip.decompress((SHARED / "data/clusters/dev.jsonl.gz").read_bytes()).splitlines()
    rows = [row for row in map(json.loads, lines) if row["lang"] == lang and row["label"].startswith("nd-")]
    assert f1(rows) >= floor
    assert f1(random.Random(1).sample(rows, len(rows))) >= shuffled


def f1(rows: list[dict[str, str]]) -> float:
    stories = Stories()
    ours, theirs = defaultdict[int, list[str]](list), defaultdict[str, list[str]](list)
    for number, row in enumerate(rows):
        words = fingerprint(row["text"])
        story = stories.find(words)
        if story is None or stories.is_longer(words, story):
            story = number if story is None else story
            stories.add(story, words)
        ours[story].append(row["id"])
        theirs[row["label"]].append(row["id"])
    said, true = pairs(ours.values()), pairs(theirs.values())
    return 2 * len(said & true) / (len(said) + len(true))
