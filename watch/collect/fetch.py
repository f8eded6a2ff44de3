"""One polite request: what was known goes with it, what the server wishes comes back with the page."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from watch.errors import FetchError
from watch.model import NotModified, Page, Request, Validators
from watch.net import Answer, Client, Limits, exchange, prepare

Answered = Page | NotModified
LIMITS = Limits()
MAX_HINT = 7 * 86_400.0
_MAX_VALIDATOR = 16_000
# What RFC 9110 lets a header hold; anything else could not be sent back.
_SENDABLE = re.compile(rb"[\x21-\x7e\x80-\xff](?:[\x20-\x7e\x80-\xff\t]*[\x21-\x7e\x80-\xff])?")
_MAX_AGE = re.compile(rb"(?:^|[,\s])max-age\s*=\s*\"?(\d+)", re.IGNORECASE)
# What a Hune's own feeds say of themselves, `Via: 1.1 hune` (bar H29).
_ECHO = re.compile(rb"\bhune\b", re.IGNORECASE)
_READABLE = (200, 203, 206, 226)


async def get(
    client: Client,
    request: Request,
    validators: Validators,
    *,
    now: datetime,
    limits: Limits = LIMITS,
) -> Answered:
    """Ask for a page, unless it is the one that `validators` name.

    Raises FetchError with kind, sentence, `retry_after` (seconds, from 429 and 503) and `disable` (410).
    """
    conditional = [*_headers(request), *_conditions(validators)]
    asked = prepare(
        client, request.url, method=request.method, headers=conditional, body=request.body, verify=request.verify
    )
    answer = await exchange(client, asked, limits=limits)
    if _ECHO.search(answer.first("via") or b""):
        raise FetchError("blocked", "this is a feed that a Hune writes: reading it would make a loop")
    if answer.status == 304:
        return _not_modified(answer, validators, now)
    if answer.status == 204:
        return NotModified(fresh_for=fresh_for(answer, now), status=204)
    if answer.status not in _READABLE:
        raise _refusal(answer, now)
    return Page(
        url=answer.url,
        status=answer.status,
        body=answer.body,
        content_type=(answer.first("content-type") or b"").decode("latin-1"),
        # Who sends a part does not say what the whole is.
        validators=Validators() if answer.status == 206 else _validators(answer),
        fresh_for=fresh_for(answer, now),
        moved_to=answer.moved_to,
        link=answer.headers.joined("link")[:8_000],
    )


def fresh_for(answer: Answer, now: datetime) -> float | None:
    """For how many seconds the server wishes not to be asked again; at most 7 days, None when it says nothing.

    `max-age` or else `Expires` against the server's own Date, less `Age` (RFC 9111, 4.2).
    """
    caching = b",".join(answer.headers.all("cache-control"))
    if max_age := _MAX_AGE.search(caching):
        lifetime: float | None = _seconds(max_age[1])
    else:
        lifetime = _until(answer.first("expires"), answer, now)
    if lifetime is None:
        return 0.0 if caching else None
    left = lifetime - (_seconds(answer.first("age")) or 0)
    return min(max(left, 0.0), MAX_HINT)


def retry_after(answer: Answer, now: datetime) -> float | None:
    """Seconds to wait, from a Retry-After in seconds or as a date (RFC 9110, 10.2.3); at most 7 days."""
    value = answer.first("retry-after")
    seconds = _seconds(value)
    if seconds is None:
        seconds = _until(value, answer, now)
    return min(seconds, MAX_HINT) if seconds is not None and seconds > 0 else None


def _headers(request: Request) -> list[tuple[bytes, bytes]]:
    return [(name.encode("ascii"), value.encode("latin-1")) for name, value in request.headers]


def _conditions(validators: Validators) -> list[tuple[bytes, bytes]]:
    pairs = ((b"If-None-Match", validators.etag), (b"If-Modified-Since", validators.last_modified))
    return [(name, value) for name, value in pairs if value]


def _validators(answer: Answer) -> Validators:
    return Validators(_sendable(answer.first("etag")), _sendable(answer.first("last-modified")))


def _sendable(value: bytes | None) -> bytes | None:
    if not value or len(value) > _MAX_VALIDATOR or not _SENDABLE.fullmatch(value):
        return None
    return value


def _not_modified(answer: Answer, sent: Validators, now: datetime) -> NotModified:
    if sent == Validators():
        raise FetchError("protocol", "the server says `not modified` to a first request", http_status=304)
    return NotModified(_validators(answer), fresh_for(answer, now), answer.moved_to)


def _refusal(answer: Answer, now: datetime) -> FetchError:
    status = answer.status
    wait = retry_after(answer, now) if status in (429, 503) else None
    if status == 429:
        return FetchError("rate_limited", "the server asks for fewer requests", http_status=429, retry_after=wait)
    if status == 410:
        return FetchError("http_4xx", "the source is gone for good (410)", http_status=410, disable=True)
    if status >= 500:
        return FetchError("http_5xx", f"the server has a problem ({status})", http_status=status, retry_after=wait)
    if status >= 400:
        return FetchError("http_4xx", f"the server refuses: {_REASONS.get(status, status)}", http_status=status)
    return FetchError("protocol", f"the server answers with status {status}", http_status=status)


_REASONS = {401: "it wants a password (401)", 403: "access is forbidden (403)", 404: "nothing is there (404)"}


def _seconds(value: bytes | None) -> float | None:
    digits = (value or b"").strip()
    if not digits.isdigit():
        return None
    # Thousands of digits are a very long time, not a number.
    return float(int(digits)) if len(digits) < 12 else MAX_HINT


def _until(value: bytes | None, answer: Answer, now: datetime) -> float | None:
    end = _date(value)
    return (end - (_date(answer.first("date")) or now)).total_seconds() if end else None


def _date(value: bytes | None) -> datetime | None:
    if not value or len(value) > 100:
        return None
    from email.utils import parsedate_to_datetime  # 5 ms that most sweeps need not spend

    try:
        read = parsedate_to_datetime(value.decode("latin-1"))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read
