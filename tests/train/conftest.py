"""A folder of a few labelled rows, and small tables."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny import rows, shrink, write


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with `written/train` and `written/dev`."""
    folder = tmp_path / "data"
    write(folder / "written" / "train.jsonl.gz", rows())
    write(folder / "written" / "dev.jsonl.gz", rows(2))
    return folder


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small tables: quick to fit, to write and to compare."""
    shrink(monkeypatch)
