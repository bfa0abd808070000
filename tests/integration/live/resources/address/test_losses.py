# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the kernel drops with an address or a link is told, and comes back with a roll back."""

from __future__ import annotations

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import NetnsError
from ansible_collections.linuxnet.netns.plugins.module_utils._engine.kernel import Kernel
from ansible_collections.linuxnet.netns.plugins.module_utils._engine.reconcile import reconcile
from ansible_collections.linuxnet.netns.tests.integration.live.topology import lab
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    modules,
    witness,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support.faults import (
    Faults,
    rolled_back,
)

GIVEN = (
    "ip netns add a; ip netns add b",
    "ip -n a link add e1 type veth peer name e2; ip -n a link set e1 address 02:00:00:00:01:01 up",
    "ip -n a link set e2 address 02:00:00:00:01:02 up",
    "ip -n a addr add 10.0.0.1/24 dev e1; ip -n a addr add 2001:db8:1::2/64 dev e1 nodad",
    "ip -n a neigh add 10.0.0.9 lladdr 02:00:00:00:00:09 dev e1 nud permanent",
    "ip -n a neigh add 10.0.0.8 lladdr 02:00:00:00:00:08 dev e1 nud reachable",
    "ip -n a neigh add proxy 10.0.0.7 dev e1",
    "ip -n a neigh add 2001:db8:1::9 lladdr 02:00:00:00:00:09 dev e1 nud permanent",
    "ip -n a neigh add 10.0.0.9 lladdr 02:00:00:00:00:09 dev e2 nud permanent",
    "ip -n a route add 10.9.0.0/16 via 10.0.0.9",
    "ip -n a -6 route add 2001:db8:9::/48 via 2001:db8:1::9",
)
LAST = {"netns": "a", "link": "e1", "address": "10.0.0.1/24", "state": "absent"}
V4 = {"10.0.0.9", "10.0.0.7"}
ROUTES = {"10.9.0.0/16", "2001:db8:9::/48"}
LINK = {"netns": "a", "name": "e1"}
MOVED = {"netns": "b", "name": "e1", "move_from": "a", "new_name": "p1"}
CASES = {
    "the last IPv4 address": ("netns_addr", LAST, V4, {"10.9.0.0/16"}),
    "a purge": (
        "netns_addr",
        {"netns": "a", "link": "e1", "address": "2001:db8:1::2/64", "purge": True},
        V4,
        {"10.9.0.0/16"},
    ),
    "IPv6 addresses only": (
        "netns_addr",
        {"netns": "a", "link": "e1", "address": "10.0.0.1/24", "purge": True},
        set(),
        set(),
    ),
    "a link that goes down": ("netns_link", {**LINK, "up": False}, {*V4, "2001:db8:1::9"}, ROUTES),
    "renamed and down": (
        "netns_link",
        {**LINK, "new_name": "p1", "up": False},
        {*V4, "2001:db8:1::9"},
        ROUTES,
    ),
    "renamed": ("netns_link", {**LINK, "new_name": "p1"}, set(), set()),
    "another MAC": (
        "netns_link",
        {**LINK, "mac": "02:00:00:00:01:05"},
        set(),  # they are set again
        set(),
    ),
    "a move": ("netns_link", MOVED, {*V4, "2001:db8:1::9"}, ROUTES),
    "an end of a veth": (
        "veth",
        {"netns": "a", "name": "e2", "peer": {"name": "e1", "netns": "a", "up": False}},
        {*V4, "2001:db8:1::9"},
        ROUTES,
    ),
}


def around():
    """Return the lasting neighbours of e1, by whatever name, and routes through gateways."""
    neighbours = {
        each["dst"]
        for each in (
            *witness.ip("neigh", "show", "nud", "permanent", netns="a"),
            *witness.ip("neigh", "show", "proxy", netns="a"),
        )
        if each["dev"] != "e2"
    }
    routes = {
        each["dst"]
        for version in ("-4", "-6")
        for each in witness.ip(version, "route", netns="a")
        if "gateway" in each
    }
    return neighbours, routes


def result(module_name, params, check):
    """Return what a module returns, with its diff."""
    kernel = Kernel()
    try:
        return reconcile(kernel, modules.job(module_name, **params), check).result(True)
    finally:
        kernel.close()


@pytest.mark.parametrize("name", CASES)
def test_what_goes_along_is_told(name):
    module_name, params, neighbours, routes = CASES[name]
    witness.sh(*GIVEN)
    was = around()
    check = result(module_name, params, True)
    assert around() == was
    assert result(module_name, params, False) == check
    now = around()
    assert (was[0] - now[0], was[1] - now[1]) == (neighbours, routes)
    before, after = check["diff"]["before"], check["diff"]["after"]
    assert {each["address"] for each in before.get("neighbours", ())} == neighbours
    assert {each["dst"] for each in before.get("routes", ())} == routes
    assert not after.get("neighbours") and not after.get("routes")
    assert all(each["netns"] == "a" for each in before.get("routes", ()))
    again = result(module_name, params, False)
    assert not again["changed"]
    assert not {"routes", "neighbours"} & again["diff"]["before"].keys()


def test_a_topology_tells_it_too():
    witness.sh(*GIVEN)
    params = {"name": "lab", "links": [{**LINK, "up": False}]}
    check = lab.run(check=True, **params)
    assert lab.run(**params) == check
    before = check["diff"]["before"]
    assert {each for each in before if each.startswith("neighbour")} == {
        f"neighbour {each} of e1 in namespace a" for each in {*V4, "2001:db8:1::9"}
    }


@pytest.mark.parametrize("number", range(1, 5))
def test_a_roll_back_brings_it_back(number):
    witness.sh(*GIVEN)
    params = {
        "netns": "a",
        "link": "e1",
        "address": ["2001:db8:1::2/64", "2001:db8:5::1/64"],
        "purge": True,
    }
    was, faults = witness.whole(), Faults(lambda count: count == number)
    with faults.at_work():
        try:
            modules.run("netns_addr", **params)
        except (NetnsError, OSError) as error:
            assert rolled_back(str(error)), str(error)
    if faults.failed:
        assert witness.becomes_whole(was, witness.made_of_macs()) == []
