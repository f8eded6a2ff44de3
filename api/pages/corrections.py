"""The forms of a mention's page: what a person says of its labels, and where the answer stands.

They are sent as forms of this site only (`guard`), and change what `PATCH /api/v1/mentions/{id}` changes.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Path
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, ConfigDict, ValidationError

from api import topics
from api.deps import BY_ROLE, Now, Running
from api.pages.visitor import Visitor
from api.problems import ProblemError, not_found
from api.schemas.changes import ChangeIn
from watch.store import corrections
from watch.store.people import Guest
from watch.store.words import Label

router = APIRouter(prefix="/mentions")
_SHOWN_AT = {"sentiment": "label"}  # where the page shows what an act changed, when it is not called like it


class Act(BaseModel):
    """What a form sends: `act` says which form it is, and so which of the others count.

    Forms drop what is empty, hence no box ticked is no topic, and an empty note is none.
    """

    model_config = ConfigDict(extra="forbid")

    act: Literal["sentiment", "topics", "spam", "withdraw", "answer"]
    label: Label | None = None
    sentiment: str = ""
    topics: list[str] = []
    spam: Literal["yes", "no"] = "yes"
    status: str = "new"
    owner: str | None = None
    note: str | None = None
    tags: str = ""

    def changes(self) -> dict[str, Any]:
        """As the API would be told."""
        if self.act == "withdraw":
            return {self.label or "label": None}
        if self.act == "answer":
            tags = [tag.strip() for tag in self.tags.split(",") if tag.strip()]
            return {"status": self.status, "owner": self.owner, "note": self.note, "tags": tags}
        return {self.act: self.spam == "yes" if self.act == "spam" else getattr(self, self.act)}


@router.post("/{id}")
def say(
    running: Running, at: Now, who: Visitor, id: Annotated[int, Path(ge=1, le=2**63 - 1)], form: Annotated[Act, Form()]
) -> Response:
    """Change the mention and show it again, where the change is."""
    if "write" not in BY_ROLE[who.role]:
        raise ProblemError(403, "forbidden", "you may read here, not correct; an admin can make you an editor")
    _change(running, who, id, form, at)
    place = form.label if form.act == "withdraw" else form.act
    return RedirectResponse(f"/mentions/{id}#{_SHOWN_AT.get(place or '', place)}", 303)


def _change(running: Running, who: Guest, mention: int, form: Act, at: Now) -> None:
    try:
        given = ChangeIn.model_validate(form.changes()).given()
    except ValidationError as error:
        # As if the form had been checked before: a problem that names the field.
        raise RequestValidationError([{**one, "loc": ("body", *one["loc"])} for one in error.errors()]) from error
    with running.store.session() as session:
        topics.require(session, list(given.get("topics") or ()))
        if not corrections.change(session, mention, given, by=who.name, now=at):
            raise not_found(f"there is no mention {mention}")
