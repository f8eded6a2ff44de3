"""Reading what a digest is made of: the only part of building that asks the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from watch.config import DigestConfig
from watch.digest.schedule import Period
from watch.store import brands, digests
from watch.store.digests import Health, Row
from watch.store.tables import Brand, Incident

LAGGARDS = timedelta(days=2)
"""How far behind its period an item may be labelled and still be told, in the next issue."""
WEEKS = 4
_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Material:
    """All that `build` looks at. `before`: brand id → mentions in the same span of earlier weeks."""

    rows: Sequence[Row]
    topics: Mapping[int, Sequence[tuple[str, float]]]
    titles: Mapping[str, Mapping[str, str]]
    brands: Sequence[Brand]
    before: Sequence[Mapping[int, int]]
    incidents: Sequence[tuple[Incident, str, Brand]]
    health: Sequence[Health]


def gather(session: Session, plan: DigestConfig, period: Period) -> Material:
    """The material of `plan` for `period`; items that an earlier issue told are left out (bar E15)."""
    rows = _rows(session, plan, period)
    return Material(
        rows=rows,
        topics=digests.topics(session, (row.item_id for row in rows)),
        titles=digests.topic_titles(session),
        brands=brands.active(session),
        before=_before(session, plan, period),
        incidents=digests.incidents(session, period.since, period.until),
        health=digests.health(session, period.since, period.until),
    )


def _rows(session: Session, plan: DigestConfig, period: Period) -> list[Row]:
    behind = period.since - LAGGARDS
    previous = digests.issue_before(session, plan.name, period.day)
    known = {brand["brand"] for brand in previous.content.get("brands", ())} if previous else set()
    told = digests.told_items(session, plan.name, behind, period.day)
    ids = {brand.id for brand in brands.active(session) if brand.name in known}
    found = digests.rows(
        session, period.since, period.until, departments=plan.departments, laggards=behind if previous else None
    )
    # A brand that is new to this digest begins now, not two days ago.
    return [row for row in found if row.item_id not in told and (row.collected >= period.since or row.brand_id in ids)]


def _before(session: Session, plan: DigestConfig, period: Period) -> list[dict[int, int]]:
    """The same span, one to four weeks earlier (further apart for spans over a week), as far as there is history."""
    begins = digests.history_begins(session)
    step = -(-(period.until - period.since) // _WEEK) * _WEEK
    spans: list[tuple[datetime, datetime]] = [
        (period.since - n * step, period.until - n * step) for n in range(1, WEEKS + 1)
    ]
    return [
        digests.volumes(session, since, until, departments=plan.departments)
        for since, until in spans
        if begins is not None and begins <= since
    ]
