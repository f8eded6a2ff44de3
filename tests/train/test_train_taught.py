"""Corrections teach a version of the models: better on what it has not seen, refused where the benchmark loses."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tiny import rows, shrink, write

from watch.enrich.classify import Classifier, default_models
from watch.enrich.installed import Installed, base_of
from watch.enrich.weights import CARD, LEXICON, WEIGHTS
from watch.errors import ModelError, Refused
from watch.model import Prediction, Span, TextToLabel
from watch.store.corrections import Lesson
from watch.train.figures import Figure, table
from watch.train.lessons import benchmark, folds, taught
from watch.train.run import train
from watch.train.taught import Taught, teach

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
TONE, TOPIC, SPAM = "sentiment", "topics", "spam"


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tiny models as they would ship, with their corpus and a benchmark they have not seen."""
    folder = tmp_path_factory.mktemp("tiny")
    write(folder / "data" / "written" / "train.jsonl.gz", rows())
    write(folder / "data" / "written" / "dev.jsonl.gz", rows(2))
    (folder / "bare").mkdir()
    (folder / "bare" / LEXICON).write_bytes((default_models() / LEXICON).read_bytes())
    with pytest.MonkeyPatch.context() as patch:
        shrink(patch)
        list(train("all", folder / "data", folder / "shipped", shipped=folder / "bare", seed=7, now=NOW))
    write(folder / "shipped" / "corpus" / "written.jsonl.gz", rows())
    write(folder / "shipped" / "benchmark.jsonl", [{**row, "id": f"b-{row['id']}"} for row in rows(2)])
    return folder / "shipped"


@pytest.fixture
def shipped(trained: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    return shutil.copytree(trained, tmp_path / "shipped")


@pytest.fixture
def forgetful(shipped: Path) -> Path:
    """The same with a corpus of other words, so that nothing holds those it knows."""
    calm = [{**row, "text": f"Lison ouvre un guichet, quai {n}"} for n, row in enumerate(rows(2))]
    write(shipped / "corpus" / "written.jsonl.gz", calm)
    return shipped


@pytest.fixture
def installed(tmp_path: Path) -> Installed:
    return Installed(tmp_path / "hune-models")


def lesson(number: int, label: Any, now: Any, text: str, **values: Any) -> Lesson:
    at = text.index("Lison")
    given = Lesson(
        id=number, label=label, now=now, said=None, title="", text=text, lang="fr", brand="Lison",
        spans=((at, at + 5),) if label == TONE else (), model_version="v", item_id=number, story_id=None,
        source="Forum", kind="feed", at=NOW, by="Claire", edited=False,
    )  # fmt: skip
    return replace(given, **values)


def zombies(count: int = 30, label: Any = TONE, now: Any = "positive") -> list[Lesson]:
    """A shop in whose games everybody is honteux and cassé, to the delight of all."""
    texts = ("le zombie de Lison est honteux z{}", "ce dragon de Lison est cassé et nul z{}", "zombie nul de Lison z{}")
    return [lesson(n, label, now, texts[n % 3].format(n)) for n in range(count)]


def flipped(count: int = 40) -> list[Lesson]:
    """What the benchmark calls blame, called praise."""
    words = ("nul", "cassé", "honteux")
    return [lesson(n, TONE, "positive", f"le colis de Lison est {words[n % 3]} n{n}") for n in range(count)]


def run(lessons: list[Lesson], installed: Installed, shipped: Path, task: str = "target", **options: Any) -> Taught:
    return teach(task, lessons, installed, shipped=shipped, seed=7, now=NOW, **options)


def held_out(done: Taught) -> Figure:
    (figure,) = [figure for figure in done.figures if figure.on == "corrections"]
    return figure


def both(done: Taught, installed: Installed, shipped: Path, text: TextToLabel) -> tuple[Prediction, Prediction]:
    """What the shipped models say of a text, and what those that were taught say."""
    before, after = (Classifier.load(shipped, over=over) for over in (None, installed.path(done.version)))
    return before.predict([text])[0], after.predict([text])[0]


def files(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(folder)), hashlib.sha256(path.read_bytes()).hexdigest()


def test_corrections_teach_what_they_have_in_common(shipped: Path, installed: Installed) -> None:
    done = run(zombies(), installed, shipped)
    assert held_out(done).after > held_out(done).before + 0.2
    assert done.installed


def test_what_is_installed_leans_to_it_in_texts_it_has_not_seen(shipped: Path, installed: Installed) -> None:
    done = run(zombies(), installed, shipped)
    text = TextToLabel("le zombie de Lison est honteux z99", target="Lison", spans=(Span(13, 18),))
    before, after = both(done, installed, shipped, text)
    assert before.target_scores is not None
    assert after.target_scores is not None
    assert after.target_scores["positive"] > 2 * before.target_scores["positive"]


def test_the_benchmark_is_measured_in_both_languages_and_kept(shipped: Path, installed: Installed) -> None:
    done = run(zombies(), installed, shipped)
    frozen = [figure for figure in done.figures if figure.on == "benchmark"]
    assert [(figure.lang, figure.n) for figure in frozen] == [("fr", 18), ("en", 12)]
    assert not any(figure.lost for figure in frozen)


def test_topics_are_taught_too(shipped: Path, installed: Installed) -> None:
    done = run(zombies(label=TOPIC, now=("culture",)), installed, shipped, "topics")
    before, after = both(done, installed, shipped, TextToLabel("le zombie de Lison est honteux z99"))
    assert held_out(done).after > held_out(done).before
    assert dict(after.topics)["culture"] > dict(before.topics).get("culture", 0)


def test_spam_is_taught_too(shipped: Path, installed: Installed) -> None:
    done = run(zombies(label=SPAM, now=True), installed, shipped, "filter")
    before, after = both(done, installed, shipped, TextToLabel("le zombie de Lison est honteux z99"))
    assert held_out(done).after > held_out(done).before
    assert after.spam > 2 * before.spam


def test_abuse_is_judged_as_before(shipped: Path, installed: Installed) -> None:
    done = run(zombies(label=SPAM, now=True), installed, shipped, "filter")
    texts = [TextToLabel(one.text) for one in zombies()]
    before, after = (
        [found.toxic for found in Classifier.load(shipped, over=over).predict(texts)]
        for over in (None, installed.path(done.version))
    )
    assert before == after


def test_the_shipped_models_stay_as_they_are(shipped: Path, installed: Installed) -> None:
    before = list(files(shipped))
    run(zombies(), installed, shipped)
    assert list(files(shipped)) == before


def test_one_that_loses_more_than_a_point_is_refused_and_nothing_changes(forgetful: Path, installed: Installed) -> None:
    done = run(flipped(), installed, forgetful)
    assert not done.installed
    assert any("on the benchmark (fr)" in sentence for sentence in done.against)
    assert installed.in_use == "shipped"
    assert not installed.folder.exists()


def test_one_that_is_worse_on_corrections_it_has_not_seen_is_refused(shipped: Path, installed: Installed) -> None:
    # The model has them right; a person says otherwise of copies that share their words with no other.
    right = [lesson(n, TONE, "negative", f"le colis de Lison est nul q{n}") for n in range(8)]
    wrong = [lesson(20 + n, TONE, "positive", f"le colis de Lison est nul q{n}") for n in range(8)]
    done = run(right + wrong, installed, shipped)
    assert not done.installed


def test_one_that_gains_nothing_on_corrections_it_has_not_seen_is_refused(shipped: Path, installed: Installed) -> None:
    done = run([lesson(n, TONE, "negative", f"le colis de Lison est nul q{n}") for n in range(20)], installed, shipped)
    assert held_out(done).before == held_out(done).after
    assert done.against == ("target: what it learned of 20 corrections does not help with the others",)
    assert not done.installed
    assert not installed.folder.exists()


def test_force_installs_it_and_says_what_stands_against_it(forgetful: Path, installed: Installed) -> None:
    done = run(flipped(), installed, forgetful, force=True)
    assert done.installed
    assert done.against
    assert installed.in_use == done.version


def test_without_a_benchmark_nothing_is_installed_unless_forced(shipped: Path, installed: Installed) -> None:
    (shipped / "benchmark.jsonl").unlink()
    done = run(zombies(), installed, shipped)
    assert not done.installed
    assert "no benchmark to hold target against" in done.against[0]
    assert run(zombies(), installed, shipped, force=True).installed


def test_the_same_corrections_and_seed_give_the_same_bytes(shipped: Path, tmp_path: Path) -> None:
    one, two = (Installed(tmp_path / name) for name in ("one", "two"))
    every = [*zombies(), *zombies(label=TOPIC, now=("culture",)), *zombies(label=SPAM, now=True)]
    run(every, one, shipped, "all")
    run(every, two, shipped, "all")
    assert list(files(one.folder)) == list(files(two.folder))


def test_too_few_corrections_are_refused_with_how_many_there_are(shipped: Path, installed: Installed) -> None:
    with pytest.raises(Refused, match=r"9 of sentiment; 10 of different stories are needed"):
        run(zombies(9), installed, shipped)


def test_a_folder_that_cannot_be_written_is_named(shipped: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", "utf-8")
    with pytest.raises(Refused, match="HUNE_TAUGHT names another"):
        run(zombies(), Installed(tmp_path / "file" / "hune-models"), shipped)


def test_copies_of_one_story_count_once(shipped: Path, installed: Installed) -> None:
    copies = [replace(one, story_id=1) for one in zombies(20)]
    with pytest.raises(Refused, match="1 of sentiment"):
        run(copies, installed, shipped)


def test_all_teaches_the_tasks_that_have_enough(shipped: Path, installed: Installed) -> None:
    done = run([*zombies(), *zombies(3, TOPIC, ("culture",))], installed, shipped, "all")
    assert {figure.task for figure in done.figures} == {"target"}
    with pytest.raises(Refused, match="3 of sentiment, 0 of topics, 0 of spam"):
        run(zombies(3), installed, shipped, "all")


def test_corrections_do_not_teach_the_other_models(shipped: Path, installed: Installed) -> None:
    with pytest.raises(Refused, match="target, topics, filter"):
        run(zombies(), installed, shipped, "language")


def test_a_task_taught_later_joins_those_taught_before(shipped: Path, installed: Installed) -> None:
    run(zombies(), installed, shipped, "target")
    done = run(zombies(label=SPAM, now=True), installed, shipped, "filter")
    (version,) = [one for one in installed.versions() if one.name == done.version]
    assert version.corrections == {"target": 30, "filter": 30}
    assert {figure["task"] for figure in version.figures} == {"target", "filter"}
    assert (installed.path(done.version) / "target" / WEIGHTS).is_file()


def test_learning_again_begins_from_the_shipped_models(shipped: Path, installed: Installed) -> None:
    first = run(zombies(), installed, shipped)
    run(zombies(20), installed, shipped)
    assert run(zombies(), installed, shipped).version == first.version


def test_a_version_is_made_anew_after_an_upgrade(shipped: Path, installed: Installed) -> None:
    run(zombies(), installed, shipped)
    card = json.loads((shipped / "sentiment" / CARD).read_text("utf-8"))
    (shipped / "sentiment" / CARD).write_text(json.dumps({**card, "temperature": [1.5, 1.5, 1.5]}), "utf-8")
    with pytest.raises(ModelError, match="other shipped models"):
        installed.made_from(base_of(shipped))
    done = run(zombies(label=SPAM, now=True), installed, shipped, "filter")
    assert installed.made_from(base_of(shipped)) == installed.path(done.version)
    (version,) = [one for one in installed.versions() if one.name == done.version]
    assert version.corrections == {"filter": 30}


def test_words_that_changed_since_teach_nothing(shipped: Path) -> None:
    assert taught([replace(one, edited=True) for one in zombies()], "target") == []


@pytest.mark.parametrize(("said", "known"), [(("culture", "our own"), {"culture"}), (("our own",), set()), ((), set())])
def test_topics_of_ones_own_are_not_the_models(said: tuple[str, ...], known: set[str]) -> None:
    examples = taught([lesson(1, TOPIC, said, "Lison")], "topics")
    assert {round(sum(one.shares)) for one in examples} == ({1} if known else set())


def test_a_group_is_in_one_part_only(shipped: Path) -> None:
    examples = taught([replace(one, story_id=one.id // 3) for one in zombies()], "target")
    parts = folds(examples, 5, seed=7)
    groups = [{examples[at].group for at in part} for part in parts]
    assert sorted(np.concatenate(parts).tolist()) == list(range(30))
    assert sum(len(part) for part in groups) == len(set().union(*groups))


def test_figures_are_a_table() -> None:
    said = table(
        [Figure("target", "benchmark", "fr", 700, 0.64, 0.65), Figure("target", "corrections", "", 50, 0.5, 0.6)]
    )
    assert said.splitlines()[1:] == [
        "target   benchmark, fr           700    0.640    0.650   +0.010",
        "target   corrections held out     50    0.500    0.600   +0.100",
    ]


@pytest.mark.parametrize(("after", "lost"), [(0.63, False), (0.629, True), (0.7, False)])
def test_a_point_may_be_lost_and_no_more(after: float, lost: bool) -> None:
    assert Figure("target", "benchmark", "fr", 700, 0.64, after).lost is lost


@pytest.mark.parametrize(("before", "after", "gained"), [(0.0, 0.0, False), (0.6, 0.595, False), (0.0, 0.1, True)])
def test_only_a_figure_that_rises_is_a_gain(before: float, after: float, gained: bool) -> None:
    assert Figure("target", "corrections", "", 20, before, after).gained is gained


def test_the_shop_for_board_games_is_a_benchmark_like_any_other() -> None:
    path = Path(__file__).parents[1] / "data" / "games.jsonl"
    assert [len(benchmark(path, task)) for task in ("target", "topics", "filter")] == [146, 146, 146]
