"""Webhooks signed as Standard Webhooks asks (github.com/standard-webhooks/standard-webhooks, spec 1.0)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from pydantic import SecretStr

from watch.errors import DeliveryError, FetchError
from watch.locale import one_line
from watch.model import Message
from watch.net import Gate, send, user_agent

_SECONDS = 9.0  # in all: a stop waits for it
_BODY = 20_000  # bytes, the specification's advice
_MAYBE = ("timeout", "deadline", "truncated", "protocol")  # the peer may have read it all
_GONE = 410


@dataclass(slots=True)
class Webhook:
    """One endpoint. `secret`: `whsec_…`, or any text; several, separated by spaces, while one replaces another.

    `gone` remembers a 410 until the channels are built anew: the peer asked not to be called again.
    """

    url: SecretStr
    secret: SecretStr | None
    gate: Gate
    contact: str | None = None
    gone: bool = field(default=False, init=False)

    def send(self, message: Message, recipient: str | None, *, now: datetime) -> str:
        """POST `message`; status and first words of the answer. Raises DeliveryError."""
        if self.gone:
            raise DeliveryError("the address answered 410 (gone) and is not called any more", permanent=True)
        body = payload(message, now)
        agent = user_agent(self.contact)
        try:
            status, headers, answer = send(
                "POST", self.url.get_secret_value(), self._headers(message, body, now), body,
                gate=self.gate, user_agent=agent, timeout=_SECONDS,
            )  # fmt: skip
        except FetchError as error:
            raise _unreached(error) from error
        self.gone = status == _GONE
        return _verdict(status, headers, answer, now)

    def _headers(self, message: Message, body: bytes, now: datetime) -> dict[str, str]:
        name, stamp = message.id.replace(".", "-"), str(int(now.timestamp()))
        headers = {"content-type": "application/json", "webhook-id": name, "webhook-timestamp": stamp}
        if self.secret:
            keys = self.secret.get_secret_value().split()
            headers["webhook-signature"] = " ".join(signature(key, name, stamp, body) for key in keys)
        return headers


def signature(secret: str, name: str, stamp: str, body: bytes) -> str:
    """`v1,` and the base64 of HMAC-SHA256 over `name.stamp.body`. Raises DeliveryError for a broken `whsec_`."""
    signed = hmac.new(_key(secret), f"{name}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(signed).decode()


def payload(message: Message, now: datetime) -> bytes:
    """The JSON body, under 20 kB: `{"type", "timestamp", "data": {"id", "title", "text", …}}`."""
    data: dict[str, Any] = {
        **message.data,
        "id": message.id,
        "title": message.title,
        "text": message.text,
        "severity": message.severity,
        "link": message.link,
    }
    told = {
        "type": str(data.pop("type", "message")),
        "timestamp": str(data.pop("timestamp", _iso(now))),
        "data": data,
    }
    if len(_json(told)) > _BODY:
        short = {key: one_line(value, 2000) for key, value in data.items() if isinstance(value, str)}
        told["data"] = {**short, "id": message.id, "shortened": True}
    return _json(told)


def _key(secret: str) -> bytes:
    if not secret.startswith("whsec_"):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        raise DeliveryError("the secret after whsec_ is not base64", permanent=True) from None


def _json(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace")


def _iso(now: datetime) -> str:
    return now.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _unreached(error: FetchError) -> DeliveryError:
    return DeliveryError(
        f"{error.kind}: {one_line(error.message)}",
        permanent=error.kind == "blocked",
        uncertain=error.kind in _MAYBE,
        retry_after=error.retry_after,
    )


def _verdict(status: int, headers: dict[str, str], answer: bytes, now: datetime) -> str:
    said = one_line(f"{status} {answer[:400].decode('utf-8', 'replace')}")
    if 200 <= status < 300:
        return said
    raise DeliveryError(said, permanent=status == _GONE, retry_after=_retry_after(headers.get("retry-after"), now))


def _retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds, from a number or a date (RFC 9110, 10.2.3); None for nonsense."""
    if not value:
        return None
    if value.strip().isdecimal():
        return float(value.strip()[:9])
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds())
