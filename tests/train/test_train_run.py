"""A training from folder to model: reproducible, loadable, and honest about what it was given."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from watch.enrich.classify import Classifier, default_models
from watch.enrich.weights import CARD, LEXICON, WEIGHTS
from watch.errors import ModelError, Refused
from watch.model import TextToLabel
from watch.train.data import training_rows
from watch.train.run import Trained, score, train

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def run(data: Path, out: Path, task: str = "sentiment", *, seed: int = 7) -> list[Trained]:
    return list(train(task, data, out, shipped=shipped(out.parent), seed=seed, now=NOW))


def shipped(folder: Path) -> Path:
    """A folder of models that ships the lexicon and no texts."""
    (folder / "shipped").mkdir(exist_ok=True, parents=True)
    (folder / "shipped" / LEXICON).write_bytes((default_models() / LEXICON).read_bytes())
    return folder / "shipped"


def test_the_same_rows_and_seed_give_the_same_bytes(data: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        run(data, tmp_path / name, "all")
    for file in ("sentiment", "topics", "filter", "language", "target"):
        for part in (WEIGHTS, CARD):
            assert (tmp_path / "one" / file / part).read_bytes() == (tmp_path / "two" / file / part).read_bytes()


def test_what_was_trained_loads_and_knows_what_it_was_shown(data: Path, tmp_path: Path) -> None:
    run(data, tmp_path / "models", "all")
    classifier = Classifier.load(tmp_path / "models")
    found = classifier.predict([TextToLabel("le colis est nul"), TextToLabel("the parcel is lovely")])
    assert [p.sentiment for p in found] == ["negative", "positive"]
    assert [p.lang for p in found] == ["fr", "en"]
    assert [p.topics[0][0] for p in found] == ["delivery", "praise"]


def test_the_card_says_what_was_learned_from_what(data: Path, tmp_path: Path) -> None:
    (trained,) = run(data, tmp_path / "models")
    card = json.loads((tmp_path / "models" / "sentiment" / CARD).read_text(encoding="utf-8"))
    assert card["version"] == trained.version
    assert card["date"] == "2026-11-21"
    assert card["seed"] == 7
    assert card["scored_on"] == "dev"
    assert {(row["source"], row["lang"], row["rows"]) for row in card["training"]} == {
        ("written", "fr", 108),
        ("written", "en", 72),
    }
    assert "nul" in card["words"]["fr"]["negative"]
    assert {row["lang"] for row in card["scores"]} == {"fr", "en"}


def test_evaluating_what_was_trained_gives_the_scores_of_the_card(data: Path, tmp_path: Path) -> None:
    (trained,) = run(data, tmp_path / "models")
    (scored,) = score("sentiment", data, tmp_path / "models")
    assert scored == trained


def test_a_file_can_be_scored_by_itself(data: Path, tmp_path: Path) -> None:
    run(data, tmp_path / "models", "topics")
    (scored,) = score("topics", data / "written" / "dev.jsonl.gz", tmp_path / "models")
    assert sum(row.n for row in scored.scores) == 30


def test_a_folder_of_plain_files_is_scored_on_a_tenth_held_out(data: Path, tmp_path: Path) -> None:
    flat = tmp_path / "flat"
    flat.mkdir()
    (flat / "texts.jsonl.gz").write_bytes((data / "written" / "train.jsonl.gz").read_bytes())
    (trained,) = run(flat, tmp_path / "models")
    card = json.loads((tmp_path / "models" / "sentiment" / CARD).read_text(encoding="utf-8"))
    assert card["scored_on"] == "one row in ten, held out"
    held, learned = sum(row.n for row in trained.scores), sum(row["rows"] for row in card["training"])
    assert held > 0
    assert held + learned == 180


def test_dev_rows_are_never_trained_on(data: Path) -> None:
    dev = gzip.decompress((data / "written" / "dev.jsonl.gz").read_bytes()).decode()
    (data / "written" / "dev.jsonl.gz").write_bytes(gzip.compress(dev.replace("n0", "secret").encode()))
    assert not [row for row in training_rows(data, "sentiment") if "secret" in row.text]


def test_shipped_texts_join_a_folder_with_written_texts_once(data: Path, tmp_path: Path) -> None:
    known = gzip.decompress((data / "written" / "train.jsonl.gz").read_bytes()).decode().splitlines()[0]
    corpus = tmp_path / "shipped" / "corpus"
    corpus.mkdir(parents=True)
    (corpus / "more.jsonl").write_text(f"{known}\n{known.replace('parfait-0', 'more-1')}\n", encoding="utf-8")
    (trained,) = run(data, tmp_path / "models")
    card = json.loads((tmp_path / "models" / trained.task / CARD).read_text(encoding="utf-8"))
    assert sum(row["rows"] for row in card["training"]) == 181


def test_the_model_toward_a_name_hears_the_clause_of_the_name(data: Path, tmp_path: Path) -> None:
    run(data, tmp_path / "models", "all")
    classifier = Classifier.load(tmp_path / "models")
    assert classifier.toward is not None
    found = classifier.predict([TextToLabel("le colis de Nordex est nul", target="Nordex")])
    assert found[0].target_sentiment == "negative"


def test_the_model_toward_a_name_leans_on_the_one_for_sentiment(data: Path, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="train that first"):
        run(data, tmp_path / "models", "target")
    run(data, tmp_path / "models", "sentiment")
    run(data, tmp_path / "models", "target")
    one = b'{"text": "nul", "lang": "fr", "sentiment": "negative"}\n'
    with (data / "written" / "train.jsonl.gz").open("ab") as file:
        file.write(gzip.compress(one))
    run(data, tmp_path / "models", "sentiment")
    with pytest.raises(ModelError, match="another sentiment model"):
        list(score("target", data, tmp_path / "models"))


def test_without_names_in_the_data_there_is_no_model_toward_one(data: Path, tmp_path: Path) -> None:
    rows = gzip.decompress((data / "written" / "train.jsonl.gz").read_bytes()).decode().replace('"targets"', '"names"')
    (data / "written" / "train.jsonl.gz").write_bytes(gzip.compress(rows.encode()))
    assert [trained.task for trained in run(data, tmp_path / "models", "all")] == [
        "sentiment",
        "topics",
        "filter",
        "language",
    ]
    with pytest.raises(Refused, match="holds no names"):
        run(data, tmp_path / "models", "target")


def test_rows_for_measuring_only_are_refused(tmp_path: Path, data: Path) -> None:
    hidden = data.rename(tmp_path / "_eval_only")
    with pytest.raises(Refused, match="measuring only"):
        run(hidden, tmp_path / "models")


def test_a_broken_row_is_named(data: Path, tmp_path: Path) -> None:
    (data / "written" / "train.jsonl.gz").write_bytes(gzip.compress(b'{"text": "a", "lang": "fr"}\n{"text"\n'))
    with pytest.raises(Refused, match="line 2 is not a labelled row"):
        run(data, tmp_path / "models")


def test_a_folder_without_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no training rows"):
        run(tmp_path, tmp_path / "models")


def test_an_unknown_task_is_refused_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="sentiment, topics, filter, language, target, all"):
        run(tmp_path, tmp_path / "models", "tone")


def test_another_seed_trains_on_other_pieces(data: Path, tmp_path: Path) -> None:
    versions = {run(data, tmp_path / str(seed), "language", seed=seed)[0].version for seed in (1, 2)}
    assert len(versions) == 2
