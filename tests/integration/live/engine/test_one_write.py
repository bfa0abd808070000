# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whatever write fails, the machine is as it was, or the message says what is not."""

from __future__ import annotations

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import NetnsError
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    machine,
    modules,
    witness,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support.attempts import (
    attempt,
    given,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support.faults import (
    Faults,
    rolled_back,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support.tasks import (
    CROSSED,
    LAB,
    TASKS,
)


def each_failure(task, make):
    """Yield what came of the task with the first write failing, the second, and so on."""
    modules.job(task.module, **task.params)  # what is loaded here, no child has to load
    before = machine.run(given, task)
    for number in range(1, 99):
        after, said, failed = machine.run(attempt, task, make(number), before)
        if not failed:
            assert said is None, said
            return
        if said is not None:  # it may have got there another way
            yield f"write {number}, {failed[0]}", witness.differences(before, after), said


@pytest.mark.makes_machines
@pytest.mark.parametrize("name", TASKS)
def test_a_write_that_fails_leaves_no_trace(name):
    wrong, count = [], 0
    for which, differences, said in each_failure(
        TASKS[name], lambda number: Faults(lambda n: n == number)
    ):
        count += 1
        if differences:
            wrong.append("\n    ".join([which, said, *differences]))
        assert rolled_back(said), said
    assert count, "nothing was written"
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "params",
    [{"address": ["10.0.0.1/24"], "broadcast": "10.0.0.77"}, {"address": ["2001:db8::1/80"]}],
    ids=str,
)
def test_routes_elsewhere_outlive_a_change_of_their_source(params):
    witness.sh(*LAB, *CROSSED)
    before = {route for route in witness.namespace("a")["routes"] if '"w1"' in route}
    assert modules.run("netns_addr", netns="a", link="v1", **params)["changed"]
    assert before <= set(witness.namespace("a")["routes"])


def test_a_request_that_the_kernel_takes_in_parts():
    witness.sh(*LAB)
    before = witness.state()
    params = {"mtu": 1300, "alias": "half", "master": "lo", "up": False}
    with pytest.raises(NetnsError, match="master lo, down on link v1"):
        modules.run("netns_link", name="v1", netns="a", **params)
    assert witness.differences(before, witness.becomes(before)) == []


def is_change_of_link(what):
    """Return whether the kernel takes this request in parts. A new name comes alone."""
    return what.startswith("set ") and not what.startswith("set name")


@pytest.mark.makes_machines
@pytest.mark.parametrize(
    "name", [name for name, task in TASKS.items() if task.module in ("veth", "netns_link")]
)
def test_a_change_that_is_half_done_leaves_no_trace(name):
    wrong = []
    for which, differences, said in each_failure(
        TASKS[name], lambda number: Faults(lambda n: n == number, True, is_change_of_link)
    ):
        if differences:
            wrong.append("\n    ".join([which, said, *differences]))
    assert not wrong, "\n".join(wrong)


# These end with a step that has no way back.
LAST = {
    "netns, nsid": lambda state: "n1" in state["names"],
}


@pytest.mark.makes_machines
@pytest.mark.parametrize("name", TASKS)
def test_a_run_that_is_told_to_stop_leaves_no_trace(name):
    wrong, stopped = [], []
    for which, differences, said in each_failure(
        TASKS[name], lambda number: Faults(lambda n: n == number, stop=True)
    ):
        stopped.append(said == "stopped")
        if differences:
            wrong.append("\n    ".join([which, said, *differences]))
    assert stopped, "nothing was written"
    assert all(stopped)
    if name in LAST:  # the way on is better then
        last = machine.run(
            attempt, TASKS[name], Faults(lambda n: n == len(stopped), stop=True), None
        )
        assert LAST[name](last[0])
        wrong.pop()
    assert not wrong, "\n".join(wrong)
