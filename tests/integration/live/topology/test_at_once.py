# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two runs at once, a run that is ended at any time, and one that is to leave what it did."""

from __future__ import annotations

import os
import pickle
import re
import signal
import time

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import NetnsError
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    machine,
    modules,
    witness,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support.faults import Faults

from . import lab

ROUNDS = 6
RING = {
    "name": "ring",
    "namespaces": [{"name": [f"r{each}" for each in range(5)], "lo_up": True}],
    "veths": [
        lab.pair("right", f"r{each}", "left", f"r{(each + 1) % 5}", mtu=1400) for each in range(5)
    ],
    "addresses": [{"netns": "r0", "link": "right", "address": ["192.0.2.1/30"]}],
}


def study():
    lab.run(**lab.STUDY)


def ring():
    lab.run(**RING)


def gone():
    lab.run(**lab.ABSENT)


def guest():
    lab.run(**lab.GUEST)


def by_hand():
    """Put a pair of others into a namespace, by the module that makes pairs."""
    modules.run("veth", name="up1", netns="other", up=True, peer={"name": "w1", "netns": "other"})


def nothing():
    pass


# What there is, what two do, and whether both must succeed.
CASES = {
    "the same": (nothing, study, study, True),
    "two": (nothing, study, ring, True),
    "the same at others'": (lambda: witness.sh(*lab.OTHERS), guest, guest, True),
    "one makes, one takes away": (nothing, study, gone, True),
    "one corrects, one takes away": (study, study, gone, True),
    "both take away": (study, gone, gone, True),
    "one link": (lambda: witness.sh(*lab.OTHERS), guest, by_hand, False),
}


def alone(given, *works):
    """Return the machine when one has come after the other."""
    given()
    for work in works:
        try:
            work()
        except NetnsError:
            return None
    return lab.state()


def together(given, works, ends):
    """Return what each said that failed, and how the machine differs from the likeliest end."""
    given()
    start, pids, pipes = time.monotonic() + 0.02, [], []
    for work in works:
        reader, writer = os.pipe()

        def one(work=work, writer=writer):
            time.sleep(max(0.0, start - time.monotonic()))
            said = None
            try:
                work()
            except NetnsError as error:
                said = str(error)
            os.write(writer, pickle.dumps(said))

        pids.append(machine.fork(one))
        os.close(writer)
        pipes.append(reader)
    said = []
    for pid, pipe in zip(pids, pipes):
        with os.fdopen(pipe, "rb") as told:
            said.append(pickle.loads(told.read()))
        assert os.waitpid(pid, 0)[1] == 0
    until = time.monotonic() + witness.SECONDS
    while True:
        found = lab.state()
        left = [
            [each for each in witness.differences(end, found) if not lab.is_random(each)]
            for end in ends
        ]
        least = min(left, key=len)
        if not least or time.monotonic() > until:
            return said, least
        time.sleep(0.05)


@pytest.mark.makes_machines
@pytest.mark.parametrize("name", CASES)
def test_two_at_once(name):
    given, one, other, both = CASES[name]
    orders = ((one, other), (other, one), (one,), (other,))
    ends = [machine.run(alone, given, *works) for works in orders[: 2 if both else 4]]
    ends = [end for end in ends if end is not None]
    for number in range(ROUNDS):
        said, least = machine.run(together, given, (one, other), ends)
        assert not least, (number, said, least)
        assert None in said, (number, said)
        if both:
            assert said == [None, None], (number, said)


@pytest.mark.makes_machines
@pytest.mark.parametrize("tenths", range(1, 11))
@pytest.mark.parametrize("work", [ring, gone], ids=["build", "absent"])
def test_a_run_that_is_ended_at_any_time(work, tenths):
    def begin():
        if work is gone:
            lab.run(**{**RING, "name": lab.OWNER})

    def took():
        begin()
        start = time.monotonic()
        work()
        return time.monotonic() - start

    def ended():
        begin()
        pid = machine.fork(work)
        time.sleep(machine_time * tenths / 10)
        os.kill(pid, signal.SIGTERM)
        assert os.waitpid(pid, 0)[1] in (0, signal.SIGTERM)
        work()
        if work is gone:
            lab.unchanged(**lab.ABSENT)
            assert witness.names() == {}
            lab.run(**{**RING, "name": lab.OWNER})
            gone()
            assert witness.names() == {}
        else:
            lab.unchanged(**RING)
            lab.run(name="ring", state="absent")
            assert witness.names() == {}

    machine_time = machine.run(took)
    machine.run(ended)


@pytest.mark.parametrize("number", [20, 30])
def test_what_was_done_may_stay(number):
    nth = Faults(lambda each: each == number)
    with nth.at_work(), pytest.raises(NetnsError) as failed:
        lab.run(**lab.STUDY, undo=False)
    told = re.search(r"(\d+) of (\d+) steps were done before it, and stay$", str(failed.value))
    assert told, str(failed.value)
    assert 0 < int(told[1]) < int(told[2])
    assert witness.names()
    result = lab.converges(**lab.STUDY)
    assert len(result["commands"]) <= int(told[2]) - int(told[1])
    lab.converges(**lab.ABSENT)
