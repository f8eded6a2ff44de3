"""A folder that is no model is refused with one sentence that says what to do."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import heavier
import pytest

from watch.enrich.heavier import TextModel
from watch.errors import ModelError


def refused(folder: Path) -> str:
    with pytest.raises(ModelError) as error:
        TextModel.load(folder)
    sentence = str(error.value)
    assert "\n" not in sentence
    return sentence


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert "no such folder" in refused(tmp_path / "nowhere")


@pytest.mark.parametrize("file", ["model.onnx", "tokenizer.json", "config.json"])
def test_a_file_that_is_missing_is_named(tmp_path: Path, file: str) -> None:
    (heavier.folder(tmp_path) / file).unlink()
    assert str(tmp_path / file) in refused(tmp_path)


@pytest.mark.parametrize("file", ["model.onnx", "tokenizer.json", "config.json"])
@pytest.mark.parametrize("damage", [lambda data: data[:-9], lambda data: b"", lambda data: b"\xff" * 100])
def test_a_file_that_is_damaged_is_named(tmp_path: Path, file: str, damage: Callable[[bytes], bytes]) -> None:
    path = heavier.folder(tmp_path) / file
    path.write_bytes(damage(path.read_bytes()))
    assert str(path) in refused(tmp_path)


@pytest.mark.parametrize(
    ("config", "says"),
    [
        ({}, "id2label"),
        ({"id2label": ["negative", "positive"]}, "id2label"),
        ({"id2label": {"0": "negative", "2": "positive"}}, "id2label"),
        ({"id2label": {"0": "LABEL_0", "1": "LABEL_1"}}, "'LABEL_0'"),
        ({"id2label": {"0": "joy", "1": "anger"}}, "'joy'"),
        ({"id2label": {"0": "negative", "1": "neutral"}}, "one that is positive"),
        ({"id2label": {"0": "negative", "1": "positive"}, "hune": 3}, '"hune"'),
        ({"id2label": {"0": "negative", "1": "positive"}, "hune": {"tokens": 3}}, "max_tokens"),
        ({"id2label": {"0": "a", "1": "positive"}, "hune": {"labels": {"a": "bad"}}}, "negative, neutral, positive"),
        ({"id2label": {"0": "negative", "1": "positive"}, "hune": {"toward": "name"}}, '"pair"'),
        ({"id2label": {"0": "negative", "1": "positive"}, "hune": {"max_tokens": 2}}, "from 8"),
        ({"id2label": {"0": "negative", "1": "positive"}, "hune": {"evidence": True}}, "whole number"),
        ({"id2label": {"0": "negative", "1": "positive"}, "problem_type": "multi_label_classification"}, "exclude"),
    ],
)
def test_a_config_that_cannot_be_followed(tmp_path: Path, config: dict[str, Any], says: str) -> None:
    (heavier.folder(tmp_path) / "config.json").write_text(json.dumps(config), "utf-8")
    sentence = refused(tmp_path)
    assert says in sentence
    assert "config.json" in sentence


def test_more_outputs_than_labels(tmp_path: Path) -> None:
    heavier.folder(tmp_path, labels=("negative", "positive"))
    assert "(1, 3) numbers where its labels need (1, 2)" in refused(tmp_path)


def test_outputs_that_are_no_numbers(tmp_path: Path) -> None:
    heavier.folder(tmp_path, rows=[(float("nan"), 0.0, 0.0)] * len(heavier.WORDS))
    assert "no numbers" in refused(tmp_path)


def test_an_input_nobody_knows(tmp_path: Path) -> None:
    heavier.folder(tmp_path, inputs=["pixel_values"])
    assert "wants pixel_values" in refused(tmp_path)


def test_outputs_none_of_which_is_called_logits(tmp_path: Path) -> None:
    heavier.folder(tmp_path, probabilities=True, outputs=2)
    assert "none of them is called logits" in refused(tmp_path)


def test_a_token_the_model_does_not_know_is_told_when_it_comes(tmp_path: Path) -> None:
    model = TextModel.load(heavier.folder(tmp_path, rows=[(0.0, 0.2, 0.0)] * 3))
    with pytest.raises(ModelError, match="cannot label"):
        model.chances(["mardi"])


@pytest.mark.parametrize("missing", ["onnxruntime", "tokenizers"])
def test_what_is_not_installed_is_said_with_the_command_that_helps(tmp_path: Path, missing: str) -> None:
    heavier.folder(tmp_path)
    code = (
        f"import sys; sys.modules[{missing!r}] = None\nfrom pathlib import Path\n"
        f"from watch.enrich.heavier import TextModel\nTextModel.load(Path({str(tmp_path)!r}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "ModelError: `sentiment` in [labels] needs more: pip install 'hune[onnx]'" in done.stderr
