"""Which mentions are wanted, as a value, and as conditions of a statement over mention, item, source and brand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, column, exists, func, or_, select
from sqlmodel import col

from watch.store.departments import concerns
from watch.store.tables import Brand, Item, ItemTopic, Mention, Sighting, Source

Spam = Literal["exclude", "only", "include"]
Sort = Literal["-published", "published", "-engagement"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters of the contract; those of one kind are alternatives, those of different kinds add up.

    `since` is inclusive, `until` exclusive, both on the publication. `q` is a query (`watch.query`).
    """

    brand: tuple[str, ...] = ()
    q: str | None = None
    sentiment: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    department: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    lang: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    story: int | None = None
    status: tuple[str, ...] = ()
    tag: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    min_confidence: float | None = None
    spam: Spam = "exclude"


def conditions(wanted: Wanted, dialect: str) -> Iterator[ColumnElement[bool]]:
    """Everything but `q`, which the matcher decides."""
    for names, attribute in (
        (wanted.sentiment, Mention.sentiment),
        (wanted.status, Mention.status),
        (wanted.lang, Item.lang),
        (wanted.author, Item.author),
        (wanted.kind, Source.kind),
    ):
        if names:
            yield col(attribute).in_(names)
    if wanted.brand:
        yield _of_brands(wanted.brand)
    if wanted.source:
        yield _seen_in(wanted.source)
    if wanted.topic:
        yield _about(col(ItemTopic.topic).in_(wanted.topic))
    if wanted.department:
        yield _about(concerns(wanted.department))
    if wanted.tag:
        yield or_(*(holds(tags, wanted.tag, dialect) for tags in (Mention.tags, Item.tags, Source.tags)))
    yield from _bounds(wanted)


def _bounds(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.story is not None:
        yield col(Item.story_id) == wanted.story
    if wanted.since is not None:
        yield col(Mention.published) >= wanted.since
    if wanted.until is not None:
        yield col(Mention.published) < wanted.until
    if wanted.min_confidence is not None:
        yield col(Mention.confidence) >= wanted.min_confidence
    if wanted.spam != "include":
        yield col(Mention.spam).is_(wanted.spam == "only")


def _of_brands(names: tuple[str, ...]) -> ColumnElement[bool]:
    ids = select(col(Brand.id)).where(col(Brand.name).in_(names))
    # One brand is an equality: then the indexes that begin with brand_id give the order too.
    return col(Mention.brand_id) == ids.scalar_subquery() if len(names) == 1 else col(Mention.brand_id).in_(ids)


def _seen_in(names: tuple[str, ...]) -> ColumnElement[bool]:
    ids = select(col(Source.id)).where(col(Source.name).in_(names))
    also = exists().where(col(Sighting.item_id) == col(Item.id), col(Sighting.source_id).in_(ids))
    return or_(col(Item.source_id).in_(ids), also)


def _about(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(col(ItemTopic.item_id) == col(Mention.item_id), condition)


def holds(attribute: Any, names: tuple[str, ...], dialect: str) -> ColumnElement[bool]:
    """Whether a JSON list of strings holds one of `names`."""
    if dialect == "postgresql":
        each = func.json_array_elements_text(col(attribute)).table_valued("value")
    else:
        each = func.json_each(col(attribute)).table_valued(column("value"))
    return exists(select(1).select_from(each).where(each.c.value.in_(names)))


def moment(text: str, zone: ZoneInfo, *, end: bool = False) -> datetime:
    """An ISO 8601 time → UTC; without a zone it is local. A bare date is its first moment, or its last (`end`).

    Raises ValueError with a sentence.
    """
    try:
        told = _moment(text.strip(), zone, end=end)
        # Beyond these there are no mentions, only sums that overflow.
        if not 1900 <= told.year <= 2200:
            raise ValueError(told.year)
        return told
    except (ValueError, OverflowError):
        raise ValueError(f"{text[:60]!r} is no time; write 2026-11-20 or 2026-11-20T07:30:00Z") from None


def _moment(text: str, zone: ZoneInfo, *, end: bool) -> datetime:
    if len(text) == len("2026-11-20"):
        day = date.fromisoformat(text) + timedelta(days=1 if end else 0)
        return datetime.combine(day, time(), zone).astimezone(UTC)
    # A "+" of an address that was not escaped arrives as a space.
    told = datetime.fromisoformat(text[:-6] + "+" + text[-5:] if text[-6:-5] == " " else text)
    return (told if told.tzinfo else told.replace(tzinfo=zone)).astimezone(UTC)
