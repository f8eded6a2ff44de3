"""Reading the world: due sources come in, new and changed items of the store go out.

1. `sources.claim` says what is due, and makes it ours for a while;
2. the collector of its kind says what to ask (`kinds/`), `fetch.get` asks: many at once, politely to each host;
3. `parse` has the page read in a child that can be killed;
4. `take_in` stores one source in one transaction: items, validators, the time of the next poll.

What waits is asynchronous; what is written is written in order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from watch.collect.intake import take_in
    from watch.collect.parse import InlineParser, Parser, PoolParser
    from watch.collect.polling import poll_due, skipped
    from watch.collect.registry import Collector
    from watch.collect.round import Poller

__all__ = [
    "Collector",
    "InlineParser",
    "Parser",
    "Poller",
    "PoolParser",
    "poll_due",
    "skipped",
    "take_in",
]

_HOMES = {
    "take_in": "intake",
    "poll_due": "polling",
    "skipped": "polling",
    "Poller": "round",
    "Collector": "registry",
    "InlineParser": "parse",
    "Parser": "parse",
    "PoolParser": "parse",
}


def __getattr__(name: str) -> object:
    # The children that read documents import this package too, and need neither the network nor the store.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
