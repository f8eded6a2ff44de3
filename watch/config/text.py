"""The text of sources.toml, and by what it is known again."""

from __future__ import annotations

import os
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path

from watch import __version__
from watch.config import secrets
from watch.errors import ConfigError, Problem


def read(path: Path) -> str:
    """The text of the file. Raises ConfigError."""
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        raise ConfigError(str(path), [Problem("", "there is no such file; `hune init` writes one")]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(str(path), [Problem("", f"cannot be read: {error}")]) from error


def mark(text: str, env: Mapping[str, str] | None = None) -> str:
    """A hash of all that a text says to this version of Hune: with what `${NAME}` stands for in the environment."""
    values = secrets.values(text, os.environ if env is None else env)
    return blake2b(repr((__version__, values)).encode() + text.encode(), digest_size=16).hexdigest()
