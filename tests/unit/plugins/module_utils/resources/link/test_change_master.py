# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Masters that do not take a link that is up, or that lose what is on it: VRFs and bonds."""

from __future__ import annotations

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.host_state import (
    Address,
    HostState,
    Link,
    NamespaceState,
    Route,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._core.plan_builder import PlanBuilder
from ansible_collections.linuxnet.netns.plugins.module_utils._core.record import replace
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.link.plan import plan
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.link.spec import MoveSpec
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import modules

PORT = Link("p0", kind="veth", index=2, mac="02:00:00:00:00:01", up=True)
MASTERS = {
    "vrf0": Link("vrf0", kind="vrf", index=3, up=True),
    "bond0": Link("bond0", kind="bond", index=4, mtu=9000, up=True),
    "team0": Link("team0", kind="team", index=5, up=True),
    "br0": Link("br0", kind="bridge", index=6, up=True),
}
FOUR, SIX = Address("p0", "192.0.2.1/24"), Address("p0", "2001:db8::1/64", nodad=True)
ROUTE = Route("198.51.100.0/24", 4, dev="p0", via="192.0.2.9")
SET, ADD = "ip -n a link set dev p0", "ip -n a address add 2001:db8::1/64 dev p0 nodad"


def drawn(port=PORT, **params):
    """Return the plan builder of a task about a port with addresses; a second run has no steps."""
    namespace = NamespaceState(
        "a", links={"p0": port, **MASTERS}, addresses=[FOUR, SIX], routes=[ROUTE]
    )
    desired = MoveSpec.of(modules.options("netns_link", netns="a", name="p0", **params))
    builder = PlanBuilder(HostState({"a": namespace}, {"a": "a"}))
    plan(builder, desired)
    again = PlanBuilder(builder.host)
    plan(again, desired)
    assert not again.steps, "a second run has something to do"
    return builder


@pytest.mark.parametrize(
    ("port", "params", "commands"),
    [
        ({}, {"master": "br0"}, [f"{SET} master br0"]),
        ({}, {"master": "vrf0"}, [f"{SET} down", f"{SET} master vrf0", f"{SET} up", ADD]),
        (
            {"master": "vrf0"},
            {"master": ""},
            [f"{SET} down", f"{SET} nomaster", f"{SET} up", ADD],
        ),
        ({"master": "vrf0"}, {"master": "vrf0", "up": True}, []),
        ({"up": False}, {"master": "vrf0"}, [f"{SET} master vrf0"]),
        ({"up": False}, {"master": "vrf0", "up": True}, [f"{SET} master vrf0", f"{SET} up"]),
        (
            {},
            {"master": "vrf0", "up": False, "mtu": 1400},
            [f"{SET} down", f"{SET} master vrf0", f"{SET} mtu 1400"],
        ),
        ({}, {"master": "bond0", "up": True}, [f"{SET} down", f"{SET} master bond0"]),
        ({"up": False}, {"master": "bond0"}, [f"{SET} master bond0"]),
        ({"up": False}, {"master": "bond0", "up": False}, [f"{SET} master bond0", f"{SET} down"]),
        (
            {},
            {"master": "bond0", "mtu": 1400, "alias": "x"},
            [f"{SET} down", f"{SET} master bond0", f"{SET} mtu 1400 alias x"],
        ),
        (
            {"master": "bond0"},
            {"master": ""},
            [f"{SET} down", f"{SET} nomaster", f"{SET} up", ADD],
        ),
        (
            {"master": "bond0"},
            {"master": "br0", "mac": "02:00:00:00:00:09"},
            [f"{SET} down", f"{SET} master br0", f"{SET} address 02:00:00:00:00:09 up", ADD],
        ),
        ({}, {"master": "team0"}, [f"{SET} down", f"{SET} master team0"]),
    ],
    ids=str,
)
def test_steps(port, params, commands):
    assert [each.command() for each in drawn(replace(PORT, **port), **params).steps] == commands


def space_after(port=PORT, **params):
    return drawn(port, **params).host.namespaces["a"]


def test_what_a_port_of_a_vrf_keeps():
    namespace = space_after(master="vrf0")
    assert namespace.links["p0"].up
    assert [each.cidr for each in namespace.addresses] == [FOUR.cidr, SIX.cidr]
    assert namespace.routes == []


def test_what_a_bond_gives_its_ports():
    namespace = space_after(master="bond0")
    port = namespace.links["p0"]
    assert (port.up, port.mtu, port.unknown) == (True, 9000, {"mac"})
    assert [each.cidr for each in namespace.addresses] == [FOUR.cidr]


def test_what_a_bond_takes_back():
    port = space_after(replace(PORT, master="bond0"), master="").links["p0"]
    assert (port.up, port.unknown) == (True, {"mac", "mtu"})


def test_the_way_back_goes_down_too():
    inverses = [step.inverse().command() for step in reversed(drawn(master="bond0").steps)]
    assert inverses == [f"{SET} nomaster", f"{SET} up"]
