# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Costs, taken so that two of them can be compared on a machine that does other things too."""

from __future__ import annotations

import gc
import resource
import statistics
import time
import typing as t
from dataclasses import dataclass

if t.TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Cost(t.NamedTuple):
    """Seconds that pass until something is done, and seconds that a processor works for it."""

    wall: float
    processor: float


@dataclass(frozen=True)
class Row:
    """A figure, as the table shows it."""

    figure: str
    ours: str
    theirs: str = ""
    compared: str = ""
    processor: str = ""
    promised: str = ""
    verdict: str = ""


def judge(cost: Cost, holds: Callable[[float], bool]) -> str:
    """Return what became of a promise. Others who want the processor are not to blame for it."""
    if holds(cost.wall):
        return "kept"
    return "kept by processor time" if holds(cost.processor) else "BROKEN"


def _processor() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


def timed(work: Callable[[], object], count: int = 1) -> Cost:
    """Return what some work costs, or each of its parts; garbage from before is not its own."""
    gc.collect()
    processor, wall = _processor(), time.perf_counter()
    work()
    wall, processor = time.perf_counter() - wall, _processor() - processor
    return Cost(wall / count, processor / count)


def interleaved(rounds: int, contenders: Mapping[str, Callable[[], Cost]]) -> dict[str, Costs]:
    """Let each contender tell its cost in every round, in turn, and once for nothing."""
    costs: dict[str, list[Cost]] = {name: [] for name in contenders}
    for number in range(rounds + 1):
        for name, contend in contenders.items():
            cost = contend()
            if number:
                costs[name].append(cost)
    return {name: Costs(tuple(taken)) for name, taken in costs.items()}


def in_parts(
    rounds: int, contenders: Mapping[str, Callable[[], Mapping[str, Cost]]], warm: bool = True
) -> dict[str, dict[str, Costs]]:
    """Let each contender tell what its parts cost, likewise; not for nothing unless warm."""
    costs: dict[str, dict[str, list[Cost]]] = {name: {} for name in contenders}
    for number in range(rounds + warm):
        for name, contend in contenders.items():
            for part, cost in contend().items():
                if number >= warm:
                    costs[name].setdefault(part, []).append(cost)
    return {
        name: {part: Costs(tuple(taken)) for part, taken in parts.items()}
        for name, parts in costs.items()
    }


@dataclass(frozen=True)
class Costs:
    """The costs of one contender, by rounds."""

    taken: tuple[Cost, ...]

    @property
    def median(self) -> Cost:
        """Return the middle one."""
        return _medians(self.taken)

    def over(self, other: Costs) -> Cost:
        """Return how much more this one costs: the median of the rounds' differences."""
        return _medians(
            tuple(
                Cost(ours.wall - theirs.wall, ours.processor - theirs.processor)
                for ours, theirs in zip(self.taken, other.taken)
            )
        )

    def times(self, other: Costs) -> Cost:
        """Return how many times as much this one costs: the median of the rounds' ratios."""
        return _medians(
            tuple(
                Cost(ours.wall / theirs.wall, ours.processor / theirs.processor)
                for ours, theirs in zip(self.taken, other.taken)
            )
        )


def _medians(costs: tuple[Cost, ...]) -> Cost:
    return Cost(
        statistics.median(cost.wall for cost in costs),
        statistics.median(cost.processor for cost in costs),
    )


def shown(seconds: float) -> str:
    """Return a time with three digits, in a unit that fits."""
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if abs(seconds) >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-6:.3g} us"
