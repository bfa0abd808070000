# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What other programs do to the namespaces of a topology, in the middle of a run."""

from __future__ import annotations

import contextlib
import os
import re

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import NetnsError
from ansible_collections.linuxnet.netns.plugins.module_utils._engine.kernel import Kernel
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    machine,
    witness,
)

from . import lab

NAMES = [f"r{each}" for each in range(4)]
RING = {
    "name": "ring",
    "namespaces": [{"name": NAMES, "lo_up": True}],
    "veths": [
        lab.pair("right", name, "left", NAMES[(number + 1) % 4])
        for number, name in enumerate(NAMES)
    ],
}
CHANGED = {
    **RING,
    "veths": [
        {**each, "mtu": 1400, "peer": {**each["peer"], "mtu": 1400}} for each in RING["veths"]
    ],
}


@contextlib.contextmanager
def meanwhile(number, *lines):
    """Have others do something just before an operation."""
    apply, count = Kernel.apply, iter(range(1, 9999))

    def disturbed(kernel, step):
        if next(count) == number:
            witness.sh(*lines)
        apply(kernel, step)

    Kernel.apply = disturbed
    try:
        yield
    finally:
        Kernel.apply = apply


@pytest.mark.parametrize("number", [1, 4, 8])
def test_a_namespace_that_others_delete_is_made_again(number):
    lab.run(**RING)
    with meanwhile(number, "ip netns del r2"):
        lab.run(**CHANGED)
    lab.unchanged(**CHANGED)


@pytest.mark.parametrize("number", [1, 4, 8])
def test_a_namespace_that_others_made_again_is_theirs_and_nothing_else_is_touched(number):
    lab.run(**RING)
    witness.sh("ip -n r2 link set lo down")
    with meanwhile(number, "ip netns del r2", "ip netns add r2"), pytest.raises(NetnsError) as told:
        lab.run(**CHANGED)
    assert re.search(
        "Other programs have changed the same things while this task was at work; first met: "
        "namespace r2 was deleted, or made again. Now: .*r2 is there, and does not bear the mark",
        str(told.value),
    )
    assert [each["ifname"] for each in witness.ip("link", netns="r2")] == ["lo"]
    assert {each["mtu"] for each in witness.ip("link", netns="r0") if "left" in each["ifname"]} == {
        1500
    }
    witness.sh("ip netns del r2")
    lab.run(**CHANGED)
    lab.unchanged(**CHANGED)


@pytest.mark.parametrize("number", [1, 3, 6])
def test_what_others_delete_meanwhile_is_gone_as_wanted(number):
    lab.run(**RING)
    with meanwhile(number, "ip netns del r2"):
        lab.run(name="ring", state="absent")
    assert witness.names() == {}


def test_of_two_topologies_that_meet_in_a_name_one_wins():
    other = {**RING, "name": "other", "namespaces": [{"name": ["r3", "r4"]}], "veths": []}

    def run(params, number):
        def work():
            try:
                lab.run(**params)
            except NetnsError as error:
                with open(f"/run/said{number}", "w", encoding="utf-8") as file:
                    file.write(str(error))
                return 1
            return 0

        return machine.fork(work)

    pids = [run(params, number) for number, params in enumerate((RING, other))]
    codes = [os.WEXITSTATUS(os.waitpid(pid, 0)[1]) for pid in pids]
    assert sorted(codes) == [0, 1]
    with open(f"/run/said{codes.index(1)}", encoding="utf-8") as file:
        said = file.read()
    owner = ("ring", "other")[codes.index(0)]
    assert re.search(f"Namespace r3 is there, and the topology {owner} made it", said), said
    assert set(witness.names()) == set(NAMES if owner == "ring" else ["r3", "r4"])
