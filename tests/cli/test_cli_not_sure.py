"""A tone that the model is not sure of, as `hune mentions` tells it: before a correction, after it, and withdrawn."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import make
import pytest
from click.testing import CliRunner

from watch.cli import hune
from watch.store import Store, corrections
from watch.store.corrections import Changes

Ask = Callable[..., str]


@pytest.fixture
def ask(sqlite_store: Store) -> Ask:
    with sqlite_store.session() as session:
        item = make.save(session, make.item(make.save(session, make.source(name="Forum")), title="Bof"))
        doubtful = {"sentiment": "negative", "confidence": 0.38, "sure": False}
        make.save(session, make.mention(item, make.save(session, make.brand()), **doubtful))

    def asked(*options: str) -> str:
        done = CliRunner().invoke(hune, ["--database", sqlite_store.url, "mentions", *options])
        assert done.exit_code == 0, done.output
        return done.stdout

    return asked


@pytest.fixture
def say(sqlite_store: Store) -> Callable[..., None]:
    def said(*tones: str | None) -> None:
        for tone in tones:
            with sqlite_store.session() as session:
                assert corrections.change(session, 1, Changes(sentiment=tone), by="Claire", now=make.NOW)

    return said


@pytest.mark.parametrize(
    ("tones", "tone", "sure"),
    [((), "negative", False), (("negative",), "negative", True), (("positive",), "positive", True),
     (("positive", None), "negative", False)],
    ids=["never corrected", "confirmed", "corrected", "withdrawn"],
)  # fmt: skip
def test_people_read_not_sure_and_programs_which_tone_it_would_be(
    ask: Ask, say: Callable[..., None], tmp_path: Path, tones: tuple[str | None, ...], tone: str, sure: bool
) -> None:
    say(*tones)
    assert ask().splitlines()[0] == f"2026-11-20 12:00  {tone if sure else f'not sure ({tone})'}  Aubrac: Bof"
    row = json.loads(ask("--json"))
    assert (row["sentiment"], row["sure"], row["confidence"]) == (tone, sure, 1.0 if sure else 0.38)
    ask("--csv", str(tmp_path / "out.csv"))
    (cells,) = csv.DictReader((tmp_path / "out.csv").read_text("utf-8-sig").splitlines())
    assert (cells["sentiment"], cells["sure"]) == (tone, str(sure))
