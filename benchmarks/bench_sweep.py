"""Hune beside other readers, over one farm, in one run.

    python benchmarks/bench_sweep.py --feeds 400            every reader that is here, in every phase
    python benchmarks/bench_sweep.py --goals [A1 A7 …]      the goals beside what was measured: a quarter of an hour

Phases: cold; settle (not told: some readers keep validators only then); nothing new; one in ten changed. Of each:
wall and CPU seconds and peak memory of all processes (sum of RSS), items stored against those planted, ratios to Hune.
`reader` comes from PyPI into an environment of its own; newsboat, rss2email and curl are used where they are installed.
Hune asks a host once a second: the farm gives each feed its own, unless `--hosts` says how many share.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import goal_runs
import goals
from farm import Farm
from goals import Row
from sweeps import Result, phases, ready, serving

_FEW, _MORE, _MANY = 400, 2_000, 10_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=_FEW)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--hosts", type=int, help="addresses to spread the feeds over; one each if not given")
    parser.add_argument("--latency", default="0-0", help="of every answer, in milliseconds, from-to")
    parser.add_argument("--only", action="append", help="these readers only (hune is always there)")
    parser.add_argument("--goals", nargs="*", metavar="A1", help="measure the goals; all of them, or those named")
    parser.add_argument("--minutes", type=float, default=12, help="begin no run for the goals after so long")
    parser.add_argument("--peers-at-2000", action="store_true", help="take the peers over 2,000 feeds too: long")
    options = parser.parse_args()
    if options.goals is None:
        _side_by_side(options)
    else:
        _goals(options)


def _side_by_side(options: argparse.Namespace) -> None:
    farm = Farm(options.feeds, options.seed, options.hosts)
    print(f"{farm.feeds} feeds, {farm.planted()} entries")
    with serving(farm, options.latency) as port, tempfile.TemporaryDirectory() as folder:
        for results in phases(farm, ready(farm, port, Path(folder), options.only), port):
            print(results[0].phase)
            for result in results:
                print(_line(result, results[0]), flush=True)


def _line(result: Result, hune: Result) -> str:
    """One line of the table; ratios say how many times quicker Hune is."""
    cost, ours = result.cost, hune.cost
    return (
        f"  {result.reader:<10} {cost.wall:7.2f} s {result.feeds / cost.wall:7.0f}/s  cpu {cost.cpu:7.2f} s"
        f"  {cost.rss:5.0f} MB  {result.items:>6} of {result.planted}"
        f"  Hune x{cost.wall / ours.wall:6.1f} wall x{cost.cpu / ours.cpu:6.1f} cpu"
    )


def _goals(options: argparse.Namespace) -> None:
    peers: goal_runs.Found = {}

    def few() -> list[Row]:
        peers.update(goal_runs.sweep(_FEW, options.only, seed=options.seed))
        return goal_runs.cold(peers)

    def more() -> list[Row]:
        only = options.only if options.peers_at_2000 else []
        ours = goal_runs.sweep(_MORE, only, seed=options.seed)
        return goal_runs.warm(ours, ours if options.peers_at_2000 else peers)

    wanted = set(options.goals) or {goal.name for goal in goals.GOALS}
    runs: list[tuple[set[str], Callable[[], list[Row]]]] = [
        ({"A1", "A5"} | (set() if options.peers_at_2000 else {"A2", "A3"}), few),
        ({"A7"}, lambda: goal_runs.slow(_FEW, options.seed)),
        ({"A2", "A3"}, more),
        ({"A4", "A6"}, lambda: goal_runs.many(_MANY, options.seed)),
    ]
    print(goals.table(_made(runs, wanted, options.minutes)))
    print("Peers are not taken over 10,000 feeds (7 to 40 minutes each); over 2,000 with --peers-at-2000.")


def _made(runs: list[tuple[set[str], Callable[[], list[Row]]]], wanted: set[str], minutes: float) -> list[Row]:
    rows: list[Row] = []
    end = time.monotonic() + minutes * 60
    for names, run in runs:
        if names & wanted and time.monotonic() < end:
            rows += [row for row in run() if row.goal.name in wanted]
    measured = {row.goal for row in rows}
    left = [goal for goal in goals.GOALS if goal.name in wanted and goal not in measured]
    return rows + [Row(goal, None, f"not begun in {minutes:g} minutes") for goal in left]


if __name__ == "__main__":
    main()
