"""Corrections → a version of the models for this installation: adapted, measured, installed or refused.

In this order: what people said becomes examples (lessons); each task is changed on top of the shipped weights (adapt)
and measured (figures); the changed weights are written aside, read again and measured as they will label; and if
nothing loses more than a point, and each task gains on corrections it had not seen, they are put to use in one step
(`watch.enrich.installed`).
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from watch.enrich.classify import Classifier
from watch.enrich.installed import Installed, Version, base_of
from watch.enrich.weights import CARD, load_card
from watch.errors import ModelError, Refused
from watch.store.corrections import Lesson
from watch.train.adapt import Change, loudness
from watch.train.amend import amend
from watch.train.figures import Figure, on_benchmark, on_corrections
from watch.train.lessons import FEWEST, LABEL, TASKS, Example, benchmark, corpus, shares_of, taught
from watch.train.pupils import Pupil, pupil

BENCHMARK = "benchmark.jsonl"  # beside the shipped models


@dataclass(frozen=True, slots=True)
class Taught:
    """What came of it: the version, whether it labels now, the figures, and what stands against it, a sentence each."""

    version: str
    installed: bool
    figures: tuple[Figure, ...]
    against: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Studied:
    pupil: Pupil
    lessons: list[Example]
    change: Change
    held_out: Figure


def teach(
    name: str,
    lessons: Sequence[Lesson],
    installed: Installed,
    *,
    shipped: Path,
    seed: int,
    now: datetime,
    force: bool = False,
) -> Taught:
    """Adapt a task (or `all` with lessons enough) to corrections and install it, unless something stands against it.

    The shipped models are what is changed, whatever is in use, for `lessons` are all the corrections in force. Tasks
    of the version in use that are not adapted now are taken over. `force` installs whatever the figures say. Raises
    Refused when there is too little to learn from, ModelError when the shipped models are not whole.
    """
    chosen, classifier = _enough(tasks(name), lessons), Classifier.load(shipped)
    studied = [_study(pupil(task, classifier), every, shipped, seed) for task, every in chosen.items()]
    staged = _beside(installed.folder)
    try:
        return _judged(studied, staged, installed, shipped, now=now, force=force)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
        with suppress(OSError):
            installed.folder.rmdir()  # only when it is empty: nothing was ever installed


def tasks(name: str) -> tuple[str, ...]:
    """The tasks that a name stands for; raises Refused for one that corrections do not teach."""
    if name != "all" and name not in TASKS:
        raise Refused(f"corrections do not teach {name!r}; they teach {', '.join(TASKS)} (all: each with enough)")
    return TASKS if name == "all" else (name,)


def _beside(folder: Path) -> Path:
    """A new folder in `folder`, so that renaming it is one step; raises Refused where nothing may be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        staged = Path(tempfile.mkdtemp(prefix="new-", dir=folder))
        staged.chmod(0o755)
    except OSError as error:
        raise Refused(f"{folder}: cannot be written ({error.strerror}); HUNE_TAUGHT names another folder") from error
    return staged


def _enough(chosen: Sequence[str], lessons: Sequence[Lesson]) -> dict[str, list[Example]]:
    every = {task: taught(lessons, task) for task in chosen}
    stories = {task: len({one.group for one in examples}) for task, examples in every.items()}
    if enough := {task: every[task] for task in chosen if stories[task] >= FEWEST}:
        return enough
    there = ", ".join(f"{stories[task]} of {LABEL[task]}" for task in chosen)
    raise Refused(f"too few corrections to learn from: {there}; {FEWEST} of different stories are needed")


def _study(pupil: Pupil, lessons: list[Example], shipped: Path, seed: int) -> _Studied:
    loud = loudness(pupil.grams(corpus(shipped / "corpus", pupil.task)))
    held_out = on_corrections(pupil, lessons, loud, seed=seed)
    change = pupil.learn(pupil.grams(lessons), pupil.logits(lessons), shares_of(lessons), loud)
    return _Studied(pupil, lessons, change, held_out)


def _judged(
    studied: Sequence[_Studied], staged: Path, installed: Installed, shipped: Path, *, now: datetime, force: bool
) -> Taught:
    base = base_of(shipped)
    before = _taken_over(installed, base, staged, [one.pupil.task for one in studied])
    for one in studied:
        amend(shipped / one.pupil.task, staged / one.pupil.task, one.pupil.task, one.change, len(one.lessons))
    changed = Classifier.load(shipped, over=staged)
    figures = [figure for one in studied for figure in _figures(one, changed, shipped / BENCHMARK)]
    against = _against(figures, shipped / BENCHMARK)
    name, good = _name(base, staged), force or not against
    if good:
        installed.add(staged, _version(name, base, before, studied, figures, now))
    return Taught(name, good, tuple(figures), tuple(against))


def _version(
    name: str, base: str, before: Version | None, studied: Sequence[_Studied], figures: Sequence[Figure], now: datetime
) -> Version:
    """The new version; what it took over keeps its figures."""
    counts = {one.pupil.task: len(one.lessons) for one in studied}
    earlier = [figure for figure in (before.figures if before else ()) if figure["task"] not in counts]
    said = (*earlier, *(asdict(figure) for figure in figures))
    made = now.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return Version(name, made, base, {**(before.corrections if before else {}), **counts}, said)


def _taken_over(installed: Installed, base: str, staged: Path, anew: Sequence[str]) -> Version | None:
    """The version in use, its other tasks copied; None when there is none made from these shipped models."""
    try:
        folder = installed.made_from(base)
    except ModelError:
        return None
    if folder is None:
        return None
    for task in TASKS:
        if task not in anew and (folder / task).is_dir():
            shutil.copytree(folder / task, staged / task)
    return next(one for one in installed.versions() if one.name == folder.name)


def _figures(one: _Studied, changed: Classifier, path: Path) -> list[Figure]:
    rows = benchmark(path, one.pupil.task) if path.is_file() else []
    if not rows:
        return [one.held_out]
    after = pupil(one.pupil.task, changed).logits(rows)
    return [*on_benchmark(one.pupil.task, rows, one.pupil.logits(rows), after), one.held_out]


def _against(figures: Sequence[Figure], path: Path) -> list[str]:
    said = []
    for task in dict.fromkeys(figure.task for figure in figures):
        if not any(figure.on == "benchmark" for figure in figures if figure.task == task):
            said.append(f"{path}: no benchmark to hold {task} against")
    for one in figures:
        if one.lost:
            on = f"the benchmark ({one.lang})" if one.on == "benchmark" else "corrections it had not seen"
            said.append(f"{one.task} would lose {100 * (one.before - one.after):.1f} points on {on}")
        elif one.on == "corrections" and not one.gained:
            said.append(f"{one.task}: what it learned of {one.n} corrections does not help with the others")
    return said


def _name(base: str, staged: Path) -> str:
    parts = [
        base,
        *(f"{task} {load_card(staged / task)['sha256']}" for task in TASKS if (staged / task / CARD).is_file()),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]
