"""Links that end a digest for one reader (RFC 8058): opaque, per recipient and digest, good for as long as the store.

A token is encrypted and signed at once with what the standard library has (the SIV construction, RFC 5297, with HMAC
for both parts): the signature of the content is the nonce under which it is encrypted. The same reader and digest
have the same token always, so that a digest built twice has the same bytes.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from datetime import datetime

from sqlmodel import Session

from watch.errors import Refused
from watch.store import digests

_MARK = 16  # bytes of signature


def unsubscribe_token(secret: bytes, digest: str, recipient: str) -> str:
    """The token of `recipient` for `digest`: letters, digits, `-` and `_`."""
    plain = f"{digest}\0{recipient.lower()}".encode()
    mark = _hmac(secret, b"sign", plain)[:_MARK]
    return base64.urlsafe_b64encode(mark + _cipher(secret, mark, plain)).decode().rstrip("=")


def read_token(secret: bytes, token: str) -> tuple[str, str] | None:
    """(digest, recipient) of a token that `unsubscribe_token` made; None for any other text."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    mark, plain = raw[:_MARK], _cipher(secret, raw[:_MARK], raw[_MARK:])
    if not hmac.compare_digest(mark, _hmac(secret, b"sign", plain)[:_MARK]):
        return None
    digest, _, recipient = plain.decode().partition("\0")
    return digest, recipient


def unsubscribe(session: Session, token: str, now: datetime) -> tuple[str, str]:
    """End the digest for whom the token was made; (digest, recipient). Raises Refused for a token that is not ours.

    Asking again changes nothing.
    """
    found = read_token(digests.secret(session), token)
    if found is None:
        raise Refused("this link is not valid")
    digests.opt_out(session, *found, now)
    return found


def _cipher(secret: bytes, mark: bytes, text: bytes) -> bytes:
    stream = b"".join(_hmac(secret, b"hide", mark + bytes([n])) for n in range(-(-len(text) // 32) % 256))
    return bytes(a ^ b for a, b in zip(text, stream, strict=False))


def _hmac(secret: bytes, purpose: bytes, text: bytes) -> bytes:
    return hmac.new(hmac.new(secret, purpose, hashlib.sha256).digest(), text, hashlib.sha256).digest()
