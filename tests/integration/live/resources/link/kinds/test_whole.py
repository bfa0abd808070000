# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a kind of link has that there are no options for stays, whatever else is changed."""

from __future__ import annotations

import json

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import NetnsError
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    modules,
    witness,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support.faults import Faults

GIVEN = (
    "ip link add e1 type veth peer name e2",
    "ip link add e3 type veth peer name e4",
    "ip link add br0 type bridge hello_time 300 mcast_querier 1 group_fwd_mask 8",
)


def link(name):
    """Return all that `ip` tells of a link."""
    (found,) = witness.ip("-d", "link", "show", "dev", name)
    return found


def changed(name, type_, **params):
    """Run a task, which check mode has to predict, and a second time; return what differs."""
    before = link(name)
    predicted = modules.run("netns_link", check=True, name=name, type=type_, **params)
    real = modules.run("netns_link", name=name, type=type_, **params)
    assert predicted == real
    assert not modules.run("netns_link", name=name, type=type_, **params)["changed"]
    return {each.split()[0] for each in witness.differences(before, link(name))}


def refused(words, **params):
    for check in (True, False):
        with pytest.raises(NetnsError, match=words):
            modules.run("netns_link", check=check, **params)


INFO = ".linkinfo.info_data."


def test_a_group_becomes_a_remote_and_a_remote_a_group():
    witness.sh(
        *GIVEN, "ip link add vx type vxlan id 5 dev e1 group 239.1.1.1 dstport 4789 ageing 77"
    )
    assert changed("vx", "vxlan", vxlan={"remote": "10.0.0.1"}) == {f"{INFO}group", f"{INFO}remote"}
    assert link("vx")["linkinfo"]["info_data"]["remote"] == "10.0.0.1"
    changed("vx", "vxlan", vxlan={"group": "239.1.1.2", "device": "e1"})
    assert link("vx")["linkinfo"]["info_data"]["group"] == "239.1.1.2"


@pytest.mark.parametrize("old", ["group 239.1.1.1", "remote 10.0.0.9", ""])
def test_what_the_address_was_is_given_back(old):
    witness.sh(*GIVEN, f"ip link add vx type vxlan id 5 dev e1 {old} dstport 4789")
    before = link("vx")
    faults = Faults(lambda number: number == 2)
    with faults.at_work(), pytest.raises(NetnsError):
        modules.run(
            "netns_link",
            name="vx",
            type="vxlan",
            vxlan={"remote": "10.0.0.1"},
            alias="new",
            up=True,
        )
    assert witness.differences(before, link("vx")) == []


def test_a_device_that_a_vxlan_was_given_is_taken_back():
    witness.sh(
        *GIVEN,
        "ip link set e1 up",
        "ip link set e2 up",
        "ip link add vx type vxlan id 5 remote 10.0.0.9 dstport 4789 ageing 77",
        "ip link set vx up",
        "ip addr add 10.9.0.1/24 dev vx",
        "ip route add 10.8.0.0/16 dev vx",
        "bridge fdb append 02:00:00:00:00:07 dev vx dst 10.0.0.7",
    )
    before = witness.whole()
    faults = Faults(lambda number: number == 2)
    with faults.at_work(), pytest.raises(NetnsError) as error:
        modules.run("netns_link", name="vx", type="vxlan", vxlan={"device": "e1"}, mtu=1400)
    assert "is undone" in str(error.value)
    assert witness.becomes_whole(before, witness.made_of_macs()) == []
    # What its device leaves it is known beforehand.
    assert f"{INFO}link" in changed("vx", "vxlan", vxlan={"device": "e1"})
    assert link("vx")["mtu"] == 1450


def test_an_ifb_keeps_its_mac_and_a_macvtap_its_packets():
    witness.sh(
        *GIVEN, "ip link add mt link e1 type macvtap mode bridge", "ip link add if5 type ifb"
    )
    refused("mac is .*force=true", name="if5", type="ifb", mac="02:00:00:00:00:aa")
    refused("keeps the MAC address", name="if5", mac="02:00:00:00:00:aa")
    changed("if5", "ifb", mac="02:00:00:00:00:aa", force=True)
    assert link("if5")["address"] == "02:00:00:00:00:aa"
    refused("macvtap cannot be a port of a bridge", name="mt", master="br0")


def test_the_ip_version_of_a_tunnel_is_fixed():
    witness.sh(*GIVEN, "ip link add vx type vxlan id 5 remote 10.0.0.1 dstport 4789")
    refused("set force=true", name="vx", type="vxlan", vxlan={"remote": "2001:db8::1"})
    refused(
        "must all be IPv4 or all be IPv6",
        name="v",
        type="vxlan",
        vxlan={"id": 1, "local": "::1", "remote": "1.2.3.4"},
    )
    both = {"local": "2001:db8::2", "remote": "2001:db8::1"}
    changed("vx", "vxlan", vxlan=both, force=True)
    assert link("vx")["linkinfo"]["info_data"]["remote6"] == "2001:db8::1"


def test_no_address_is_none():
    witness.sh(*GIVEN, "ip link add vx type vxlan id 5 remote 10.0.0.1 dstport 4789 df set")
    assert changed("vx", "vxlan", vxlan={"remote": "0.0.0.0"}) == {f"{INFO}remote"}


def test_a_vxlan_made_anew():
    witness.sh(
        *GIVEN,
        "ip link add vx type vxlan id 5 remote 10.0.0.1 dstport 4789 ageing 77 proxy l2miss rsc"
        " noudpcsum srcport 4000 5000 tos 4 df set maxaddress 99",
        "ip link property add dev vx altname tunnel",
        "ip link set vx master br0",
        "ip link set vx type bridge_slave neigh_suppress on cost 55 learning off guard on",
    )
    assert changed("vx", "vxlan", vxlan={"id": 6}, force=True) == {f"{INFO}id"}


def test_a_time_to_live_of_the_packet_inside():
    witness.sh("ip link add vx type vxlan id 5 remote 10.0.0.1 dstport 4789 ttl inherit")
    assert changed("vx", "vxlan", vxlan={"id": 6}, force=True) == {f"{INFO}id"}
    refused("set force=true", name="vx", type="vxlan", vxlan={"ttl": 0})
    changed("vx", "vxlan", vxlan={"ttl": 7}, force=True)
    assert link("vx")["linkinfo"]["info_data"]["ttl"] == 7


def test_a_macvlan_made_anew():
    witness.sh(
        *GIVEN,
        "ip link add mv link e1 type macvlan mode source",
        "ip link set mv type macvlan macaddr add 02:11:22:33:44:55",
        "ip link set mv type macvlan bcqueuelen 777",
    )
    assert changed("mv", "macvlan", parent="e3", force=True) <= {".link", ".link_index"}


def test_a_tun_made_anew():
    witness.sh("ip tuntap add dev t0 mode tap user 0 multi_queue vnet_hdr pi")
    assert changed("t0", "tap", tap={"owner": "1"}, force=True) <= {".ifindex", f"{INFO}user"}


def test_a_bridge_changed():
    witness.sh(*GIVEN)
    was = changed("br0", "bridge", bridge={"stp": True, "ageing": 40})
    assert f"{INFO}ageing_time" in was
    assert not any("hello" in each or "mcast_querier" in each or "fwd_mask" in each for each in was)


def test_a_time_that_the_kernel_rounds():
    witness.sh(*GIVEN)
    changed("br0", "bridge", bridge={"ageing": 0.03})


def test_a_bridge_with_the_spanning_tree():
    witness.sh(*GIVEN, "ip link set br0 type bridge forward_delay 0")
    refused("between 2 and 30", name="br0", type="bridge", bridge={"stp": True, "forward_delay": 1})
    changed("br0", "bridge", bridge={"stp": True})
    assert link("br0")["linkinfo"]["info_data"]["forward_delay"] == 200


def test_a_port_changed():
    witness.sh(
        *GIVEN,
        "ip link set e1 master br0",
        "ip link set e1 type bridge_slave neigh_suppress on cost 55 guard on flood off",
    )
    before = link("e1")
    modules.run("netns_link", name="e1", bridge_port={"hairpin": True})
    assert witness.differences(before, link("e1")) == [
        ".linkinfo.info_slave_data.hairpin was False, is True"
    ]


def test_passthru_has_its_parent_alone():
    witness.sh(*GIVEN, "ip link add mv link e1 type macvlan mode bridge")
    made = {"type": "macvlan", "parent": "e1"}
    refused("for itself", name="mv2", macvlan={"mode": "passthru"}, **made)
    refused("set force=true", name="mv", macvlan={"mode": "passthru"}, **made)
    changed("mv", "macvlan", parent="e1", macvlan={"mode": "passthru"}, force=True)
    refused("for itself", name="mv2", **made)


def test_where_the_socket_is():
    witness.sh(
        "ip netns add a",
        "ip netns add b",
        "ip -n a link add vx netns b type vxlan id 5 remote 10.0.0.1 dstport 4789",
    )
    params = {"name": "vx", "netns": "b", "type": "vxlan"}
    assert not modules.run("netns_link", socket_netns="a", **params)["changed"]
    refused("its socket is in namespace a", socket_netns="b", **params)
    modules.run("netns_link", vxlan={"id": 6}, force=True, **params)
    assert not modules.run("netns_link", socket_netns="a", vxlan={"id": 6}, **params)["changed"]


def test_all_that_hangs_on_a_link_made_anew():
    witness.sh(
        "ip link add br0 type bridge",
        "ip link add vx type vxlan id 5 remote 10.0.0.1 dstport 4789",
        "ip link set vx up master br0",
        "ip link set vx type bridge_slave neigh_suppress on cost 55 learning off",
        "ip addr add 192.0.2.1/24 dev vx",
        "ip addr add 2001:db8::1/64 dev vx nodad",
        "ip route add 198.51.100.0/24 via 192.0.2.9 dev vx",
        "ip neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev vx",
        "ip neigh add proxy 192.0.2.77 dev vx",
        "bridge fdb append 00:00:00:00:00:00 dst 10.0.0.3 dev vx",
        "bridge fdb add 02:00:00:00:00:03 dst 10.0.0.3 vni 9 dev vx",
        "tc qdisc add dev vx root handle 1: htb default 10",
        "tc class add dev vx parent 1: classid 1:10 htb rate 1mbit",
        "tc filter add dev vx parent 1: protocol ip prio 3 u32 match ip dst 10.0.0.0/8 flowid 1:10",
        "tc qdisc add dev vx clsact",
        "sysctl -qw net.ipv4.conf.vx.rp_filter=2 net.ipv6.conf.vx.accept_ra=0",
        "sysctl -qw net.ipv4.neigh.vx.gc_stale_time=77",
        "ip link set vx addrgenmode none gso_max_size 30000",
    )
    lines = (
        "bridge fdb show dev vx | sort",
        "tc -d qdisc show dev vx | sed 's/direct_packets_stat [0-9]*//'",
        "tc -d class show dev vx",
        "tc filter show dev vx",
        "ip neigh show dev vx; ip neigh show proxy",
        "sysctl -a 2>/dev/null | grep '[.]vx[.]' | grep -v mc_qrv",
    )
    before, shown = witness.namespace(), witness.sh(*lines)
    modules.run("netns_link", name="vx", type="vxlan", vxlan={"id": 6}, force=True)
    differing = witness.differences(before, witness.namespace())
    assert [each.split()[0] for each in differing] == [".links.vx.linkinfo.info_data.id"]
    assert witness.sh(*lines) == shown


def test_made_anew_with_another_remote_the_old_one_goes():
    witness.sh(
        "ip link add vx type vxlan id 5 remote 10.0.0.1 dstport 4789",
        "bridge fdb append 00:00:00:00:00:00 dst 10.0.0.3 dev vx",
    )
    ends = {"id": 6, "remote": "10.0.0.2"}
    assert changed("vx", "vxlan", vxlan=ends, force=True) == {f"{INFO}id", f"{INFO}remote"}
    ends = {each["dst"] for each in json.loads(witness.sh("bridge -j fdb show dev vx"))}
    assert ends == {"10.0.0.2", "10.0.0.3"}


def test_what_is_stated_of_a_port_that_is_new():
    witness.sh(*GIVEN)
    task = {"name": "e1", "master": "br0", "bridge_port": {"isolated": True, "learning": True}}
    predicted = modules.run("netns_link", check=True, **task)
    assert predicted == modules.run("netns_link", **task)
    assert not modules.run("netns_link", **task)["changed"]
    shown = link("e1")["linkinfo"]["info_slave_data"]
    assert (shown["isolated"], shown["learning"], shown["hairpin"]) == (True, True, False)
