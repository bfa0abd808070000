# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A link of whatever kind that was deleted is made again with all that it had if the task fails."""

from __future__ import annotations

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import (
    KernelError,
    NetnsError,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._engine import kernel
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    machine,
    modules,
    witness,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support.faults import (
    rolled_back,
)

pytestmark = pytest.mark.makes_machines

PAIR = (
    "ip netns add far",
    "ip link add low0 address 02:00:00:00:00:01 type veth peer name low1 netns far"
    " address 02:00:00:00:00:02",
    "ip link set low0 up",
    "ip -n far link set low1 up",
    "ip addr add 10.0.0.1/24 dev low0",
)
PORTS = (
    "ip link add port0 address 02:00:00:00:01:01 type veth peer name port1"
    " address 02:00:00:00:01:02",
    "ip link set port1 up",
    "ip link add port2 address 02:00:00:00:01:03 type veth peer name port3"
    " address 02:00:00:00:01:04",
)
TUNNEL = "local 10.0.0.1 remote 10.0.0.9 ttl 7"
# By kind: how it is made as x0, and what more is done to it.
KINDS = {
    "bridge": (
        "ip link add x0 type bridge forward_delay 400 priority 77 mcast_snooping 1"
        " nf_call_iptables 1 mcast_query_interval 5000",
        "ip link set port0 master x0 up",
        "ip link set port2 master x0 up",
        "ip link set port0 type bridge_slave cost 55 hairpin on mcast_router 0 group_fwd_mask 8",
        "bridge fdb add 02:00:00:00:09:01 dev port0 master static",
        "ip -4 route add 10.77.0.0/16 dev low0 src 10.1.0.1 || true",
    ),
    "bridge with a MAC": ("ip link add x0 address 02:00:00:00:05:05 mtu 1300 type bridge",),
    "bridge with VLANs": (
        "ip link add x0 type bridge vlan_filtering 1 vlan_default_pvid 0",
        "ip link set x0 up",
        "ip link set port0 master x0 up",
        "bridge vlan add dev port0 vid 10 pvid untagged",
        "bridge vlan add dev port0 vid 20",
        "bridge vlan add dev x0 vid 20 self",
        "bridge fdb add 02:00:00:00:09:02 dev port0 vlan 20 master static",
        "bridge mdb add dev x0 port port0 grp 239.1.1.1 permanent vid 20",
    ),
    "vxlan": (
        f"ip link add x0 address 02:00:00:00:05:01 type vxlan id 5 dev low0 {TUNNEL} dstport 4790"
        " nolearning ageing 77 udp6zerocsumtx",
        "bridge fdb append 00:00:00:00:00:00 dev x0 dst 10.0.0.8 self permanent",
        "bridge fdb add 02:00:00:00:09:03 dev x0 dst 10.0.0.7 vni 6 port 99 self permanent",
    ),
    "macvlan": ("ip link add x0 link low0 address 02:00:00:00:05:02 type macvlan mode vepa",),
    "macvlan with sources": (
        "ip link add x0 link low0 address 02:00:00:00:05:03 type macvlan mode source",
        "ip link set x0 type macvlan macaddr add 02:00:00:00:05:04",
    ),
    "macvtap": ("ip link add x0 link low0 address 02:00:00:00:05:02 type macvtap mode bridge",),
    "tun": ("ip tuntap add x0 mode tun user 12 group 13",),
    "tap": (
        "ip tuntap add x0 mode tap multi_queue vnet_hdr",
        "ip link set x0 address 02:00:00:00:5:6",
    ),
    "ifb": ("ip link add x0 address 02:00:00:00:05:07 type ifb",),
    "dummy": ("ip link add x0 address 02:00:00:00:05:08 type dummy",),
    "vlan": (
        "ip link add x0 link low0 address 02:00:00:00:05:09 type vlan id 7 protocol 802.1ad"
        " reorder_hdr off loose_binding on egress-qos-map 1:2 3:4 ingress-qos-map 5:6",
    ),
    "vrf": (
        "ip link add x0 address 02:00:00:00:05:10 type vrf table 77",
        "ip link set port0 master x0 up",
        "ip addr add 10.8.0.1/24 dev port0",
        "ip neigh add 10.8.0.9 lladdr 02:00:00:00:09:09 dev port0 nud permanent",
    ),
    "bond": (
        "ip link add x0 address 02:00:00:00:05:11 type bond mode active-backup miimon 77"
        " num_grat_arp 3 primary_reselect better",
        "ip link set port0 master x0",
        "ip link set port2 master x0",
        "ip link set x0 type bond primary port2",
    ),
    "bond that balances": (
        "ip link add x0 address 02:00:00:00:05:12 type bond mode 802.3ad lacp_rate fast"
        " xmit_hash_policy layer3+4 min_links 1",
        "ip link set port0 master x0",
    ),
    "ipvlan": ("ip link add x0 link low0 type ipvlan mode l3 private",),
    "gre": (f"ip link add x0 type gre {TUNNEL} key 5 tos 9",),
    "gretap": (f"ip link add x0 address 02:00:00:00:05:13 type gretap {TUNNEL} dev low0",),
    "ipip": (f"ip link add x0 type ipip {TUNNEL}",),
    "sit": (f"ip link add x0 type sit {TUNNEL}",),
    "geneve": ("ip link add x0 address 02:00:00:00:05:14 type geneve id 9 remote 10.0.0.9 ttl 3",),
    "veth": (
        "ip link add x0 address 02:00:00:00:05:15 mtu 1400 numtxqueues 2 type veth peer name x1"
        " netns far address 02:00:00:00:05:16",
        "ip -n far link set x1 up alias other",
        "ip -n far addr add 10.1.0.2/24 dev x1",
        "ip netns exec far sysctl -qw net.ipv4.conf.x1.rp_filter=2",
    ),
}
# What each of them then has besides.
MORE = (
    "ip link property add dev x0 altname other0",
    "ip link set x0 up alias 'it is' txqueuelen 77 group 5 || ip link set x0 up",
    "ip addr add 10.1.0.1/24 dev x0",
    "ip addr add 10.1.0.3/24 dev x0 label x0:3",
    "ip neigh add 10.1.0.9 lladdr 02:00:00:00:09:09 dev x0 nud permanent || true",
    "ip neigh add proxy 10.1.0.10 dev x0",
    "ip route add 10.90.0.0/16 dev x0 mtu lock 1200",
    "sysctl -qw net.ipv4.conf.x0.rp_filter=2 net.ipv4.neigh.x0.gc_stale_time=77",
    "sysctl -qw net.ipv6.conf.x0.hop_limit=33",
    "tc qdisc add dev x0 root handle 7: tbf rate 1mbit burst 5kb limit 9000",
)


def attempt(lines):
    """Return what is not as it was, and what was said, where the last of two deletions fails."""
    witness.sh(*PAIR, *PORTS)
    try:
        witness.sh(lines[0])
    except RuntimeError as error:
        return str(error), None
    witness.sh(*lines[1:], *MORE)
    before, addresses = witness.whole(), witness.made_of_macs()
    apply = kernel.Kernel.apply

    def failing(self, step):
        apply(self, step)
        if type(step).__name__ == "DeleteLink":
            raise KernelError(1, step.phrase(), "injected")

    kernel.Kernel.apply = failing
    try:
        modules.run("netns_link", name="x0", state="absent", force=True)
    except NetnsError as error:
        return str(error), witness.becomes_whole(before, addresses)
    finally:
        kernel.Kernel.apply = apply
    return "it was not refused", ["it is gone"]


@pytest.mark.parametrize("kind", KINDS)
def test_it_comes_back(kind):
    modules.options("netns_link", name="x0")
    said, found = machine.run(attempt, KINDS[kind])
    if found is None:
        pytest.skip(f"this kernel has none: {said[-90:]}")
    assert found == [], said
    assert rolled_back(said), said
