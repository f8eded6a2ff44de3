"""Corrections, benchmark and corpus as examples of one task, whatever they come from.

The tone of a correction is toward a brand, so it teaches `target`; its topics teach `topics`, spam teaches `filter`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from watch.model import SENTIMENTS
from watch.store.corrections import Lesson
from watch.train.data import TOPICS, Row, read_rows, training_rows
from watch.train.toward import Named, named_rows, read_named

TASKS = ("target", "topics", "filter")
LABEL = {"target": "sentiment", "topics": "topics", "filter": "spam"}
CLASSES = {"target": SENTIMENTS, "topics": TOPICS, "filter": ("ham", "spam")}
FEWEST = 10  # corrections of different stories: under that, one of them is ten points of any figure

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Example:
    """A text and the probability that each class of its task should get.

    `places` of a name are [start, end) in the text, empty but for `target`; examples of one `group` tell the same.
    """

    text: str
    lang: str
    group: str
    places: tuple[tuple[int, int], ...]
    shares: tuple[float, ...]


def taught(lessons: Iterable[Lesson], task: str) -> list[Example]:
    """What corrections teach a task, without those whose words have changed since."""
    return [one for lesson in lessons if not lesson.edited for one in _taught(lesson, task)]


def benchmark(path: Path, task: str) -> list[Example]:
    """The rows of the frozen benchmark that say something of a task; raises Refused for a line that is no row."""
    return list(_named(read_named(path)) if task == "target" else _rows(read_rows(path, task), task))


def corpus(folder: Path, task: str) -> list[Example]:
    """The texts that ship with the models; raises Refused when there are none."""
    plain = training_rows(folder, "sentiment" if task == "target" else task)
    return list(_named(named_rows(folder, "train")) if task == "target" else _rows(plain, task))


def folds(examples: Sequence[Example], count: int, *, seed: int) -> list[NDArray[np.int64]]:
    """Places of examples in `count` parts of nearly as many groups; a group is in one part."""
    groups = sorted({one.group for one in examples}, key=lambda group: (crc32(f"{seed}:{group}".encode()), group))
    part = {group: at % count for at, group in enumerate(groups)}
    own = np.array([part[one.group] for one in examples], np.int64)
    return [np.flatnonzero(own == number) for number in range(count)]


def shares_of(examples: Sequence[Example]) -> Floats:
    """Their probabilities: examples x classes."""
    return np.array([one.shares for one in examples], np.float32)


def _taught(lesson: Lesson, task: str) -> Iterator[Example]:
    classes = CLASSES[task]
    if lesson.label != LABEL[task] or (task == "target" and not lesson.spans):
        return
    said = {"spam" if lesson.now else "ham"} if task == "filter" else lesson.now
    said = {said} if isinstance(said, str) else said
    known = [name for name in classes if isinstance(said, (set, tuple)) and name in said]
    if known:
        text = f"{lesson.title}\n{lesson.text}" if lesson.title else lesson.text
        group = f"item {lesson.item_id}" if lesson.story_id is None else f"story {lesson.story_id}"
        shares = tuple((name in known) / len(known) for name in classes)
        yield Example(text, lesson.lang or "", group, lesson.spans if task == "target" else (), shares)


def _named(rows: Iterable[Named]) -> Iterator[Example]:
    for row in rows:
        yield Example(row.text, row.lang, row.id, row.places, _one_of(len(SENTIMENTS), row.label))


def _rows(rows: Iterable[Row], task: str) -> Iterator[Example]:
    for row in rows:
        if task == "topics":
            yield Example(row.text, row.lang, row.id, (), _one_of(len(TOPICS), row.labels.index(1)))
        elif row.labels[0] is not None:
            yield Example(row.text, row.lang, row.id, (), _one_of(2, row.labels[0]))


def _one_of(size: int, at: int) -> tuple[float, ...]:
    return tuple(float(here == at) for here in range(size))
