"""Imports flow one way, a dependency has one door, and a room does not import another."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("collect", "enrich", "train", "alerts", "digest", "notify")
SHARED = {"store", "config", "query", "model", "errors", "locale"}
ALLOWED = {
    "errors": set(),
    "model": {"errors"},
    "query": {"model", "errors"},
    "locale": {"model", "errors"},
    "config": {"query", "model", "errors"},
    "net": {"config", "model", "errors"},
    "store": {"config", "query", "model", "errors"},
    "collect": SHARED | {"net"},
    "enrich": SHARED,
    # Training uses the very features and classifier that predict: one door, stated here.
    "train": SHARED | {"enrich"},
    "alerts": SHARED,
    "digest": SHARED,
    "notify": SHARED | {"net"},
    "logs": set(),
    "demo": SHARED | {"pipeline", "digest", "logs"},
    "pipeline": SHARED | {"net", "collect", "enrich", "alerts", "digest", "notify"},
    "doctor": SHARED | {"pipeline", "collect", "notify"},
    "scheduler": {"pipeline", "config", "errors"},
}
# What the service may use of the pipeline (and nothing that trains or fetches).
API = SHARED | {"digest", "collect"}
# A dependency and the only places that may import it.
DOORS = {
    "sklearn": ("watch/train/",),
    "scipy": ("watch/train/",),
    "nltk": ("watch/train/",),
    "sqlalchemy": ("watch/store/",),
    "alembic": ("watch/store/",),
    "feedparser": ("watch/collect/kinds/",),
    "selectolax": ("watch/collect/",),
    "pebble": ("watch/collect/",),
    "trafilatura": ("watch/collect/",),
    "lxml": ("watch/collect/",),
    "pycurl": ("watch/net/",),
    "httpx": ("watch/net/", "watch/collect/"),
    "httpcore": (),
    "requests": (),
    "aiohttp": (),
    "smtplib": ("watch/notify/",),
    "apprise": ("watch/notify/",),
    "mjml": ("watch/digest/",),
    "lark": ("watch/query/",),
    "apscheduler": ("watch/scheduler.py",),
    "babel": ("watch/locale/",),
    "fastapi": ("api/",),
    "starlette": ("api/",),
    "uvicorn": ("api/",),
    "argon2": ("watch/store/",),
    "onnxruntime": ("watch/enrich/heavier/",),
    "tokenizers": ("watch/enrich/heavier/",),
    "huggingface_hub": (),
    "pickle": (),
    "joblib": (),
    "cloudpickle": (),
}


def files() -> list[Path]:
    return sorted([*(ROOT / "watch").rglob("*.py"), *(ROOT / "api").rglob("*.py")])


def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def rooms_of(file: Path) -> set[str]:
    """Rooms of `watch` that `file` imports; `from watch import x` counts as importing x."""
    parts = (name.split(".") for name in imported(file))
    return {part[1] for part in parts if part[0] == "watch" and len(part) > 1 and part[1] != "__version__"}


@pytest.mark.parametrize("room", sorted(ALLOWED))
def test_a_room_imports_only_what_lies_downstream(room: str) -> None:
    home = ROOT / "watch" / room
    inside = sorted(home.rglob("*.py")) if home.is_dir() else [home.with_suffix(".py")]
    strays = {
        f"{file.relative_to(ROOT)} imports watch.{other}"
        for file in inside
        for other in rooms_of(file) - ALLOWED[room] - {room}
    }
    assert strays == set()


def test_every_room_is_in_the_table() -> None:
    rooms = {
        path.stem for path in (ROOT / "watch").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert rooms - {"__init__", "cli", "_models"} == set(ALLOWED)


def test_the_service_imports_no_stage_that_works() -> None:
    strays = {
        f"{file.relative_to(ROOT)} imports watch.{other}"
        for file in sorted((ROOT / "api").rglob("*.py"))
        for other in rooms_of(file) - API
    }
    assert strays == set()


@pytest.mark.parametrize("dependency", sorted(DOORS))
def test_a_dependency_has_one_door(dependency: str) -> None:
    others = [
        str(file.relative_to(ROOT))
        for file in files()
        if any(name.split(".")[0] == dependency for name in imported(file))
        and not str(file.relative_to(ROOT)).startswith(DOORS[dependency] or ("-",))
    ]
    assert others == []


@pytest.mark.parametrize("word", ["eval(", "exec(", "pickle.load", "allow_pickle=True", "|safe", "autoescape=False"])
def test_words_that_are_never_written(word: str) -> None:
    found = [
        str(file.relative_to(ROOT))
        for root in ("watch", "api")
        for file in sorted((ROOT / root).rglob("*"))
        if file.suffix in {".py", ".html", ".mjml", ".j2", ".txt"}
        and any(line.lstrip().startswith(word) or f" {word}" in line for line in file.read_text("utf-8").splitlines())
    ]
    assert found == []


def test_no_pattern_needs_a_python_that_debian_12_has_not() -> None:
    """Possessive quantifiers and atomic groups drop characters in 3.11.0 to 3.11.4 (python/cpython#101955)."""
    found = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in files()
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
        if re.search(r"""\brf?["']""", line) and re.search(r"[\])}][*+?]\+|\(\?>", line)
    ]
    assert found == []


def _loaded(statement: str) -> set[str]:
    code = f"import sys; {statement}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return {name.split(".")[0] for name in done.stdout.split()}


def test_the_web_process_does_not_load_the_trainers() -> None:
    trainers = {"sklearn", "scipy", "nltk"}
    assert _loaded("import api.app, watch.pipeline") & {*trainers, "onnxruntime", "tokenizers"} == set()


def test_help_loads_nothing_heavy() -> None:
    heavy = {"sqlalchemy", "sqlmodel", "fastapi", "numpy", "feedparser", "httpx", "pydantic", "lark"}
    assert _loaded("import watch.cli") & heavy == set()


@pytest.mark.parametrize("module", sorted(str(p.stem) for p in (ROOT / "watch" / "cli").glob("*.py")))
def test_a_command_module_is_cheap_to_import(module: str) -> None:
    name = "watch.cli" if module == "__init__" else f"watch.cli.{module}"
    assert _loaded(f"import {name}") & {"sqlalchemy", "fastapi", "numpy", "feedparser", "sklearn"} == set()
