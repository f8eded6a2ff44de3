"""`${NAME}` in a value: replaced from the environment, or from the file that `NAME_FILE` names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from watch.errors import Problem

_NAME = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
Place = tuple[str | int, ...]


def replace(data: Any, env: Mapping[str, str], place: Place = ()) -> tuple[Any, list[tuple[Place, Problem]]]:
    """`data` with every `${NAME}` replaced, and a problem with its place for each that is not set."""
    if isinstance(data, dict):
        parts = {key: replace(value, env, (*place, key)) for key, value in data.items()}
        return {key: value for key, (value, _) in parts.items()}, [p for _, ps in parts.values() for p in ps]
    if isinstance(data, list):
        rows = [replace(value, env, (*place, index)) for index, value in enumerate(data)]
        return [value for value, _ in rows], [p for _, ps in rows for p in ps]
    return _in_text(data, env, place) if isinstance(data, str) else (data, [])


def values(text: str, env: Mapping[str, str]) -> dict[str, str | None]:
    """Every `${NAME}` in `text` → what it stands for; None where it is not set."""
    found: dict[str, str | None] = {}
    for name in _NAME.findall(text):
        try:
            found[name] = _lookup(name, env)
        except LookupError:
            found[name] = None
    return found


def _in_text(text: str, env: Mapping[str, str], place: Place) -> tuple[str, list[tuple[Place, Problem]]]:
    problems: list[tuple[Place, Problem]] = []

    def value(found: re.Match[str]) -> str:
        try:
            return _lookup(found[1], env)
        except LookupError as error:
            problems.append((place, Problem("", str(error.args[0]))))
            return found[0]

    return _NAME.sub(value, text), problems


def _lookup(name: str, env: Mapping[str, str]) -> str:
    if name in env:
        return env[name]
    file = env.get(f"{name}_FILE")
    if file is None:
        raise LookupError(f"${{{name}}} is not set in the environment, nor is {name}_FILE")
    try:
        return Path(file).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise LookupError(f"{name}_FILE names {file}, which cannot be read") from error
