"""Logging, set up at the entrances only: one JSON object a line for each unit of work, on standard error (bar H70).

`time` (UTC), `level`, `logger`, `message`; what our own lines say as `key=value` stands under its key; `exception` is
the traceback. What strangers write is inside a JSON string: it begins no line, adds no key, and steers no terminal.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from math import isfinite
from typing import Any

OURS = ("watch", "api")
# In our templates only: what an argument holds is never taken apart. A key and what fills it, or a word; a bare hole.
_PART = re.compile(r"\s?\b(\w+)=(?:(%[-+ #0-9.]*[a-zA-Z])|([\w.-]+))|(%[-+ #0-9.]*[a-zA-Z])")


class JsonLines(logging.Formatter):
    """A record as one line of JSON; with `ascii_only`, for a stream that writes nothing else."""

    def __init__(self, *, ascii_only: bool = False) -> None:
        super().__init__()
        self._ascii_only = ascii_only

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end: printable characters only."""
        import json  # not before something is logged: `hune --help` must answer at once

        line = json.dumps(_told(self, record), ensure_ascii=self._ascii_only, default=str)
        if line.isprintable():
            return line
        # C1, line and paragraph separators, bidirectional marks, lone surrogates: JSON would let them stand.
        return "".join(one if one.isprintable() else json.dumps(one)[1:-1] for one in line)


def _told(formatter: logging.Formatter, record: logging.LogRecord) -> dict[str, Any]:
    at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    message, fields = _parts(record)
    told = {"time": at.replace("+00:00", "Z"), "level": record.levelname, "logger": record.name, "message": message}
    told |= fields
    if record.exc_info:
        told["exception"] = formatter.formatException(record.exc_info)
    if record.stack_info:
        told["stack"] = record.stack_info
    return told


def _parts(record: logging.LogRecord) -> tuple[str, dict[str, Any]]:
    """What is said, and the fields of our own templates: `poll source=%r` is `poll` with a `source`."""
    template, args = str(record.msg), record.args or ()
    if record.name.partition(".")[0] not in OURS or isinstance(args, Mapping) or "%%" in template:
        return record.getMessage().strip(), {}
    fields: dict[str, Any] = {}
    waiting = iter(args)

    def taken(found: re.Match[str]) -> str:
        key, hole, word, bare = found.groups()
        if not key:
            return str(bare % next(waiting))
        fields[key] = _value(hole, next(waiting)) if hole else word
        return ""

    try:
        return _PART.sub(taken, template).strip(), fields
    except (StopIteration, TypeError, ValueError):
        # A template that does not fit its arguments is our mistake; what was to be said must not be lost by it.
        return f"{template} {args!r}", {}


def _value(hole: str, value: object) -> object:
    if isinstance(value, float):
        # JSON has no infinity.
        return float(hole % value) if isfinite(value) and hole[-1] in "fge" else str(value)
    return value if value is None or isinstance(value, str | int) else str(value)


def setup(*, verbose: bool) -> None:
    """Warnings always, our own units of work with `verbose`."""
    handler = logging.StreamHandler(sys.stderr)
    encoding = getattr(sys.stderr, "encoding", None) or ""
    handler.setFormatter(JsonLines(ascii_only=encoding.lower().replace("-", "") != "utf8"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    for ours in OURS:
        logging.getLogger(ours).setLevel(logging.INFO if verbose else logging.WARNING)
