# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Nexthop objects of a topology: made, owned by the protocol, removed, rolled back."""

from __future__ import annotations

import time

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import NetnsError
from ansible_collections.linuxnet.netns.plugins.module_utils._engine.kernel import Kernel
from ansible_collections.linuxnet.netns.plugins.module_utils._engine.reconcile import reconcile
from ansible_collections.linuxnet.netns.plugins.module_utils._topology import job as topology
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    modules,
    witness,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support.faults import (
    INJECTED,
    Faults,
)

CABLE = {
    "name": "v1",
    "netns": "r1",
    "up": True,
    "peer": {"name": "v2", "netns": "r2", "up": True},
}
NETWORK = {
    "namespaces": [{"name": ["r1", "r2"], "lo_up": True}],
    "veths": [CABLE],
    "addresses": [{"netns": "r1", "link": "v1", "address": ["10.0.0.1/24"]}],
    "routes": [
        {"netns": "r1", "dst": ["10.7.0.0/16", "10.77.0.0/16"], "nhid": 10},
        {"netns": "r2", "dst": ["10.7.0.0/16"], "nhid": 1, "metric": 7},
    ],
    "nexthops": [
        {"netns": "r1", "id": 10, "group": [{"id": 1, "weight": 3}, {"id": 2}]},
        {"netns": "r1", "id": 1, "via": "10.0.0.2", "dev": "v1"},
        {"netns": "r1", "id": 2, "via": "fe80::2", "dev": "v1"},
        {
            "netns": "r2",
            "nexthops": [{"id": 1, "blackhole": True}, {"id": 2, "group": [{"id": 1}]}],
        },
    ],
}


def run(check=False, **params):
    """Return the result of a topology."""
    kernel = Kernel()
    try:
        job = topology.job_of(kernel, modules.options("netns_topology", name="lab", **params))
        return reconcile(kernel, job, check).result(True)
    finally:
        kernel.close()


def thrice(**params):
    """Run a topology in check mode, for real, and again."""
    before = seen()
    foretold = run(check=True, **params)
    assert seen() == before
    real = run(**params)
    assert real == foretold
    assert not run(**params)["changed"]
    return real


def nexthops(netns):
    return {each["id"]: each for each in witness.ip("nexthop", netns=netns)}


def seen():
    return witness.state(), {name: nexthops(name) for name in witness.names()}


def test_made_changed_and_removed():
    made = thrice(**NETWORK)
    assert made["summary"]["created"]["nexthops"] == 5
    assert sorted(nexthops("r1")) == [1, 2, 10]
    proto = nexthops("r1")[1]["protocol"]
    assert made["diff"]["after"]["nexthop object 1 in namespace r1"]["via"] == "10.0.0.2"
    witness.sh(f"ip -n r1 route add 10.8.0.0/16 nhid 10 proto {proto}")
    others = [
        NETWORK["nexthops"][0],
        {**NETWORK["nexthops"][1], "via": "10.0.0.9"},
        *NETWORK["nexthops"][2:],
    ]
    changed = thrice(**{**NETWORK, "nexthops": others})
    assert changed["summary"]["changed"] == {"nexthops": 1}
    assert len(witness.ip("route", "show", "10.8.0.0/16", netns="r1")) == 1
    by_one = [{**NETWORK["routes"][0], "nhid": 1}, NETWORK["routes"][1]]
    gone = thrice(**{**NETWORK, "nexthops": others[1:], "routes": by_one}, purge=True)
    assert gone["summary"] == {
        "created": {},
        "changed": {"routes": 2},
        "removed": {"nexthops": 1, "routes": 1},
    }
    with pytest.raises(
        NetnsError, match=r"nexthop object 1 of the route to .* not found in namespace r2"
    ):
        run(**{**NETWORK, "nexthops": others[:3], "routes": by_one}, purge=True)
    thrice(state="absent")
    assert witness.names() == {}


def test_an_entry_may_state_that_it_is_absent():
    thrice(**NETWORK)
    listed = [
        *NETWORK["nexthops"][1:2],
        {"netns": "r1", "nexthops": [{"id": 10}, {"id": 2}], "state": "absent"},
    ]
    routes = [{**NETWORK["routes"][0], "state": "absent"}, NETWORK["routes"][1]]
    gone = thrice(**{**NETWORK, "nexthops": listed, "routes": routes})
    assert gone["summary"]["removed"] == {"nexthops": 2, "routes": 2}


def test_what_others_made_stays():
    witness.sh(
        "ip netns add a",
        "ip -n a link set lo up",
        "ip -n a nexthop add id 1 blackhole proto 77",
        "ip -n a nexthop add id 2 dev lo",
    )
    thrice(
        nexthops=[
            {"netns": "a", "id": 1, "blackhole": True},
            {"netns": "a", "id": 3, "group": [{"id": 2}]},
        ]
    )
    with pytest.raises(NetnsError, match="does not bear its mark"):
        run(check=True, nexthops=[{"netns": "a", "id": 2, "blackhole": True}])
    witness.sh("ip -n a route add 10.9.0.0/16 nhid 3")
    with pytest.raises(
        NetnsError, match=r"object 3 in namespace a cannot be removed: the route to 10\.9"
    ):
        run(nexthops=[], purge=True)
    witness.sh("ip -n a route del 10.9.0.0/16")
    thrice(nexthops=[], purge=True)
    assert sorted(nexthops("a")) == [1, 2]


def test_rolled_back_at_each_step():
    counting = Faults()
    with counting.at_work():
        run(**NETWORK)
    witness.sh("ip -n r1 route add 10.8.0.0/16 nhid 10", "ip -n r1 nexthop add id 77 dev v1")
    other = {**CABLE, "peer": {**CABLE["peer"], "name": "w2"}}
    changed = {
        **NETWORK,
        "veths": [other],
        "routes": NETWORK["routes"][:1],
        "nexthops": [
            NETWORK["nexthops"][0],
            {**NETWORK["nexthops"][1], "via": "10.0.0.9"},
            *NETWORK["nexthops"][2:3],
        ],
        "purge": True,
    }
    counting = Faults()
    with counting.at_work():
        run(**changed)
    steps = len(counting.writes)
    run(state="absent", force=True)
    run(**NETWORK)
    witness.sh("ip -n r1 route add 10.8.0.0/16 nhid 10", "ip -n r1 nexthop add id 77 dev v1")
    before = seen()
    for number in range(1, steps + 1):
        faults = Faults(number.__eq__)
        with faults.at_work(), pytest.raises(NetnsError, match=f"{INJECTED}|not permitted"):
            run(**changed)
        assert faults.failed
        assert witness.becomes(before[0]) == before[0]
        assert seen()[1] == before[1]


def _moved(**peer):
    """Return the network with the other end of the cable elsewhere, or otherwise."""
    return {
        **NETWORK,
        "namespaces": [{"name": ["r1", "r2", "r3"], "lo_up": True}],
        "veths": [{**CABLE, "peer": {**CABLE["peer"], **peer}}],
    }


def test_they_are_there_again_once_the_carrier_is_that_went_with_the_other_end():
    run(**NETWORK)
    was = nexthops("r1")
    routes = witness.routes("r1")
    moved = thrice(**_moved(netns="r3"))
    assert moved["summary"]["created"] == {"namespaces": 1}
    assert (nexthops("r1"), witness.routes("r1")) == (was, routes)


def test_with_the_carrier_of_their_link_they_go():
    run(**NETWORK)
    without = {
        **_moved(up=False),
        "nexthops": NETWORK["nexthops"][3:],
        "routes": NETWORK["routes"][1:],
    }
    gone = thrice(**without)
    assert gone["summary"]["removed"] == {"nexthops": 3, "routes": 2}
    for _unused in range(30):  # the kernel looks at a carrier a second later at most
        if not nexthops("r1"):
            break
        time.sleep(0.1)
    assert (nexthops("r1"), witness.ip("route", "show", "10.7.0.0/16", netns="r1")) == ({}, [])


def test_a_cable_that_moves_is_rolled_back_with_its_nexthop_objects():
    run(**NETWORK)
    counting = Faults()
    with counting.at_work():
        run(**_moved(netns="r3"))
    steps = len(counting.writes)
    run(state="absent")
    run(**NETWORK)
    before = seen()
    for number in range(1, steps + 1):
        faults = Faults(number.__eq__)
        with faults.at_work(), pytest.raises(NetnsError, match=f"{INJECTED}|not permitted"):
            run(**_moved(netns="r3"))
        assert faults.failed
        assert witness.becomes(before[0]) == before[0]
        assert seen()[1] == before[1]


def test_those_of_a_bridge_are_there_again_once_its_port_has_a_carrier():
    bridged = {
        "namespaces": [{"name": ["r1", "r2", "r3"]}],
        "links": [
            {"netns": "r1", "name": "br0", "type": "bridge", "up": True},
            {"netns": "r1", "name": "v1", "master": "br0"},
        ],
        "addresses": [{"netns": "r1", "link": "br0", "address": ["10.0.0.1/24"]}],
        "nexthops": [{"netns": "r1", "id": 1, "via": "10.0.0.2", "dev": "br0"}],
        "routes": [{"netns": "r1", "dst": ["10.7.0.0/16"], "nhid": 1}],
    }
    thrice(**bridged, veths=[CABLE])
    was = nexthops("r1"), witness.routes("r1")
    assert sorted(was[0]) == [1]
    thrice(**bridged, veths=[{**CABLE, "peer": {**CABLE["peer"], "netns": "r3"}}])
    time.sleep(1.2)  # the kernel looks at a carrier a second later at most
    assert (nexthops("r1"), witness.routes("r1")) == was
