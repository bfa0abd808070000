# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Links of the kinds that this kernel has, with `ip` as the witness; of the others it says why."""

from __future__ import annotations

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import NetnsError
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    modules,
    witness,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support.faults import (
    Faults,
    rolled_back,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support.proof import (
    proved,
)

GIVEN = (
    "ip netns add a",
    "ip netns add b",
    "ip link add p0 netns a type veth peer name p1 netns a",
)
# What each kind needs, and what `ip -d -j link` has to show of it.
KINDS = {
    "bridge": ({"bridge": {"stp": True, "ageing": 100}}, {"stp_state": 1, "ageing_time": 10000}),
    "vlan": ({"parent": "p0", "vlan": {"id": 4}}, {"id": 4, "protocol": "802.1Q"}),
    "vxlan": (
        {"vxlan": {"id": 42, "remote": "192.0.2.2", "dstport": 4789, "learning": False}},
        {"id": 42, "remote": "192.0.2.2", "port": 4789},
    ),
    "macvlan": ({"parent": "p0", "macvlan": {"mode": "bridge"}}, {"mode": "bridge"}),
    "macvtap": ({"parent": "p0", "macvtap": {"mode": "vepa"}}, {"mode": "vepa"}),
    "ipvlan": ({"parent": "p0", "ipvlan": {"mode": "l2"}}, {"mode": "l2"}),
    "vrf": ({"vrf": {"table": 10}}, {"table": 10}),
    "bond": ({"bond": {"mode": "active-backup"}}, {"mode": "active-backup"}),
    "dummy": ({}, {}),
    "ifb": ({}, {}),
    "tun": ({"tun": {"owner": "0"}}, {"type": "tun", "user": "root"}),
    "tap": ({"tap": {"group": "0"}}, {"type": "tap", "group": "root"}),
    "gre": ({"gre": {"local": "192.0.2.1", "remote": "192.0.2.2"}}, {"remote": "192.0.2.2"}),
    "gretap": ({"gretap": {"local": "192.0.2.1", "remote": "192.0.2.2"}}, {"local": "192.0.2.1"}),
    "ipip": ({"ipip": {"local": "192.0.2.1", "remote": "192.0.2.2"}}, {"remote": "192.0.2.2"}),
    "sit": ({"sit": {"local": "192.0.2.1", "remote": "192.0.2.2"}}, {"remote": "192.0.2.2"}),
    "geneve": ({"geneve": {"id": 5, "remote": "192.0.2.2"}}, {"id": 5}),
    "ip6gre": ({"ip6gre": {"local": "2001:db8::1", "ttl": 9}}, {"local": "2001:db8::1", "ttl": 9}),
    "ip6tnl": ({"ip6tnl": {"remote": "2001:db8::2"}}, {"remote": "2001:db8::2"}),
    "vti": ({"vti": {"local": "192.0.2.1", "ikey": 5}}, {"local": "192.0.2.1", "ikey": "0.0.0.5"}),
    "vti6": ({"vti6": {"local": "2001:db8::1", "okey": 5}}, {"okey": "0.0.0.5"}),
    "xfrm": ({"xfrm": {"if_id": 4}}, {"if_id": "0x4"}),
    "macsec": ({"parent": "p0", "macsec": {"encrypt": True}}, {"encrypt": True}),
    "hsr": ({"hsr": {"slave1": "p0", "slave2": "p1"}}, {"slave1": "p0", "slave2": "p1"}),
    "nlmon": ({}, {}),
    "vcan": ({}, {}),
    "wireguard": ({}, {}),
}


def link(name, netns="a"):
    """Return what ip tells of a link."""
    (found,) = witness.ip("-d", "link", "show", "dev", name, netns=netns)
    return found


def names(netns):
    """Return the names of all links."""
    return {each["ifname"] for each in witness.ip("link", "show", netns=netns)}


@pytest.mark.parametrize("kind", KINDS)
def test_made(kind):
    witness.sh(*GIVEN)
    options, shown = KINDS[kind]
    try:
        modules.run("netns_link", netns="a", name="x", type=kind, **options)
    except NetnsError as error:
        assert names("a") == {"lo", "p0", "p1"}
        if "Unknown device type" not in str(error):
            raise
        pytest.skip(f"{kind}: {error}")
    told = link("x")["linkinfo"]
    assert told["info_kind"] == {"tap": "tun"}.get(kind, kind)
    data = told.get("info_data", {})
    assert {name: data.get(name) for name in shown} == shown
    witness.sh("ip -n a link del x")
    assert proved(netns="a", name="x", type=kind, up=True, **options)["changed"]


def test_changed_and_made_anew():
    witness.sh(*GIVEN)
    proved(netns="a", name="vx", type="vxlan", vxlan={"id": 42, "remote": "192.0.2.2"}, up=True)
    proved(
        netns="a",
        name="vx",
        type="vxlan",
        vxlan={"remote": "192.0.2.3", "ttl": 9, "learning": False},
    )
    assert link("vx")["linkinfo"]["info_data"]["remote"] == "192.0.2.3"
    witness.sh("ip -n a addr add 10.0.0.1/24 dev vx")
    mac = link("vx")["address"]
    proved(netns="a", name="vx", type="vxlan", vxlan={"id": 43}, force=True)
    after = link("vx")
    assert after["linkinfo"]["info_data"]["id"] == 43
    assert after["linkinfo"]["info_data"]["remote"] == "192.0.2.3"
    assert after["address"] == mac
    assert "UP" in after["flags"]
    (addressed,) = witness.ip("-4", "addr", "show", "dev", "vx", netns="a")
    assert [each["local"] for each in addressed["addr_info"]] == ["10.0.0.1"]


def test_a_parent_in_another_namespace():
    witness.sh(*GIVEN)
    params = {"name": "mv", "type": "macvlan", "parent": "p0", "parent_netns": "a"}
    modules.run("netns_link", netns="b", **params)
    assert not modules.run("netns_link", netns="b", **params)["changed"]
    assert link("mv", "b")["link_netnsid"] is not None
    modules.run("netns_link", netns="b", name="mv", state="absent")
    assert names("b") == {"lo"}


def test_a_parent_in_another_namespace_with_the_same_number():
    witness.sh(
        "ip netns add c",
        "ip netns add b",
        "ip -n c link add p0 index 2 type veth peer name p1 index 3",
    )
    params = {"name": "mv", "type": "macvlan", "parent": "p0", "parent_netns": "c"}
    made = modules.run("netns_link", netns="b", **params)
    assert link("mv", "b")["ifindex"] == 2
    assert made["link"]["parent"] == {"name": "p0", "netns": "c"}
    assert not modules.run("netns_link", netns="b", **params)["changed"]
    with pytest.raises(NetnsError, match="mv"):  # which would go with it, unasked
        modules.run("netns_link", netns="c", name="p0", state="absent")


def test_the_socket_of_a_link_is_no_parent():
    witness.sh(
        "ip netns add a",
        "ip netns add b",
        "ip -n a link add p0 index 2 type veth peer name p1 index 3",
    )
    params = {"name": "vx", "type": "vxlan", "vxlan": {"id": 7, "remote": "192.0.2.2"}}
    made = modules.run("netns_link", netns="b", socket_netns="a", **params)
    assert link("vx", "b")["ifindex"] == 2
    assert made["link"]["parent"] is None
    assert modules.run("netns_link", netns="a", name="p0", state="absent")["changed"]


def test_the_socket_stays():
    witness.sh(*GIVEN)
    params = {"name": "vx", "type": "vxlan", "vxlan": {"id": 7, "remote": "192.0.2.2"}}
    modules.run("netns_link", netns="b", socket_netns="a", **params)
    assert not modules.run("netns_link", netns="b", socket_netns="a", **params)["changed"]
    assert "link_netnsid" in link("vx", "b")


def test_a_parent_on_the_machine_itself():
    witness.sh(*GIVEN, "ip link add h0 type veth peer name h1")
    made = proved(netns="a", name="mv", type="macvlan", parent="h0", parent_netns="")
    assert made["link"]["parent"] == {"name": "h0", "netns": None}
    assert link("mv")["link_netnsid"] is not None


def test_a_device_where_the_socket_is():
    witness.sh(*GIVEN, "ip -n b link add v1 type veth peer name v2", "ip -n b link set v1 up")
    vxlan = {"id": 7, "group": "239.1.1.1", "device": "v1", "dstport": 4789}
    made = proved(netns="a", name="vx", type="vxlan", vxlan=vxlan, socket_netns="b")
    assert made["link"]["options"]["device"] == "v1"
    with pytest.raises(NetnsError, match="device is v1 and not v2"):
        proved(
            netns="a", name="vx", type="vxlan", vxlan={**vxlan, "device": "v2"}, socket_netns="b"
        )


def test_a_port_of_a_bridge():
    witness.sh(*GIVEN)
    proved(netns="a", name="br", type="bridge", up=True)
    proved(netns="a", name="p0", master="br", bridge_port={"isolated": True, "hairpin": True})
    data = link("p0")["linkinfo"]["info_slave_data"]
    assert (data["isolated"], data["hairpin"], data["learning"]) == (True, True, True)
    with pytest.raises(NetnsError, match="Operation not supported"):
        modules.run("netns_link", netns="a", name="p0", bridge_port={"tagged": [10]})
    proved(netns="a", name="br", type="bridge", bridge={"stp": True, "priority": 4096})
    assert link("br")["linkinfo"]["info_data"]["priority"] == 4096


def test_a_tap_has_the_mac_that_is_stated():
    witness.sh(*GIVEN)
    stated = {"mac": "02:00:00:00:00:0a", "mtu": 1400, "txqueuelen": 7}
    proved(netns="a", name="t", type="tap", **stated)
    shown = link("t")
    assert (shown["address"], shown["mtu"], shown["txqlen"]) == tuple(stated.values())


def test_a_name_that_is_taken():
    witness.sh(*GIVEN, "ip -n a tuntap add dev t mode tap")
    with pytest.raises(Exception, match="t in namespace a exists and is a tap, not a bridge"):
        modules.run("netns_link", netns="a", name="t", type="bridge")


def test_a_change_that_is_half_done_is_taken_back():
    """The kernel sets the ageing time, and then has no VLANs, or is made to fail."""
    witness.sh(*GIVEN, "ip -n a link add name br type bridge stp_state 1")
    before = link("br")["linkinfo"]["info_data"]
    wanted = {"stp": False, "ageing": 50, "priority": 4096}
    faults = Faults(lambda number: number == 1, after=True)
    with faults.at_work(), pytest.raises(NetnsError) as failed:
        modules.run("netns_link", netns="a", name="br", type="bridge", bridge=wanted)
    assert rolled_back(str(failed.value)), str(failed.value)
    after = link("br")["linkinfo"]["info_data"]
    names = ("stp_state", "ageing_time", "priority")
    assert [after[name] for name in names] == [before[name] for name in names]


def test_a_port_that_is_half_done_is_taken_back():
    bridge = "ip -n a link add name br address 02:00:00:00:00:0b type bridge"
    witness.sh(*GIVEN, bridge, "ip -n a link set p0 master br")
    faults = Faults(lambda number: number == 1, after=True)
    with faults.at_work(), pytest.raises(NetnsError) as failed:
        modules.run("netns_link", netns="a", name="p0", bridge_port={"hairpin": True})
    assert rolled_back(str(failed.value)), str(failed.value)
    assert link("p0")["linkinfo"]["info_slave_data"]["hairpin"] is False


def test_the_mac_that_a_bridge_loses_is_given_back():
    witness.sh(*GIVEN, "ip -n a link add name br type bridge")
    mac = link("br")["address"]
    faults = Faults(lambda number: number == 2)
    with faults.at_work(), pytest.raises(NetnsError) as failed:
        modules.run("netns_link", netns="a", name="p0", master="br", bridge_port={"hairpin": True})
    assert link("br")["address"] == mac
    assert rolled_back(str(failed.value)), str(failed.value)


def test_a_link_that_cannot_be_taken_away_again_is_told():
    witness.sh(*GIVEN)
    faults = Faults(lambda number: number > 1)
    with faults.at_work(), pytest.raises(NetnsError) as failed:
        modules.run("netns_link", netns="a", name="br", type="bridge", up=True)
    assert "could not be undone: link br in namespace a is there; delete link" in str(failed.value)
