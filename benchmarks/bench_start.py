"""How long a person waits: `hune --help`, `hune check`, `hune demo --once`; the median of several runs, in seconds.

Goals: 0.3 s for the help, 60 s for the demo on two cores.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HUNE = str(Path(sys.executable).parent / "hune")


def median(runs: int, *arguments: str) -> float:
    seconds = []
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as folder:
            began = time.perf_counter()
            subprocess.run([HUNE, *arguments], cwd=folder, capture_output=True, check=False)
            seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)


def main() -> None:
    print(f"python, doing nothing  {_python():6.2f} s")
    print(f"hune --help            {median(7, '--help'):6.2f} s  (goal 0.30)")
    print(f"hune check             {median(5, 'check'):6.2f} s")
    print(f"hune demo --once       {median(1, '--now', '2026-11-20T12:00:00Z', 'demo', '--once'):6.2f} s  (goal 60)")


def _python() -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
