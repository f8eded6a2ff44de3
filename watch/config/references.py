"""Names that point at one another: an alert's brand, a digest's channel; and names that must differ.

Works on the raw data, so that a mistake elsewhere does not hide these.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from watch.config.suggest import did_you_mean
from watch.errors import Problem, QueryError
from watch.query import phrase

Place = tuple[str | int, ...]
Found = Iterator[tuple[Place, Problem]]

_UNIQUE = ("brand", "source", "topic", "channel", "alert", "digest", "goal", "board")
# table, key, the table it points at
_POINTERS = (
    ("source", "brands", "brand"),
    ("alert", "brand", "brand"),
    ("alert", "channels", "channel"),
    ("digest", "to", "channel"),
    ("digest", "brands", "brand"),
    ("goal", "brand", "brand"),
)


def problems(data: dict[str, Any]) -> Found:
    """Every broken reference and every repeated name, with its place."""
    for table in _UNIQUE:
        yield from _repeated(table, data)
    for table, key, target in _POINTERS:
        yield from _dangling(table, key, target, data)
    yield from _said_twice(data)
    yield from _not_mail(data)
    yield from _no_brand(data)


def _rows(table: str, data: dict[str, Any]) -> list[dict[str, Any]]:
    rows = data.get(table)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _names(table: str, data: dict[str, Any]) -> list[str]:
    return [str(row["name"]) for row in _rows(table, data) if "name" in row]


def _repeated(table: str, data: dict[str, Any]) -> Found:
    seen: set[str] = set()
    for index, row in enumerate(_rows(table, data)):
        name = row.get("name")
        if isinstance(name, str) and name in seen:
            yield (table, index, "name"), Problem("", f"the name {name!r} is used twice")
        seen.add(str(name))


def _dangling(table: str, key: str, target: str, data: dict[str, Any]) -> Found:
    known = _names(target, data)
    for index, row in enumerate(_rows(table, data)):
        value = row.get(key)
        for name in value if isinstance(value, list) else [value]:
            if isinstance(name, str) and name not in known:
                said = f"there is no [[{target}]] named {name!r}{did_you_mean(name, known)}"
                yield (table, index, key), Problem("", said)


def _said_twice(data: dict[str, Any]) -> Found:
    for index, row in enumerate(_rows("brand", data)):
        words = row.get("words")
        seen: dict[object, str] = {}
        for word in words if isinstance(words, dict) else ():
            with suppress(QueryError):  # told where words are checked
                first = seen.setdefault(phrase(word), word)
                if first != word:
                    said = f"{word!r} is the same as {first!r}: case and accents do not count"
                    yield ("brand", index, "words", word), Problem("", said)


def _not_mail(data: dict[str, Any]) -> Found:
    mute = {str(row.get("name")) for row in _rows("channel", data) if "email" not in row}
    for index, row in enumerate(_rows("digest", data)):
        to = row.get("to")
        for name in to if isinstance(to, list) else []:
            if isinstance(name, str) and name in mute:
                yield (
                    ("digest", index, "to"),
                    Problem("", f"the channel {name!r} takes no mail; a digest goes to channels with `email`"),
                )


def _no_brand(data: dict[str, Any]) -> Found:
    for index, row in enumerate(_rows("alert", data)):
        if row.get("kind") == "keyword" and not row.get("keywords"):
            yield ("alert", index), Problem("", "an alert of kind 'keyword' needs `keywords`")
