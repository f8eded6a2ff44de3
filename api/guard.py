"""What holds for every request, before any route: request id, Host, origin, size, and the headers of every answer.

Plain ASGI, outermost of all, so that errors carry the same headers as pages (bar W11–W13, W32).
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import ProblemError, answer
from api.service import Service

_LOG = logging.getLogger(__name__)
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS: Mapping[str, str] = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# What containers and balancers ask by whatever address they have; they tell nothing but ages.
_ANY_HOST = frozenset({"/healthz", "/readyz"})
MOST_BYTES = 1_000_000
LONGEST_QUERY = 16_384  # 4,096 characters of a query, most of them escaped
_BROKEN = ProblemError(500, "internal", "something went wrong here; the log of Hune has it under this request's id")


@dataclass(frozen=True, slots=True)
class Guard:
    """The outermost layer around the application."""

    app: ASGIApp
    service: Service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Give the request its id, refuse what may not come in, and dress every answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope["hune.request_id"] = str(uuid.uuid4())
        dressed = self._dress(scope, send)
        problem = self._objection(scope)
        if problem is not None:
            await answer(Request(scope), problem)(scope, receive, dressed)
            return
        await self._run(scope, _limited(receive), dressed)

    async def _run(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The application; what it raises becomes a problem, in our headers, unless an answer is under way."""
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except ProblemError as problem:
            if not started:
                await answer(Request(scope), problem)(scope, receive, send)
        except Exception as error:
            _LOG.exception("request=%s outcome=error error=%s", scope["hune.request_id"], type(error).__name__)
            if started:
                raise  # the server closes the connection, so that half an answer does not look whole
            await answer(Request(scope), _BROKEN)(scope, receive, send)

    def _dress(self, scope: Scope, send: Send) -> Send:
        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                headers["x-request-id"] = scope["hune.request_id"]
                if self.service.https:
                    headers.setdefault("strict-transport-security", "max-age=31536000")
            await send(message)

        return dressed

    def _objection(self, scope: Scope) -> ProblemError | None:
        headers = Headers(scope=scope)
        if scope["path"] not in _ANY_HOST and not self._our_name(headers.get("host", "")):
            return ProblemError(
                421, "host", "this name is not served here; `base_url` in sources.toml names the one that is"
            )
        if b"%00" in scope["query_string"] or "\0" in scope["path"]:
            # PostgreSQL has no text with a NUL, and nobody means one.
            return ProblemError(400, "invalid", "a NUL character stands in the address")
        if len(scope["query_string"]) > LONGEST_QUERY:
            return ProblemError(414, "too-long", f"what follows the `?` has at most {LONGEST_QUERY} characters")
        if _length(headers) > MOST_BYTES:
            return ProblemError(413, "too-large", f"at most {MOST_BYTES} bytes are read")
        if scope["method"] not in _SAFE and not self._from_us(scope["path"], headers):
            return ProblemError(403, "cross-site", "this request came from another site; open the page again and retry")
        return None

    def _our_name(self, host: str) -> bool:
        name = _hostname(host)
        return name in _LOOPBACK or (name != "" and name in self.service.hosts)

    def _from_us(self, path: str, headers: Headers) -> bool:
        # Mail programs unsubscribe without cookies or origin (RFC 8058); another site cannot set Authorization.
        if path.startswith("/unsubscribe/") or "authorization" in headers:
            return True
        if path.startswith("/api/") and "cookie" not in headers and not _by_a_browser(headers):
            return True  # a program without a key; the route answers 401, as it does to GET
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site == "same-origin"
        origin = headers.get("origin", "")
        return origin != "" and origin in (
            f"http://{headers.get('host')}",
            f"https://{headers.get('host')}",
            self.service.origin,
        )


def _by_a_browser(headers: Headers) -> bool:
    return "sec-fetch-site" in headers or "origin" in headers


def _hostname(host: str) -> str:
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def _length(headers: Headers) -> int:
    told = headers.get("content-length", "0")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 19 else MOST_BYTES + 1


def _limited(receive: Receive) -> Receive:
    read = 0

    async def limited() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > MOST_BYTES:
            raise ProblemError(413, "too-large", f"at most {MOST_BYTES} bytes are read")
        return message

    return limited
