# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kinds that few kernels have at hand: what is refused, what changes along, what is sent."""

from __future__ import annotations

import struct

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import (
    Conflict,
    NetnsError,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._core.host_state import (
    HostState,
    Link,
    NamespaceState,
    Peer,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._core.plan_builder import PlanBuilder
from ansible_collections.linuxnet.netns.plugins.module_utils._netlink import attributes as nla
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.link.kinds import (
    kernel as kind_apply,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.link.kinds import (
    kernel_codec as kind_codec,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.link.kinds.table import (
    KINDS,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.link.plan import plan
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.link.spec import MoveSpec
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import modules

LOWER = Link("p0", index=2, mac="02:00:00:00:00:01", hardware=True)
IPVLAN = Link(
    "ip0", kind="ipvlan", index=3, lower=Peer("p0", "a"), options=(("mode", "l2"),), mtu=1500
)
BOND = Link(
    "bond0",
    kind="bond",
    index=4,
    options=(("mode", "active-backup"), ("miimon", 0)),
    kind_wire=struct.pack("=HHI", 8, 7, 250),
)
VLAN = Link("p0.4", kind="vlan", index=5, lower=Peer("p0", "a"), options=(("id", 4),))


def builder(*links, **params):
    """Return the plan builder of a netns_link task in namespace a."""
    here = {link.name: link for link in (LOWER, *links)}
    namespaces = {"a": NamespaceState("a", links=here), "": NamespaceState("")}
    desired = MoveSpec.of(modules.options("netns_link", netns="a", **params))
    drawn = PlanBuilder(HostState(namespaces, {"a": "a", "": ""}))
    plan(drawn, desired)
    return drawn


def commands(drawn):
    return [step.command() for step in drawn.steps]


def test_all_ipvlans_of_a_parent_have_one_mode():
    made = {"name": "ip1", "type": "ipvlan", "parent": "p0"}
    with pytest.raises(Conflict, match="ip0 in namespace a would change from l2 to l3s"):
        builder(IPVLAN, ipvlan={"mode": "l3s"}, **made)
    with pytest.raises(Conflict, match="from l2 to l3 "):  # as the driver has it without a mode
        builder(IPVLAN, **made)
    assert builder(IPVLAN, ipvlan={"mode": "l2"}, **made).warnings == []
    forced = builder(IPVLAN, ipvlan={"mode": "l3"}, force=True, **made)
    assert dict(forced.host.namespaces["a"].links["ip0"].options)["mode"] == "l3"
    assert forced.warnings


def test_the_mtu_of_an_ipvlan_is_that_of_its_parent():
    for mtu in (1400, 9000):
        after = builder(IPVLAN, VLAN, name="p0", mtu=mtu).host.namespaces["a"].links
        assert after["ip0"].mtu == mtu
        assert after["p0.4"].mtu == min(mtu, 1500)


@pytest.mark.parametrize(
    ("links", "bond", "words"),
    [
        ((Link("q", kind="veth", index=9, master="bond0"),), {"mode": "balance-rr"}, "ports q"),
        ((), {"miimon": 100}, "ARP monitoring of bond0, every 250 ms"),
        ((), {"mode": "802.3ad"}, "ARP monitoring"),
    ],
)
def test_what_a_bond_does_not_change(links, bond, words):
    params = {"name": "bond0", "type": "bond", "bond": bond}
    with pytest.raises(Conflict, match=words):
        builder(BOND, *links, **params)
    if not links:
        assert builder(BOND, force=True, **params).steps


def test_a_bond_that_is_up_keeps_its_mode():
    up = Link("b", kind="bond", index=4, up=True, options=(("mode", "balance-rr"), ("miimon", 0)))
    with pytest.raises(Conflict, match="it is up"):
        builder(up, name="b", type="bond", bond={"mode": "802.3ad"})


def test_an_mtu_below_that_of_a_vrf():
    with pytest.raises(NetnsError, match="device minimum, 1280"):
        builder(name="v", type="vrf", vrf={"table": 5}, mtu=1000)


@pytest.mark.parametrize(
    ("kind", "name", "moves"),
    [
        ("bond", "x", False),
        ("vrf", "x", False),
        ("team", "x", False),
        ("hsr", "x", False),
        ("gre", "gre0", False),
        ("sit", "sit0", False),
        ("ipip", "tunl0", False),
        ("gre", "gre1", True),
        ("dummy", "gre0", True),
        ("vxlan", "x", True),
        ("wireguard", "x", True),
    ],
)
def test_what_is_tied_to_its_namespace(kind, name, moves):
    link = Link(name, kind=kind, index=7)
    namespaces = {"a": NamespaceState("a", links={name: link}), "": NamespaceState("")}
    desired = MoveSpec.of(modules.options("netns_link", name=name, move_from="a"))
    drawn = PlanBuilder(HostState(namespaces, {"a": "a", "": ""}))
    if moves:
        plan(drawn, desired)
        assert drawn.steps
    else:
        with pytest.raises(
            Conflict, match="in namespace a to the current namespace: the kernel does not move a"
        ):
            plan(drawn, desired)


def test_a_tunnel_leaves_by_its_parent():
    made = {"name": "t", "type": "gre", "parent": "p0", "gre": {"remote": "192.0.2.2"}}
    assert commands(builder(**made)) == [
        "ip -n a link add name t type gre remote 192.0.2.2 dev p0",
    ]
    assert {KINDS[each].parent_attr for each in ("gre", "gretap", "ipip", "sit")} == {
        "IFLA_GRE_LINK",
        "IFLA_IPIP_LINK",
        "IFLA_SIT_LINK",
    }
    assert KINDS["vlan"].parent_attr == ""


def test_all_of_a_tunnel_is_told_again_and_unknown_attributes_as_they_were():
    told = nla.attribute(3, b"\xc0\x00\x02\x01") + nla.attribute(8, b"\x01\x00")
    told += nla.attribute(4, b"\x09") + nla.attribute(200, b"anything")
    attrs = kind_apply.encoded(KINDS["sit"].options, (("ttl", 5),), lambda name: 0)
    assert kind_codec.read(kind_codec.over(told, attrs)) == {
        3: b"\xc0\x00\x02\x01",
        8: b"\x01\x00",
        200: b"anything",
        4: b"\x05",
    }


def test_a_vlan_made_anew_keeps_its_flags_and_maps():
    wire = nla.attribute(1, b"\x04\x00") + nla.attribute(2, struct.pack("=II", 3, 0xFFFFFFFF))
    link = Link(
        "p0.4",
        kind="vlan",
        index=5,
        parent=Peer("p0", "a"),
        options=(("protocol", "802.1Q"), ("id", 4)),
        altnames=("other",),
        kind_wire=wire,
    )
    steps = builder(link, name="p0.4", type="vlan", parent="p0", vlan={"id": 5}, force=True).steps
    (made,) = [step for step in steps if hasattr(step, "wire") and step.wire]
    attrs = kind_apply.encoded(KINDS["vlan"].options, made.options, lambda name: 0)
    again = kind_codec.read(kind_codec.made_again("vlan", made.wire, attrs))
    assert again[1] == b"\x05\x00"
    # With a mask of all bits vlan_dev_change_flags() says EINVAL.
    assert again[2] == struct.pack("=II", 3, 0x0F)
    assert "ip -n a link property add dev p0.4 altname other" in [each.command() for each in steps]


UP = Link("p0", index=2, mac="02:00:00:00:00:01", hardware=True, up=True)


def after(*links, **params):
    """Return the links of namespace a as they are after a task."""
    return builder(*links, **params).host.namespaces["a"].links


def test_a_vlan_goes_up_and_down_with_its_parent():
    up = Link("p0.4", kind="vlan", index=5, lower=Peer("p0", "a"), up=True, options=(("id", 4),))
    assert after(VLAN, name="p0", up=True)["p0.4"].up
    assert not after(UP, up, name="p0", up=False)["p0.4"].up
    loose = struct.pack("=HHII", 12, 2, 5, 0xFFFFFFFF)
    bound = Link("x", kind="vlan", index=6, lower=Peer("p0", "a"), up=True, kind_wire=loose)
    assert after(UP, bound, name="p0", up=False)["x"].up


def test_a_vlan_is_not_up_on_what_is_down():
    with pytest.raises(
        NetnsError,
        match=r"set up on link p0\.4 in namespace a: Network is down: the parent link p0",
    ):
        builder(VLAN, name="p0.4", up=True)
    assert after(UP, VLAN, name="p0.4", up=True)["p0.4"].up


def test_the_mac_of_an_ipvlan_and_of_passthru_is_that_of_the_parent():
    mac = "02:00:00:00:00:77"
    passthru = Link("mv", kind="macvlan", lower=Peer("p0", "a"), options=(("mode", "passthru"),))
    bridge = Link("mb", kind="macvlan", lower=Peer("p0", "a"), mac="02:00:00:00:00:99")
    vlan = Link("p0.4", kind="vlan", index=5, lower=Peer("p0", "a"), mac=LOWER.mac)
    links = after(IPVLAN, passthru, bridge, vlan, name="p0", mac=mac)
    assert (links["ip0"].mac, links["mv"].mac, links["mb"].mac) == (mac, mac, bridge.mac)
    assert "mac" in links["p0.4"].unknown


def test_the_ports_of_a_bond_have_its_mtu():
    port = Link("q", kind="veth", index=9, master="bond0")
    assert after(BOND, port, name="bond0", mtu=9000)["q"].mtu == 9000


def test_the_other_end_of_a_netkit_is_told():
    ends = [
        Link("n0", kind="netkit", index=11, lower=Peer("n1", "a")),
        Link("n1", kind="netkit", index=12, lower=Peer("n0", "a")),
    ]
    with pytest.raises(Conflict, match=r"netkit n1 .* would be removed with it"):
        builder(*ends, name="n0", state="absent")
    assert list(after(*ends, name="n0", state="absent", force=True)) == ["p0"]
