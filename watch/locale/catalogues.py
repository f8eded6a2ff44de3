"""Catalogues: `.po` files, compiled in memory."""

from __future__ import annotations

from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import BytesIO

from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from jinja2 import Environment

from watch.model import Language


@cache
def translator(language: Language) -> NullTranslations:
    """`gettext`, `ngettext`, `pgettext` and `npgettext` in `language`; English where it lacks."""
    parts = [_compiled(catalogue(file)) for file in po_files(language)]
    if not parts:
        return NullTranslations()
    for other in parts[1:]:
        parts[0].add_fallback(other)
    return parts[0]


def install(environment: Environment, language: Language) -> None:
    """Give a Jinja2 environment `_`, `ngettext`, `pgettext` and `{% trans %}`; values in them are escaped."""
    environment.add_extension("jinja2.ext.i18n")
    words = translator(language)
    environment.install_gettext_translations(words, newstyle=True)  # type: ignore[attr-defined]  # from i18n
    environment.policies["ext.i18n.trimmed"] = True


def po_files(language: str) -> list[Traversable]:
    """The catalogues of a language, by name; none for English."""
    folder = files("watch.locale") / language / "LC_MESSAGES"
    found = [file for file in folder.iterdir() if file.name.endswith(".po")] if folder.is_dir() else []
    return sorted(found, key=lambda file: file.name)


def catalogue(file: Traversable) -> Catalog:
    """One `.po` file, read; raises babel's PoFileError where it is broken."""
    return read_po(BytesIO(file.read_bytes()), abort_invalid=True)


def _compiled(messages: Catalog) -> GNUTranslations:
    compiled = BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return GNUTranslations(compiled)
