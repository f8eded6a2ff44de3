"""What a command costs with all its descendants: `python benchmarks/measure.py COMMAND…` says it as JSON, last.

Wall seconds, CPU seconds, and the peak of the memory of all processes together (sum of RSS, sampled every 50 ms:
pages that processes share are counted in each). For Linux.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_SUBREAPER = 36  # prctl(2): orphans become children of this process, so that their CPU is counted
_PAGE = resource.getpagesize()


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds, seconds, megabytes, and the exit code."""

    wall: float
    cpu: float
    memory: float
    code: int


def measure(command: Sequence[str], cwd: str | Path, *, limit: float = 400.0) -> tuple[Cost, str]:
    """What `command` costs in a process of its own, and what it said; it is killed after `limit` seconds."""
    whole = [sys.executable, __file__, str(limit), *command]
    done = subprocess.run(whole, cwd=cwd, capture_output=True, text=True, check=False)
    said, _, cost = done.stdout.rstrip().rpartition("\n")
    return Cost(**json.loads(cost)), said + done.stderr


def _descendants(root: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError, ValueError):
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                children.setdefault(parent, []).append(int(entry.name))
    found, waiting = [], [root]
    while waiting:
        below = children.get(waiting.pop(), [])
        found += below
        waiting += below
    return found


def _memory(process: int) -> int:
    with suppress(OSError, ValueError, IndexError):
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * _PAGE
    return 0


def main() -> None:
    limit, command = float(sys.argv[1]), sys.argv[2:]
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    began, peak, samples, family = time.perf_counter(), 0, 0, list[int]()
    process = subprocess.Popen(command)
    while process.poll() is None:
        # The list of processes is read seldom: the sampler must not cost what it measures.
        family = _descendants(os.getpid()) if samples % 4 == 0 else family
        peak, samples = max(peak, sum(map(_memory, family))), samples + 1
        if time.perf_counter() - began > limit:
            process.kill()
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.05)
    wall = time.perf_counter() - began
    with suppress(ChildProcessError):
        while True:
            os.wait()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cost = {"wall": wall, "cpu": used.ru_utime + used.ru_stime, "memory": peak / 1e6, "code": process.returncode}
    print(json.dumps(cost))


if __name__ == "__main__":
    main()
