# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Links of all kinds: what is there, what is wanted, and the commands that lead there."""

from __future__ import annotations

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import BadInput, Conflict
from ansible_collections.linuxnet.netns.plugins.module_utils._core.host_state import (
    HostState,
    Link,
    NamespaceState,
    Peer,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._core.plan_builder import PlanBuilder
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.link.plan import plan
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.link.spec import MoveSpec
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import modules

LOWER = Link("p0", index=2, mac="02:00:00:00:00:01")
BRIDGE = Link("br0", kind="bridge", index=3, options=(("stp", False), ("priority", 32768)))
PORT = Link(
    "p1",
    kind="veth",
    index=4,
    master="br0",
    port=(("isolated", False), ("learning", True), ("hairpin", False)),
    vlans=((1, True, True), (10, False, False)),
)
VXLAN = Link(
    "vx",
    kind="vxlan",
    index=5,
    mac="02:00:00:00:00:05",
    up=True,
    options=(("id", 42), ("remote", "192.0.2.2"), ("dstport", 4789), ("ttl", 0)),
)
VLAN = Link(
    "p0.4",
    kind="vlan",
    index=6,
    parent=Peer("p0", "a"),
    options=(("protocol", "802.1Q"), ("id", 4)),
)


def builder(*links, assume_exists=False, **params):
    """Return the plan builder of a netns_link task in namespace a."""
    here = {link.name: link for link in (LOWER, *links)}
    namespaces = {
        "a": NamespaceState("a", links=here),
        "b": NamespaceState("b"),
        "": NamespaceState(""),
    }
    desired = MoveSpec.of(modules.options("netns_link", netns="a", **params))
    drawn = PlanBuilder(HostState(namespaces, {"a": "a", "b": "b", "": ""}), assume_exists)
    plan(drawn, desired)
    return drawn


def commands(*links, **params):
    drawn = builder(*links, **params)
    again = PlanBuilder(drawn.host)
    plan(again, MoveSpec.of(modules.options("netns_link", netns="a", **params)))
    assert not again.steps, "a second run has something to do"
    return [step.command() for step in drawn.steps]


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        (
            {"name": "b1", "type": "bridge", "bridge": {"stp": True, "ageing": 3}, "up": True},
            [
                "ip -n a link add name b1 type bridge stp_state 1 ageing_time 300",
                "ip -n a link set dev b1 up",
            ],
        ),
        (
            {"name": "v4", "type": "vlan", "parent": "p0", "vlan": {"id": 4}, "mtu": 1400},
            ["ip -n a link add link p0 name v4 mtu 1400 type vlan id 4"],
        ),
        (
            {"name": "w", "type": "wireguard", "socket_netns": "b"},
            ["ip -n b link add name w netns a type wireguard"],
        ),
        (
            {"name": "t", "type": "tap", "tap": {"owner": "0"}, "alias": "x"},
            [
                "ip -n a tuntap add dev t mode tap user 0",
                "ip -n a link set dev t alias x",
            ],
        ),
    ],
)
def test_made(params, expected):
    assert commands(**params) == expected


def test_changed_in_place():
    assert commands(BRIDGE, name="br0", type="bridge", bridge={"stp": True, "priority": 32768}) == [
        "ip -n a link set dev br0 type bridge stp_state 1"
    ]


def test_nothing_to_change():
    assert commands(VXLAN, name="vx", type="vxlan", vxlan={"id": 42, "dstport": 4789}) == []


def test_a_fixed_option_is_refused_and_forced():
    params = {"name": "vx", "type": "vxlan", "vxlan": {"id": 43}}
    with pytest.raises(Conflict, match="id is 42 and not 43"):
        builder(VXLAN, **params)
    steps = commands(VXLAN, force=True, **params)
    assert steps[0] == "ip -n a link del dev vx"
    assert steps[1] == (
        "ip -n a link add name vx address 02:00:00:00:00:05 type vxlan id 43 remote 192.0.2.2"
        " dstport 4789 ttl 0"
    )
    assert [each for each in steps if each][2].endswith(" up")


def test_another_parent_is_refused():
    other = Link("p9", index=9)
    with pytest.raises(Conflict, match="its parent is p0 and not p9"):
        builder(VLAN, other, name="p0.4", type="vlan", parent="p9", vlan={"id": 4})


def test_another_kind_is_left_alone_with_force_too():
    with pytest.raises(
        Conflict, match=r"link br0 in namespace a exists and is a bridge, not a vxlan\. Remove it"
    ):
        builder(BRIDGE, name="br0", type="vxlan", vxlan={"id": 1}, force=True)


def test_a_port():
    assert commands(BRIDGE, PORT, name="p1", bridge_port={"isolated": True, "learning": True}) == [
        "ip -n a link set dev p1 type bridge_slave isolated on"
    ]


def test_vlans_of_a_port():
    assert commands(
        BRIDGE, PORT, name="p1", bridge_port={"tagged": [10, 20], "untagged": [30], "pvid": 30}
    ) == [
        "bridge -n a vlan del dev p1 vid 1",
        "bridge -n a vlan add dev p1 vid 20",
        "bridge -n a vlan add dev p1 vid 30 pvid untagged",
    ]


def test_every_step_has_a_way_back():
    drawn = builder(BRIDGE, PORT, name="p1", bridge_port={"tagged": [10, 20], "pvid": 10})
    back = PlanBuilder(drawn.host)
    for step in reversed(drawn.steps):
        back.add(step.inverse())
    assert back.host.namespaces["a"].links["p1"] == PORT


def test_no_port_of_a_bridge():
    with pytest.raises(
        BadInput, match="bridge_port requires a bridge port, and link p0 in namespace a is not"
    ):
        builder(BRIDGE, name="p0", bridge_port={"isolated": True})


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"type": "vlan", "vlan": {"id": 4}}, "parent is required for type=vlan"),
        ({"vlan": {"id": 4}}, "vlan requires type: it describes a new link"),
        ({"type": "bridge", "vlan": {"id": 4}}, "vlan requires type=vlan, not type=bridge"),
        ({"type": "dummy", "parent": "p0"}, "parent cannot be combined with type=dummy"),
        ({"type": "bridge", "socket_netns": "b"}, "has no socket"),
        ({"type": "gre", "parent_netns": "b"}, "parent_netns requires parent"),
        (
            {"type": "vxlan", "vxlan": {"ttl": 4}},
            "vxlan.id is required for a new link of type vxlan",
        ),
        ({"type": "vxlan", "vxlan": {"id": 1 << 24}}, "vxlan.id must be between"),
        ({"type": "vxlan", "vxlan": {"id": 1, "remote": "x"}}, "must be an IP address"),
        ({"type": "gre", "gre": {"local": "::1"}}, "must be an IPv4 address"),
        (
            {"type": "vxlan", "vxlan": {"id": 1, "remote": "239.1.1.1"}},
            "vxlan.remote 239.1.1.1 must not be a multicast address; state it as vxlan.group",
        ),
        (
            {"type": "vxlan", "vxlan": {"id": 1, "group": "239.1.1.1"}},
            "vxlan.group requires vxlan.device, the link by which the group is reached",
        ),
        (
            {"type": "vxlan", "vxlan": {"id": 1, "group": "239.1.1.1", "remote": "192.0.2.1"}},
            "vxlan.remote and vxlan.group are mutually exclusive",
        ),
        (
            {"type": "tun", "tun": {"owner": "no-such-user"}},
            "'no-such-user' not found on this host; create it first, or state a number",
        ),
        (
            {"type": "bridge", "bridge": {"ageing": -1}},
            "bridge.ageing must be a number of seconds from 0 to 42949672",
        ),
        (
            {"type": "dummy", "move_from": "b"},
            "move_from cannot be combined with type: it moves an existing link, type",
        ),
        ({"bridge_port": {"tagged": [1], "untagged": [1]}}, "cannot be both tagged and untagged"),
        ({"bridge_port": {"tagged": [4095]}}, "tagged must be between 1 and 4094"),
    ],
)
def test_refused(params, words):
    with pytest.raises(BadInput) as refused:
        builder(name="x", **params)
    assert words in str(refused.value)
