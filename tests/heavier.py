"""A tiny model as people export them, made here: tokens → what each says → mean over the text → tones."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

LABELS = ("negative", "neutral", "positive")
_SAYS = {
    "nul": (6.0, 0.0, 0.0),
    "horrible": (9.0, 0.0, 0.0),
    "parfait": (0.0, 0.0, 6.0),
    "sublime": (0.0, 0.0, 9.0),
    "lundi": (0.0, 3.0, 0.0),
    "mardi": (0.0, 3.0, 0.0),
    "😡": (8.0, 0.0, 0.0),
}
WORDS = ["[PAD]", "[UNK]", *_SAYS]


def folder(at: Path, *, labels: Sequence[str] = LABELS, rows: Sequence[Sequence[float]] = (), **options: Any) -> Path:
    """Write a model into `at`. `rows`: what each of WORDS says to each label; `options`: see `graph`, and `hune`."""
    at.mkdir(parents=True, exist_ok=True)
    hune = options.pop("hune", None)
    table = np.array(rows or [(0.0, 0.0, 0.0), (0.0, 0.2, 0.0), *_SAYS.values()], np.float32)
    onnx.save(graph(table, **options), at / "model.onnx")
    tokenizer().save(str(at / "tokenizer.json"))
    config = {"id2label": {str(n): label for n, label in enumerate(labels)}, "max_position_embeddings": 64}
    (at / "config.json").write_text(json.dumps(config | ({"hune": hune} if hune else {})), "utf-8")
    return at


def tokenizer() -> Tokenizer:
    """One token a word; what it has not learnt is [UNK]."""
    made = Tokenizer(models.WordLevel({word: n for n, word in enumerate(WORDS)}, unk_token="[UNK]"))
    made.normalizer = normalizers.Lowercase()
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    return made


def graph(
    table: Any, *, probabilities: bool = False, masks: bool = True, inputs: Sequence[str] = (), outputs: int = 1
) -> Any:
    """A bag of words: gather the rows of `table`, mean where the mask says so, softmax if wanted."""
    names = ["input_ids", *(["attention_mask"] if masks else []), *inputs]
    wanted = [helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"]) for name in names]
    gives = "probabilities" if probabilities else "logits"
    mean = [
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["mask", "last"], ["weight"]),
        helper.make_node("Mul", ["said", "weight"], ["heard"]),
        helper.make_node("ReduceSum", ["heard", "middle"], ["sum"], keepdims=0),
        helper.make_node("ReduceSum", ["weight", "middle"], ["count"], keepdims=0),
        helper.make_node("Div", ["sum", "count"], ["mean"]),
    ]
    plain = [helper.make_node("ReduceMean", ["said", "middle"], ["mean"], keepdims=0)]
    end = helper.make_node("Softmax", ["mean"], [gives], axis=-1) if probabilities else None
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["said"]),
        *(mean if masks else plain),
        end or helper.make_node("Identity", ["mean"], [gives]),
        *(helper.make_node("Identity", ["mean"], [f"other{n}"]) for n in range(1, outputs)),
    ]
    constants = [
        numpy_helper.from_array(table, "table"),
        numpy_helper.from_array(np.array([-1]), "last"),
        numpy_helper.from_array(np.array([1]), "middle"),
    ]
    results = [gives, *(f"other{n}" for n in range(1, outputs))]
    shapes = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", table.shape[1]]) for name in results]
    body = helper.make_graph(nodes, "bag", wanted, shapes, constants)
    return helper.make_model(body, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
