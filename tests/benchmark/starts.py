# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a module's run costs over that of a module that does nothing.

Ansible itself builds the payloads, a Python runs them as a managed host's would. The modules find
all as they want it: they read, compare, and tell.
"""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import typing as t

import plays
import sandbox
from measure import Cost, Row, interleaved, judge, shown, timed

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

IDLE = "idle"
PROMISED = 0.060
Task = dict[str, t.Any]
WIRED = {"name": "bench01", "netns": "bench-a", "peer": {"name": "bench02", "netns": "bench-b"}}
LINK = {"name": "bench01", "netns": "bench-a"}
ADDRESS = {"link": "bench01", "netns": "bench-a", "address": ["192.0.2.1/24"]}
# Module by module, tasks that a figure runs in turn; the last one leaves all as the first wants it.
STILL: dict[str, list[Task]] = {
    "netns": [{"name": ["bench-a", "bench-b"], "lo_up": True}],
    "veth": [{**WIRED, "up": True, "mtu": 1500}],
    "netns_link": [{**LINK, "up": True, "mtu": 1500}],
    "netns_addr": [{**ADDRESS, "address": ["192.0.2.1/24", "2001:db8::1/64"], "nodad": True}],
    "netns_info": [{"netns": ["bench-a", "bench-b"]}],
}
CHANGING: dict[str, list[Task]] = {
    "netns": [{"name": ["bench-a"], "lo_up": up} for up in (False, True)],
    "veth": [{**WIRED, "mtu": mtu} for mtu in (1400, 1500)],
    "netns_link": [{**LINK, "mtu": mtu} for mtu in (1400, 1500)],
    "netns_addr": [{**ADDRESS, "state": state} for state in ("absent", "present")],
}


def rows(rounds: int) -> Iterator[Row]:
    """Yield a row for each module, first with nothing to change, then with something."""
    with tempfile.TemporaryDirectory(prefix="linuxnet.netns-bench-") as folder:
        still = payloads(pathlib.Path(folder, "still"), STILL)
        changing = payloads(pathlib.Path(folder, "changing"), CHANGING)
        contenders = {IDLE: contender(still[IDLE], changed=False)}
        for name in STILL:
            contenders[f"{name}, nothing to change"] = contender(still[name], changed=False)
        for name in CHANGING:
            contenders[f"{name}, one change"] = contender(changing[name], changed=True)
        costs = interleaved(rounds, contenders)
    idle = costs.pop(IDLE)
    for figure, taken in costs.items():
        over = taken.over(idle)
        yield Row(
            figure,
            shown(taken.median.wall),
            f"{shown(idle.median.wall)} ({IDLE})",
            f"{over.wall * 1e3:+.1f} ms",
            f"{over.processor * 1e3:+.1f} ms",
            f"at most +{PROMISED * 1e3:.0f} ms",
            judge(over, lambda seconds: seconds <= PROMISED),
        )


def payloads(folder: pathlib.Path, tasks: dict[str, list[Task]]) -> dict[str, list[pathlib.Path]]:
    """Have Ansible run the tasks twice and keep what it sent; return the second run's payloads."""
    play: list[dict[str, Task]] = [{IDLE: {}}]
    for name, several in tasks.items():
        play += [{f"linuxnet.netns.{name}": task} for task in several]
    folder.mkdir()
    hosts = {"hosts": "localhost", "gather_facts": False, "tasks": play}
    (folder / "play.json").write_text(json.dumps([hosts]))
    for run in ("first", "second"):
        kept = {"ANSIBLE_KEEP_REMOTE_FILES": "1", "ANSIBLE_REMOTE_TEMP": str(folder / run)}
        plays.run(folder / "play.json", {**plays.environment(folder), **kept})
    return {
        name: sorted(
            (folder / "second").glob(f"*/AnsiballZ_{name}.py"), key=lambda at: at.stat().st_mtime_ns
        )
        for name in (IDLE, *tasks)
    }


def contender(payloads: list[pathlib.Path], changed: bool) -> Callable[[], Cost]:
    """Return what runs one payload after the other, and tells what one costs from start to end."""
    env = sandbox.environment()

    def run() -> None:
        for payload in payloads:
            command = [sys.executable, os.fspath(payload)]
            done = subprocess.run(command, env=env, capture_output=True, check=False)
            result = json.loads(done.stdout or "{}")
            if done.returncode or result.get("failed") or result.get("changed") is not changed:
                said = (done.stdout + done.stderr).decode(errors="replace")
                sys.exit(f"bench: of {payload.name}, changed={changed} was expected: {said}")

    return lambda: timed(run, len(payloads))
