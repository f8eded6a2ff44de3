"""A farm in a process of its own, and readers that sweep it, phase by phase."""

from __future__ import annotations

import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from farm import Farm
from measure import Cost, measure
from readers import READERS, Hune, Reader

COLD, SETTLE, NOTHING, TENTH = "cold", "settle", "nothing new", "one in ten"
PHASES = (COLD, SETTLE, NOTHING, TENTH)
"""`settle` is not told: some readers keep validators only then."""
_LIMIT = 900.0


@dataclass(frozen=True, slots=True)
class Result:
    """One reader in one phase: what it cost, the entries it holds and those it should."""

    reader: str
    phase: str
    feeds: int
    cost: Cost
    items: int
    planted: int


@contextmanager
def serving(farm: Farm, latency: str = "0-0") -> Iterator[int]:
    """The farm, answering after so many milliseconds (from-to); its port."""
    script = str(Path(__file__).with_name("farm_server.py"))
    command = [sys.executable, script, "--feeds", str(farm.feeds), "--seed", str(farm.seed), "--latency", latency]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield int(server.stdout.readline())
        finally:
            server.kill()


def step(farm: Farm, port: int) -> None:
    """One feed in ten changes."""
    with urllib.request.urlopen(f"http://{farm.host(0)}:{port}/step", timeout=120) as answer:
        answer.read()


def ready(farm: Farm, port: int, folder: Path, only: Sequence[str] | None = None) -> list[Reader]:
    """The readers that run here, subscribed to the farm; Hune first, and of the others those named in `only`."""
    found: list[Reader] = []
    urls = [farm.url(number, port) for number in range(farm.feeds)]
    for make in READERS:
        if make is not Hune and only is not None and make.name not in only:
            continue
        home = folder / make.name
        home.mkdir()
        reader = make(home)
        if reader.found():
            reader.prepare(urls)
            found.append(reader)
        else:
            print(f"{make.name}: not found, left out")
    return found


def swept(farm: Farm, reader: Reader, index: int, *, later: int = 0) -> Result:
    """One sweep of `reader`: the phase number `index`, for the time number `later`. Raises RuntimeError for Hune's."""
    phase = PHASES[index]
    cost, said = measure(reader.command(index + later), reader.folder, limit=_LIMIT)
    if cost.code and reader.name == Hune.name:
        raise RuntimeError(f"hune: exit code {cost.code}: {said[-2000:]}")
    if cost.code:
        print(f"  {reader.name}: exit code {cost.code}: {said[-300:]}")
    return Result(reader.name, phase, farm.feeds, cost, reader.items(), farm.planted(int(phase == TENTH)))


def phases(farm: Farm, readers: Sequence[Reader], port: int, *, last: str = TENTH) -> Iterator[list[Result]]:
    """All readers in each phase up to `last`, side by side; `settle` is left out for Hune, who needs none."""
    for index, phase in enumerate(PHASES):
        if phase == TENTH:
            step(farm, port)
        asked = [reader for reader in readers if phase != SETTLE or reader.name != Hune.name]
        results = [swept(farm, reader, index) for reader in asked]
        if phase != SETTLE:
            yield results
        if phase == last:
            return
