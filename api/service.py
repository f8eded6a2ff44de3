"""What the routes need, put together once: configuration, store, clock, set-up token, limits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from api.limits import Limiter
from watch.config import Config
from watch.store import Store

SIGN_IN_TRIES = 5


@dataclass
class Service:
    """The running service. `config` may be replaced when sources.toml was read again; the rest stays."""

    config: Config
    store: Store
    now: Callable[[], datetime]
    setup_token: str | None = None
    tries: Limiter = field(default_factory=lambda: Limiter(most=SIGN_IN_TRIES, seconds=60))

    @property
    def https(self) -> bool:
        """Whether people reach it over TLS."""
        return (self.config.hune.base_url or "").startswith("https://")

    @property
    def cookie(self) -> str:
        """The name of the session cookie; `__Host-` binds it to this host, but browsers want TLS for it."""
        return "__Host-hune" if self.https else "hune"

    @property
    def origin(self) -> str:
        """Scheme, host and port of `base_url`, as a browser writes an origin; empty when there is none."""
        parts = urlsplit(self.config.hune.base_url or "")
        return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""

    @property
    def hosts(self) -> frozenset[str]:
        """The names it is served under, besides those of the loopback."""
        name = urlsplit(self.config.hune.base_url or "").hostname
        return frozenset({name}) if name else frozenset()

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which days begin."""
        return ZoneInfo(self.config.hune.timezone)
