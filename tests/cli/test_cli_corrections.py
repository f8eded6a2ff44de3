"""hune corrections list: what people said, for people and for training."""

from __future__ import annotations

import json
from dataclasses import fields

import make
import pytest
from click.testing import CliRunner

from watch.cli import hune
from watch.store import Store, corrections
from watch.store.corrections import Lesson


@pytest.fixture
def ask(tmp_path, sqlite_store):
    def ask(*arguments):
        done = CliRunner().invoke(hune, ["--database", sqlite_store.url, "corrections", "list", *arguments])
        assert done.exit_code == 0, done.output
        return done.stdout.splitlines()

    return ask


@pytest.fixture
def said(sqlite_store: Store):
    with sqlite_store.session() as session:
        source, brand = make.save(session, make.source(name="Forum")), make.save(session, make.brand())
        item = make.save(session, make.item(source, title="Un \x1b[31mcanapé", lang="fr"))
        make.save(session, make.mention(item, brand, spans=[[3, 9]]))
        changes = {"sentiment": "negative", "topics": (), "spam": False}
        corrections.change(session, 1, changes, by="Claire", now=make.NOW)


def test_nothing_said_is_told(ask):
    assert ask() == ["nobody has corrected a label"]
    assert ask("--json") == []


def test_people_see_a_line_each(ask, said):
    assert ask() == [
        "2026-11-20 12:00  Claire  sentiment (Aubrac): neutral → negative  ·  Un  [31mcanapé",
        "2026-11-20 12:00  Claire  topics: none → none  ·  Un  [31mcanapé",
        "2026-11-20 12:00  Claire  spam: no → no  ·  Un  [31mcanapé",
    ]


def test_json_is_a_lesson_a_line(ask, said):
    rows = [json.loads(line) for line in ask("--json")]
    assert set(rows[0]) == {field.name for field in fields(Lesson)}
    assert [(row["label"], row["now"], row["said"]) for row in rows] == [
        ("sentiment", "negative", "neutral"),
        ("topics", [], []),
        ("spam", False, False),
    ]
    assert (rows[0]["at"], rows[0]["spans"], rows[0]["brand"]) == ("2026-11-20T12:00:00Z", [[3, 9]], "Aubrac")


def test_only_some_labels_are_listed(ask, said):
    assert [json.loads(line)["label"] for line in ask("--json", "--label", "spam")] == ["spam"]
