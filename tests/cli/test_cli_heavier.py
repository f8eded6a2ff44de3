"""`[labels] sentiment` as a person lives with it: check, doctor, label, tick, and a file changed while Hune runs."""

from __future__ import annotations

import json
import logging
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import heavier
import pytest
from click.testing import CliRunner, Result

sys.path.insert(0, str(Path(__file__).parents[1] / "net"))

from loopback import Asked, Loopback, reply
from make import NOW
from sqlmodel import select

from watch.cli import hune
from watch.config import load as configuration
from watch.pipeline import Pipeline
from watch.scheduler import Clock
from watch.store import Store
from watch.store.tables import Mention

TEXTS = ("Aubrac horrible mardi", "Ce lundi, Aubrac ouvre mardi", "Aubrac parfait")
ITEMS = "".join(
    f"<item><title>Titre {n}</title><description>{text}</description><link>https://p.example/{n}</link>"
    f"<guid>{n}</guid><pubDate>Fri, 20 Nov 2026 11:0{n}:00 GMT</pubDate></item>"
    for n, text in enumerate(TEXTS)
)
RSS = f'<?xml version="1.0"?><rss version="2.0"><channel><title>P</title>{ITEMS}</channel></rss>'
Hune = Callable[..., Result]


def toml(server: Loopback, *, labels: str = '[labels]\nsentiment = "own"\n') -> str:
    return (
        f'{labels}[network]\nallow = ["{server.allow}"]\n[[brand]]\nname = "Aubrac"\nquery = "aubrac"\n'
        f'[[source]]\nname = "Presse"\nkind = "feed"\nurl = "{server.url("/rss")}"\n'
    )


@pytest.fixture
def server() -> Iterator[Loopback]:
    def answer(asked: Asked) -> bytes:
        return reply(200, RSS) if asked.path == "/rss" else reply(404)

    with Loopback(answer) as found:
        yield found


@pytest.fixture
def folder(tmp_path: Path, server: Loopback) -> Path:
    (tmp_path / "sources.toml").write_text(toml(server), "utf-8")
    heavier.folder(tmp_path / "own")
    return tmp_path


@pytest.fixture
def run(folder: Path) -> Hune:
    def go(*arguments: str, given: str = "") -> Result:
        options = ["--config", str(folder / "sources.toml"), "--now", "2026-11-20T12:00:00Z"]
        return CliRunner().invoke(hune, [*options, *arguments], input=given)

    return go


def tones(run: Hune) -> dict[str, str]:
    rows = [json.loads(line) for line in run("mentions", "--json").stdout.splitlines()]
    return {row["snippet"]: row["sentiment"] for row in rows}


def test_a_tick_labels_with_the_model_of_the_configuration(run: Hune) -> None:
    assert json.loads(run("tick", "--json").stdout)["labelled"] == 3
    assert tones(run) == dict(zip(TEXTS, ("negative", "neutral", "positive"), strict=True))


def test_the_words_behind_a_mention_are_kept(run: Hune, folder: Path) -> None:
    run("tick")
    store = Store.open(f"sqlite:///{folder / 'hune.db'}")
    with store.reading() as session:
        found = {one.snippet: one.evidence for one in session.exec(select(Mention))}
    store.close()
    assert found[TEXTS[0]][0]["text"] == "horrible"


def test_another_model_labels_again(run: Hune, folder: Path) -> None:
    run("tick")
    heavier.folder(folder / "own", labels=("positive", "neutral", "negative"))
    assert json.loads(run("tick", "--json").stdout)["labelled"] == 3
    assert tones(run)[TEXTS[0]] == "positive"


def test_check_tries_the_model(run: Hune, folder: Path) -> None:
    assert run("check").exit_code == 0
    shutil.rmtree(folder / "own")
    found = run("check")
    assert found.exit_code == 1
    assert "no such folder" in str(found.exception or found.output)


def test_doctor_says_what_is_wrong_with_the_model(run: Hune, folder: Path) -> None:
    (folder / "own" / "model.onnx").write_bytes(b"no model")
    found = run("doctor")
    assert found.exit_code == 1
    assert "model.onnx: damaged" in found.output


def test_a_tick_without_its_model_does_nothing_and_says_why(run: Hune, folder: Path, server: Loopback) -> None:
    shutil.rmtree(folder / "own")
    assert run("tick").exit_code == 1
    assert server.asked == []


def test_label_uses_it_unless_models_are_named(run: Hune) -> None:
    given = '{"text": "lundi lundi lundi nul"}\n'
    mine, ours = (json.loads(run("label", *more, given=given).stdout) for more in ((), ("--models", "models")))
    assert mine["scores"]["neutral"] > mine["scores"]["negative"]
    assert mine["scores"] != ours["scores"]
    assert list(mine) == list(ours)


@pytest.mark.parametrize(
    ("labels", "says"),
    [
        ("[labels]\nsentiment = 3\n", "line 2: labels.sentiment: the path of a folder"),
        ("[labels]\nthreads = 0\n", "line 2: labels.threads"),
        ("[labels]\nsentimant = 'own'\n", "did you mean `sentiment`"),
    ],
)
def test_a_mistake_in_the_table_has_its_line(run: Hune, folder: Path, server: Loopback, labels: str, says: str) -> None:
    (folder / "sources.toml").write_text(toml(server, labels=labels), "utf-8")
    assert says in run("check").output


def test_the_path_counts_from_the_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    assert configuration(folder / "sources.toml").labels.sentiment == folder / "own"


def test_a_model_that_is_wrong_leaves_the_old_one_in_force(
    folder: Path, server: Loopback, sqlite_store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    file = folder / "sources.toml"
    pipeline = Pipeline.build(configuration(file), sqlite_store, now=NOW)
    before, clock = pipeline.classifier, Clock(pipeline, file, now=lambda: NOW)
    file.write_text(toml(server, labels='[labels]\nsentiment = "nowhere"\n'), "utf-8")
    with caplog.at_level(logging.ERROR):
        clock.strike()
    pipeline.close()
    assert "the old configuration stays in force" in caplog.text
    assert pipeline.classifier is before
    assert len(server.asked) == 1


def test_taking_the_model_away_goes_back_to_the_built_in_one(
    folder: Path, server: Loopback, sqlite_store: Store
) -> None:
    file = folder / "sources.toml"
    pipeline = Pipeline.build(configuration(file), sqlite_store, now=NOW)
    before, clock = pipeline.classifier.version, Clock(pipeline, file, now=lambda: NOW)
    file.write_text(toml(server, labels=""), "utf-8")
    clock.strike()
    pipeline.close()
    assert pipeline.classifier.version != before
