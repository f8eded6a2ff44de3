"""What a command costs with all its descendants: `python benchmarks/measure.py COMMAND…` says it as JSON, last.

Wall seconds, CPU seconds, and the peak of the memory of all processes together, sampled every 50 ms: the sum of RSS, in
which pages that processes share count once for each, and the sum of PSS, in which they count once. For Linux.
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
from dataclasses import asdict, dataclass
from pathlib import Path

_SUBREAPER = 36  # prctl(2): orphans become children of this process, so that their CPU is counted
_PAGE = resource.getpagesize()


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds, seconds, megabytes (sum of RSS, sum of PSS), and the exit code."""

    wall: float
    cpu: float
    rss: float
    pss: float
    code: int


def measure(command: Sequence[str], cwd: str | Path, *, limit: float = 400.0) -> tuple[Cost, str]:
    """What `command` costs in a process of its own, and what it said; it is killed after `limit` seconds."""
    whole = [sys.executable, __file__, str(limit), *command]
    done = subprocess.run(whole, cwd=cwd, capture_output=True, text=True, check=False)
    said, _, cost = done.stdout.rstrip().rpartition("\n")
    return Cost(**json.loads(cost)), f"{said}\n{done.stderr}"


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


def _rss(process: int) -> int:
    with suppress(OSError, ValueError, IndexError):
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * _PAGE
    return 0


def _pss(process: int) -> int:
    with suppress(OSError, ValueError, IndexError):
        return int(Path(f"/proc/{process}/smaps_rollup").read_text().partition("\nPss:")[2].split()[0]) * 1024
    return 0


class Peak:
    """The most memory that a family of processes had at once."""

    def __init__(self) -> None:
        self.rss = self.pss = 0
        self._samples = 0
        self._family: list[int] = []

    def look(self) -> None:
        """Take a sample. What is dear is done seldom: the sampler must not cost what it measures."""
        if self._samples % 4 == 0:
            self._family = _descendants(os.getpid())
        now, before = sum(map(_rss, self._family)), self.rss
        self.rss = max(before, now)
        # PSS is counted page by page: only where RSS grows, and once a second.
        if now > before * 1.02 or self._samples % 20 == 0:
            self.pss = max(self.pss, sum(map(_pss, self._family)))
        self._samples += 1


def main() -> None:
    limit, command = float(sys.argv[1]), sys.argv[2:]
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    began, peak = time.perf_counter(), Peak()
    process = subprocess.Popen(command)
    while process.poll() is None:
        peak.look()
        if time.perf_counter() - began > limit:
            process.kill()
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.05)
    wall = time.perf_counter() - began
    with suppress(ChildProcessError):
        while True:
            os.wait()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cost = Cost(wall, used.ru_utime + used.ru_stime, peak.rss / 1e6, peak.pss / 1e6, process.returncode)
    print(json.dumps(asdict(cost)))


if __name__ == "__main__":
    main()
