"""Sources with one address share one request (bar P34). Pure.

A person may read one feed for two brands, or under two names. Its server should see one reader. So sources that ask for
the same thing in the same way are asked for together: the first asks, and what it got is everybody's.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from watch.collect.identity import key_of_url
from watch.collect.links import canonical_url
from watch.collect.manners import host_of
from watch.collect.outcome import Seen
from watch.store.due import Due, asked_address


def together(sources: Sequence[Due]) -> list[list[Due]]:
    """`sources` in groups that one request serves, in their order; of a group the first one asks.

    The same address but for how it is spelled, read in the same way, and with the same validators: who has not read
    the page yet must not be told that it is not modified.
    """
    groups: dict[tuple[object, ...], list[Due]] = {}
    on_host = Counter(map(_host, sources))
    for source in sources:
        # Who is alone on a host has no twin: most are, and comparing addresses takes longer than counting hosts.
        way = (source.id, source.name) if on_host[_host(source)] == 1 else _way(source)
        groups.setdefault(way, []).append(source)
    return list(groups.values())


def shared(seen: Seen, group: Sequence[Due]) -> list[Seen]:
    """What the first of `group` saw, as each of them: bytes and seconds are those of the one who asked."""
    return [seen, *(replace(seen, source=source, seconds=0.0, size=0) for source in group[1:])]


def _host(source: Due) -> str:
    return host_of(asked_address(source) or "")


def _way(source: Due) -> tuple[object, ...]:
    address = asked_address(source)
    if not address:
        return (source.id,)
    options = json.dumps(source.options, sort_keys=True)
    key = key_of_url(canonical_url(address) or address)
    page = (source.page or {}).get("digest")
    return key, source.kind, options, source.lang, source.etag, source.last_modified, page
