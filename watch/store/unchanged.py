"""Whether sources.toml has changed since it was last brought in: mostly not, and then there is nothing to do."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

from watch import __version__
from watch.store import Store, schema
from watch.store.plain import Plain

if TYPE_CHECKING:
    from watch.config import Config

_DECLARED, _WAY = "declared", "way_out"
_PARTS = {"brand", "source", "topic", "alert", "digest", "goal", "board"}


@dataclass(frozen=True, slots=True)
class WayOut:
    """All that polling needs of a configuration whose sources are in the store."""

    allow: Sequence[str]
    contact: str | None


def has(plain: Plain, config: Config) -> bool:
    """Whether the store has what `config` declares, as far as we know."""
    return _setting(plain, _DECLARED) == fingerprint(config)


def brought_in(plain: Plain, config: Config) -> None:
    """Note that the store has what `config` declares; of the text it came from, nothing is known."""
    plain.run("DELETE FROM setting WHERE key = ?", [_WAY])
    _set(plain, _DECLARED, fingerprint(config))


def remember(store: Store, config: Config, mark: str) -> None:
    """Keep the way out of `config`, which the text known by `mark` (`config.text`) says and the store has."""
    with store.plain() as plain:
        if has(plain, config):
            way = {"mark": mark, "allow": list(config.network.allow), "contact": config.hune.contact}
            _set(plain, _WAY, json.dumps(way))


def remembered(store: Store, mark: str) -> WayOut | None:
    """The way out of the text known by `mark`, if the store still has what it declares."""
    with store.plain(reading=True) as plain:
        kept = json.loads(_setting(plain, _WAY) or "{}")
    return WayOut(kept["allow"], kept["contact"]) if kept.get("mark") == mark else None


def fingerprint(config: Config) -> str:
    """A hash of what a configuration declares, by which version of Hune; the secrets of channels are no part of it."""
    channels = [(channel.name, channel.kind) for channel in config.channel]
    parts = (config.model_dump_json(include=_PARTS), channels, config.hune.poll_every, __version__)
    return blake2b(repr((*parts, schema.revisions()[-1])).encode(), digest_size=16).hexdigest()


def _setting(plain: Plain, key: str) -> str | None:
    found = plain.rows("SELECT value FROM setting WHERE key = ?", [key])
    return str(found[0][0]) if found else None


def _set(plain: Plain, key: str, value: str) -> None:
    plain.run(
        "INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        [key, value],
    )
