"""sources.toml and the environment → `Config`: frozen, unknown keys refused, every mistake told at once.

In this order: the text (read.py), `${NAME}` replaced (secrets.py), shapes and values (schema.py and values.py), names
that point at one another (references.py); each mistake gets the line it stands on (lines.py).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from watch.config.read import Config, load, parse
    from watch.config.schema import (
        EVALUATED,
        AlertConfig,
        BoardConfig,
        BrandConfig,
        ChannelConfig,
        DigestConfig,
        GoalConfig,
        HuneConfig,
        LabelsConfig,
        NetworkConfig,
        SmtpConfig,
        SourceConfig,
        TopicConfig,
    )

__all__ = [
    "EVALUATED",
    "AlertConfig",
    "BoardConfig",
    "BrandConfig",
    "ChannelConfig",
    "Config",
    "DigestConfig",
    "GoalConfig",
    "HuneConfig",
    "LabelsConfig",
    "NetworkConfig",
    "SmtpConfig",
    "SourceConfig",
    "TopicConfig",
    "load",
    "parse",
]


def __getattr__(name: str) -> object:
    # `hune poll` knows a text that it has read before, and needs neither schema nor pydantic for it (`text.mark`).
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = "read" if name in ("Config", "load", "parse") else "schema"
    return getattr(import_module(f"{__name__}.{home}"), name)
