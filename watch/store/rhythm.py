"""How often a source usually speaks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from sqlmodel import Session, col, select

from watch.store.tables import Item

LOOKED_AT = 30
_FEWEST_GAPS = 3


def recent(session: Session, source_ids: Iterable[int]) -> dict[int, list[datetime]]:
    """When the last thirty items of each source were published, newest first."""
    # One short walk down the index of `source_id` each: a window over all items would read all of them.
    newest = select(Item.published).order_by(col(Item.id).desc()).limit(LOOKED_AT)
    found = {id_: session.exec(newest.where(Item.source_id == id_)).all() for id_ in source_ids}
    return {id_: sorted(times, reverse=True) for id_, times in found.items()}


def usual_gap(published: Sequence[datetime]) -> timedelta | None:
    """The median gap between items; items of one moment count once, and fewer than three gaps are no rhythm."""
    times = sorted(set(published))
    gaps = [later - earlier for earlier, later in pairwise(times)]
    return timedelta(seconds=round(median(gap.total_seconds() for gap in gaps))) if len(gaps) >= _FEWEST_GAPS else None
