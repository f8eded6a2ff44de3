"""Full text: the index narrows, the matcher decides.

The index (`item_index`: FTS5 on SQLite, tsvector on PostgreSQL) holds the terms of title and text and gives a
superset; the matcher of `watch.query`, the same that looks at new items, has the last word. So a search finds
exactly what the query would have found when the item came in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, text
from sqlmodel import Session, col

from watch.query import Document, compile_query, narrow, site_of, to_fts5, to_tsquery
from watch.store.dialect import is_postgresql
from watch.store.tables import Item, Source

_FTS5 = "mention.item_id IN (SELECT rowid FROM item_index WHERE item_index MATCH :narrowing)"
_TSVECTOR = "mention.item_id IN (SELECT item_id FROM item_index WHERE tokens @@ to_tsquery('simple', :narrowing))"


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A condition that every fitting mention meets (None: all do), and the word on a row of `columns`."""

    condition: ColumnElement[bool] | None
    columns: tuple[Any, ...]
    fits: Callable[[Any], bool]


def narrowed(session: Session, query: str) -> Narrowed:
    """The query `query`, ready for a search. Raises QueryError with a position."""
    matcher = compile_query(query)
    return Narrowed(
        condition=_condition(session, narrow(matcher.node)),
        columns=(
            *(col(field) for field in (Item.title, Item.text, Item.author, Item.url, Item.lang)),
            col(Item.tags).label("item_tags"),
            col(Source.name).label("source_name"),
            col(Source.tags).label("source_tags"),
        ),
        fits=lambda row: matcher.find(_document(row)) is not None,
    )


def _condition(session: Session, narrowing: Any) -> ColumnElement[bool] | None:
    postgresql = is_postgresql(session)
    expression = to_tsquery(narrowing) if postgresql else to_fts5(narrowing)
    if expression is None:
        return None
    # The text is ours and constant; what a person typed is only ever the parameter.
    return text(_TSVECTOR if postgresql else _FTS5).bindparams(narrowing=expression)  # type: ignore[return-value]  # a clause is a condition


def _document(row: Any) -> Document:
    """The item of a row as `enrich` shows it to queries."""
    return Document(
        title=row.title,
        text=row.text,
        author=row.author,
        site=site_of(row.url),
        lang=row.lang,
        source=row.source_name,
        tags=(*row.source_tags, *row.item_tags),
    )
