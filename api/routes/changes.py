"""`PATCH /mentions/{id}`: a person's word on labels, and where the answer stands."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Path

from api import topics
from api.deps import Now, Running, Writer
from api.problems import not_found
from api.schemas.changes import EXAMPLES, ChangeIn
from api.schemas.common import problems
from api.schemas.mentions import MentionDetailOut
from watch.store import corrections, mentioned

router = APIRouter(prefix="/mentions", tags=["mentions"])


@router.patch("/{id}", summary="Correct a mention, or say where its answer stands", responses=problems(400, 404))
def change(
    running: Running,
    who: Writer,
    at: Now,
    id: Annotated[int, Path(ge=1, le=2**63 - 1)],
    changes: Annotated[ChangeIn, Body(openapi_examples=EXAMPLES)],
) -> MentionDetailOut:
    """Change what is given, leave the rest; the answer is the mention as GET gives it, with its history.

    A correction wins over the model at once, counts in every figure, and outlives new models and edits of the text.
    The other copies of the story inherit it, those there and those that come, unless somebody corrected them too; to
    withdraw what a copy inherited, withdraw it where it was said (`corrections[].origin`). What is so already
    changes nothing and leaves no trace, so that a request may be sent twice.
    """
    given = changes.given()
    with running.store.session() as session:
        topics.require(session, list(given.get("topics") or ()))
        done = corrections.change(session, id, given, by=who.name, now=at)
        found = mentioned.detail(session, id) if done else None
    if found is None:
        raise not_found(f"there is no mention {id}")
    return MentionDetailOut.whole(found)
