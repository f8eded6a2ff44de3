"""Each number of the bar for polling (P) and for hostile input (H) has a test whose name or docstring carries it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parent
OPTIONAL = {"P32"}  # WebSub, which Hune does not speak


def _span(letter: str, first: int, last: int) -> set[str]:
    return {f"{letter}{number:02}" for number in range(first, last + 1)}


BAR = (
    _span("P", 1, 40) | _span("H", 1, 15) | _span("H", 20, 35) | _span("H", 40, 45) | _span("H", 50, 73)
) - OPTIONAL  # fmt: skip


def _said() -> Iterator[str]:
    for file in sorted(TESTS.rglob("test_*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                yield f"{node.name.upper()} {ast.get_docstring(node) or ''}"


def test_every_number_has_its_test() -> None:
    held = {number for said in _said() for number in re.findall(r"(?<![A-Z0-9])[PH]\d\d(?![0-9])", said)}
    assert sorted(BAR - held) == []
