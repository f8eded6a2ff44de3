"""Whose claim it is: a token that tells, on the same machine, whether its process still lives.

A process that was killed leaves claims behind. Waiting for their end would silence its sources for half an hour; so
the next process on the machine frees those of the dead. Claims from other machines, from other containers, and from
before the machine was started again, end with their lease.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterable
from pathlib import Path
from uuid import uuid4


def new_token() -> str:
    """A token for one sweep of this process."""
    return f"{_machine()} {os.getpid()} {_started(os.getpid())} {uuid4().hex}"


def of_the_dead(tokens: Iterable[str]) -> list[str]:
    """Those of `tokens` whose process ran on this machine and is no more."""
    return [token for token in tokens if _is_dead(token)]


def _is_dead(token: str) -> bool:
    parts = token.split(" ")
    if len(parts) != 4 or parts[0] != _machine() or not parts[1].isdigit():
        return False
    # A number may have been given to another process since; when it started tells.
    return _started(int(parts[1])) != parts[2]


def _started(pid: int) -> str:
    """When the process began, in the system's own count; empty where it does not run."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[19]
    except FileNotFoundError:
        return "" if Path("/proc/self/stat").exists() else _without_proc(pid)


def _without_proc(pid: int) -> str:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return ""
    except PermissionError:
        pass
    return "runs"


def _machine() -> str:
    """Where process numbers mean the same: the host since its start, and the container, which may share its name."""
    parts = (socket.gethostname() or "unknown", _said(_boot), _said(_namespace))
    return "/".join(parts).replace(" ", "_")


def _said(ask: Callable[[], str]) -> str:
    try:
        return ask()
    except OSError:
        return "-"


def _boot() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()


def _namespace() -> str:
    return str(Path("/proc/self/ns/pid").readlink())
