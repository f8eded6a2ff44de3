"""What went wrong on the wire, as a FetchError with its kind and a sentence for a person."""

from __future__ import annotations

import ssl
from collections.abc import Iterator

import httpx

from watch.errors import FailureKind, FetchError

_PLAIN: tuple[tuple[type[Exception], FailureKind, str], ...] = (
    (httpx.ConnectTimeout, "timeout", "{host} did not accept the connection in time"),
    (httpx.TimeoutException, "timeout", "{host} stopped answering"),
    (httpx.ConnectError, "connect", "{host} cannot be reached: {why}"),
    (httpx.NetworkError, "connect", "{host} closed the connection"),
    (httpx.ProtocolError, "protocol", "{host} does not answer in proper HTTP: {why}"),
    (httpx.UnsupportedProtocol, "blocked", "{why}"),
)


def explain(error: Exception, host: str) -> FetchError:
    """The FetchError for an exception that came out of a request to `host`."""
    tls = next((cause for cause in _causes(error) if isinstance(cause, ssl.SSLError)), None)
    if tls is not None:
        return FetchError("tls", f"the secure connection to {host} failed: {_reason(tls)}")
    special = _special(error, host)
    if special is not None:
        return special
    for kind_of_error, kind, sentence in _PLAIN:
        if isinstance(error, kind_of_error):
            return FetchError(kind, sentence.format(host=host, why=_line(str(error))))
    return FetchError("protocol", f"{host} answered something that cannot be used: {_line(str(error))}")


def deadline(host: str, seconds: float) -> FetchError:
    """The error of an exchange that took too long as a whole."""
    return FetchError("deadline", f"{host} did not finish its answer within {seconds:g} s")


def _special(error: Exception, host: str) -> FetchError | None:
    text = str(error)
    if not isinstance(error, httpx.RemoteProtocolError):
        return None
    if "complete message body" in text or "incomplete chunked read" in text:
        return FetchError("truncated", f"{host} closed the connection before the end of its answer")
    if "too long" in text or "too large" in text:
        return FetchError("too_large", f"{host} sent more than 64 kB of headers")
    if "without sending a response" in text or "Server disconnected" in text:
        return FetchError("connect", f"{host} closed the connection without an answer")
    return None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _reason(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message or "the certificate is not valid"
    return (error.reason or str(error)).replace("_", " ").lower()


def _line(text: str) -> str:
    return " ".join(text.split())[:200] or "no reason given"
