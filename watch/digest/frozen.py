"""A digest as JSON and back, without loss: how an issue is kept, and what programs read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from watch.model import BrandDay, Coverage, Digest, IncidentLine, Line, Tally

T = TypeVar("T")


def as_json(digest: Digest) -> dict[str, Any]:
    """Plain values, times in ISO 8601 with `Z`; keys in the order of `Digest`."""
    plain: dict[str, Any] = _plain(digest)
    return plain


def from_json(plain: Mapping[str, Any]) -> Digest:
    """The digest that `as_json` wrote; keys it does not know are passed over. KeyError, ValueError for other JSON."""
    return _read(
        Digest,
        plain,
        date=date.fromisoformat,
        since=_moment,
        until=_moment,
        brands=_all(_brand),
        incidents=_all(lambda one: _read(IncidentLine, one, opened_at=_moment, resolved_at=_moment)),
        to_answer=_all(_line),
        said=_all(_line),
        competitors=_all(_line),
        coverage=lambda one: _read(Coverage, one, failed=_all(tuple), silent=tuple),
    )


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value


def _read(kind: Callable[..., T], plain: Mapping[str, Any], **readers: Callable[[Any], Any]) -> T:
    """A dataclass from a mapping; `readers` for the fields that JSON cannot hold."""
    known = [field.name for field in fields(kind) if field.name in plain]  # type: ignore[arg-type]  # a dataclass
    return kind(**{name: readers[name](plain[name]) if name in readers else plain[name] for name in known})


def _brand(plain: Mapping[str, Any]) -> BrandDay:
    return _read(BrandDay, plain, tally=lambda one: _read(Tally, one, start=_moment), topics=_all(tuple))


def _line(plain: Mapping[str, Any]) -> Line:
    return _read(Line, plain, published=_moment)


def _all(read: Callable[[Any], Any]) -> Callable[[Any], tuple[Any, ...]]:
    return lambda many: tuple(read(one) for one in many)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
