# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What real kernels were seen to do of themselves with links of kinds that few kernels have."""

from __future__ import annotations

import struct
import types

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import (
    Conflict,
    NetnsError,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._core.host_state import Link, Peer
from ansible_collections.linuxnet.netns.plugins.module_utils._core.record import replace
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.link import (
    kernel as link_apply,
)

from .test_limits import BOND, IPVLAN, LOWER, builder, commands

MAC = "02:00:00:00:00:aa"
TUNNEL = (("local", "192.0.2.1"), ("remote", "192.0.2.2"), ("ttl", 0))


def link(drawn, name="x"):
    return drawn.host.namespaces["a"].links[name]


def test_an_ipvlan_that_goes_up_has_the_arp_of_its_mode():
    assert link(builder(IPVLAN, name="ip0", up=True), "ip0").arp is True
    l3 = Link("ip0", kind="ipvlan", index=3, lower=Peer("p0", "a"), options=(("mode", "l3"),))
    assert link(builder(l3, name="ip0", up=True), "ip0").arp is False
    # Its options were not asked for: the kernel's bytes tell the mode, IFLA_IPVLAN_MODE.
    bare = Link("ip0", kind="ipvlan", index=3, kind_wire=struct.pack("=HHHxx", 6, 1, 0))
    assert link(builder(bare, name="ip0", up=True), "ip0").arp is True


def test_arp_is_set_once_the_ipvlan_is_up():
    l3 = Link("ip0", kind="ipvlan", index=3, lower=Peer("p0", "a"), options=(("mode", "l3"),))
    drawn = builder(l3, name="ip0", up=True, arp=True)
    assert commands(drawn)[-1] == "ip -n a link set dev ip0 arp on"
    assert link(drawn, "ip0").arp is True


def test_another_mode_sets_arp_of_all_ipvlans_of_the_parent():
    beside = Link(
        "ip1", kind="ipvlan", index=9, lower=Peer("p0", "a"), options=(("mode", "l2"),), arp=True
    )
    made = {"name": "ip0", "type": "ipvlan", "parent": "p0", "ipvlan": {"mode": "l3s"}}
    drawn = builder(IPVLAN, beside, force=True, **made)
    assert [link(drawn, name).arp for name in ("ip0", "ip1")] == [False, False]


def test_an_ipvlan_has_the_mac_of_its_parent():
    made = builder(name="x", type="ipvlan", parent="p0")
    assert link(made).mac == LOWER.mac
    for params in (
        {"name": "ip0", "mac": MAC},
        {"name": "x", "type": "ipvlan", "parent": "p0", "ipvlan": {"mode": "l2"}, "mac": MAC},
    ):
        with pytest.raises(Conflict, match=r"has the MAC address of p0, .*Leave out mac"):
            builder(IPVLAN, **params)


@pytest.mark.parametrize("kind", ["gre", "ipip", "sit"])
def test_the_address_on_the_link_of_a_tunnel_is_its_local_one(kind):
    there = Link("x", kind=kind, index=7, mac="c0:00:02:01", options=TUNNEL)
    drawn = builder(there, name="x", type=kind, **{kind: {"local": "192.0.2.7"}})
    assert link(drawn).mac == "c0:00:02:07"
    with pytest.raises(Conflict, match=r"no MAC address of its own.*Leave out mac"):
        builder(there, name="x", mac=MAC)


def test_a_tunnel_without_a_parent_is_not_given_one():
    there = Link("x", kind="gre", index=7, options=TUNNEL)
    with pytest.raises(Conflict, match=r"it has no parent and not p0.*force=true"):
        builder(there, name="x", type="gre", parent="p0")


def test_a_bond_in_a_mode_that_needs_it_looks_at_its_ports():
    drawn = builder(BOND, name="bond0", type="bond", bond={"mode": "802.3ad"}, force=True)
    assert dict(link(drawn, "bond0").options)["miimon"] == 100
    stated = {"mode": "802.3ad", "miimon": 50}
    drawn = builder(BOND, name="bond0", type="bond", bond=stated, force=True)
    assert dict(link(drawn, "bond0").options)["miimon"] == 50


def test_commands_say_what_ip_makes_otherwise():
    ends = {"local": "192.0.2.1", "remote": "192.0.2.2"}
    assert "mode ipip" in commands(builder(name="x", type="ipip", ipip=ends))[0]
    assert "mode ip6ip ttl 64" in commands(builder(name="x", type="sit", sit=ends))[0]
    told = commands(builder(name="x", type="sit", sit={**ends, "ttl": 9}))[0]
    assert told.count("ttl") == 1
    there = Link("x", kind="geneve", index=7, options=(("id", 5), ("remote", "192.0.2.2")))
    told = commands(builder(there, name="x", type="geneve", geneve={"remote": "192.0.2.3"}))
    assert told == ["ip -n a link set dev x type geneve id 5 remote 192.0.2.3"]


@pytest.mark.parametrize("kind", ["ipvlan", "vrf"])
def test_what_takes_nothing_is_no_port(kind):
    bridge = Link("br", kind="bridge", index=8)
    with pytest.raises(Conflict, match=f"type {kind} cannot be a port of a bridge"):
        builder(bridge, Link("x", kind=kind, index=7), name="x", master="br")


def test_a_port_has_the_vlan_that_its_bridge_gives_it():
    wire = struct.pack("=HHHxx", 6, 39, 7)  # IFLA_BR_VLAN_DEFAULT_PVID
    bridge = Link("br", kind="bridge", index=8, kind_wire=wire)
    drawn = builder(bridge, name="p0", master="br", bridge_port={"tagged": [10], "learning": True})
    assert link(drawn, "p0").vlans == ((7, True, True), (10, False, False))
    assert len(drawn.steps) == 2  # it learns already
    plain = Link("br", kind="bridge", index=8)  # of a kernel that has no VLANs
    assert link(builder(plain, name="p0", master="br"), "p0").vlans == ()


@pytest.mark.parametrize("kind", ["gre", "ipip", "sit"])
def test_a_tunnel_made_anew_is_not_given_the_address_that_it_had(kind):
    there = Link("x", kind=kind, index=7, mac="c0:00:02:01", options=TUNNEL)
    drawn = builder(there, name="x", type=kind, parent="p0", force=True)
    assert not any("address" in command for command in commands(drawn))


def test_the_mac_that_was_drawn_for_a_tap_is_not_put_back():
    there = Link("x", kind="tap", index=7, mac=MAC, options=(("owner", 0), ("group", None)))
    drawn = builder(there, name="x", type="tap", tap={"owner": "1"}, force=True)
    made = next(step for step in drawn.steps if "address" in step.command())
    assert dict(made.new)["mac"] == MAC
    sent = []

    sock = types.SimpleNamespace(request=lambda *said: sent.append(dict(said[-1])))
    kernel = types.SimpleNamespace(
        indexes={}, index=lambda netns, name: 7, socket=lambda netns: sock
    )
    for step in (made, made.inverse()):
        link_apply.APPLY[type(step)](kernel, step)
    assert [each.get("IFLA_ADDRESS") for each in sent] == [MAC, None]


def test_a_tun_made_anew_is_given_no_mac():
    there = Link("x", kind="tun", index=7, options=(("owner", "0"), ("group", None)))
    drawn = builder(there, name="x", type="tun", tun={"owner": "1"}, force=True)
    assert not any("address" in command for command in commands(drawn))


def test_an_ipvlan_is_renamed():
    drawn = builder(IPVLAN, name="ip0", new_name="y", type="ipvlan", parent="p0")
    assert commands(drawn) == ["ip -n a link set dev ip0 name y"]
    drawn = builder(IPVLAN, name="ip0", new_name="y", up=True, arp=False)
    assert commands(drawn)[-1] == "ip -n a link set dev y arp off"


@pytest.mark.parametrize("kind", ["tun", "tap"])
def test_the_group_of_a_tun_is_no_address(kind):
    there = Link("x", kind=kind, index=7, options=(("owner", "0"), ("group", 0)))
    with pytest.raises(Conflict, match=r"group is 0 and not 1\. .*force=true"):
        builder(there, name="x", type=kind, **{kind: {"group": "1"}})
    drawn = builder(there, name="x", type=kind, **{kind: {"group": "1"}}, force=True)
    assert dict(link(drawn).options)["group"] == 1
    there = Link("x", kind=kind, index=7, options=(("owner", "0"), ("group", None)))
    with pytest.raises(Conflict, match=r"group is None and not 1\."):
        builder(there, name="x", type=kind, **{kind: {"group": "1"}})


def test_an_ifb_keeps_the_mac_that_it_was_made_with():
    there = Link("x", kind="ifb", index=7, mac="02:00:00:00:00:01")
    with pytest.raises(Conflict, match=r"mac is 02:00:00:00:00:01 and not .*force=true"):
        builder(there, name="x", type="ifb", mac=MAC)
    with pytest.raises(Conflict, match=r"keeps the MAC address.*type=ifb and force=true"):
        builder(there, name="x", mac=MAC)
    drawn = builder(there, name="x", type="ifb", mac=MAC, force=True)
    assert f"address {MAC}" in commands(drawn)[1]
    assert link(drawn).mac == MAC
    assert link(builder(name="y", type="ifb", mac=MAC), "y").mac == MAC


def test_a_macvtap_takes_what_it_receives():
    tap = Link("x", kind="macvtap", index=7, lower=Peer("p0", "a"), parent=Peer("p0", "a"))
    with pytest.raises(Conflict, match="type macvtap cannot be a port of a bridge"):
        builder(tap, Link("br", kind="bridge", index=8), name="x", master="br")
    with pytest.raises(Conflict, match="x is a macvtap, which takes what it receives"):
        builder(tap, name="y", type="ipvlan", parent="x")
    vrf = Link("red", kind="vrf", index=8)
    assert link(builder(tap, vrf, name="x", master="red")).master == "red"


def test_a_device_bounds_the_mtu_of_a_vxlan():
    there = Link("x", kind="vxlan", index=7, options=(("id", 42), ("remote", "192.0.2.2")))
    drawn = builder(there, name="x", type="vxlan", vxlan={"device": "p0"})
    assert link(drawn).mtu == 1450
    six = Link("x", kind="vxlan", index=7, options=(("id", 42), ("remote", "2001:db8::2")))
    assert link(builder(six, name="x", type="vxlan", vxlan={"device": "p0"})).mtu == 1430
    small = Link("x", kind="vxlan", index=7, mtu=1300, options=(("id", 42),))
    assert link(builder(small, name="x", type="vxlan", vxlan={"device": "p0"})).mtu == 1300
    with pytest.raises(NetnsError, match="MTU of 1500, so at most 1450"):
        builder(small, name="x", type="vxlan", vxlan={"device": "p0"}, mtu=1500)


def test_what_force_would_not_do_either_is_told_at_once():
    low = Link("q0", index=6, mac="02:00:00:00:00:02", hardware=True)
    there = Link("x", kind="vlan", index=7, up=True, parent=Peer("p0", "a"), options=(("id", 4),))
    with pytest.raises(Conflict, match=r"cannot be rebuilt: .*q0 of .* is down"):
        builder(low, there, name="x", type="vlan", parent="q0")
    high = replace(low, up=True)
    with pytest.raises(Conflict, match=r"q0\. .*set force=true"):
        builder(high, there, name="x", type="vlan", parent="q0")
    beside = Link("y", kind="macvlan", index=9, parent=Peer("x", "a"))
    with pytest.raises(Conflict, match=r"set force=true to rebuild"):
        builder(high, there, beside, name="x", type="vlan", parent="q0")


ENDS = {"local": "192.0.2.1", "remote": "192.0.2.2"}


@pytest.mark.parametrize("kind", ["gre", "gretap", "ipip", "sit"])
def test_a_tunnel_has_an_end_that_no_other_has(kind):
    for params in ({}, {kind: {"ttl": 9}}, {kind: {"local": "0.0.0.0"}}):
        with pytest.raises(Conflict, match=r"with each namespace already\. State local or rem"):
            builder(name="x", type=kind, **params)
    assert builder(name="x", type=kind, parent="p0").steps
    there = Link("y", kind=kind, index=7, options=(*ENDS.items(), ("ttl", 0)))
    with pytest.raises(Conflict, match=f"y in namespace a, another {kind}, has these ends"):
        builder(there, name="x", type=kind, **{kind: ENDS})
    assert builder(there, name="x", type=kind, parent="p0", **{kind: ENDS}).steps
    with pytest.raises(Conflict, match="has these ends already"):
        other = Link("x", kind=kind, index=9, options=(("local", "192.0.2.1"), ("remote", None)))
        builder(there, other, name="x", type=kind, **{kind: {"remote": "192.0.2.2"}})
    assert builder(there, name="y", type=kind, **{kind: {"ttl": 9}}).steps


def test_the_ends_of_a_tunnel_whose_options_were_not_asked_for():
    ends = (6, bytes((192, 0, 2, 1))), (7, bytes((192, 0, 2, 2)))
    wire = b"".join(struct.pack("=HH", 8, kind) + value for kind, value in ends)
    there = Link("y", kind="gre", index=7, kind_wire=wire)
    with pytest.raises(Conflict, match="y in namespace a, another gre, has these ends"):
        builder(there, name="x", type="gre", gre=ENDS)
    keyed = replace(there, kind_wire=wire + struct.pack("=HHI", 8, 4, 5))  # IFLA_GRE_IKEY
    assert builder(keyed, name="x", type="gre", gre=ENDS).steps


def test_what_comes_with_each_namespace_is_left_as_it_is():
    there = Link("gre0", kind="gre", index=7, options=(("local", None), ("remote", None)))
    with pytest.raises(
        Conflict,
        match="the kernel makes it in each namespace and does not change its options",
    ):
        builder(there, name="gre0", type="gre", gre=ENDS)
    with pytest.raises(Conflict, match="gre0 is the gre that the kernel makes in each namespace"):
        builder(name="gre0", type="gre", gre=ENDS)
    with pytest.raises(
        Conflict,
        match="gre0 in namespace a cannot be removed: the kernel makes one in each namespace",
    ):
        builder(there, name="gre0", state="absent")
    assert builder(name="gre0", type="dummy").steps
