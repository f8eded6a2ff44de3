"""Keys for programs: `hune_<id>_<secret>`, of which the store keeps the id and the SHA-256 of the secret."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from watch.errors import Refused
from watch.store import passwords
from watch.store.tables import ApiKey

SCOPES = ("read", "write", "ingest", "admin")
_SHAPE = re.compile(r"hune_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")
_A_MINUTE = timedelta(minutes=1)


def create(
    session: Session, *, name: str, scopes: Sequence[str], now: datetime, expires_at: datetime | None = None
) -> str:
    """A new key, whole: the only time it can be seen. Raises Refused for a scope there is not."""
    wrong = [scope for scope in scopes if scope not in SCOPES]
    if wrong or not scopes:
        raise Refused(
            f"a key has one or more of the scopes {', '.join(SCOPES)}" + (f", not {wrong[0]!r}" if wrong else "")
        )
    key_id, secret = secrets.token_hex(6), passwords.token()
    session.add(
        ApiKey(
            id=key_id,
            name=name,
            secret_hash=passwords.digest(secret),
            scopes=[scope for scope in SCOPES if scope in scopes],
            created_at=now,
            expires_at=expires_at,
        )
    )
    return f"hune_{key_id}_{secret}"


def known(session: Session, text: str, now: datetime) -> ApiKey | None:
    """The key that `text` is; None when it is no key, unknown, revoked or expired."""
    shape = _SHAPE.fullmatch(text)
    key = session.get(ApiKey, shape[1]) if shape else None
    if shape is None or key is None or not passwords.same(passwords.digest(shape[2]), key.secret_hash):
        return None
    if key.revoked_at is not None or (key.expires_at is not None and key.expires_at <= now):
        return None
    return key


def stale(key: ApiKey, now: datetime) -> bool:
    """Whether its use was last recorded a minute ago or more."""
    return key.used_at is None or key.used_at <= now - _A_MINUTE


def used(session: Session, key_id: str, now: datetime) -> None:
    """Record that the key was used."""
    key = session.get(ApiKey, key_id)
    if key is not None:
        key.used_at = now


def every(session: Session) -> list[ApiKey]:
    """All keys, oldest first, revoked ones too."""
    return list(session.scalars(select(ApiKey).order_by(col(ApiKey.created_at), col(ApiKey.id))))


def revoke(session: Session, key_id: str, now: datetime) -> None:
    """End a key at once. Raises Refused when there is none of that id."""
    key = session.get(ApiKey, key_id)
    if key is None:
        raise Refused(f"there is no key {key_id!r}; `hune keys list` shows them")
    key.revoked_at = key.revoked_at or now
