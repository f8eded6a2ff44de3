"""Items as polling sees them: which stand already, what is new, what changed, what the full-text index is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from watch.store.plain import Plain


@dataclass(frozen=True, slots=True)
class Known:
    """What tells whether an entry is new, changed, or another one under the same name."""

    id: int
    key: str
    source_id: int
    title: str
    digest: str
    engagement: int | None


_KNOWN = "item.id, item.key, item.source_id, item.title, item.digest, item.engagement"
ITEM = (
    "key", "source_id", "url", "title", "text", "author", "image", "comments_url", "tags", "engagement", "lang",
    "published", "updated", "collected", "digest", "first_page", "backlog",
)  # fmt: skip
"""The columns of a new item, in the order of the rows that `add_new` takes."""
EDIT = ("url", "title", "text", "author", "image", "tags", "engagement", "digest", "updated")
"""The columns that an edit may change, in the order of the rows that `edit` takes; the id comes last."""


def seen(plain: Plain, source_id: int, guids: Sequence[str]) -> dict[str, Known]:
    """The items that this source has carried under these names, by name."""
    among, value = plain.among("sighting.guid", guids)
    rows = plain.rows(
        f"SELECT sighting.guid, {_KNOWN} FROM sighting JOIN item ON item.id = sighting.item_id "
        f"WHERE sighting.source_id = ? AND {among}",
        [source_id, value],
    )
    return {row[0]: Known(*row[1:]) for row in rows}


def by_key(plain: Plain, keys: Sequence[str]) -> dict[str, Known]:
    """The items that stand under these keys, whoever carried them, by key."""
    if not keys:
        return {}
    among, value = plain.among("item.key", keys)
    return {row[1]: Known(*row) for row in plain.rows(f"SELECT {_KNOWN} FROM item WHERE {among}", [value])}


def add_new(plain: Plain, rows: Sequence[Sequence[Any]]) -> dict[str, int]:
    """Insert items (`ITEM` each); those whose key stands already are left alone. The ids of what came in, by key."""
    columns = f"item ({', '.join(ITEM)}, attempts)"
    added = plain.insert(columns, [(*row, 0) for row in rows], "ON CONFLICT (key) DO NOTHING RETURNING id, key")
    return {key: item_id for item_id, key in added}


def saw(plain: Plain, rows: Sequence[Sequence[Any]]) -> None:
    """Note under which name a source carried an item: (source id, guid, item id, when first) a row."""
    plain.many(
        "INSERT INTO sighting (source_id, guid, item_id, first_seen) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (source_id, guid) DO NOTHING",
        rows,
    )


def edit(plain: Plain, rows: Sequence[Sequence[Any]]) -> None:
    """Write new words over old ones (`EDIT` and the id each), so that the item is labelled again.

    When it was published stays.
    """
    changes = ", ".join(f"{name} = ?" for name in EDIT)
    again = "labels_version = NULL, attempts = 0, quarantined = NULL"
    plain.many(f"UPDATE item SET {changes}, {again} WHERE id = ?", rows)


def count(plain: Plain, rows: Sequence[Sequence[Any]]) -> None:
    """Write new engagements, (engagement, id) each; the labels stand."""
    plain.many("UPDATE item SET engagement = ? WHERE id = ?", rows)


def index(plain: Plain, rows: Sequence[tuple[int, str]]) -> None:
    """Put items into the full-text index, or put their new words there: (item id, `query.index_text`) each.

    Of a text with more different words than an index takes, the first ones are kept: some 100,000 of them. It is then
    found by these alone, on both databases.
    """
    rows = [(item_id, _within(tokens)) for item_id, tokens in rows]
    if plain.is_postgresql:
        # Each word once: where it stands is never asked there (`query.narrow.to_tsquery`), and takes room.
        rows = [(item_id, " ".join(dict.fromkeys(tokens.split(" ")))) for item_id, tokens in rows]
        plain.many(
            "INSERT INTO item_index (item_id, tokens) VALUES (?, to_tsvector('simple', ?)) "
            "ON CONFLICT (item_id) DO UPDATE SET tokens = excluded.tokens",
            rows,
        )
    else:
        plain.many("INSERT OR REPLACE INTO item_index (rowid, tokens) VALUES (?, ?)", rows)


# PostgreSQL refuses a tsvector whose different words, with where they stand, take more than 1,048,575 bytes.
_INDEXED = 1_000_000
_ASIDE = 5  # bytes beside a word: to an even address, how many positions, one position


def _within(tokens: str) -> str:
    if 4 * len(tokens) <= _INDEXED:
        return tokens
    left, kept = _INDEXED, set[str]()
    for term in dict.fromkeys(tokens.split(" ")):
        left -= len(term) + _ASIDE
        if left < 0:
            break
        kept.add(term)
    return " ".join(term for term in tokens.split(" ") if term in kept)
