# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task costs on the controller itself, where its module is not sent, and where it is."""

from __future__ import annotations

import pathlib
import tempfile
import typing as t

import ends
import networks
import peers
import plays
import sandbox
from contenders import Site
from measure import Cost, Costs, Row, in_parts, judge, shown, timed

if t.TYPE_CHECKING:
    from collections.abc import Iterator

OPTION = "ansible_netns_import_modules"
FEW, MANY = 2, 12  # tasks of a play
GROWTH = 0.12  # seconds a task
TIMES = 4.0  # as fast as if the modules were sent
STUDY = 3.0  # seconds
SAME = {"linuxnet.netns.netns": {"name": "study", "lo_up": True}}


def rows(rounds: int) -> Iterator[Row]:
    """Yield rows about a task that changes nothing, a network that loops make, and the study."""
    with tempfile.TemporaryDirectory(prefix="linuxnet.netns-bench-") as name:
        folder = pathlib.Path(name)
        yield _growth(rounds, folder)
        yield _loops(rounds, folder)
        yield _study(rounds, folder)


def _growth(rounds: int, folder: pathlib.Path) -> Row:
    def grown(direct: bool) -> dict[str, Cost]:
        files = [
            plays.written(folder / f"{count}.yml", [SAME] * count, vars={OPTION: direct})
            for count in (FEW, MANY)
        ]
        few, many = (timed(lambda: plays.run(file, env)) for file in files)  # noqa: B023
        return {"task": Cost(*((b - a) / (MANY - FEW) for a, b in zip(few, many)))}

    env = plays.environment(folder)
    costs = in_parts(rounds, {"direct": lambda: grown(True), "sent": lambda: grown(False)})
    ours, sent = costs["direct"]["task"], costs["sent"]["task"]
    verdict = judge(ours.median, lambda seconds: seconds <= GROWTH)
    what = "one more task that changes nothing, on the controller"
    return _row(what, ours, sent, f"at most {GROWTH:g} s", verdict)


def _loops(rounds: int, folder: pathlib.Path) -> Row:
    site = Site(networks.ring(4), folder)

    def built(direct: bool) -> dict[str, Cost]:
        cost = timed(peers.loop(site, vars={OPTION: direct}))
        ends.clear(site.lists)
        ends.normalise()
        return {"run": cost}

    costs = in_parts(rounds, {"direct": lambda: built(True), "sent": lambda: built(False)})
    ours, sent = costs["direct"]["run"], costs["sent"]["run"]
    verdict = judge(sent.times(ours), lambda times: times >= TIMES)
    return _row("ring of 4 by loops, whole run", ours, sent, f"{TIMES:g} times as fast", verdict)


def _study(rounds: int, folder: pathlib.Path) -> Row:
    def ran(direct: bool) -> dict[str, Cost]:
        env = {**plays.environment(folder), OPTION.upper(): str(direct)}
        file = sandbox.ROOT / "playbooks" / "study.yml"
        return {"run": timed(lambda: plays.run(file, env))}

    costs = in_parts(rounds, {"direct": lambda: ran(True), "sent": lambda: ran(False)})
    ours, sent = costs["direct"]["run"], costs["sent"]["run"]
    verdict = judge(ours.median, lambda seconds: seconds <= STUDY)
    return _row("the study, again, whole run", ours, sent, f"at most {STUDY:g} s", verdict)


def _row(figure: str, ours: Costs, sent: Costs, promised: str, verdict: str) -> Row:
    ratio = sent.times(ours)
    return Row(
        figure,
        f"{shown(ours.median.wall)} ({shown(ours.median.processor)} of a processor)",
        f"{shown(sent.median.wall)} ({shown(sent.median.processor)}; sent)",
        f"{ratio.wall:.1f} times as fast",
        f"{ratio.processor:.1f} times",
        promised,
        verdict,
    )
