"""One exchange: a request, its redirects, an answer within limits.

1. the address is read strictly; 2. the request is sent, and its reply inflated with a bound; 3. a redirect is followed
by hand, each hop checked again. A deadline stands around the whole.
"""

from __future__ import annotations

import asyncio
from typing import NamedTuple

from watch.errors import FetchError
from watch.net import failures, urls
from watch.net.client import Client
from watch.net.reception import REDIRECTS
from watch.net.wire import Headers, Limits, Outgoing, Pairs, Reply, text

_PERMANENT = (301, 308)
_USUAL = Limits()


class Answer(NamedTuple):
    """What came back. `url` is the address that answered; `moved_to` the end of the permanent redirects.

    A permanent redirect from https to http is followed, but never told in `moved_to`.
    """

    url: str
    status: int
    headers: Headers
    body: bytes
    moved_to: str | None = None

    def first(self, name: str) -> bytes | None:
        """The first header `name`, byte for byte."""
        return self.headers.first(name)


def prepare(
    client: Client,
    url: str,
    *,
    method: str = "GET",
    headers: Pairs = (),
    body: bytes | None = None,
    verify: bool = True,
) -> Outgoing:
    """A request to `url`, read by the one strict parser; `verify` is for the certificate of its host.

    Raises FetchError of kind `blocked`.
    """
    try:
        return client.build_request(method, urls.parse(url), headers=headers, body=body)._replace(verify=verify)
    except ValueError as error:
        raise FetchError("blocked", f"the address is refused: {error}") from error


async def exchange(client: Client, request: Outgoing, *, limits: Limits = _USUAL) -> Answer:
    """Send `request` and read the answer, whatever its status.

    Raises FetchError with the kind of the contract and a sentence for a person.
    """
    try:
        async with asyncio.timeout(limits.seconds):
            return await _follow(client, request, limits)
    except TimeoutError as error:
        raise failures.deadline(request.url.host, limits.seconds) from error


async def _follow(client: Client, request: Outgoing, limits: Limits) -> Answer:
    moved_to, permanent = None, True
    for _hop in range(limits.redirects + 1):
        url = request.url
        reply = await client.send(request, limits)
        if reply.status not in REDIRECTS or not limits.redirects:
            return Answer(str(url), reply.status, reply.headers, reply.body, moved_to)
        target = _target(request, reply)
        permanent = permanent and reply.status in _PERMANENT and target.scheme >= url.scheme
        moved_to = str(target) if permanent else moved_to
        # Who was let off is let off for itself alone.
        request = request._replace(url=target, verify=request.verify or target.host != url.host)
    raise FetchError("redirect", f"the address leads from redirect to redirect, more than {limits.redirects} times")


def _target(request: Outgoing, reply: Reply) -> urls.Url:
    host, location = request.url.host, reply.headers.first("location")
    if not location:
        raise FetchError("redirect", f"{host} redirects to nowhere", http_status=reply.status)
    if request.method not in ("GET", "HEAD"):
        raise FetchError("redirect", f"{host} redirects what was sent; it goes no further")
    try:
        return urls.join(str(request.url), text(location))
    except ValueError as error:
        sentence = f"{host} redirects to an address that is refused: {error}"
        raise FetchError("blocked", sentence, http_status=reply.status) from error
