"""Addresses of items: absolute, harmless, and the same for the same article. Pure.

Not the parser that decides about fetching (`watch.net.urls`): items are linked to, never fetched, and a link
that a browser would mend is mended here.
"""

from __future__ import annotations

import re
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from watch.collect.wrapped import unwrap

_PORTS = {"http": ":80", "https": ":443"}
_HOST = re.compile(r"(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?|\[[0-9a-f:.]+\])(?::\d{1,5})?")
_KEEP = "/?:@!$&'()*+,;=%-._~[]|^`{}"
# Parameters that say how a reader came, not what is read.
_TRACKING = re.compile(
    r"(?:utm_|at_|mc_|pk_|piwik_|mtm_|matomo_|oly_|vero_|hsa_|wt_z?mc|ns_(?:campaign|mchannel|source|linkname|fee)"
    r"|fbclid|gclid|gclsrc|gbraid|wbraid|dclid|msclkid|yclid|twclid|ttclid|igshid|igsh$|_hsenc|_hsmi|mkt_tok"
    r"|xtor|xtref|xtcr|xts$|cmpid|s_cid|guccounter|guce_|__twitter_impression|ref_src|ref_url|echobox)",
    re.IGNORECASE,
)
# A fragment that names one post on a page of many: forums and comment feeds.
_POST = re.compile(r"(?:p|pid|post|comment|c|msg|message|reply|issuecomment)?[-_]?\d+")
# What nothing would change in: nearly all there is.
_PLAIN = re.compile(
    r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)*/[\w/.~%+:@-]*(?:\?[\w/.~%+:@=&-]+)?(?:#[\w/.~%+-]+)?", re.ASCII
)
# And nothing to leave out: no parameters, no fragment; a copy in AMP is told by its name or by whose cache it is.
_BARE = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)*/[\w/.~%+:@-]*", re.ASCII)
_MAX_LENGTH = 4096


def absolute(link: str | None, base: str | None = None) -> str | None:
    """`link` as an absolute http or https address, or None for anything else, credentials included."""
    if not link or (len(link) <= _MAX_LENGTH and _PLAIN.fullmatch(link)):
        return link or None
    text = re.sub(r"[\t\n\r]", "", link).strip()
    if not text or len(text) > _MAX_LENGTH or "\\" in text:
        return None
    if _PLAIN.fullmatch(text):
        return text
    try:
        parts = urlsplit(urljoin(base or "", text))
        host = _host(parts.netloc, parts.scheme)
        # A lone surrogate has no UTF-8 to be quoted.
        path, query, fragment = (quote(part, safe=_KEEP) for part in parts[2:])
    except (ValueError, UnicodeError):
        return None
    if parts.scheme not in _PORTS or not host:
        return None
    return urlunsplit((parts.scheme, host, path or "/", query, fragment))


def canonical_url(url: str | None) -> str | None:
    """Where `url` really leads, without tracking parameters, fragment and default port; None as for `absolute`."""
    if url and len(url) <= _MAX_LENGTH and _BARE.fullmatch(url) and not ("amp" in url or "google." in url):
        return url
    address = absolute(url)
    address = absolute(unwrap(address)) if address else None
    if address is None:
        return None
    parts = urlsplit(address)
    kept = [p for p in parts.query.split("&") if p and not _TRACKING.match(p.partition("=")[0])]
    fragment = parts.fragment if _POST.fullmatch(parts.fragment) or parts.fragment.startswith("!") else ""
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "&".join(kept), fragment))


def _host(netloc: str, scheme: str) -> str | None:
    host = netloc.lower() if netloc.isascii() else _ascii(netloc)
    host = host.removesuffix(_PORTS.get(scheme, ":")).removesuffix(":")
    return host if _HOST.fullmatch(host) else None


def _ascii(netloc: str) -> str:
    # Few names need it, and its tables take their time.
    import idna

    name, colon, port = netloc.partition(":")
    try:
        return idna.encode(name, uts46=True).decode("ascii") + colon + port
    except idna.IDNAError as error:
        raise ValueError(str(error)) from error
