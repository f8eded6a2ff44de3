"""What several answers share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer


def zulu(value: datetime) -> str:
    """A time as ISO 8601 in UTC, with Z."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


Time = Annotated[datetime, PlainSerializer(zulu, return_type=str)]


class Answer(BaseModel):
    """The base of all answers: built from our values, and nothing that is not described."""

    model_config = ConfigDict(frozen=True, from_attributes=True, extra="forbid")


class Problem(BaseModel):
    """An error, as RFC 9457 wants it."""

    type: str = Field(description="What kind of problem it is, as a URN.", examples=["urn:hune:problem:not-found"])
    title: str = Field(examples=["Not Found"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["there is no mention 12"])
    instance: str = Field(
        description="The id of the request, also in the header X-Request-Id.",
        examples=["urn:uuid:6f1d3c1e-3b52-4a53-9a39-5f7f7b8f5a10"],
    )
    errors: list[dict[str, str]] | None = Field(default=None, description="Each parameter that is wrong.")
    position: int | None = Field(default=None, description="In a query: the character, counted from 0.")
    parameter: str | None = Field(default=None, description="The parameter that is not known.")
    known: list[str] | None = Field(default=None, description="The parameters there are.")


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route: these statuses, and whatever else may go wrong, are problems."""
    words = {
        400: "A parameter is unknown or wrong.",
        401: "No key, or one that does not hold.",
        403: "The key may not do this.",
        404: "There is no such thing.",
        406: "No form that the client accepts.",
    }
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    told: dict[int | str, dict[str, Any]] = {
        status: {"description": words[status], "content": content} for status in (401, 403, *statuses)
    }
    return {**told, "default": {"description": "Any other error.", "content": content}}
