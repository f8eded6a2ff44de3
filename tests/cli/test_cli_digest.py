from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import make
import pytest
from click.testing import CliRunner, Result
from postoffice import Mailbox, mailbox

from watch.cli import hune
from watch.errors import Refused
from watch.store import Store
from watch.store.tables import Brand, DigestPlan

MORNING = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)  # 07:30 in Paris
TEXT = """
[[brand]]
name = "Aubrac"
query = "aubrac"
[[channel]]
name = "patronne"
email = "claire@example.org"
[[digest]]
name = "matinale"
to = ["patronne"]
at = "07:30"
days = "daily"
[[digest]]
name = "english"
language = "en"
at = "07:30"
days = "daily"
[smtp]
url = "smtp://localhost:PORT/?tls=none"
from = "hune@example.org"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sources.toml").write_text(TEXT.replace("PORT", "9"))
    store = Store.open(f"sqlite:///{tmp_path / 'hune.db'}")
    with store.session() as session:
        session.add(make.brand(id=1))
        session.add(make.source(id=1, name="Forum"))
        for name in ("matinale", "english"):
            session.add(DigestPlan(name=name, managed=True, told_until=MORNING - timedelta(days=1)))
        session.flush()
        collected = MORNING - timedelta(hours=2)
        row = make.save(
            session, make.item(make.source(id=1), title="Retard !", collected=collected, published=collected)
        )
        make.save(session, make.mention(row, session.get_one(Brand, 1), sentiment="negative"))
    store.close()
    return tmp_path


@pytest.fixture
def inbox(folder: Path) -> Iterator[Mailbox]:
    with mailbox() as box:
        (folder / "sources.toml").write_text(TEXT.replace("PORT", str(box.port)))
        yield box


def call(folder: Path, *words: str, now: datetime = MORNING + timedelta(minutes=1)) -> Result:
    options = ["--config", str(folder / "sources.toml"), "--now", now.isoformat()]
    result = CliRunner().invoke(hune, [*options, "digest", *words])
    if result.exception and not isinstance(result.exception, (SystemExit, Refused)):
        raise result.exception
    return result


def test_it_prints_every_digest_as_text(folder: Path) -> None:
    printed = call(folder).stdout
    assert printed.startswith("Aubrac\u00a0: 1 mention, 1 négative\n")
    assert "Aubrac: 1 mention, 1 negative\n" in printed


def test_json_is_one_object_a_line(folder: Path) -> None:
    lines = [json.loads(line) for line in call(folder, "--format", "json").stdout.splitlines()]
    assert [(line["name"], line["date"], line["language"]) for line in lines] == [
        ("matinale", "2026-11-20", "fr"),
        ("english", "2026-11-20", "en"),
    ]
    assert lines[0]["brands"][0]["tally"]["negative"] == 1
    assert lines[0]["to_answer"][0]["title"] == "Retard !"


def test_html_is_a_page(folder: Path) -> None:
    printed = call(folder, "--name", "english", "--format", "html").stdout
    assert printed.lower().startswith("<!doctype html>")
    assert "Retard !" in printed


def test_a_past_day_ends_at_its_hour_and_this_day_now(folder: Path) -> None:
    def until(*words: str, now: datetime) -> str:
        return str(json.loads(call(folder, "--name", "matinale", "--format", "json", *words, now=now).stdout)["until"])

    assert until("--date", "2026-11-19", now=MORNING) == "2026-11-19T06:30:00Z"
    assert until(now=MORNING - timedelta(hours=1)) == "2026-11-20T05:30:00Z"
    assert until(now=MORNING + timedelta(hours=9)) == "2026-11-20T06:30:00Z"


def test_sending_delivers_once_and_then_prints_what_was_sent(folder: Path, inbox: Mailbox) -> None:
    sent = call(folder, "--send", "--name", "matinale")
    assert sent.stderr.startswith("sent patronne claire@example.org: 250")
    assert call(folder, "--send", "--name", "matinale").stderr == ""
    assert len(inbox.letters) == 1
    store = Store.open(f"sqlite:///{folder / 'hune.db'}")
    with store.session() as session:
        session.get_one(Brand, 1).name = "Renommée"
    store.close()
    assert call(folder, "--name", "matinale", "--date", "2026-11-20").stdout == sent.stdout


@pytest.mark.parametrize("words", [("--name", "nosuch"), ("--date", "2031-01-01")])
def test_what_is_not_there_is_refused(folder: Path, words: tuple[str, ...]) -> None:
    assert isinstance(call(folder, *words).exception, Refused)


def test_without_a_declared_digest_all_brands_are_told(folder: Path) -> None:
    (folder / "sources.toml").write_text('[[brand]]\nname = "Aubrac"\nquery = "aubrac"\n')
    assert call(folder).stdout.startswith("Aubrac\u00a0: 1 mention")
