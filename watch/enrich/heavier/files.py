"""The files of a model, opened: the one door to onnxruntime and tokenizers.

Files only, the CPU only, no network: what could report to anybody is switched off before it is imported.
Every mistake is a `ModelError` of one sentence that names the file.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from watch.enrich.heavier.settings import CONFIG, TOKENIZER_CONFIG
from watch.errors import ModelError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

MODEL, TOKENIZER = "model.onnx", "tokenizer.json"
INPUTS = ("input_ids", "attention_mask", "token_type_ids")
TYPES = {"tensor(int64)": np.int64, "tensor(int32)": np.int32}


def engine() -> Any:
    """The module onnxruntime, with what reports to anybody switched off. Raises ModelError when it is not there."""
    # onnxruntime 1.29 and later report to their maker unless this is said before they are imported
    # (microsoft/onnxruntime#27379); hune[onnx] asks for an earlier one, but who knows what is installed.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # as many threads as we say, and quiet in children
    try:
        import onnxruntime
        import tokenizers  # noqa: F401  (both or none: here it is said what to do)
    except ImportError as error:
        raise ModelError(f"`sentiment` in [labels] needs more: pip install 'hune[onnx]' ({error})") from error
    onnxruntime.disable_telemetry_events()
    return onnxruntime


def tokenizer_of(path: Path, limit: int) -> Tokenizer:
    """The tokenizer in a file; it cuts at `limit` tokens. Raises ModelError."""
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_str(path.read_text("utf-8"))
        tokenizer.no_padding()
        tokenizer.enable_truncation(limit)
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror})") from error
    except Exception as error:  # what it raises has no class of its own
        raise ModelError(f"{path}: no tokenizer that can be used ({line(error)})") from error
    return tokenizer


def session_of(path: Path, onnxruntime: Any, *, threads: int) -> Any:
    """The model in a file, ready to run on `threads` threads. Raises ModelError."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4  # what goes wrong is raised; its own lines would stand between ours
    if not path.is_file():
        raise ModelError(f"{path}: there is no such file")
    try:
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # its classes share no base of their own
        raise ModelError(f"{path}: damaged, or no ONNX model that can be run ({line(error)})") from error
    for one in session.get_inputs():
        if one.name not in INPUTS or one.type not in TYPES:
            raise ModelError(f"{path}: wants {one.name} ({one.type}); Hune knows {', '.join(INPUTS)} as whole numbers")
        if any(isinstance(size, int) for size in one.shape):
            raise ModelError(f"{path}: made for texts of one length; export it with dynamic axes")
    return session


def output_of(path: Path, session: Any) -> str:
    """The name of the output that holds a number for each label. Raises ModelError."""
    names = [one.name for one in session.get_outputs()]
    if "logits" in names or len(names) == 1:
        return "logits" if "logits" in names else str(names[0])
    raise ModelError(f"{path}: gives {', '.join(names)}, and none of them is called logits")


def sha256_of(folder: Path) -> str:
    """The sha256 of the files that decide an answer, weights kept beside the model included."""
    total = hashlib.sha256()
    beside = sorted(path.name for path in folder.glob(f"{MODEL}?*"))
    for name in (MODEL, *beside, TOKENIZER, CONFIG, TOKENIZER_CONFIG):
        if (folder / name).is_file():
            with (folder / name).open("rb") as file:
                total.update(name.encode() + hashlib.file_digest(file, "sha256").digest())
    return total.hexdigest()


def line(error: Exception) -> str:
    """What an error of others says, on one line and no longer than can be read."""
    return " ".join(str(error).split())[:200] or type(error).__name__
