"""`GET /stats/series`."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Query

from api.deps import Now, Reading, Running
from api.problems import ProblemError
from api.routes.filters import moment
from api.schemas.common import problems
from api.schemas.others import BucketOut, SeriesOut
from watch.errors import Refused
from watch.store import stats

router = APIRouter(prefix="/stats", tags=["statistics"])
_USUAL = timedelta(days=30)


@router.get("/series", summary="Mentions over time", responses=problems(400))
def series(
    session: Reading,
    running: Running,
    at: Now,
    interval: Annotated[Literal["hour", "day", "week"], Query(description="Length of a step.")] = "day",
    by: Annotated[
        Literal["sentiment", "topic", "source", "brand"], Query(description="What `counts` tells apart.")
    ] = "sentiment",
    reprints: Annotated[
        Literal["count", "once"], Query(description="Every copy of a story, or the first that named the brand.")
    ] = "count",
    brand: Annotated[tuple[str, ...], Query(description="Name of a brand; all active ones without it.")] = (),
    since: Annotated[str | None, Query(description="ISO 8601; 30 days before `until` without it.")] = None,
    until: Annotated[str | None, Query(description="ISO 8601, exclusive (a date is included); now without it.")] = None,
) -> SeriesOut:
    """Counts by hour, by day or by week, spam left out; days and weeks are those of the configured zone."""
    end = moment("until", until, running.zone, end=True) or at
    start = moment("since", since, running.zone) or end - _USUAL
    if start >= end:
        raise ProblemError(400, "invalid", "since: it must be before `until`")
    try:
        found = stats.series(
            session,
            since=start,
            until=end,
            zone=running.zone,
            interval=interval,
            by=by,
            reprints=reprints,
            brands=brand,
        )
    except (Refused, OverflowError) as error:
        raise ProblemError(400, "invalid", f"since: {error}") from error
    return SeriesOut(
        interval=interval,
        by=by,
        reprints=reprints,
        timezone=running.zone.key,
        since=start,
        until=end,
        items=[BucketOut.model_validate(bucket) for bucket in found],
    )
