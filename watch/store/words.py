"""Whose word stands on a label: a person's on this very text, else one on another copy of its story (pure).

A label is told apart by its item, its name and its brand: a sentiment is toward a brand, topics and spam are of the
whole item (brand 0). What a person said last of a label of an item counts; `now` None takes it back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Literal, TypeAlias

from watch.store.tables import Correction

Label = Literal["sentiment", "topics", "spam"]
LABELS: tuple[Label, ...] = ("sentiment", "topics", "spam")
Key: TypeAlias = tuple[int, str, int]
"""Item, label, brand (0: the whole item)."""


def key(said: Correction) -> Key:
    """Which label of which item it is about."""
    return said.item_id, said.label, said.brand_id or 0


def latest(said: Iterable[Correction]) -> dict[Key, Correction]:
    """What was said last of each label, withdrawals included; `said` is oldest first."""
    return {key(one): one for one in said}


def in_force(
    said: Iterable[Correction], stories: Mapping[int, int | None], items: Collection[int]
) -> dict[Key, Correction]:
    """The corrections that stand on the labels of `items`.

    `said`: all that was said of the items of their stories, oldest first; `stories`: item → story, of all these
    items. Of several copies that were corrected, the one that was corrected last speaks for the others.
    """
    own = {about: one for about, one in latest(said).items() if one.now is not None}
    told: dict[int | None, dict[tuple[str, int], Correction]] = defaultdict(dict)
    for one in sorted(own.values(), key=lambda one: one.id or 0):
        told[stories.get(one.item_id)][one.label, one.brand_id or 0] = one
    told.pop(None, None)
    inherited = {(item, *of): one for item in items for of, one in told.get(stories.get(item), {}).items()}
    return inherited | {about: one for about, one in own.items() if about[0] in items}
