"""Which schema the database has, and which ones this version knows."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from watch.errors import StoreError
from watch.store.plain import Plain


@cache
def revisions() -> tuple[str, ...]:
    """The schemas this version knows, oldest first: the numbers that the files of the migrations begin with."""
    names = (file.name for file in (Path(__file__).parent / "migrations" / "versions").iterdir())
    return tuple(sorted(name[:4] for name in names if name[:4].isdigit() and name.endswith(".py")))


def is_newest(plain: Plain) -> bool:
    """Whether the database has the newest schema. Raises StoreError when a newer Hune has upgraded it."""
    return current(plain) == revisions()[-1]


def current(plain: Plain) -> str | None:
    """The schema of the database; None for an empty one. Raises StoreError for one that we do not know."""
    if not plain.rows(_HAS_VERSION[plain.is_postgresql]):
        return None
    found = plain.rows("SELECT version_num FROM alembic_version")
    version = str(found[0][0]) if found else None
    if version is not None and version not in revisions():
        raise StoreError(
            f"the database was upgraded by a newer Hune (schema {version}); install that version or restore a backup"
        )
    return version


_HAS_VERSION = {
    False: "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'",
    True: "SELECT 1 WHERE to_regclass('alembic_version') IS NOT NULL",
}
