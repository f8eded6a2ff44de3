"""Which form of an answer a client likes best (RFC 9110, 12.5.1)."""

from __future__ import annotations

from collections.abc import Sequence


def best(accept: str, forms: Sequence[str]) -> str | None:
    """The one of `forms` that `accept` weighs most, the first among equals; None when it takes none."""
    ranges = [_range(part) for part in accept.split(",") if part.strip()] or [("*/*", 1.0)]
    weighed = [(_weight(form, ranges), form) for form in forms]
    top = max(weight for weight, _ in weighed)
    return next((form for weight, form in weighed if weight == top), None) if top > 0 else None


def _range(part: str) -> tuple[str, float]:
    media, *parameters = (piece.strip() for piece in part.lower().split(";"))
    told = next((piece[2:] for piece in parameters if piece.startswith("q=")), "1")
    try:
        return media, min(1.0, max(0.0, float(told)))
    except ValueError:
        return media, 0.0


def _weight(form: str, ranges: Sequence[tuple[str, float]]) -> float:
    """The weight of the most specific range that holds `form`."""
    kind = form.partition("/")[0]
    for shape in (form, f"{kind}/*", "*/*"):
        for media, weight in ranges:
            if media == shape:
                return weight
    return 0.0
