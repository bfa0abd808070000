# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A link that goes loses its queueing disciplines; they come back, or it is said which do not."""

from __future__ import annotations

import re

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import NetnsError
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    machine,
    modules,
    witness,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support.faults import (
    Faults,
    rolled_back,
)

pytestmark = pytest.mark.makes_machines

LAB = (
    "ip netns add a",
    "ip netns add b",
    "ip link add v1 netns a type veth peer name v2 netns b",
    "ip -n a link set v1 up",
    "tc -n a qdisc add dev v1 root handle 1: htb default 20",
    "tc -n a class add dev v1 parent 1: classid 1:20 htb rate 1mbit",
    "tc -n a qdisc add dev v1 parent 1:20 tbf rate 1mbit burst 4kb limit 9000",
    "tc -n a qdisc add dev v1 clsact",
    "tc -n b qdisc add dev v2 root handle 7: pfifo limit 77",
)
FILTER = "tc -n a filter add dev v1 ingress protocol ip prio 1 u32 match u32 0 0 classid 1:1"
UP = {"up": True, "alias": "x"}
TASKS = {
    "a move": ("netns_link", {"name": "v1", "netns": "b", "move_from": "a", **UP}),
    "a move of a pair": (
        "veth",
        {"name": "v1", "netns": "b", **UP, "peer": {"name": "v2", "netns": "a", "up": True}},
    ),
    "a pair that is replaced": (
        "veth",
        {"name": "v1", "netns": "a", "force": True, "peer": {"name": "w", "up": True}},
    ),
}


def look():
    """Return what tc tells of both ends, but for the counters."""
    told = [
        witness.sh(f"tc -n {netns} {what} show dev {link}")
        for netns, link in (("a", "v1"), ("b", "v2"))
        for what in ("qdisc", "class", "filter")
    ]
    told.append(witness.sh("tc -n a filter show dev v1 ingress 2>&1 || true"))
    return re.sub(r"refcnt \d+ |direct_packets_stat \d+", "", "\n".join(told))


def attempt(task, number, *more):
    """Return what was there, what is, what was said, and the write that failed on a new machine."""

    def work():
        witness.sh(*LAB, *more)
        before, said = look(), None
        faults = Faults(lambda n: n == number)
        with faults.at_work():
            try:
                modules.run(task[0], **task[1])
            except NetnsError as error:
                said = str(error)
        return before, look() if said else "", said, faults.failed

    return machine.run(work)


@pytest.mark.parametrize("name", TASKS)
def test_what_a_link_had_comes_back(name):
    number = 0
    while True:
        number += 1
        before, after, said, failed = attempt(TASKS[name], number)
        if not failed:
            break
        assert after == before, f"write {number}: {said}"
        assert rolled_back(said), said
    assert number > 2


def test_filters_come_back():
    if not machine.run(can_filter):
        pytest.skip("u32: this kernel has no cls_u32")
    before, after, said, _failed = attempt(TASKS["a move"], 2, FILTER)
    assert after == before
    assert "match 00000000/00000000" in before
    assert rolled_back(said), said


def can_filter():
    """Return whether this kernel has filters to lose."""
    witness.sh(*LAB)
    try:
        witness.sh(FILTER)
    except RuntimeError:
        return False
    return True


def test_what_cannot_be_put_back_is_told():
    def work():
        witness.sh(*LAB)
        faults = Faults(
            lambda n: True, counted=lambda what: what.startswith(("set al", "put back what"))
        )
        with faults.at_work(), pytest.raises(NetnsError) as failed:
            modules.run(TASKS["a move"][0], **TASKS["a move"][1])
        return look(), str(failed.value), faults.failed

    after, said, failed = machine.run(work)
    assert failed
    assert "htb" not in after
    assert "could not be undone: " in said
    assert "the queueing discipline at root of link v1 in namespace a is gone" in said
