"""hune mentions: the API's filters as options, as a table, as JSON and as CSV."""

from __future__ import annotations

import csv
import io
import json

import make
import pytest
from click.testing import CliRunner

from watch.cli import hune
from watch.cli.mentions import safe_cell
from watch.store import Store


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cli")
    (folder / "sources.toml").write_text('[hune]\ntimezone = "Europe/Paris"\n')
    store = Store.open(f"sqlite:///{folder / 'hune.db'}")
    with store.session() as session:
        source, brand = make.save(session, make.source(name="Forum")), make.save(session, make.brand())
        for n, (title, tone) in enumerate([("=2+2", "negative"), ("Calme", "neutral"), ("Bravo", "positive")]):
            item = make.save(session, make.item(source, title=title, published=make.NOW.replace(hour=9 + n)))
            make.save(session, make.mention(item, brand, sentiment=tone))
    store.close()
    return folder


@pytest.fixture
def ask(folder):
    def ask(*arguments, code=0, **given):
        config = ["--config", str(folder / "sources.toml"), "--database", f"sqlite:///{folder / 'hune.db'}"]
        done = CliRunner().invoke(hune, [*config, *arguments], **given)
        assert done.exit_code == code, done.output
        return done

    return ask


def test_people_see_the_newest_first(ask):
    lines = ask("mentions").stdout.splitlines()
    assert [line.split(": ")[1] for line in lines[::2]] == ["Bravo", "Calme", "=2+2"]


def test_json_is_the_mention_of_the_api(ask):
    rows = [json.loads(line) for line in ask("mentions", "--json", "--sentiment", "negative").stdout.splitlines()]
    assert [(row["title"], row["published"], row["brand"]) for row in rows] == [
        ("=2+2", "2026-11-20T09:00:00Z", "Aubrac")
    ]


@pytest.mark.parametrize(
    ("options", "count"),
    [
        (["--limit", "2"], 2),
        (["--brand", "Nobody"], 0),
        (["--since", "2026-11-20T11:00:00+01:00"], 2),
        (["--until", "2026-11-19"], 0),
        (["--source", "Forum", "--sentiment", "neutral", "--sentiment", "positive"], 2),
        (["--min-confidence", "0.9"], 0),
    ],
)
def test_options_filter(ask, options, count):
    assert len(ask("mentions", "--json", *options).stdout.splitlines()) == count


def test_a_time_that_is_none_is_wrong_usage(ask):
    assert "is no time" in ask("mentions", "--since", "soon", code=2).stderr


def test_csv_quotes_every_field_and_runs_no_formula(ask, tmp_path):
    """H58"""
    file = tmp_path / "out.csv"
    ask("mentions", "--csv", str(file))
    text = file.read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["title"] for row in rows] == ["Bravo", "Calme", "'=2+2"]
    assert all(field.startswith('"') for field in text.splitlines()[1].split(",")[:3])


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\u00a0=1", "＝1"])
def test_a_formula_gets_an_apostrophe(start):
    """H58"""
    assert safe_cell(start).startswith("'")


@pytest.mark.parametrize("separator", [";", "\t", "\n", "|", '; "', ";  "])
def test_a_formula_behind_a_separator_guessed_wrong_gets_one_too(separator):
    """H58"""
    assert "'=" in safe_cell(f"calm{separator}=cmd()")


@pytest.mark.parametrize("plain", ["", "l’été", "a = b", "porte-monnaie", "3 + 4", "moi@example.org"])
def test_other_text_stays_as_it_is(plain):
    assert safe_cell(plain) == plain


def test_a_cell_shows_what_it_holds():
    """H56: nothing reversed, hidden or towering; lines stay, in quotes"""
    assert safe_cell("\u202egnp\u200b.exe\ufeff e" + "\u0301" * 50) == "gnp.exe e\u0301\u0301"
    assert safe_cell("\u202e=1+1") == "'=1+1"
    assert safe_cell("un\ndeux\ttrois 12\u00a0%") == "un\ndeux\ttrois 12\u00a0%"
