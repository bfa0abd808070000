# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What tasks cost beside thousands of namespaces that are somebody else's, and beside none.

All find what they want: they read, compare, and tell. The namespaces come and go between the
rounds: both figures are of the same minutes, and of a machine that has them, or has them not.
"""

from __future__ import annotations

import pathlib
import subprocess
import tempfile
import typing as t

import ends
from beside import GIVEN, SEARCHING, TASKS
from contenders import own_time, packed
from measure import Cost, Row, in_parts, shown

from ansible_collections.linuxnet.netns.plugins.module_utils._kernel import files

if t.TYPE_CHECKING:
    from collections.abc import Iterator

    from measure import Costs

NAMED, EACH = 1.2, 1e-4  # times as much at most; seconds for each namespace of others
AT_ONCE = 500


def names(count: int) -> list[str]:
    """Return the names of what belongs to somebody else."""
    return [f"foreign-{number}" for number in range(count)]


def make(count: int) -> None:
    """Make namespaces that nobody here has anything to do with."""
    waiting = names(count)
    while waiting:
        some, waiting = waiting[:AT_ONCE], waiting[AT_ONCE:]
        for name, sock in zip(some, files.nameless(len(some), "make namespaces")):
            files.bind(sock, name, f"name {name}")
            sock.close()


def clear(count: int) -> None:
    """Delete them, and wait until the kernel has let go."""
    for name in names(count):
        files.remove(name, f"delete {name}")
    ends.settle()


def rows(rounds: int, count: int) -> Iterator[Row]:
    """Yield a row for each task."""
    with tempfile.TemporaryDirectory(prefix="linuxnet.netns-bench-") as folder:
        costs = _measured(pathlib.Path(folder), rounds, count)
    alone, beside = costs["alone"], costs["beside"]
    for name in alone:
        extra = beside[name].over(alone[name])
        ratio = beside[name].times(alone[name])
        yield _row(name, alone[name], beside[name], extra, ratio, count)


def _measured(folder: pathlib.Path, rounds: int, count: int) -> dict[str, dict[str, Costs]]:
    tasks = {**TASKS, **SEARCHING}
    archive = packed(folder)
    for line in GIVEN:
        subprocess.run(line.split(), check=True)
    for task in tasks.values():
        own_time(*task, folder, archive)

    def all_tasks() -> dict[str, Cost]:
        return {name: own_time(*task, folder, archive).cost for name, task in tasks.items()}

    def beside() -> dict[str, Cost]:
        make(count)
        try:
            return all_tasks()
        finally:
            clear(count)

    return in_parts(rounds, {"alone": all_tasks, "beside": beside})


def _row(name: str, alone: Costs, beside: Costs, extra: Cost, ratio: Cost, count: int) -> Row:
    return Row(
        f"{name}, beside {count}",
        shown(beside.median.wall),
        f"{shown(alone.median.wall)} (beside none)",
        f"{ratio.wall:.2f}",
        f"{ratio.processor:.2f}",
        f"{extra.wall / count * 1e6:.1f}us {extra.processor / count * 1e6:.1f}us",
    )
