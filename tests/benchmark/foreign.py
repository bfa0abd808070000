# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What tasks cost beside thousands of namespaces that are somebody else's, and beside none.

All find what they want: they read, compare, and tell. The namespaces come and go between the
rounds: both figures are of the same minutes, and of a machine that has them, or has them not.
"""

from __future__ import annotations

import operator
import pathlib
import statistics
import subprocess
import tempfile
import typing as t

import ends
from beside import GIVEN, SEARCHING, TASKS
from contenders import own_time, packed
from measure import Cost, Costs, Row, in_parts, judge, shown, timed

from ansible_collections.linuxnet.netns.plugins.module_utils._netlink import netns_files as files

if t.TYPE_CHECKING:
    from collections.abc import Iterator

NAMED, EACH = 1.2, 1e-4  # times as much at most; seconds for each namespace of others
AT_ONCE = 500
REPEATED = 3  # times that a task is run before the next one is
COPYING = "ip netns exec"
COPIES = ("netns_exec",)


def names(count: int) -> list[str]:
    """Return the names of what belongs to somebody else."""
    return [f"foreign-{number}" for number in range(count)]


def make(count: int) -> None:
    """Make namespaces that nobody here has anything to do with."""
    waiting = names(count)
    while waiting:
        some, waiting = waiting[:AT_ONCE], waiting[AT_ONCE:]
        for name, sock in zip(some, files.create_unnamed(len(some), "make namespaces")):
            files.bind(sock, name, f"name {name}")
            sock.close()


def clear(count: int) -> None:
    """Delete them, and wait until the kernel has let go."""
    for name in names(count):
        files.remove(name, f"delete {name}")
    ends.normalise()


def rows(rounds: int, count: int) -> Iterator[Row]:
    """Yield a row for each task."""
    with tempfile.TemporaryDirectory(prefix="linuxnet.netns-bench-") as folder:
        costs = _measured(pathlib.Path(folder), rounds, count)
    alone, beside = costs["alone"], costs["beside"]
    copying = beside[COPYING].over(alone[COPYING])
    for name in TASKS:
        # A process that gets mounts of its own gets a copy of all, and each namespace is one.
        least = copying if name in COPIES else Cost(0, 0)
        yield _named(name, alone[name], beside[name], least, count)
    for name in SEARCHING:
        each = Cost(*(extra / count for extra in beside[name].over(alone[name])))
        yield Row(
            f"{name}, beside {count} of others",
            shown(beside[name].median.wall),
            f"{shown(alone[name].median.wall)} (beside none)",
            f"{shown(each.wall)} for each",
            f"{shown(each.processor)} for each",
            f"at most {shown(EACH)}",
            judge(each, lambda seconds: seconds <= EACH),
        )


def _named(name: str, alone: Costs, beside: Costs, least: Cost, count: int) -> Row:
    less = Costs(tuple(Cost(*map(operator.sub, each, least)) for each in beside.taken))
    ratio = less.times(alone)
    also = f", less {shown(least.wall)} that {COPYING} takes longer, too" if any(least) else ""
    return Row(
        f"{name}, beside {count} of others",
        shown(beside.median.wall),
        f"{shown(alone.median.wall)} (beside none{also})",
        f"{ratio.wall:.2f}",
        f"{ratio.processor:.2f}",
        f"at most {NAMED}",
        judge(ratio, lambda times: times <= NAMED),
    )


def _measured(folder: pathlib.Path, rounds: int, count: int) -> dict[str, dict[str, Costs]]:
    archive = packed(folder)
    for line in GIVEN:
        subprocess.run(line.split(), check=True)
    for task in (*TASKS.values(), *SEARCHING.values()):
        own_time(*task, folder, archive)

    def all_tasks() -> dict[str, Cost]:
        costs = {
            name: _mean([own_time(*task, folder, archive).cost for _unused in range(REPEATED)])
            for name, task in TASKS.items()
        }
        for name, task in SEARCHING.items():
            costs[name] = own_time(*task, folder, archive).cost
        command = [*COPYING.split(), "bench-a", "true"]

        def copying() -> None:
            for _unused in range(REPEATED):
                subprocess.run(command, check=True)

        return {**costs, COPYING: timed(copying, REPEATED)}

    def beside() -> dict[str, Cost]:
        make(count)
        try:
            return all_tasks()
        finally:
            clear(count)

    return in_parts(rounds, {"alone": all_tasks, "beside": beside}, warm=False)


def _mean(costs: list[Cost]) -> Cost:
    return Cost(*map(statistics.mean, zip(*costs)))
