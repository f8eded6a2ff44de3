"""What the store keeps instead of secrets: argon2id of passwords, SHA-256 of random tokens.

A token of 256 random bits needs no slow hash: it cannot be guessed, only stolen (OWASP ASVS 5.0, 11.4).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from watch.errors import Refused

SHORTEST, LONGEST = 12, 128
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def seal(password: str) -> str:
    """The argon2id hash of `password`. Raises Refused unless it has 12 to 128 characters."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Refused(f"a password has {SHORTEST} to {LONGEST} characters; this one has {len(password)}")
    return _HASHER.hash(password)


def opens(password: str, sealed: str | None) -> bool:
    """Whether `password` is the one; takes as long when `sealed` is None, that is for a name nobody has."""
    try:
        return _HASHER.verify(sealed or _nobodys(), password) and sealed is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    return _HASHER.hash(secrets.token_urlsafe(32))


def token() -> str:
    """A fresh token of 256 random bits, in characters that an address or a header takes."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """SHA-256 of a token, in hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()


def same(one: str, other: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())
