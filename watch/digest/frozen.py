"""A digest as JSON and back, without loss: how an issue is kept, and what programs read."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from watch.model import Digest


def as_json(digest: Digest) -> dict[str, Any]:
    """Plain values, times in ISO 8601 with `Z`; keys in the order of `Digest`."""
    plain: dict[str, Any] = _adapter().dump_python(digest, mode="json")
    return plain


def from_json(plain: Mapping[str, Any]) -> Digest:
    """The digest that `as_json` wrote; keys it does not know are passed over. ValueError where one is missing."""
    return _adapter().validate_python(dict(plain))


@cache
def _adapter() -> TypeAdapter[Digest]:
    return TypeAdapter(Digest)
