"""`GET /mentions` and `GET /mentions/{id}`."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query

from api.deps import Reading
from api.paging import cursor as cursor_of
from api.paging import position
from api.problems import not_found
from api.routes.filters import Filters
from api.schemas.common import problems
from api.schemas.mentions import MentionDetailOut, MentionOut, MentionPageOut
from watch.store import listing, mentioned

router = APIRouter(prefix="/mentions", tags=["mentions"])
Sort = Literal["-published", "published", "-engagement"]


@router.get("", summary="Mentions, by filters", responses=problems(400))
def mentions(
    session: Reading,
    wanted: Filters,
    sort: Annotated[Sort, Query(description="Newest, oldest or most engaging first.")] = "-published",
    limit: Annotated[int, Query(ge=1, le=listing.LARGEST, description="Mentions a page.")] = 50,
    cursor: Annotated[str | None, Query(description="`next` of the page before.")] = None,
) -> MentionPageOut:
    """The mentions that meet all filters; a filter given several times takes any of its values.

    Follow `next` until it is null: pages neither repeat nor skip a mention, whatever arrives in between.
    """
    question = f"{sort} {wanted}"
    page = listing.page(session, wanted, sort=sort, limit=limit, after=position(cursor, question))
    items = [MentionOut.of(mention) for mention in page.mentions]
    return MentionPageOut(items=items, next=cursor_of(page.next, question))


@router.get("/{id}", summary="One mention, with its evidence", responses=problems(404))
def mention(session: Reading, id: Annotated[int, Path(ge=1, le=2**63 - 1)]) -> MentionDetailOut:
    """One mention: the words behind its label, the versions of its labels, its story and its history."""
    found = mentioned.detail(session, id)
    if found is None:
        raise not_found(f"there is no mention {id}")
    return MentionDetailOut.whole(found)
