"""Which words lack a French translation: extraction from code and templates, against the catalogues."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.pofile import read_po

import watch
from watch.locale.catalogues import po_files

Key = tuple[str | None, str]  # context, message id
_TEMPLATES = {".html", ".mjml", ".txt", ".xml", ".jinja", ".j2"}
_KEYWORDS = {**DEFAULT_KEYWORDS, "N_": None, "ngettext_lazy": (1, 2)}


@dataclass(frozen=True, slots=True)
class Used:
    """A message as code or a template uses it."""

    file: str
    line: int
    context: str | None
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message!r}"


def missing(language: str = "fr", roots: tuple[Path, ...] | None = None) -> list[str]:
    """Every message of `roots` (by default `watch` and `api`) without a finished translation, with its place."""
    done = _translated(language)
    return [str(used) for used in messages(roots) if (used.context, used.message) not in done]


def messages(roots: tuple[Path, ...] | None = None) -> list[Used]:
    """Every message that code and templates ask for, by file and line."""
    return [used for root in roots or _rooms() for file in _readable(root) for used in _of_file(file, root.parent)]


def _rooms() -> tuple[Path, ...]:
    here = Path(watch.__file__).parent
    return tuple(room for room in (here, here.parent / "api") if room.is_dir())


def _readable(root: Path) -> Iterator[Path]:
    for file in sorted(root.rglob("*")):
        template = file.suffix in _TEMPLATES and "templates" in file.parts
        if file.suffix == ".py" or template:
            yield file


def _of_file(file: Path, base: Path) -> Iterator[Used]:
    method = "python" if file.suffix == ".py" else "jinja2.ext:babel_extract"
    options = {"trimmed": "true", "silent": "false"} if file.suffix != ".py" else {}
    for line, found, _comments, context in extract_from_file(method, str(file), _KEYWORDS, options=options):
        first = found[0] if isinstance(found, tuple) else found
        if first:
            yield Used(str(file.relative_to(base)), line, context, first)


def _translated(language: str) -> set[Key]:
    done: set[Key] = set()
    for path in po_files(language):
        with path.open("rb") as file:
            done |= {
                (message.context, message.id if isinstance(message.id, str) else message.id[0])
                for message in read_po(file)
                if message.id and not message.fuzzy and _whole(message.string)
            }
    return done


def _whole(translation: object) -> bool:
    parts = translation if isinstance(translation, (tuple, list)) else (translation,)
    return all(parts)
