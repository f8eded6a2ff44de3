"""The filters of mentions as query parameters; the pages and the API take the same."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from fastapi import Depends, Query

from api.deps import Running
from api.problems import ProblemError
from api.schemas.mentions import Status
from watch.model import Sentiment
from watch.store import filters
from watch.store.filters import Wanted

LONGEST_QUERY = 4096


def wanted(
    running: Running,
    brand: Annotated[tuple[str, ...], Query(description="Name of a brand; repeat it for several.")] = (),
    q: Annotated[
        str | None,
        Query(
            max_length=LONGEST_QUERY,
            description="A query in Hune's language, over title and text.",
            examples=["canapé AND NOT vache"],
        ),
    ] = None,
    sentiment: Annotated[tuple[Sentiment, ...], Query(description="Toward the brand.")] = (),
    topic: Annotated[tuple[str, ...], Query(description="Name of a topic.")] = (),
    department: Annotated[tuple[str, ...], Query(description="Department of a topic.")] = (),
    source: Annotated[tuple[str, ...], Query(description="Name of a source that carried it.")] = (),
    kind: Annotated[tuple[str, ...], Query(description="Kind of the source.")] = (),
    lang: Annotated[tuple[str, ...], Query(description="Language, two letters.")] = (),
    author: Annotated[tuple[str, ...], Query(description="Author, exactly.")] = (),
    story: Annotated[int | None, Query(ge=1, le=2**63 - 1, description="Id of a story.")] = None,
    status: Annotated[tuple[Status, ...], Query(description="Where the answer to it stands.")] = (),
    tag: Annotated[tuple[str, ...], Query(description="A tag of the mention, its item or its source.")] = (),
    since: Annotated[
        str | None, Query(description="Published then or later: ISO 8601; a date begins in the configured zone.")
    ] = None,
    until: Annotated[str | None, Query(description="Published before: ISO 8601; a date is included.")] = None,
    min_confidence: Annotated[float | None, Query(ge=0, le=1, description="At least so sure.")] = None,
    spam: Annotated[Literal["exclude", "only", "include"], Query(description="Leave spam out, or not.")] = "exclude",
) -> Wanted:
    """The filters as a value. ProblemError (400) for times that cannot be read."""
    return Wanted(
        brand=brand,
        q=q if q and q.strip() else None,
        sentiment=sentiment,
        topic=topic,
        department=department,
        source=source,
        kind=kind,
        lang=lang,
        author=author,
        story=story,
        status=status,
        tag=tag,
        since=moment("since", since, running.zone),
        until=moment("until", until, running.zone, end=True),
        min_confidence=min_confidence,
        spam=spam,
    )


def moment(name: str, value: str | None, zone: ZoneInfo, *, end: bool = False) -> datetime | None:
    """A time of `watch.store.filters.moment`, or None. ProblemError (400) that names the parameter."""
    try:
        return filters.moment(value, zone, end=end) if value else None
    except ValueError as error:
        raise ProblemError(400, "invalid", f"{name}: {error}") from None


Filters = Annotated[Wanted, Depends(wanted)]
