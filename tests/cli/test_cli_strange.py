"""`hune label` as a program of its own, on texts that nobody writes."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any, TypeAlias

import pytest
from strange import ALONE, TEXTS

Answers: TypeAlias = dict[str, dict[str, Any]]
ALL = {**TEXTS, **ALONE}
ELSEWHERE = ("id", "title", "lang", "target")


@pytest.fixture(scope="module")
def answers() -> Answers:
    """Each text alone (its name) and toward a name in it (name + "!"), from one call of the command."""
    rows = [{"id": name, "text": text} for name, text in ALL.items()]
    rows += [{"id": f"{name}!", "text": f"{text} Lison", "target": "Lison"} for name, text in ALL.items()]
    rows += [{"id": f"in {field}", "text": "Super", field: f"in {field}\ud83d"} for field in ELSEWHERE]
    done = subprocess.run(
        [sys.executable, "-c", "from watch.cli import main; main()", "label"],
        input="".join(json.dumps(row) + "\n" for row in rows), capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    found = [json.loads(line) for line in done.stdout.split("\n")[:-1]]
    assert [row["id"] for row in found] == [row["id"] for row in rows]
    return {row["id"]: row for row in found}


@pytest.mark.parametrize("name", ALL)
def test_a_strange_text_gets_a_low_confidence_or_not_sure(answers: Answers, name: str) -> None:
    found = answers[name]
    assert not found["sure"] or max(found["scores"].values()) < 0.5


@pytest.mark.parametrize("name", [name for name in ALL if name != "only emoji"])
def test_nor_is_its_tone_toward_a_name_told_as_sure(answers: Answers, name: str) -> None:
    found = answers[f"{name}!"]
    assert not found["target_sure"] or max(found["target_scores"].values()) < 0.5


@pytest.mark.parametrize("name", ALL)
def test_evidence_is_what_stands_at_its_place(answers: Answers, name: str) -> None:
    whole = f"{ALL[name]} Lison"
    assert all(whole[one["start"] : one["end"]] == one["text"] for one in answers[f"{name}!"]["evidence"])


def test_a_name_under_angry_emoji_is_no_strange_text(answers: Answers) -> None:
    found = answers["only emoji!"]
    assert (found["target_sentiment"], found["target_sure"]) == ("negative", True)


@pytest.mark.parametrize("field", ELSEWHERE)
def test_half_a_character_beside_the_text_comes_back_as_it_was(answers: Answers, field: str) -> None:
    assert answers["in id\ud83d" if field == "id" else f"in {field}"]["sentiment"] == "positive"
