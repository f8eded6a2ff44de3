"""`hune label`, `hune train`, `hune evaluate` as a person types them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from watch.cli.labels import evaluate, label, train
from watch.errors import Refused

FIELDS = [
    "id", "lang", "sentiment", "scores", "sure", "target_sentiment", "target_scores", "target_sure", "topics", "spam",
    "toxic", "evidence",
]  # fmt: skip


def call(*lines: str) -> Result:
    return CliRunner().invoke(label, [], input="".join(f"{line}\n" for line in lines))


def answers(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_every_line_is_answered_in_order_with_the_fields_of_the_contract() -> None:
    result = call('{"id": 2, "text": "Super !"}', '{"id": "a", "text": "Nul."}', '{"text": ""}')
    rows = answers(result)
    assert result.exit_code == 0
    assert [row["id"] for row in rows] == [2, "a", None]
    assert all(list(row) == FIELDS for row in rows)
    assert list(rows[0]["scores"]) == ["negative", "neutral", "positive"]
    assert list(rows[0]["topics"][0]) == ["name", "score"]
    assert list(rows[0]["evidence"][0]) == ["text", "start", "end", "weight"]


def test_a_target_gets_its_own_sentiment_and_none_is_null() -> None:
    asked = '{"id": 1, "text": "Lison est parfaite. Nordex est nul, une honte.", "target": "Nordex"}'
    with_target, without = answers(call(asked, '{"id": 2, "text": "Bien", "target": null}'))
    assert with_target["target_sentiment"] == "negative"
    assert sum(with_target["target_scores"].values()) == pytest.approx(1, abs=1e-5)
    assert without["target_sentiment"] is None
    assert without["target_scores"] is None


def test_evidence_counts_in_title_newline_text() -> None:
    (row,) = answers(call('{"id": 1, "title": "Déception", "text": "Très mauvais accueil"}'))
    whole = "Déception\nTrès mauvais accueil"
    assert all(whole[e["start"] : e["end"]] == e["text"] for e in row["evidence"])


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "not JSON"),
        ("[1]", "not an object"),
        ('{"id": 3}', 'a "text"'),
        ('{"text": 3}', 'a "text"'),
        ('{"text": "a", "target": ["b"]}', '"target" is not a string'),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_a_bad_line_is_named_after_the_answers_to_those_before_it(line: str, says: str) -> None:
    result = call('{"id": 1, "text": "a"}', line, '{"id": 3, "text": "c"}')
    assert [row["id"] for row in answers(result)] == [1]
    assert isinstance(result.exception, Refused)
    assert str(result.exception).startswith("line 2: ")
    assert says in str(result.exception)


def test_bytes_that_are_no_utf_8_are_a_bad_line() -> None:
    result = CliRunner().invoke(label, [], input=b'{"id": 1, "text": "\xff\xfe"}\n')
    assert str(result.exception).startswith("line 1: not JSON")


def test_blank_lines_are_passed_over_and_json_is_accepted() -> None:
    result = CliRunner().invoke(label, ["--json"], input='\n{"id": 1, "text": "a"}\n\n')
    assert [row["id"] for row in answers(result)] == [1]


def test_more_lines_than_a_batch_keep_their_order() -> None:
    result = call(*(json.dumps({"id": i, "text": f"message {i}"}) for i in range(2100)))
    assert [row["id"] for row in answers(result)] == list(range(2100))


def test_a_mistake_is_one_line_on_standard_error_and_exit_status_1() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from watch.cli import main; main()", "label"],
        input='{"id": 1, "text": "a"}\n{\n', capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 1
    assert len(done.stderr.splitlines()) == 1
    assert "line 2" in done.stderr


def test_importing_the_commands_is_cheap() -> None:
    program = "import sys, watch.cli.labels; print(sorted({'numpy', 'sklearn', 'sqlmodel'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    """A folder with a small file of rows."""
    folder = tmp_path / "rows"
    folder.mkdir()
    lines = [
        {"id": f"{word}{n}", "text": f"{word} {n}", "lang": "fr", "sentiment": tone}
        for n in range(20)
        for word, tone in (("parfait", "positive"), ("nul", "negative"), ("mardi", "neutral"))
    ]
    (folder / "rows.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return folder


def test_train_writes_a_model_and_both_print_the_same_table(rows: Path, tmp_path: Path) -> None:
    out = str(tmp_path / "models")
    options = ["sentiment", "--data", str(rows), "--out", out, "--now", "2026-11-21"]
    trained = CliRunner().invoke(train, options)
    assert trained.exit_code == 0, trained.output
    assert "written" in trained.stdout
    assert (tmp_path / "models" / "sentiment" / "model.json").is_file()
    scored = CliRunner().invoke(evaluate, ["sentiment", "--data", str(rows / "rows.jsonl"), "--models", out])
    assert scored.stdout.splitlines()[:2] == trained.stdout.splitlines()[:2]
    assert float(scored.stdout.splitlines()[2].split()[3]) == 1.0


def test_train_refuses_a_date_that_is_none(rows: Path) -> None:
    assert CliRunner().invoke(train, ["sentiment", "--data", str(rows), "--now", "demain"]).exit_code == 2
