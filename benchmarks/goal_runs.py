"""The runs behind the goals, each a farm, its readers, and the rows that come of them.

1. 400 feeds with all peers: A1, and what the peers are worth for A2 and A3; 2. 400 feeds with latency: A7;
3. 2,000 feeds: A2, A3; 4. 10,000 feeds, Hune and curl: A4, A6. A5 is told of each.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import curl
import goals
from farm import Farm
from goals import Goal, Row
from readers import Hune
from sweeps import COLD, NOTHING, TENTH, Result, phases, ready, serving, swept

Found = dict[tuple[str, str], Result]
"""(reader, phase) → its result."""
CONNECTIONS = 64
_LATENCY = (0.05, 0.2)
_ROUNDS = 3


def sweep(feeds: int, only: Sequence[str] | None, *, last: str = TENTH, latency: str = "0-0", seed: int = 7) -> Found:
    """Hune and the peers in `only` (None: all) over a farm of so many feeds."""
    farm, found = Farm(feeds, seed), Found()
    with serving(farm, latency) as port, tempfile.TemporaryDirectory() as folder:
        for results in phases(farm, ready(farm, port, Path(folder), only), port, last=last):
            for result in results:
                found[result.reader, result.phase] = result
                print(told(result), flush=True)
    return found


def told(result: Result) -> str:
    """A line of what was measured."""
    cost = result.cost
    return (
        f"  {result.feeds:>6} feeds, {result.phase:<11} {result.reader:<10} {cost.wall:7.2f} s"
        f" {result.feeds / cost.wall:7.0f}/s  cpu {cost.cpu:7.2f} s  rss {cost.rss:5.0f} MB  pss {cost.pss:5.0f} MB"
        f"  {result.items:>6} of {result.planted}"
    )


def cold(found: Found) -> list[Row]:
    """A1 and A5 of a sweep of 400 feeds."""
    return [
        _against(goals.A1_NEWSBOAT, found, "newsboat"),
        _against(goals.A1_READER, found, "reader", "; no miniflux here"),
        stored(found),
    ]


def _against(goal: Goal, found: Found, peer: str, more: str = "") -> Row:
    ours, theirs = found["hune", COLD].cost, found.get((peer, COLD))
    if theirs is None:
        return Row(goal, None, f"{peer} is not here")
    return Row(goal, theirs.cost.wall / ours.wall, f"CPU: {theirs.cost.cpu / ours.cpu:.1f} x{more}")


def stored(found: Found) -> Row:
    """A5 of the phase in which Hune lost most."""
    ours = [result for (reader, _), result in found.items() if reader == Hune.name]
    worst = min(ours, key=lambda result: result.items / result.planted)
    return Row(goals.A5, worst.items / worst.planted, f"{worst.items} of {worst.planted}, {worst.feeds} feeds")


def warm(ours: Found, peers: Found) -> list[Row]:
    """A2, A3 and A5 of a sweep of 2,000 feeds; the peers may come from another farm, as rates."""
    return [
        _best(goals.A2, ours, peers, NOTHING, lambda one: one.feeds / one.cost.cpu),
        _best(goals.A3, ours, peers, TENTH, lambda one: one.feeds / one.cost.wall),
        stored(ours),
    ]


def _best(goal: Goal, ours: Found, peers: Found, phase: str, rate: Callable[[Result], float]) -> Row:
    rivals = [one for (reader, when), one in peers.items() if when == phase and reader != Hune.name]
    if not rivals:
        return Row(goal, None, "no peer is here")
    best, mine = max(rivals, key=rate), ours[Hune.name, phase]
    note = f"{rate(mine):,.0f}/s; {best.reader} {rate(best):,.0f}/s, over {best.feeds:,} feeds"
    return Row(goal, rate(mine) / rate(best), note)


def slow(feeds: int, seed: int) -> list[Row]:
    """A7: the floor is the sum of the latencies over the connections."""
    low, high = _LATENCY
    found = sweep(feeds, [], last=NOTHING, latency=f"{low * 1e3:.0f}-{high * 1e3:.0f}", seed=seed)
    farm = Farm(feeds, seed)
    floor = sum(farm.latency(number, low, high) for number in range(feeds)) / CONNECTIONS
    walls = {phase: found[Hune.name, phase].cost.wall for phase in (COLD, NOTHING)}
    return [Row(goals.A7, floor / wall, f"{phase}: {wall:.2f} s, floor {floor:.2f} s") for phase, wall in walls.items()]


def many(feeds: int, seed: int) -> list[Row]:
    """A4, A5 and A6: Hune and curl in turns; medians."""
    farm, found, ratios = Farm(feeds, seed), Found(), list[tuple[float, float]]()
    with serving(farm) as port, tempfile.TemporaryDirectory() as folder:
        (hune,) = ready(farm, port, Path(folder), [])
        found[hune.name, COLD] = swept(farm, hune, 0)
        print(told(found[hune.name, COLD]), flush=True)
        for index in range(_ROUNDS):
            theirs = curl.quickest(farm, port, Path(folder))
            found[hune.name, f"{NOTHING} {index}"] = ours = swept(farm, hune, 2, later=index)
            ratios.append((theirs.wall / ours.cost.wall, theirs.cpu / ours.cost.cpu))
            print(told(ours) + f"; curl {theirs.wall:.2f} s, cpu {theirs.cpu:.2f} s", flush=True)
    wall, cpu = (statistics.median(ratio) for ratio in zip(*ratios, strict=True))
    return [Row(goals.A4, wall, f"CPU: {cpu:.2f}"), stored(found), *_memory(found)]


def _memory(found: Found) -> list[Row]:
    rows = []
    for phase in (COLD, f"{NOTHING} 0"):
        cost = found[Hune.name, phase].cost
        rows += [Row(goals.A6, cost.rss, f"{phase}, sum of RSS"), Row(goals.A6, cost.pss, f"{phase}, sum of PSS")]
    return rows
