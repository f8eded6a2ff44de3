"""sources.toml and the environment → `Config`: frozen, unknown keys refused, every mistake told at once.

In this order: the text (read.py), `${NAME}` replaced (secrets.py), shapes and values (schema.py and values.py), names
that point at one another (references.py); each mistake gets the line it stands on (lines.py).
"""

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
    "NetworkConfig",
    "SmtpConfig",
    "SourceConfig",
    "TopicConfig",
    "load",
    "parse",
]
