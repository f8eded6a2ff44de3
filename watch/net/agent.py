"""Who we say we are."""

from __future__ import annotations

import re
from functools import cache
from importlib.metadata import PackageNotFoundError, version

PROJECT_URL = "https://github.com/hune-watch/hune"
"""Where a server's administrator can read what we are."""


def user_agent(contact: str | None = None) -> str:
    """`Hune/<version> (+<project URL>; <contact>)`; characters that would break the header are left out."""
    clean = re.sub(r"[^\x21-\x7e]|[()\\;]", "", contact or "")
    return f"Hune/{_version()} (+{PROJECT_URL}{'; ' + clean if clean else ''})"


@cache
def _version() -> str:
    try:
        return version("hune")
    except PackageNotFoundError:
        return "0"
