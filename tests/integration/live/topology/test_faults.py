# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whatever write fails, all is as it was; whenever the process is killed, the next one goes on.

Every third write is tried; every one by hand: NETNS_SWEEP=all pytest …/test_topology_faults.py -n 2
"""

from __future__ import annotations

import contextlib
import copy
import os
import re
import signal

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import NetnsError
from ansible_collections.linuxnet.netns.plugins.module_utils._netlink import names
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    machine,
    witness,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support.faults import (
    Faults,
    rolled_back,
)

from . import lab

pytestmark = pytest.mark.makes_machines

GUEST = lab.GUEST
STRIDE = 1 if os.environ.get("NETNS_SWEEP") == "all" else 3


def places(params):
    """Return the numbers of the writes that are tried, beginning elsewhere for each task."""
    return range(1 + len(str(params)) % STRIDE, 199, STRIDE)


def hand(*params):
    """Return what makes what a topology was before: of these parameters, and changed by hand."""

    def given():
        witness.sh(*lab.OTHERS)
        for each in params:
            lab.run(**each)

    return given


def drifted():
    """Build two networks, and change them."""
    witness.sh(*lab.OTHERS)
    lab.run(**GUEST)
    witness.sh(
        "ip link set br0 down",
        "ip -n other addr del 10.8.0.3/24 dev there0",
        "ip -n s1 link set v2 name foo",
        "ip -n other rule del priority 500",
    )


def drifted_alone():
    lab.run(**lab.STUDY)
    witness.sh(
        "ip netns del s2",
        "touch /run/netns/s2",
        "for n in 1 2 3 4 5 6 7 8 9; do ip -n s1 link show v1 || break; sleep 0.1; done",
        "ip -n s1 rule del priority 100",
        "ip netns exec s1 sysctl -qw net.ipv4.ip_forward=0",
        "ip -n s1 link set lo down",
    )


FEWER = copy.deepcopy(GUEST)
FEWER["veths"].pop()
FEWER["links"].pop(1)
FEWER["addresses"].pop(2)
FEWER["routes"] = FEWER["routes"][3:]
FEWER["rules"] = FEWER["neighbours"] = []
SMALLER = {"name": lab.OWNER, "namespaces": [{"name": ["s1"], "lo_up": True}], "purge": True}

# What is there before, and the task.
TASKS = {
    "build": (lambda: None, lab.STUDY),
    "build at others'": (hand(), GUEST),
    "correct": (drifted_alone, lab.STUDY),
    "correct at others'": (drifted, GUEST),
    "purge": (hand(lab.STUDY), SMALLER),
    "purge at others'": (hand(GUEST), {**FEWER, "purge": True}),
    "absent": (hand(lab.STUDY), lab.ABSENT),
    "absent at others'": (hand(GUEST), lab.ABSENT),
}


@pytest.fixture(autouse=True)
def nobody_else_makes_namespaces(monkeypatch):
    """A file without a mount is stale at once, and not only when it is no longer young."""
    monkeypatch.setattr(names, "YOUNG", 0.0)


# A bridge whose MAC was drawn at random shows none in its id, until it has had a port; one that is
# made with a MAC always does.
NEVER_CHOSEN = re.compile(r"\.(bridge|root)_id was '8000\.0:0:0:0:0:0'")


def attempt(given, params, faults):
    """Return how the machine differs from what it was before, what was said, and what failed."""
    given()
    before = lab.state()
    said = None
    with faults.at_work():
        try:
            lab.run(**params)
        except NetnsError as error:
            said = str(error)
        except KeyboardInterrupt:
            said = "stopped"
    found = lab.becomes(before) if said else []
    return [each for each in found if not NEVER_CHOSEN.search(each)], said, faults.failed


def rounds(given, params, make):
    """Yield what came of it with the first write failing, the second, and so on."""
    for number in places(params):
        found, said, failed = machine.run(attempt, given, params, make(number))
        if not failed:
            assert number > 3
            return
        yield f"write {number}, {failed[0]}", found, said


ENTRY = re.compile(
    r"(namespaces|veths|links|addresses|routes|rules|neighbours|sysctls|qdiscs)\[\d+\] |"
    r"namespace s\d: |mark |take the mark |delete |remove |make a namespace to see "
)


@pytest.mark.parametrize("name", TASKS)
def test_a_write_that_fails_leaves_no_trace(name):
    given, params = TASKS[name]
    wrong, untold = [], []
    for which, found, said in rounds(given, params, lambda n: Faults(lambda each: each == n)):
        if said is None:
            continue  # it got there another way
        if found or not rolled_back(said):
            wrong.append("\n    ".join([which, said, *found]))
        if "Operation not permitted" not in said or not ENTRY.match(said):
            untold.append(f"{which}: {said}")
    assert not wrong, "\n".join(wrong)
    assert not untold, "\n".join(untold)


@pytest.mark.parametrize("name", TASKS)
def test_a_run_that_is_told_to_stop_leaves_no_trace_or_gets_there(name):
    given, params = TASKS[name]
    there, wrong = machine.run(wanted, given, params), []
    for which, found, said in rounds(
        given, params, lambda n: Faults(lambda each: each == n, stop=True)
    ):
        assert said == "stopped"
        # Where there is no way back, it goes on.
        number = int(re.findall(r"\d+", which)[0])
        if found and (short := machine.run(reached, given, params, number, there)):
            wrong.append("\n    ".join([which, *short]))
    assert not wrong, "\n".join(wrong)


def wanted(given, params):
    given()
    lab.run(**params)
    return lab.state()


def reached(given, params, number, there):
    """Return how a machine on which the task was told to stop differs from what it was to be."""
    given()
    faults = Faults(lambda each: each == number, stop=True)
    with faults.at_work(), contextlib.suppress(KeyboardInterrupt):
        lab.run(**params)
    return lab.becomes(there, lab.is_random)


def killed(given, params, then, number):
    """Return whether there was such a write, and how the machine differs from what is to be."""
    given()

    def victim():
        with Faults(lambda each: each == number, kill=True).at_work():
            lab.run(**params)

    status = os.waitpid(machine.fork(victim), 0)[1]
    assert status in (0, signal.SIGKILL), status
    return status != 0, then()


@pytest.mark.parametrize(
    "name", ["build at others'", "correct", "purge at others'", "absent at others'"]
)
def test_the_next_run_goes_on_from_where_one_was_killed(name):
    given, params = TASKS[name]
    goes = params is lab.ABSENT or params is SMALLER  # without the names of what is to go

    def clean():
        given()
        lab.run(**params)
        return lab.state()

    wanted = machine.run(clean)

    def then():
        lab.run(**params)
        lab.unchanged(**params)
        return lab.becomes(wanted, lambda each: lab.is_random(each) or (goes and is_file(each)))

    wrong = []
    for number in places(params):
        was_killed, found = machine.run(killed, given, params, then, number)
        if found:
            wrong.append(f"write {number}: {found}")
        if not was_killed:
            assert number > 3
            break
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("name", "lists"),
    [("build at others'", True), ("build at others'", False), ("absent at others'", False)],
    ids=["build, with lists", "build, without", "absent, without"],
)
def test_absent_leaves_nothing_of_a_run_that_was_killed(name, lists):
    given, params = TASKS[name]

    def bare():
        witness.sh(*lab.OTHERS)
        return lab.state()

    wanted = machine.run(bare)

    def then():
        gone = {**lab.GUEST, "state": "absent"} if lists else lab.ABSENT
        lab.run(**gone)
        lab.unchanged(**gone)
        return lab.becomes(
            wanted, lambda each: lab.is_random(each) or (is_file(each) and not lists)
        )

    wrong = []
    for number in places(params):
        was_killed, found = machine.run(killed, given, params, then, number)
        if found:
            wrong.append(f"write {number}: {found}")
        if not was_killed:
            break
    assert not wrong, "\n".join(wrong)


def is_file(difference):
    """Return whether the difference is a file that was to be, or was, a namespace: it bears no
    mark, so that it goes where its name is listed alone."""
    return re.fullmatch(r"\.names\.s\d was None, is 'file'", difference)
