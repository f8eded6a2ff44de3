"""Who we say we are."""

from __future__ import annotations

import re

from watch import __version__

PROJECT_URL = "https://github.com/hune-watch/hune"
"""Where a server's administrator can read what we are."""


def user_agent(contact: str | None = None) -> str:
    """`Hune/<version> (+<project URL>; <contact>)`; characters that would break the header are left out."""
    clean = re.sub(r"[^\x21-\x7e]|[()\\;]", "", contact or "")
    return f"Hune/{__version__} (+{PROJECT_URL}{'; ' + clean if clean else ''})"
