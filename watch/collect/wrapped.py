"""The address inside an address: redirectors that count clicks, and AMP copies. Pure."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit, urlunsplit

# Host (or its end) and path of a redirector → the parameters that may hold the address.
_REDIRECTORS: tuple[tuple[re.Pattern[str], re.Pattern[str], tuple[str, ...]], ...] = tuple(
    (re.compile(host), re.compile(path), parameters)
    for host, path, parameters in (
        (r"(www\.)?google\.[a-z.]+", r"/url", ("url", "q")),
        (r"lm?\.(facebook|instagram)\.com", r"/(l\.php)?", ("u",)),
        (r"out\.reddit\.com", r"/.*", ("url",)),
        (r"(www\.)?youtube\.com", r"/redirect", ("q",)),
        (r"t\.umblr\.com", r"/redirect", ("z",)),
        (r"slack-redir\.net", r"/link", ("url",)),
        (r"[a-z0-9]+\.safelinks\.protection\.outlook\.com", r"/.*", ("url",)),
        (r"(www\.)?vk\.com", r"/away\.php", ("to",)),
        (r"exit\.sc", r"/", ("url",)),
        (r"(www\.)?linkedin\.com", r"/redir/redirect", ("url",)),
        (r"(www\.)?bing\.com", r"/news/apiclick\.aspx", ("url",)),
        (r"medium\.com", r"/r/", ("url",)),
    )
)
# https://www.google.com/amp/s/host/path and https://host.cdn.ampproject.org/c/s/host/path: "s" says https.
_AMP_CACHE = re.compile(r"/(?:amp|[cv])/(s/)?([a-z0-9.-]+\.[a-z]{2,}(?:/.*)?)")
_AMP_HOST = re.compile(r"(www\.)?google\.[a-z.]+|[a-z0-9-]+\.cdn\.ampproject\.org")
_AMP_PATH = re.compile(r"(?<=[^/])(/amp/?|\.amp(?=$|\.html$))$|(?<=[^/])/amp\.html$|\.amp(?=\.html$)")
_AMP_PARAMETER = re.compile(r"(amp|outputType)=(1|true|amp)?$|amp$", re.IGNORECASE)
_SLUG = re.compile(r"[^/]*[-_0-9][^/]*$")
_DEPTH = 3  # a redirector to a redirector to a redirector


def unwrap(url: str) -> str:
    """The address that `url` leads to by its own words, if it is a known redirector or an AMP copy; else `url`."""
    for _ in range(_DEPTH):
        inner = _redirected(url) or _from_cache(url)
        if inner is None:
            break
        url = inner
    return _without_amp(url)


def _redirected(url: str) -> str | None:
    parts = urlsplit(url)
    for host, path, parameters in _REDIRECTORS:
        if host.fullmatch(parts.netloc) and path.fullmatch(parts.path):
            values = parse_qs(parts.query)
            found = (values[name][0] for name in parameters if name in values)
            return next((one for one in found if one.startswith(("http://", "https://"))), None)
    return None


def _from_cache(url: str) -> str | None:
    parts = urlsplit(url)
    found = _AMP_CACHE.fullmatch(parts.path) if _AMP_HOST.fullmatch(parts.netloc) else None
    if found is None:
        return None
    return f"http{'s' if found[1] else ''}://{found[2]}{'?' + parts.query if parts.query else ''}"


def _without_amp(url: str) -> str:
    parts = urlsplit(url)
    query = "&".join(p for p in parts.query.split("&") if p and not _AMP_PARAMETER.fullmatch(p))
    path = _AMP_PATH.sub("", parts.path)
    # /2026/11/lit-rappele/amp is a copy; /products/amp may be an amplifier.
    path = path if _SLUG.search(path) else parts.path
    return urlunsplit((parts.scheme, parts.netloc, path, query, parts.fragment))
