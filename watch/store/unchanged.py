"""Whether sources.toml has changed since it was last brought in: mostly not, and then there is nothing to do."""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2b

from watch import __version__
from watch.config import Config
from watch.store import Store, schema
from watch.store.plain import Plain

_KEY = "declared"
_PARTS = {"brand", "source", "topic", "alert", "digest", "goal", "board"}


def declare(store: Store, config: Config, now: datetime) -> None:
    """Make the store's sources, brands, rules and so on those of `config` (`declared.bring_in`), where they are not."""
    with store.plain(reading=True) as plain:
        if plain.rows("SELECT 1 FROM setting WHERE key = ? AND value = ?", [_KEY, fingerprint(config)]):
            return
    from watch.store import declared

    with store.plain() as plain:
        declared.bring_in(plain, config, now)


def brought_in(plain: Plain, config: Config) -> None:
    """Note that the store has what `config` declares."""
    plain.run(
        "INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        [_KEY, fingerprint(config)],
    )


def fingerprint(config: Config) -> str:
    """A hash of what a configuration declares, by which version of Hune; the secrets of channels are no part of it."""
    channels = [(channel.name, channel.kind) for channel in config.channel]
    parts = (config.model_dump_json(include=_PARTS), channels, config.hune.poll_every, __version__)
    return blake2b(repr((*parts, schema.revisions()[-1])).encode(), digest_size=16).hexdigest()
