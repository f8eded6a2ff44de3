"""What went wrong on the wire, as a FetchError with its kind and a sentence for a person."""

from __future__ import annotations

import os
import re

from watch.errors import FailureKind, FetchError

# https://curl.se/libcurl/c/libcurl-errors.html
_TLS = (35, 53, 54, 58, 59, 60, 64, 66, 77, 80, 82, 83, 90, 91, 98)
_PLAIN: dict[int, tuple[FailureKind, str]] = {
    3: ("blocked", "the address is refused: {why}"),
    6: ("dns", "the name {host} cannot be resolved: {why}"),
    7: ("connect", "{host} cannot be reached: {why}"),
    18: ("truncated", "{host} closed the connection before the end of its answer"),
    28: ("timeout", "{host} did not accept the connection in time"),
    52: ("connect", "{host} closed the connection without an answer"),
    55: ("connect", "{host} closed the connection"),
    56: ("connect", "{host} closed the connection"),
    63: ("too_large", "the answer of {host} is too large: {why}"),
    100: ("too_large", "{host} sent more headers than anybody reads"),
}


def explain(code: int, sentence: str, host: str, errno: int = 0) -> FetchError:
    """The FetchError for a transfer from `host` that libcurl ended with `code`; `errno` is that of a connection."""
    why = os.strerror(errno) if errno and code == 7 else _line(sentence)
    if code in _TLS:
        return FetchError("tls", f"the secure connection to {host} failed: {_reason(why)}")
    if code == 56 and "chunk" in sentence:
        code = 8
    elif code == 56 and "headers" in sentence:
        code = 100
    kind, words = _PLAIN.get(code, ("protocol", "{host} does not answer in proper HTTP: {why}"))
    return FetchError(kind, words.format(host=host, why=why))


def deadline(host: str, seconds: float) -> FetchError:
    """The error of an exchange that took too long as a whole."""
    return FetchError("deadline", f"{host} did not finish its answer within {seconds:g} s")


def closed(host: str, address: str, port: int) -> FetchError:
    """The error of an address of `host` that the gate does not permit."""
    way = address if host == address else f"{host} leads to {address}, which"
    place = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
    return FetchError("blocked", f"{way} is not on the public internet; [network] allow can open {place}")


def _reason(sentence: str) -> str:
    return re.sub(r"^SSL[^:]*: | \(\d+\)$", "", sentence)


def _line(text: str) -> str:
    return " ".join(text.split())[:200] or "no reason given"
