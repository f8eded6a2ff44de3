"""`hune train` as a person types it, on a small world."""

from __future__ import annotations

from pathlib import Path

import pytest
import tiny
from click.testing import CliRunner, Result

from watch.cli import hune


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    tiny.shrink(monkeypatch)
    tiny.write(tmp_path / "data" / "written" / "train.jsonl.gz", tiny.rows(4))
    tiny.write(tmp_path / "data" / "written" / "dev.jsonl.gz", tiny.rows(1))
    (tmp_path / "shipped").mkdir()
    (tmp_path / "shipped" / "lexicon.tsv").write_text("parfait\t0.8\n", encoding="utf-8")
    monkeypatch.setenv("HUNE_MODELS", str(tmp_path / "shipped"))
    return tmp_path / "data"


def train(task: str, data: Path) -> Result:
    options = ["train", task, "--data", str(data), "--out", str(data.parent / "out"), "--now", "2026-11-22"]
    done = CliRunner().invoke(hune, options)
    assert done.exit_code == 0, done.output
    return done


def test_a_new_sentiment_model_asks_for_the_one_toward_names_again(data: Path) -> None:
    assert "hune train target" not in train("sentiment", data).stderr
    train("target", data)
    assert "now `hune train target`" in train("sentiment", data).stderr


def test_all_tasks_together_ask_for_nothing_more(data: Path) -> None:
    assert "hune train target" not in train("all", data).stderr
