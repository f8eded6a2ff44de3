"""`hune label`, `hune train`, `hune evaluate`: the models from the command line. The store is never changed."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import click

from watch.errors import Refused

if TYPE_CHECKING:
    from watch.cli.context import Context
    from watch.config import LabelsConfig
    from watch.enrich import Classifier
    from watch.model import Prediction, TextToLabel

_BATCH = 1000
_STRINGS = ("title", "lang", "target")


class _Asked(NamedTuple):
    id: object
    text: TextToLabel


@click.command()
@click.option("--models", type=click.Path(path_type=Path), help="Folder of models (HUNE_MODELS, or ours).")
@click.option("--json", "as_json", is_flag=True, help="Accepted for symmetry: the output is JSON Lines.")
@click.pass_context
def label(ctx: click.Context, models: Path | None, as_json: bool) -> None:
    """Label texts from standard input, JSON Lines in and out, in order.

    A line is {"id", "text"} and optionally "title", "lang" (a hint) and "target" (a name in the text). The evidence
    is for the tone toward the target, if there is one; offsets count in title + newline + text. A line that is none
    ends the run with exit status 1, after the answers to the lines before it. Unless --models is given, the labels
    are those of this installation: of the version that corrections made, with the tone of the model that [labels] in
    sources.toml names, if any.
    """
    for line in _labelled(sys.stdin.buffer, _classifier(ctx.obj, models)):
        click.echo(line)


@click.command()
@click.argument("task")
@click.option("--data", type=click.Path(path_type=Path), help="Folder of labelled rows (docs/models.md).")
@click.option("--corrections", is_flag=True, help="Learn from what people said of labels here, instead of --data.")
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("models"), show_default=True, help="Folder to write to."
)
@click.option("--seed", type=int, default=7, show_default=True, help="The same seed gives the same bytes.")
@click.option("--now", "today", metavar="ISO", help="The date of the card; default: the clock of this run.")
@click.option("--force", is_flag=True, help="With --corrections: install it whatever the figures say.")
@click.option("--json", "as_json", is_flag=True, help="With --corrections: one JSON object.")
@click.pass_context
def train(
    ctx: click.Context,
    task: str,
    data: Path | None,
    corrections: bool,
    out: Path,
    seed: int,
    today: str | None,
    force: bool,
    as_json: bool,
) -> None:
    """Fit TASK (sentiment, topics, filter, language, target, all) on a folder of labelled rows.

    Writes OUT/TASK/weights.npz and its card, model.json, and prints its scores for each source and language.

    With --corrections, adapt TASK (target, topics, filter; all: each that has enough) to the corrections in the store,
    print how well it does before and after, on the frozen benchmark and on corrections held out, and let it label here
    unless something loses more than a point or does not help with the corrections held out.
    The shipped models stay as they are; `hune models back` undoes it.
    """
    now = _moment(today) if today else ctx.obj.now
    if corrections == (data is not None):
        raise click.UsageError("give either --data FOLDER or --corrections")
    if data is None:
        from watch.cli.models import teach

        teach(ctx.obj, task, seed=seed, now=now, force=force, as_json=as_json)
        return
    from watch.enrich.classify import default_models
    from watch.train.run import train as fit_task

    for trained in fit_task(task, data, out, shipped=default_models(), seed=seed, now=now):
        _print(trained)
    if task == "sentiment" and (out / "target").is_dir():
        click.echo(f"{out}/target leans on the sentiment model before this one: now `hune train target`", err=True)


@click.command()
@click.argument("task")
@click.option(
    "--data", type=click.Path(path_type=Path), required=True, help="A file of rows, or a folder with dev files."
)
@click.option("--models", type=click.Path(path_type=Path), help="Folder of models (HUNE_MODELS, or ours).")
def evaluate(task: str, data: Path, models: Path | None) -> None:
    """Score the model of TASK (or all) on labelled rows, for each source and language. Nothing is changed.

    Below the scores: what was taken for what.
    """
    from watch.enrich.classify import default_models
    from watch.train.run import score

    for scored in score(task, data, models or default_models()):
        _print(scored)


def _classifier(context: Context | None, models: Path | None) -> Classifier:
    from watch.enrich.classify import default_models
    from watch.enrich.load import load_installed

    if models or context is None:
        return load_installed(models or default_models(), None, None).classifier
    return load_installed(default_models(), _configured(context), context.installed).classifier


def _configured(context: Context | None) -> LabelsConfig | None:
    """What sources.toml says in [labels]; without a word of it there, a mistake elsewhere is no hindrance."""
    if context is None or not context.path.is_file() or b"labels" not in context.path.read_bytes():
        return None
    return context.config().labels


def _labelled(lines: IO[bytes], classifier: Classifier) -> Iterator[str]:
    numbered = enumerate(lines, start=1)
    while batch := list(islice(numbered, _BATCH)):
        asked, mistake = _read(batch)
        predictions = classifier.predict([one.text for one in asked])
        yield from (_answer(one.id, found) for one, found in zip(asked, predictions, strict=True))
        if mistake:
            raise mistake


def _read(batch: Iterable[tuple[int, bytes]]) -> tuple[list[_Asked], Refused | None]:
    """The lines up to the first mistake, and that mistake; blank lines are passed over."""
    asked = []
    for number, line in batch:
        try:
            if line.strip():
                asked.append(_asked(line))
        except ValueError as error:
            return asked, Refused(f"line {number}: {error}")
    return asked, None


def _asked(line: bytes) -> _Asked:
    from watch.model import TextToLabel

    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"not JSON ({error})") from error
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise ValueError('not an object with a "text"')
    if wrong := [key for key in _STRINGS if not isinstance(row.get(key) or "", str)]:
        raise ValueError(f'"{wrong[0]}" is not a string')
    text = TextToLabel(row["text"], row.get("title") or "", row.get("lang") or None, row.get("target") or None)
    return _Asked(row.get("id"), text)


def _answer(key: object, found: Prediction) -> str:
    line = json.dumps(
        {
            "id": key,
            "lang": found.lang,
            "sentiment": found.sentiment,
            "scores": _rounded(found.scores),
            "sure": found.sure,
            "target_sentiment": found.target_sentiment,
            "target_scores": _rounded(found.target_scores) if found.target_scores else None,
            "target_sure": found.target_sure,
            "topics": [{"name": name, "score": round(score, 4)} for name, score in found.topics],
            "spam": round(found.spam, 4),
            "toxic": round(found.toxic, 4),
            "evidence": [asdict(one) for one in found.evidence],
        },
        ensure_ascii=False,
    )
    # JSON can write half of a character, as \ud83d; UTF-8 cannot.
    return line.encode("utf-8", "backslashreplace").decode()


def _rounded(scores: Mapping[Any, float]) -> dict[str, float]:
    return {name: round(score, 6) for name, score in scores.items()}


def _moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is not a time in ISO 8601", param_hint="--now") from error
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _print(trained: Any) -> None:
    from watch.train.evaluate import confusions, table

    click.echo(f"{trained.task} {trained.version}")
    click.echo(table(trained.scores))
    click.echo(confusions(trained.scores, trained.labels))
