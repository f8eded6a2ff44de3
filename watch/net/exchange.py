"""One exchange: a request, its redirects, an answer within limits.

1. the address is read strictly; 2. the request is sent; 3. a redirect is followed by hand, each hop checked
again; 4. the body is inflated with a bound. A deadline stands around the whole.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

from watch.errors import FetchError
from watch.net import bodies, failures, urls
from watch.net.client import Client, Headers

_PERMANENT = (301, 308)
_REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one exchange may cost: bytes of the body (raw, and inflated), of headers; seconds; hops."""

    body: int = 10_000_000
    headers: int = 64_000
    seconds: float = 30.0
    redirects: int = 8


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `url` is the address that answered; `moved_to` the end of the permanent redirects.

    A permanent redirect from https to http is followed, but never told in `moved_to`.
    """

    url: str
    status: int
    headers: httpx.Headers
    body: bytes
    moved_to: str | None = None

    def first(self, name: str) -> bytes | None:
        """The first header `name`, byte for byte."""
        wanted = name.lower().encode()
        return next((value for key, value in self.headers.raw if key.lower() == wanted), None)


def prepare(
    client: Client,
    url: str,
    *,
    method: str = "GET",
    headers: Headers = (),
    body: bytes | None = None,
) -> httpx.Request:
    """A request to `url`, read by the one strict parser. Raises FetchError of kind `blocked`."""
    return client.build_request(method, str(_parse(url)), headers=headers, body=body)


async def exchange(client: Client, request: httpx.Request, *, limits: Limits = Limits()) -> Answer:
    """Send `request` and read the answer, whatever its status.

    Raises FetchError with the kind of the contract and a sentence for a person.
    """
    url = _parse(str(request.url))
    try:
        async with asyncio.timeout(limits.seconds):
            return await _follow(client, request, url, limits)
    except TimeoutError as error:
        raise failures.deadline(url.host, limits.seconds) from error


async def _follow(client: Client, request: httpx.Request, url: urls.Url, limits: Limits) -> Answer:
    moved_to, permanent = None, True
    for _hop in range(limits.redirects + 1):
        answer = await _ask(client, request, url, limits)
        if answer.status not in _REDIRECTS or not limits.redirects:
            return Answer(str(url), answer.status, answer.headers, answer.body, moved_to)
        target = _target(url, answer, request.method)
        permanent = permanent and answer.status in _PERMANENT and target.scheme >= url.scheme
        moved_to, url = str(target) if permanent else moved_to, target
    raise FetchError("redirect", f"the address leads from redirect to redirect, more than {limits.redirects} times")


def _target(url: urls.Url, answer: Answer, method: str) -> urls.Url:
    location = answer.first("location")
    if not location:
        raise FetchError("redirect", f"{url.host} redirects to nowhere", http_status=answer.status)
    if method not in ("GET", "HEAD"):
        raise FetchError("redirect", f"{url.host} redirects what was sent; it goes no further")
    try:
        return urls.join(str(url), _text(location))
    except ValueError as error:
        sentence = f"{url.host} redirects to an address that is refused: {error}"
        raise FetchError("blocked", sentence, http_status=answer.status) from error


async def _ask(client: Client, request: httpx.Request, url: urls.Url, limits: Limits) -> Answer:
    async with _explained(url.host), _sent(client, _addressed(client, request, url)) as response:
        _check_headers(response, url.host, limits)
        if response.status_code in (204, 304):
            # Their body is empty by definition; only a connection that is read to the end is used again.
            async for _ in _pieces(response):
                pass
        if response.status_code in _REDIRECTS or response.status_code in (204, 304):
            return Answer(str(url), response.status_code, response.headers, b"")
        codings = response.headers.get_list("content-encoding")
        body = await bodies.read(_pieces(response), codings, limits.body)
        return Answer(str(url), response.status_code, response.headers, body)


def _pieces(response: httpx.Response) -> AsyncIterator[bytes]:
    assert isinstance(response.stream, httpx.AsyncByteStream)
    return response.stream.__aiter__()


def _addressed(client: Client, request: httpx.Request, url: urls.Url) -> httpx.Request:
    if str(request.url) == str(url):
        return request  # the first hop: as `prepare` has built it
    headers = [(k, v) for k, v in request.headers.raw if k.lower() not in (b"host", b"content-length")]
    return client.build_request(request.method, str(url), headers=headers, body=request.content or None)


@asynccontextmanager
async def _sent(client: Client, request: httpx.Request) -> AsyncIterator[httpx.Response]:
    response = await client.send(request)
    assert isinstance(response.stream, httpx.AsyncByteStream)
    try:
        yield response
    finally:
        await response.stream.aclose()


@asynccontextmanager
async def _explained(host: str) -> AsyncIterator[None]:
    try:
        yield
    except (httpx.TransportError, httpx.InvalidURL) as error:
        raise failures.explain(error, host) from error


def _check_headers(response: httpx.Response, host: str, limits: Limits) -> None:
    if sum(len(name) + len(value) + 4 for name, value in response.headers.raw) > limits.headers:
        raise FetchError("too_large", f"{host} sent more than {limits.headers // 1000} kB of headers")
    length = response.headers.get("content-length", "")
    # A length of thousands of digits is a length over the limit; int() would refuse it.
    if length.isdigit() and (len(length) > 15 or int(length) > limits.body) and response.status_code != 304:
        raise bodies.too_large(limits.body)


def _parse(text: str) -> urls.Url:
    try:
        return urls.parse(text)
    except ValueError as error:
        raise FetchError("blocked", f"the address is refused: {error}") from error


def _text(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")
