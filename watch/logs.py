"""Logging, set up at the entrances only: one line a unit of work, `key=value`, on standard error.

A line that begins without a time belongs to the traceback of the line before, and is indented.
"""

from __future__ import annotations

import logging
import sys
from typing import Any

# Terminal escapes and line breaks from titles and addresses must not write lines of their own (bar H70).
_UNSAFE = {code: f"\\x{code:02x}" for code in (*range(32), 127, *range(128, 160), 0x2028, 0x2029)}


class _OneLine(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None  # another handler may have left its own there
        return super().format(record)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  (the name that logging calls)
        return super().formatMessage(record).translate(_UNSAFE)

    def formatException(self, ei: Any) -> str:  # noqa: N802  (the name that logging calls)
        # An error may quote a title; what it quotes cannot begin a line, so it cannot pass for one of ours.
        return "\n".join(f"    {line.translate(_UNSAFE)}" for line in super().formatException(ei).split("\n"))


def setup(*, verbose: bool) -> None:
    """Warnings always, our own units of work with `verbose`."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_OneLine("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    for ours in ("watch", "api"):
        logging.getLogger(ours).setLevel(logging.INFO if verbose else logging.WARNING)
