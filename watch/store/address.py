"""The address of a store: which database, where, and how it is shown to people."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from watch.errors import StoreError

_WRONG = "this is no database address; write sqlite:///hune.db or postgresql://…"
_SPELLED = re.compile(r"([a-z0-9+]+)://(.*)", re.IGNORECASE | re.DOTALL)
_PASSWORD = re.compile(r"(?<=:)[^:@/]*(?=@)|(?<=password=)[^&]*")


@dataclass(frozen=True, slots=True)
class Address:
    """`target` is the file of an SQLite database, or what libpq connects to."""

    kind: Literal["sqlite", "postgresql"]
    target: str
    shown: str

    @classmethod
    def read(cls, url: str) -> Self:
        """Read `sqlite:///file` or `postgresql://…`. Raises StoreError, without what may be a password."""
        found = _SPELLED.fullmatch(url)
        if found is None:
            raise StoreError(_WRONG)
        driver, rest = found[1].lower(), found[2]
        if driver in ("postgresql", "postgresql+psycopg"):
            whole = f"postgresql://{rest}"
            return cls("postgresql", _with_port(whole), _PASSWORD.sub("***", whole))
        if driver != "sqlite":
            raise StoreError(f"{driver} is not a database Hune knows: sqlite, postgresql")
        return cls("sqlite", _file(rest), url)

    def refusal(self, error: BaseException) -> StoreError:
        """What the database could not do for us: `passing` when it is locked, full or away."""
        # Class 54 of PostgreSQL: this very row is too much for it, and will be at every try.
        too_much = str(getattr(error, "sqlstate", None)).startswith("54")
        return StoreError(self.explain(error), passing=not too_much)

    def explain(self, error: BaseException) -> str:
        """One sentence for a person: which database, and what it said."""
        said = str(error).strip() or type(error).__name__
        return f"cannot use the database {self.shown}: {said.splitlines()[0]}"


def _with_port(url: str) -> str:
    try:
        _ = urlsplit(url).port
    except ValueError as error:
        raise StoreError(_WRONG) from error
    return url


def _file(rest: str) -> str:
    file = rest.partition("?")[0].removeprefix("/")
    if not rest.startswith("/") or not file:
        raise StoreError(_WRONG)
    folder = Path(file).resolve().parent
    if not folder.is_dir():
        raise StoreError(f"cannot open the database {file}: the folder {folder} does not exist")
    return file
