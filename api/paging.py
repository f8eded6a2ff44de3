"""Cursors: where the next page begins, as an opaque text.

A cursor is a position and a checksum bound to sort and filters. It gives no right to anything: who changes one, or
takes it to another question, gets a 400 instead of a page that would skip or repeat mentions.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from datetime import UTC, datetime

from api.problems import ProblemError
from watch.store.listing import Position

_LONGEST = 300


def cursor(position: Position | None, question: str) -> str | None:
    """The cursor of a position; None where there is none."""
    if position is None:
        return None
    key = position.key.isoformat() if isinstance(position.key, datetime) else position.key
    body = json.dumps([key, position.id], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_sum(body, question) + body).decode().rstrip("=")


def position(text: str | None, question: str) -> Position | None:
    """The position of a cursor. Raises ProblemError (400) for one that we did not make for this question."""
    if text is None:
        return None
    try:
        return _read(text, question)
    except (ValueError, TypeError, binascii.Error):
        detail = "this cursor belongs to another question or was changed; begin again without one"
        raise ProblemError(400, "cursor", f"cursor: {detail}") from None


def _read(text: str, question: str) -> Position:
    if len(text) > _LONGEST:
        raise ValueError("too long")
    raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    checksum, body = raw[:12], raw[12:]
    if checksum != _sum(body, question):
        raise ValueError("wrong checksum")
    key, identity = json.loads(body)
    when = datetime.fromisoformat(key).astimezone(UTC) if isinstance(key, str) else int(key)
    return Position(when, int(identity))


def _sum(body: bytes, question: str) -> bytes:
    return hashlib.blake2b(
        body + b"\0" + question.encode("utf-8", "surrogatepass"), digest_size=12, person=b"hune.cursor"
    ).digest()
