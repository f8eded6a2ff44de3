"""A whole training: folder of data → model folder, and the table to print."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from watch.enrich.heads import softmax
from watch.enrich.lexicon import Lexicon, lexicon
from watch.enrich.toward import TASK as TARGET
from watch.enrich.weights import LEXICON, Model, load_lexicon, load_model
from watch.errors import Refused
from watch.model import SENTIMENTS
from watch.train.card import save
from watch.train.data import TASKS, Row, dev_rows, held_out, read_rows, training_rows
from watch.train.evaluate import Score, evaluate
from watch.train.fit import calibrate, fit, logits_of
from watch.train.lexicon import merge
from watch.train.run_toward import score_toward, train_toward
from watch.train.sources import thinned
from watch.train.sure import Sureness, sureness
from watch.train.words import telling_words

CORPUS, WORDS = "corpus", "words.tsv"  # beside the shipped models; our own list of words and phrases


@dataclass(frozen=True, slots=True)
class Trained:
    """What a training or an evaluation brought: the task, the version and the labels of its model, its scores."""

    task: str
    version: str
    labels: tuple[str, ...]
    scores: tuple[Score, ...]


def tasks(name: str) -> tuple[str, ...]:
    """The tasks that a name stands for; `all` is every one, `target` last, for it leans on `sentiment`."""
    every = (*TASKS, TARGET)
    if name != "all" and name not in every:
        raise Refused(f"unknown task {name!r}; tasks are {', '.join(every)}, all")
    return every if name == "all" else (name,)


def train(name: str, data: Path, out: Path, *, shipped: Path, seed: int, now: datetime) -> Iterator[Trained]:
    """Train a task (or all) on a folder, writing `out`/<task>/; yields each as it is done.

    `out` gets a lexicon first if it has none: merged from `data`/lexicons, else the one in `shipped`. The texts
    in `shipped`/corpus join a folder that is laid out by tasks and holds `written`.
    """
    chosen = tasks(name)
    if not data.is_dir():
        raise Refused(f"{data}: not a folder")
    known, digest = _lexicon(data, out, shipped)
    for task in chosen:
        if task == TARGET:
            found = train_toward(data, out, shipped / CORPUS, known=known, digest=digest, seed=seed, now=now)
            yield from _toward(found, data, chosen)
            continue
        rows, dev, scored_on = _split(task, data, shipped / CORPUS)
        yield _train(task, rows, dev, scored_on, out=out, known=known, digest=digest, seed=seed, now=now)


def score(name: str, data: Path, models: Path) -> Iterator[Trained]:
    """Score the models of a folder on a file, or on the dev files of a folder."""
    chosen = tasks(name)
    lines, digest = load_lexicon(models)
    known = lexicon(lines)
    for task in chosen:
        if task == TARGET:
            yield from _toward(score_toward(data, models, known=known, digest=digest), data, chosen)
            continue
        rows = dev_rows(data, task)
        if not rows:
            raise Refused(f"{data}: holds no rows to score {task} with")
        model = load_model(models / task, lexicon_sha256=digest)
        yield Trained(task, model.version, model.labels, tuple(evaluate(model, rows, lexicon=known)))


def _toward(found: tuple[str, list[Score]] | None, data: Path, chosen: tuple[str, ...]) -> Iterator[Trained]:
    """What came of the model toward a name; without names in the data it is left out, unless asked for."""
    if found is None and chosen == (TARGET,):
        raise Refused(f"{data}: holds no names, or no model for them is here")
    if found is not None:
        yield Trained(TARGET, found[0], SENTIMENTS, tuple(found[1]))


def _train(
    task: str,
    rows: list[Row],
    dev: list[Row],
    scored_on: str,
    *,
    out: Path,
    known: Lexicon,
    digest: str,
    seed: int,
    now: datetime,
) -> Trained:
    rows = thinned(rows, task, seed=seed)
    model = calibrate(fit(task, rows, lexicon=known, seed=seed), dev, lexicon=known)
    scores = evaluate(model, dev, lexicon=known)
    words = telling_words(model, rows, lexicon=known)
    version = save(
        model, out / task, rows=rows, scores=scores, scored_on=scored_on, words=words,
        lexicon_sha256=digest, seed=seed, now=now, sure=_sureness(model, dev, known),
    )  # fmt: skip
    return Trained(task, version, model.labels, tuple(scores))


def _sureness(model: Model, dev: Sequence[Row], known: Lexicon) -> Sureness | None:
    """For the tone only: other labels are never told as "not sure"."""
    if model.task != "sentiment" or not dev:
        return None
    shares = softmax(logits_of(model, dev, lexicon=known) / model.temperature)
    groups = [(row.source, row.lang) for row in dev]
    return sureness(model.task, groups, shares, [row.labels.index(1) for row in dev])


def _split(task: str, data: Path, corpus: Path) -> tuple[list[Row], list[Row], str]:
    """Training rows, rows to score with, and where these came from."""
    rows, dev = training_rows(data, task, corpus=corpus), dev_rows(data, task)
    if dev:
        return rows, dev, "dev"
    return [r for r in rows if not held_out(r)], [r for r in rows if held_out(r)], "one row in ten, held out"


def _lexicon(data: Path, out: Path, shipped: Path) -> tuple[Lexicon, str]:
    if not (out / LEXICON).is_file():
        out.mkdir(parents=True, exist_ok=True)
        (out / LEXICON).write_text(_merged(data, shipped), encoding="utf-8")
    lines, digest = load_lexicon(out)
    assert digest == hashlib.sha256((out / LEXICON).read_bytes()).hexdigest()
    return lexicon(lines), digest


def _merged(data: Path, shipped: Path) -> str:
    if not (data / "lexicons").is_dir():
        return (shipped / LEXICON).read_text(encoding="utf-8")
    corpus = data / "written" / "train.jsonl.gz"
    rows = read_rows(corpus, "language") if corpus.is_file() else iter(())
    texts = ({"text": row.text, "lang": row.lang} for row in rows)
    return merge(data / "lexicons", texts, shipped / CORPUS / WORDS)
