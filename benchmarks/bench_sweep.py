"""Hune beside other readers, over one farm, in one run: `python benchmarks/bench_sweep.py --feeds 400`.

Phases: cold; settle (not told: some readers keep validators only then); nothing new; one in ten changed. Of each:
wall and CPU seconds and peak memory of all processes, items stored against those planted, and ratios to Hune.
`reader` comes from PyPI into an environment of its own; newsboat and rss2email are used where they are installed.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from farm import Farm
from measure import Cost, measure
from readers import READERS, Reader

PHASES = ("cold", "settle", "nothing new", "one in ten")


@dataclass(frozen=True, slots=True)
class Result:
    """One reader, one phase."""

    cost: Cost
    items: int


@contextmanager
def farm_server(options: argparse.Namespace) -> Iterator[int]:
    """The farm in a process of its own; the port."""
    script = str(Path(__file__).with_name("farm_server.py"))
    command = [sys.executable, script, "--feeds", str(options.feeds), "--seed", str(options.seed)]
    command += ["--latency", options.latency]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield int(server.stdout.readline())
        finally:
            server.kill()


def step(farm: Farm, port: int) -> None:
    """One feed in ten changes."""
    with urllib.request.urlopen(f"http://{farm.host(0)}:{port}/step", timeout=60) as answer:
        answer.read()


def swept(reader: Reader, index: int) -> Result:
    """One sweep of `reader`: the phase number `index`."""
    cost, said = measure(reader.command(index), reader.folder)
    if cost.code:
        print(f"  {reader.name}: exit code {cost.code}: {said[-300:]}")
    return Result(cost, reader.items())


def line(name: str, result: Result, hune: Result, planted: int, feeds: int) -> str:
    """One line of the table; ratios say how many times quicker Hune is."""
    cost, ours = result.cost, hune.cost
    return (
        f"  {name:<10} {cost.wall:7.2f} s {feeds / cost.wall:7.0f}/s  cpu {cost.cpu:7.2f} s  {cost.memory:5.0f} MB"
        f"  {result.items:>6} of {planted}  Hune x{cost.wall / ours.wall:6.1f} wall x{cost.cpu / ours.cpu:6.1f} cpu"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=int, default=400)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--latency", default="0-0", help="of every answer, in milliseconds, from-to")
    parser.add_argument("--only", action="append", help="these readers only (hune is always there)")
    options = parser.parse_args()
    farm = Farm(options.feeds, options.seed)
    with farm_server(options) as port, tempfile.TemporaryDirectory() as folder:
        readers = list(_ready(options, [farm.url(n, port) for n in range(farm.feeds)], Path(folder)))
        _run(farm, readers, lambda: step(farm, port))


def _ready(options: argparse.Namespace, urls: list[str], folder: Path) -> Iterator[Reader]:
    for make in READERS:
        name = make.name
        if options.only and name not in (*options.only, "hune"):
            continue
        home = folder / name
        home.mkdir()
        reader = make(home)
        if not reader.found():
            print(f"{name}: not found, left out")
            continue
        reader.prepare(urls)
        yield reader


def _run(farm: Farm, readers: list[Reader], go_on: Callable[[], None]) -> None:
    print(f"{farm.feeds} feeds, {farm.planted()} entries")
    for index, phase in enumerate(PHASES):
        if phase == "one in ten":
            go_on()
        planted = farm.planted(int(phase == "one in ten"))
        results = {reader.name: swept(reader, index) for reader in readers}
        if phase == "settle":
            continue
        print(phase)
        for name, result in results.items():
            print(line(name, result, results["hune"], planted, farm.feeds), flush=True)


if __name__ == "__main__":
    main()
