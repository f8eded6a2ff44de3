"""`hune relabel` as a person types it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import make
import pytest
from click.testing import CliRunner, Result
from sqlmodel import col, select

from watch.cli import hune
from watch.enrich import enrich_new
from watch.enrich.classify import Classifier, default_models
from watch.enrich.wordrules import STATED
from watch.store import Store
from watch.store.tables import Brand, Mention

FILE = '[[brand]]\nname = "Ludo"\nquery = "ludo"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sources.toml").write_text(FILE, "utf-8")
    store = Store.open(f"sqlite:///{tmp_path / 'hune.db'}")
    with store.session() as session:
        source = make.save(session, make.source(enabled=False))
        make.save(session, make.brand(name="Ludo", query="ludo", managed=True))
        for day in (18, 19):
            session.add(make.item(source, title="", text=f"Ludo le {day}", published=make.NOW.replace(day=day)))
    enrich_new(store, Classifier.load(default_models()), make.NOW)
    store.close()
    return tmp_path


def call(folder: Path, *options: str) -> Result:
    where = ["--config", str(folder / "sources.toml"), "--now", "2026-11-20T12:00:00Z"]
    return CliRunner().invoke(hune, [*where, "relabel", *options])


def stated(folder: Path) -> list[bool]:
    """Whether a rule is among the evidence of each mention: two thirds of its weight, or a third against."""
    store = Store.open(f"sqlite:///{folder / 'hune.db'}")
    with store.reading() as session:
        found = session.exec(select(Mention).order_by(col(Mention.id))).all()
        weights = [{piece["weight"] for piece in one.evidence} for one in found]
    store.close()
    return [bool(some & {round(STATED * 2 / 3, 4), round(-STATED / 3, 4)}) for some in weights]


def test_the_rules_of_the_file_reach_the_past(folder: Path) -> None:
    (folder / "sources.toml").write_text(FILE + 'words = { "18" = "negative", "19" = "negative" }\n', "utf-8")
    assert call(folder, "--since", "2026-11-19").stdout == "1 items labelled again\n"
    assert stated(folder) == [False, True]
    assert call(folder, "--brand", "Ludo").stdout == "2 items labelled again\n"
    assert stated(folder) == [True, True]


def test_a_time_that_is_none_is_wrong_usage(folder: Path) -> None:
    found = call(folder, "--since", "hier")
    assert found.exit_code == 2
    assert "--since" in found.output


def test_an_unknown_brand_is_one_line(folder: Path) -> None:
    where = ["--config", str(folder / "sources.toml"), "relabel", "--brand", "Lodu"]
    code = "from watch.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", code, *where], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "hune: there is no brand 'Lodu'; there are Ludo\n")


def test_an_empty_store_has_nothing_to_label_again(tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_text(FILE, "utf-8")
    assert call(tmp_path).stdout == "0 items labelled again\n"
    store = Store.open(f"sqlite:///{tmp_path / 'hune.db'}")
    with store.reading() as session:
        assert [brand.name for brand in session.exec(select(Brand))] == ["Ludo"]
    store.close()
