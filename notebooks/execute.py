"""Run notebooks and keep their outputs, without times or names of machines: `python notebooks/execute.py [FILE…]`.

All of this folder where none is given. `HUNE_MODELS` says which models, `HUNE_SHARED` where the data is that does not
ship (its folder `data`).
"""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

LIMIT = 600  # seconds a cell may take


def execute(path: Path) -> None:
    """Run one notebook in its folder and write it back; raises CellExecutionError when a cell fails."""
    book = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]  # as its authors left it
    NotebookClient(book, timeout=LIMIT, record_timing=False, resources={"metadata": {"path": path.parent}}).execute()
    book.metadata["language_info"] = {"name": "python"}
    nbformat.write(book, path)  # type: ignore[no-untyped-call]  # as above


def main() -> None:
    """Run those named, or all."""
    for path in map(Path, sys.argv[1:]) if sys.argv[1:] else sorted(Path(__file__).parent.glob("*.ipynb")):
        print(path.name, flush=True)
        execute(path)


if __name__ == "__main__":
    main()
