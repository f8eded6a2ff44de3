"""What the folder of a model says of it: `config.json`, and `tokenizer_config.json` where there is one.

`id2label` names the outputs. The key `hune`, ours, may say more: `labels` (what an output means that has no usual
name), `toward` ("clauses" or "pair"), `max_tokens`, `evidence` (words left out in turn for each text; 0: none),
`sure_from` (the probability from which a label is told, not "not sure").
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from watch.enrich.weights import SURE_FROM
from watch.errors import ModelError
from watch.model import SENTIMENTS

CONFIG, TOKENIZER_CONFIG = "config.json", "tokenizer_config.json"
_MOST_TOKENS = 512
_MOST_EVIDENCE = 200
_EVIDENCE = 16
_KEYS = {"labels", "toward", "max_tokens", "evidence", "sure_from"}
_OURS: dict[str, int] = {name: at for at, name in enumerate(SENTIMENTS)}
_USUAL: dict[str, int] = {
    **_OURS,
    **dict.fromkeys(("neg", "negatif", "négatif", "very negative", "1 star", "2 stars"), 0),
    **dict.fromkeys(("neu", "neutre", "3 stars"), 1),
    **dict.fromkeys(("pos", "positif", "very positive", "4 stars", "5 stars"), 2),
}
# Positions of these models begin after that of the padding: two of them cannot be used.
_SHIFTED = {"roberta", "xlm-roberta", "camembert"}


@dataclass(frozen=True, slots=True)
class Settings:
    """How to use a model.

    `columns`: for each of its outputs, the index in SENTIMENTS; `limit`: tokens it reads at most; `pad`: the token
    that fills up; `pairs`: it takes (text, name); `evidence`: how many words are left out in turn; `sure_from`: the
    probability from which a label is told as sure.
    """

    columns: tuple[int, ...]
    limit: int
    pad: int
    pairs: bool
    evidence: int
    sure_from: float


def read_settings(folder: Path) -> Settings:
    """The settings of the model in `folder`. Raises ModelError, one sentence that names the file."""
    path = folder / CONFIG
    config = json_object(path)
    ours = config.get("hune", {})
    if not isinstance(ours, dict) or not set(ours) <= _KEYS:
        raise ModelError(f'{path}: "hune" is an object that may hold {", ".join(sorted(_KEYS))}, nothing else')
    if config.get("problem_type") == "multi_label_classification":
        raise ModelError(f"{path}: its labels do not exclude one another; Hune needs one tone a text")
    return Settings(
        columns=_columns(path, config.get("id2label"), ours.get("labels", {})),
        limit=_number(path, ours, "max_tokens", _limit(folder, config), least=8, most=100_000),
        pad=_number(path, config, "pad_token_id", 0, least=0, most=10_000_000),
        pairs=_pairs(path, ours.get("toward", "clauses")),
        evidence=_number(path, ours, "evidence", _EVIDENCE, least=0, most=_MOST_EVIDENCE),
        sure_from=_sure_from(path, ours.get("sure_from", SURE_FROM)),
    )


def json_object(path: Path) -> dict[str, Any]:
    """The object in a JSON file. Raises ModelError."""
    try:
        found = json.loads(path.read_bytes())
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror})") from error
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{path}: not readable as JSON ({error})") from error
    if not isinstance(found, dict):
        raise ModelError(f"{path}: not a JSON object")
    return found


def _columns(path: Path, named: object, stated: object) -> tuple[int, ...]:
    if not isinstance(named, dict) or set(named) != {str(at) for at in range(len(named))} or len(named) < 2:
        raise ModelError(f'{path}: "id2label" has to name every output, as in {{"0": "negative", "1": "positive"}}')
    if not isinstance(stated, dict) or not all(isinstance(v, str) and v in _OURS for v in stated.values()):
        raise ModelError(f'{path}: "labels" of "hune" says for each label which of {", ".join(SENTIMENTS)} it is')
    columns = tuple(_column(path, str(named[str(at)]), stated) for at in range(len(named)))
    if not {0, 2} <= set(columns):
        raise ModelError(f"{path}: the labels need at least one that is negative and one that is positive")
    return columns


def _column(path: Path, label: str, stated: Mapping[str, str]) -> int:
    if label in stated:
        return _OURS[stated[label]]
    plain = " ".join(label.casefold().replace("_", " ").replace("-", " ").split())
    if plain not in _USUAL:
        example = f'"hune": {{"labels": {{"{label}": "negative"}}}}'
        raise ModelError(f"{path}: nobody can know what the label {label!r} means; say it there, as in {example}")
    return _USUAL[plain]


def _pairs(path: Path, said: object) -> bool:
    if said not in ("clauses", "pair"):
        raise ModelError(f'{path}: "toward" of "hune" is "clauses" or "pair", not {said!r}')
    return said == "pair"


def _sure_from(path: Path, said: object) -> float:
    if isinstance(said, bool) or not isinstance(said, int | float) or not 0 <= said <= 1:
        raise ModelError(f'{path}: "sure_from" of "hune" is a probability, not {said!r}')
    return float(said)


def _number(path: Path, table: Mapping[str, Any], key: str, default: int, *, least: int, most: int) -> int:
    found = table.get(key)
    if found is None:
        return default
    if not isinstance(found, int) or isinstance(found, bool) or not least <= found <= most:
        raise ModelError(f'{path}: "{key}" is a whole number from {least} to {most}, not {found!r}')
    return found


def _limit(folder: Path, config: Mapping[str, Any]) -> int:
    """Tokens a model takes: the least that is said of it, and never more than is quick enough."""
    path = folder / TOKENIZER_CONFIG
    told = json_object(path).get("model_max_length") if path.exists() else None
    positions = config.get("max_position_embeddings")
    if isinstance(positions, int) and config.get("model_type") in _SHIFTED:
        positions -= 2
    return max(8, min([_MOST_TOKENS, *(n for n in (told, positions) if type(n) is int and n > 0)]))
