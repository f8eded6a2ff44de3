"""What sweeps must reach, and whether they do. The goals are the only figures that stand here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Goal:
    """`reach` and `beyond` in `unit`; `least` where a figure is to be small."""

    name: str
    work: str
    reach: float
    beyond: float
    unit: str = "x"
    least: bool = False

    def verdict(self, figure: float) -> str:
        """What a figure is worth."""
        sign = -1 if self.least else 1
        if sign * figure >= sign * self.beyond:
            return "beyond"
        return "reached" if sign * figure >= sign * self.reach else "NOT REACHED"


A1_NEWSBOAT = Goal("A1", "400 feeds, all new: times newsboat (wall)", 2.5, 4)
A1_READER = Goal("A1", "400 feeds, all new: times reader (wall)", 8, 12)
A2 = Goal("A2", "2,000 feeds, nothing new: times the best peer (feeds per CPU second)", 5, 10)
A3 = Goal("A3", "2,000 feeds, one in ten new: times the best peer (wall)", 3, 5)
A4 = Goal("A4", "10,000 feeds, nothing new: of curl --parallel (wall)", 0.3, 0.6)
A5 = Goal("A5", "items stored, of those planted", 1, 1, unit="")
A6 = Goal("A6", "10,000 feeds: memory of all processes", 400, 300, "MB", least=True)
A7 = Goal("A7", "400 feeds, 50-200 ms of latency, 64 connections: of the floor", 0.5, 0.7)
GOALS = (A1_NEWSBOAT, A1_READER, A2, A3, A4, A5, A6, A7)


@dataclass(frozen=True, slots=True)
class Row:
    """A goal with what was measured; `figure` None where it was left out, and `note` says why, or how."""

    goal: Goal
    figure: float | None
    note: str = ""


def table(rows: Iterable[Row]) -> str:
    """A line a row: the figure, the goal beside it, and the verdict."""
    lines = [f"{'':3} {'':72} {'figure':>10} {'to reach':>9} {'beyond':>7}"]
    for row in sorted(rows, key=lambda row: row.goal.name):
        goal = row.goal
        figure, verdict = "-", "left out"
        if row.figure is not None:
            figure, verdict = f"{row.figure:.{0 if row.figure >= 100 else 2}f} {goal.unit}", goal.verdict(row.figure)
        lines.append(
            f"{goal.name:3} {goal.work:72} {figure:>10} {goal.reach:>9g} {goal.beyond:>7g}  {verdict:11} {row.note}"
        )
    return "\n".join(lines)
