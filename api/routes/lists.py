"""`GET /brands` and `GET /topics`."""

from __future__ import annotations

from fastapi import APIRouter

from api.deps import Reading
from api.schemas.common import problems
from api.schemas.others import BrandOut, BrandsOut, TopicOut, TopicsOut
from watch.store import brands as named

router = APIRouter()


@router.get("/brands", tags=["brands"], summary="Brands", responses=problems())
def brands(session: Reading) -> BrandsOut:
    """The names we listen for, in the order of sources.toml."""
    return BrandsOut(items=[BrandOut.model_validate(row, extra="ignore") for row in named.active(session)])


@router.get("/topics", tags=["topics"], summary="Topics", responses=problems())
def topics(session: Reading) -> TopicsOut:
    """What items are about, as declared; the classifier knows a few more."""
    return TopicsOut(items=[TopicOut.model_validate(row, extra="ignore") for row in named.topics(session)])
