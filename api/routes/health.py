"""`/healthz` and `/readyz`, for containers, balancers and whoever wonders; they tell nothing but ages."""

from __future__ import annotations

import logging
from typing import Any

from fastapi import APIRouter, Response

from api.deps import Now, Running
from watch.errors import StoreError
from watch.store import reading

_LOG = logging.getLogger(__name__)
router = APIRouter(tags=["health"])
_STAGES = ("poll", "label", "evaluate", "digest")


@router.get("/healthz", summary="Whether the process lives")
def healthz() -> dict[str, str]:
    """Answers as long as the process can; asks nothing of the store."""
    return {"status": "alive"}


@router.get(
    "/readyz",
    summary="Whether it works, and how long ago each stage ended",
    responses={
        200: {
            "description": "The store answers and its schema is right. Ages in seconds; null before the first time.",
            "content": {
                "application/json": {
                    "example": {
                        "status": "ready",
                        "ages": {"poll": 31.2, "label": 31.0, "evaluate": 30.9, "digest": 4210.0},
                    }
                }
            },
        },
        503: {"description": "The store does not answer, or needs `hune db upgrade`."},
    },
)
def readyz(running: Running, at: Now, response: Response) -> dict[str, Any]:
    """200 when the store answers, even before the first sweep; 503 when it is broken."""
    try:
        beats = reading.beats(running.store)
    except StoreError as error:
        _LOG.warning("event=readyz outcome=broken error=%s", error)
        response.status_code = 503
        return {"status": "broken", "ages": dict.fromkeys(_STAGES)}
    ages = {stage: beats.get(stage) for stage in _STAGES}
    return {
        "status": "ready",
        "ages": {stage: round((at - beat).total_seconds(), 3) if beat else None for stage, beat in ages.items()},
    }
