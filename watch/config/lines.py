"""Where each key of a TOML text stands: tomllib reads values, tree-sitter remembers lines."""

from __future__ import annotations

from collections.abc import Iterator

import tree_sitter_toml
from tree_sitter import Language, Node, Parser

Place = tuple[str | int, ...]


def lines(text: str) -> dict[Place, int]:
    """Every key path of `text` → its line, counted from 1: `("brand", 0, "name")` → 12."""
    tree = Parser(Language(tree_sitter_toml.language())).parse(text.encode())
    found: dict[Place, int] = {}
    counts: dict[Place, int] = {}
    for node in tree.root_node.named_children:
        prefix = _header(node, counts)
        if prefix:
            found.setdefault(prefix, _line(node))
        for pair in _pairs(node):
            _note(pair, prefix, found)
    return found


def line_of(place: Place, known: dict[Place, int]) -> int | None:
    """The line of `place`, or of the nearest thing around it that has one."""
    while place:
        if place in known:
            return known[place]
        place = place[:-1]
    return None


def _header(node: Node, counts: dict[Place, int]) -> Place:
    if node.type not in ("table", "table_array_element"):
        return ()
    keys = _keys(node)
    if node.type == "table":
        index = counts.get(keys[:1])  # [brand.words] belongs to the last [[brand]]
        return keys if index is None else (*keys[:1], index, *keys[1:])
    counts[keys] = counts.get(keys, -1) + 1
    return (*keys, counts[keys])


def _pairs(node: Node) -> Iterator[Node]:
    if node.type == "pair":
        yield node
    yield from (child for child in node.named_children if child.type == "pair" and node.type != "pair")


def _note(pair: Node, prefix: Place, found: dict[Place, int]) -> None:
    place = (*prefix, *_keys(pair))
    found.setdefault(place, _line(pair))
    value = pair.named_children[-1]
    if value.type == "inline_table":
        for inner in _pairs(value):
            _note(inner, place, found)
    elif value.type == "array":
        for index, element in enumerate(c for c in value.named_children if c.type != "comment"):
            found.setdefault((*place, index), _line(element))


def _keys(node: Node) -> tuple[str, ...]:
    for child in node.named_children:
        if child.type == "dotted_key":
            return tuple(key for part in child.named_children for key in _flat(part))
        if child.type in ("bare_key", "quoted_key"):
            return _flat(child)
    return ()


def _flat(node: Node) -> tuple[str, ...]:
    if node.type == "dotted_key":
        return tuple(key for part in node.named_children for key in _flat(part))
    return ((node.text or b"").decode().strip("\"'"),)


def _line(node: Node) -> int:
    return int(node.start_point[0]) + 1
