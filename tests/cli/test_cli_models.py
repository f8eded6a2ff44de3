"""`hune train --corrections` and `hune models` as a person types them, over a real store and the shipped models."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import make
import pytest
from click.testing import CliRunner, Result
from sqlmodel import col, select

from watch.cli import hune
from watch.enrich import enrich_new
from watch.enrich.classify import Classifier, default_models
from watch.store import Store, corrections
from watch.store.tables import Item, Mention

FILE = '[[brand]]\nname = "Ludovore"\nquery = "ludovore"\n'
GAMES = Path(__file__).parents[1] / "data" / "games.jsonl"
LEARNED = 100


def games() -> list[dict[str, str]]:
    return [json.loads(line) for line in GAMES.read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped models and their benchmark, with a small corpus."""
    ignored = shutil.ignore_patterns("corpus")
    folder = shutil.copytree(default_models(), tmp_path_factory.mktemp("models") / "shipped", ignore=ignored)
    lines = (default_models() / "corpus" / "more.jsonl").read_text("utf-8").splitlines(keepends=True)
    (folder / "corpus").mkdir()
    (folder / "corpus" / "more.jsonl").write_text("".join(lines[::2]), "utf-8")
    return folder


@pytest.fixture(scope="module")
def filled(shipped: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a configuration, and a store in which somebody corrected the tone of a hundred games."""
    folder = tmp_path_factory.mktemp("shop")
    (folder / "sources.toml").write_text(FILE, "utf-8")
    store = Store.open(f"sqlite:///{folder / 'hune.db'}")
    with store.session() as session:
        source = make.save(session, make.source(enabled=False))
        make.save(session, make.brand(name="Ludovore", query="ludovore", managed=True))
        session.add_all([make.item(source, title="", text=row["text"], lang="fr") for row in games()[:LEARNED]])
    enrich_new(store, Classifier.load(shipped), make.NOW)
    said = {row["text"]: row["sentiment"] for row in games()}
    with store.session() as session:
        rows = session.exec(select(Mention, Item).where(col(Mention.item_id) == col(Item.id))).all()
        for mention, item in rows:
            corrections.change(session, mention.id, {"sentiment": said[item.text]}, by="Claire", now=make.NOW)
    store.close()
    return folder


@pytest.fixture
def shop(filled: Path, shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HUNE_MODELS", str(shipped))
    return shutil.copytree(filled, tmp_path / "shop")


def call(folder: Path, *options: str, text: str = "") -> Result:
    where = ["--config", str(folder / "sources.toml"), "--now", "2026-11-22T12:00:00Z"]
    return CliRunner().invoke(hune, [*where, *options], input=text)


def train(folder: Path, *options: str) -> Result:
    return call(folder, "train", "target", "--corrections", *options)


def test_it_prints_before_and_after_and_lets_the_new_one_label(shop: Path) -> None:
    done = train(shop)
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert [line[:29].strip() for line in lines[1:-1]] == [
        "target   benchmark, fr",
        "target   benchmark, en",
        "target   corrections held out",
    ]
    assert lines[-1].endswith("labels from the next pass on")


def test_what_it_says_of_corrections_it_has_not_seen_is_better(shop: Path) -> None:
    said = json.loads(train(shop, "--json").stdout)
    (figure,) = [one for one in said["figures"] if one["on"] == "corrections"]
    assert figure["n"] == LEARNED
    assert figure["after"] > figure["before"] + 0.01


def test_the_whole_of_the_other_texts_is_judged_better_by_what_labels_now(shop: Path) -> None:
    rest = games()[LEARNED:]
    asked = "".join(json.dumps({"text": row["text"], "target": "Ludovore"}) + "\n" for row in rest)

    def right() -> int:
        answers = [json.loads(line)["target_sentiment"] for line in call(shop, "label", text=asked).stdout.splitlines()]
        return sum(answer == row["sentiment"] for answer, row in zip(answers, rest, strict=True))

    before = right()
    train(shop)
    assert right() > before
    call(shop, "models", "back")
    assert right() == before


def test_the_folder_lies_beside_the_configuration_or_where_it_is_said(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train(shop)
    assert (shop / "hune-models" / "in-use.json").is_file()
    monkeypatch.setenv("HUNE_TAUGHT", str(tmp_path / "volume"))
    train(shop)
    assert (tmp_path / "volume" / "in-use.json").is_file()


def test_versions_are_listed_used_and_gone_back_from(shop: Path) -> None:
    version = json.loads(train(shop, "--json").stdout)["version"]
    (row,) = [json.loads(line) for line in call(shop, "models", "list", "--json").stdout.splitlines()]
    assert (row["name"], row["in_use"], row["fits"], row["corrections"]) == (version, True, True, {"target": LEARNED})
    assert call(shop, "models", "use", "shipped").stdout == "shipped labels from the next pass on\n"
    listed = call(shop, "models", "list").stdout.splitlines()
    assert [line[:14] for line in listed] == [f"  {version}", "* shipped     "]
    assert call(shop, "models", "back").stdout == f"{version} labels from the next pass on\n"


def test_too_few_are_refused_with_one_sentence(shop: Path) -> None:
    done = call(shop, "train", "topics", "--corrections")
    assert str(done.exception) == ("too few corrections to learn from: 0 of topics; 10 of different stories are needed")
    assert not (shop / "hune-models").exists()


def test_without_a_benchmark_nothing_changes_unless_forced(
    shop: Path, shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = shutil.copytree(shipped, tmp_path / "bare", ignore=shutil.ignore_patterns("benchmark.jsonl"))
    monkeypatch.setenv("HUNE_MODELS", str(bare))
    done = train(shop)
    assert "no benchmark to hold target against" in str(done.exception)
    assert call(shop, "models", "list").stdout.startswith("* shipped")
    forced = train(shop, "--force")
    assert forced.exit_code == 0
    assert "installed all the same" in forced.stderr


def test_it_learns_from_a_folder_or_from_corrections_not_both(shop: Path) -> None:
    for options in ((), ("--data", "x", "--corrections")):
        done = call(shop, "train", "target", *options)
        assert done.exit_code == 2
        assert "give either --data FOLDER or --corrections" in done.output
