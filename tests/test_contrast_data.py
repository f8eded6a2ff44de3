"""The contrast sets in tests/data: well formed, contrasting, balanced, and apart from what models are trained on."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = ("fr", "en")
TONES = ("negative", "neutral", "positive")
RUN = 8  # so many words in a row are no accident

Row = dict[str, Any]


def read(language: str) -> list[Row]:
    lines = (ROOT / "tests" / "data" / f"contrast_{language}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


SETS = {language: read(language) for language in LANGUAGES}
ROWS = [row for rows in SETS.values() for row in rows]
language = pytest.mark.parametrize("language", LANGUAGES)


def tones(row: Row) -> frozenset[tuple[str, str]]:
    return frozenset((target["name"], target["sentiment"]) for target in row["targets"])


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def runs(text: str) -> set[tuple[str, ...]]:
    found = words(text)
    return {tuple(found[at : at + RUN]) for at in range(len(found) - RUN + 1)}


def corpus() -> list[str]:
    texts = []
    for path in sorted((ROOT / "models" / "corpus").glob("*.jsonl*")):
        with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as lines:
            texts += [json.loads(line)["text"] for line in lines]
    return texts


def test_offsets_hold_the_names() -> None:
    for row in ROWS:
        for target in row["targets"]:
            assert row["text"][target["start"] : target["end"]] == target["name"], row["id"]


def test_every_name_has_a_known_tone_and_stands_in_reading_order() -> None:
    for row in ROWS:
        starts = [target["start"] for target in row["targets"]]
        assert starts, row["id"]
        assert starts == sorted(set(starts)), row["id"]
        assert all(target["sentiment"] in TONES for target in row["targets"]), row["id"]


def test_ids_and_texts_are_unique() -> None:
    assert len({row["id"] for row in ROWS}) == len(ROWS)
    assert len({row["text"] for row in ROWS}) == len(ROWS)


def test_texts_have_at_most_sixty_words() -> None:
    assert max(len(row["text"].split()) for row in ROWS) <= 60


def test_every_group_holds_different_tones() -> None:
    groups = defaultdict(list)
    for row in ROWS:
        groups[row["group"]].append(tones(row))
    for group, vectors in groups.items():
        assert 2 <= len(vectors) <= 4, group
        assert len(set(vectors)) >= 2, group


@language
def test_there_are_enough_sentences(language: str) -> None:
    assert len(SETS[language]) >= 150


@language
def test_most_sentences_hold_names_of_different_tones(language: str) -> None:
    mixed = [row for row in SETS[language] if len({tone for _, tone in tones(row)}) > 1]
    assert len(mixed) >= 0.6 * len(SETS[language])


@language
def test_tones_are_balanced(language: str) -> None:
    counts = Counter(target["sentiment"] for row in SETS[language] for target in row["targets"])
    assert all(0.28 <= counts[tone] / counts.total() <= 0.38 for tone in TONES), counts


@language
def test_the_favoured_name_comes_first_in_half_of_the_pairs(language: str) -> None:
    pairs = [[TONES.index(target["sentiment"]) for target in row["targets"]] for row in SETS[language]]
    mixed = [pair for pair in pairs if len(pair) == 2 and pair[0] != pair[1]]
    assert 0.45 <= sum(first > second for first, second in mixed) / len(mixed) <= 0.55


def test_no_text_models_learn_from_is_in_the_sets() -> None:
    known = corpus()
    assert known
    whole = {" ".join(words(text)) for text in known}
    pieces = {run for text in known for run in runs(text)}
    for row in ROWS:
        assert " ".join(words(row["text"])) not in whole, row["id"]
        assert not runs(row["text"]) & pieces, row["id"]
