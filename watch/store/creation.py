"""An empty SQLite database at the newest schema, without the way there.

`newest.sql` is what the migrations make, written down: running them takes a second, and a first `hune poll` should not.
`python -m watch.store.creation` writes it again after a new migration; a test holds that both agree.
"""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from watch.store import schema
from watch.store.plain import Plain

FILE = Path(__file__).with_name("newest.sql")
_BETWEEN = ";\n\n"


def create(plain: Plain) -> bool:
    """Make the tables, if this is SQLite and there are none; whether they were made."""
    if plain.is_postgresql or plain.rows("SELECT 1 FROM sqlite_master LIMIT 1"):
        return False
    for statement in FILE.read_text(encoding="utf-8").split(_BETWEEN):
        plain.run(statement)
    plain.run("INSERT INTO alembic_version VALUES (?)", [schema.revisions()[-1]])
    return True


def written(connection: sqlite3.Connection) -> str:
    """The schema of a database as the statements that make it; an index and its own tables are one."""
    rows = connection.execute(
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT GLOB 'item_index_*' ORDER BY rowid"
    )
    return _BETWEEN.join("\n".join(line.rstrip() for line in sql.splitlines()) for (sql,) in rows) + "\n"


def main() -> None:
    """Write `newest.sql` from the migrations."""
    from watch.store.engine import connect
    from watch.store.upgrade import to_head

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "hune.db"
        engine = connect(f"sqlite:///{file}")
        to_head(engine)
        engine.dispose()
        with closing(sqlite3.connect(file)) as connection:
            FILE.write_text(written(connection), encoding="utf-8")


if __name__ == "__main__":
    main()
