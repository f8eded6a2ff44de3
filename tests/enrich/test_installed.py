"""Versions of the models on disk: which one labels, going back, and what happens when they no longer fit."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import make
import numpy as np
import pytest
from sqlmodel import select

from watch.config import parse
from watch.doctor import examine
from watch.enrich.classify import Classifier, default_models
from watch.enrich.installed import KEPT, Installed, Version, base_of
from watch.enrich.load import load_installed
from watch.enrich.weights import CARD, WEIGHTS, checked_arrays, load_card, pack
from watch.errors import ModelError, Refused
from watch.pipeline import Pipeline
from watch.store import Store, corrections
from watch.store.declared import declare
from watch.store.tables import Mention

FILE = '[[brand]]\nname = "Ludo"\nquery = "ludo"\n'


@pytest.fixture
def installed(tmp_path: Path) -> Installed:
    return Installed(tmp_path / "hune-models")


def version(name: str = "a" * 12, **values: Any) -> Version:
    given = {"made": "2026-11-22T08:00:00Z", "base": base_of(default_models()), "corrections": {"filter": 12}}
    return Version(name, **{**given, "figures": (), **values})


def add(installed: Installed, one: Version, *, spam: float = 0.0) -> None:
    """A version whose filter is the shipped one, with `spam` added to its bias."""
    staged = installed.folder / "new"
    shutil.copytree(default_models() / "filter", staged / "filter")
    arrays, _ = checked_arrays(staged / "filter", load_card(staged / "filter"))
    weights = pack({**arrays, "bias": arrays["bias"] + np.float32([spam, 0])})
    (staged / "filter" / WEIGHTS).write_bytes(weights)

    card = {**load_card(staged / "filter"), "sha256": hashlib.sha256(weights).hexdigest()}
    (staged / "filter" / CARD).write_text(json.dumps(card), "utf-8")
    installed.add(staged, one)


def test_without_a_folder_the_shipped_models_are_in_use(installed: Installed) -> None:
    assert (installed.in_use, installed.versions(), installed.mark()) == ("shipped", [], None)


def test_what_is_added_is_in_use(installed: Installed) -> None:
    add(installed, version())
    assert installed.in_use == "a" * 12
    assert installed.versions() == [version()]


def test_going_back_returns_to_what_labelled_before(installed: Installed) -> None:
    add(installed, version())
    add(installed, version("b" * 12, made="2026-11-23T08:00:00Z"))
    installed.use("shipped")
    assert [installed.back(), installed.back(), installed.back()] == ["b" * 12, "a" * 12, "shipped"]
    with pytest.raises(Refused, match="nothing to go back to"):
        installed.back()


def test_versions_stay_when_another_is_used(installed: Installed) -> None:
    add(installed, version())
    installed.use("shipped")
    installed.use("a" * 12)
    assert installed.in_use == "a" * 12


def test_only_a_version_that_is_there_can_be_used(installed: Installed) -> None:
    add(installed, version())
    for name in ("c" * 12, "../../etc", ""):
        with pytest.raises(Refused, match="there are aaaaaaaaaaaa, shipped"):
            installed.use(name)


def test_every_change_leaves_another_mark(installed: Installed) -> None:
    marks = [installed.mark()]
    add(installed, version())
    marks.append(installed.mark())
    installed.use("shipped")
    marks.append(installed.mark())
    assert len(set(marks)) == 3


def test_the_oldest_versions_go_and_never_the_one_in_use(installed: Installed) -> None:
    for number in range(KEPT + 2):
        add(installed, version(f"{number:012x}", made=f"2026-11-{30 - number:02d}T08:00:00Z"))
    assert len(installed.versions()) == KEPT + 1
    assert installed.path(installed.in_use).is_dir()


def test_going_back_passes_over_versions_that_are_gone(installed: Installed) -> None:
    for name in ("a" * 12, "b" * 12, "c" * 12):
        add(installed, version(name))
    shutil.rmtree(installed.path("b" * 12))
    assert installed.back() == "a" * 12


def test_a_version_made_again_is_read_again(installed: Installed) -> None:
    add(installed, version())
    mark = installed.mark()
    add(installed, version())
    assert installed.mark() != mark
    assert installed.back() == "shipped"


@pytest.mark.parametrize("damage", ["", "[]", "{", '{"history": 3}'])
def test_a_file_that_says_nothing_means_the_shipped_models(installed: Installed, damage: str) -> None:
    add(installed, version())
    (installed.folder / "in-use.json").write_text(damage, "utf-8")
    assert installed.in_use == "shipped"


def test_a_version_changes_the_tasks_it_holds_and_no_others(installed: Installed) -> None:
    add(installed, version(), spam=3.0)
    shipped, loaded = Classifier.load(default_models()), load_installed(default_models(), None, installed)
    text = [make.TextToLabel("Promo : gagnez un canapé")]
    (before,), (after,) = shipped.predict(text), loaded.classifier.predict(text)
    assert loaded.version == "a" * 12
    assert after.spam > before.spam
    assert (after.toxic, after.scores, after.topics) == (before.toxic, before.scores, before.topics)
    assert loaded.classifier.version != shipped.version


def test_a_version_of_other_shipped_models_is_left_aside_with_a_word(installed: Installed) -> None:
    add(installed, version(base="0" * 12), spam=3.0)
    loaded = load_installed(default_models(), None, installed)
    assert loaded.classifier.version == Classifier.load(default_models()).version
    assert "made from other shipped models than these; the shipped models label until" in str(loaded.note)


def test_a_damaged_version_is_left_aside_with_a_word(installed: Installed) -> None:
    add(installed, version())
    (installed.path("a" * 12) / "filter" / WEIGHTS).write_bytes(b"PK")
    assert "not the weights its card describes" in str(load_installed(default_models(), None, installed).note)


def test_damaged_shipped_models_are_still_an_error(installed: Installed, tmp_path: Path) -> None:
    add(installed, version())
    with pytest.raises(ModelError, match="no models here"):
        load_installed(tmp_path / "none", None, installed)


def test_the_base_is_what_labels_and_not_what_a_card_tells(tmp_path: Path) -> None:
    models = shutil.copytree(default_models(), tmp_path / "m", ignore=shutil.ignore_patterns("corpus", WEIGHTS))
    card = json.loads((models / "topics" / CARD).read_text("utf-8"))
    (models / "topics" / CARD).write_text(json.dumps({**card, "date": "2030-01-01"}), "utf-8")
    assert base_of(models) == base_of(default_models())
    (models / "topics" / CARD).write_text(json.dumps({**card, "temperature": 2.0}), "utf-8")
    assert base_of(models) != base_of(default_models())


def test_a_running_pipeline_takes_another_version_and_labels_again(sqlite_store: Store, installed: Installed) -> None:
    pipeline = Pipeline(parse(FILE), sqlite_store, models=default_models(), installed=installed)
    declare(sqlite_store, pipeline.config, make.NOW)
    with sqlite_store.session() as session:
        source = make.save(session, make.source(enabled=False))
        session.add_all([make.item(source, title="", text=f"Ludo ouvre le {n}") for n in (3, 4)])
    assert pipeline.tick(make.NOW).labelled == 2
    with sqlite_store.session() as session:
        corrections.change(session, 1, {"sentiment": "negative"}, by="Claire", now=make.NOW)
    before = versions(sqlite_store)
    add(installed, version(), spam=20.0)
    assert [pipeline.tick(make.NOW).labelled for _ in range(2)] == [2, 0]
    assert versions(sqlite_store) != before
    with sqlite_store.reading() as session:
        corrected = session.get(Mention, 1)
        assert corrected is not None
        assert (corrected.sentiment, corrected.spam) == ("negative", True)
    installed.use("shipped")
    assert pipeline.tick(make.NOW).labelled == 2
    pipeline.close()
    assert versions(sqlite_store) == before


def test_doctor_says_which_version_labels_and_why_one_does_not(sqlite_store: Store, installed: Installed) -> None:
    add(installed, version())
    pipeline = Pipeline(parse(FILE), sqlite_store, models=default_models(), installed=installed)
    assert models_check(pipeline) == (True, True)
    add(installed, version("b" * 12, base="0" * 12))
    assert models_check(pipeline) == (None, False)
    pipeline.close()


def models_check(pipeline: Pipeline) -> tuple[bool | None, bool]:
    """How `hune doctor` finds the models, and whether it names the version."""
    (check,) = [one for one in examine(pipeline, make.NOW) if one.subject == "models"]
    return check.well, "version aaaaaaaaaaaa of the corrections made here" in check.said


def versions(store: Store) -> set[str]:
    with store.reading() as session:
        return {one.model_version for one in session.exec(select(Mention))}
