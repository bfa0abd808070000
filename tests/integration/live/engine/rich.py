# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A network on which others have set all that we have no options for, and what is done to it."""

from __future__ import annotations

import copy

from ansible_collections.linuxnet.netns.tests.integration.live.topology import lab
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import witness

OWNER = "rich"


def mac(number):
    """Return a MAC that is the same in every run."""
    return f"02:00:00:00:{number >> 8:02x}:{number & 255:02x}"


def pair(number, near, netns, far, other):
    """Return a veth that is up, with MACs that are no matter of chance."""
    peer = lab.end(far, other, up=True, mac=mac(2 * number + 1))
    return lab.end(near, netns, up=True, mac=mac(2 * number), peer=peer)


NETWORK = {
    "name": OWNER,
    "namespaces": [{"name": ["r1", "r2", "h1", "h2"], "lo_up": True}],
    "sysctls": [
        {"netns": "r1", "sysctls": {"net.ipv4.ip_forward": 1}},
        {"netns": "r2", "sysctls": {"net.ipv4.ip_forward": 1}},
    ],
    "veths": [
        pair(1, "a1", "r1", "a2", "r2"),
        pair(2, "b1", "r1", "b2", "h1"),
        pair(3, "c1", "r2", "c2", "h2"),
        pair(4, "d1", None, "d2", "r1"),
        pair(5, "e1", "r1", "e2", "h1"),
    ],
    "links": [
        {"name": "br1", "netns": "r1", "type": "bridge", "up": True, "mac": mac(100)},
        {"name": "br2", "netns": "r2", "type": "bridge", "up": True, "mac": mac(101)},
        {"name": "br0", "type": "bridge", "up": True, "mac": mac(102)},
        {"name": "b1", "netns": "r1", "master": "br1"},
        {"name": "e1", "netns": "r1", "master": "br1"},
        {"name": "c1", "netns": "r2", "master": "br2"},
        {"name": "d1", "master": "br0"},
        {
            "name": "vx1",
            "netns": "r1",
            "type": "vxlan",
            "vxlan": {"id": 42, "local": "10.0.1.1", "dstport": 4789, "learning": False},
            "mac": mac(103),
            "up": True,
        },
    ],
    "addresses": [
        {
            "netns": "r1",
            "link": "a1",
            "address": ["10.0.1.1/24", "2001:db8:1::1/64"],
            "nodad": True,
        },
        {
            "netns": "r2",
            "link": "a2",
            "address": ["10.0.1.2/24", "2001:db8:1::2/64"],
            "nodad": True,
        },
        {"netns": "r1", "link": "br1", "address": ["10.0.2.1/24", "10.0.22.1/24"]},
        {"netns": "h1", "link": "b2", "address": ["10.0.2.2/24"]},
        {"netns": "r2", "link": "br2", "address": ["10.0.3.1/24"]},
        {"netns": "h2", "link": "c2", "address": ["10.0.3.2/24"]},
        {"link": "br0", "address": ["10.0.4.1/24"]},
        {"netns": "r1", "link": "d2", "address": ["10.0.4.2/24"]},
    ],
    "routes": [
        {"netns": "h1", "dst": ["default"], "via": "10.0.2.1"},
        {"netns": "h2", "dst": ["default"], "via": "10.0.3.1"},
        {"netns": "r1", "dst": ["10.0.3.0/24"], "via": "10.0.1.2"},
        {"netns": "r2", "dst": ["10.0.2.0/24"], "via": "10.0.1.1"},
        {"netns": "r1", "dst": ["10.9.0.0/16"], "dev": "br1", "table": "100"},
        {"netns": "r1", "dst": ["2001:db8:9::/48"], "via": "2001:db8:1::2"},
        {"dst": ["10.0.2.0/24"], "via": "10.0.4.2"},
    ],
    "rules": [
        {"netns": "r1", "priority": 100, "from": "10.0.2.0/24", "table": "100"},
        {"priority": 101, "iif": "br0", "table": "main"},
    ],
    "neighbours": [
        {"netns": "r1", "link": "br1", "address": "10.0.2.9", "mac": mac(900)},
        {"netns": "r2", "link": "a2", "address": "10.0.1.9", "mac": mac(901)},
    ],
    "qdiscs": [
        {"netns": "h1", "link": "b2", "kind": "tbf", "rate": "1mbit", "burst": "5kb"}
        | {"latency": "50ms"},
    ],
}
# What others have added to it, with whatever tool.
HANDS = r"""
ip -n r1 link property add dev a1 altname uplink
ip -n r1 link set br1 type bridge ageing_time 12345 group_fwd_mask 8
ip -n r1 link set b1 type bridge_slave cost 77 priority 5 hairpin on
bridge -n r1 link set dev e1 learning off flood off
bridge -n r1 fdb add 02:00:00:00:aa:01 dev b1 master static
bridge -n r1 fdb add 02:00:00:00:aa:02 dev vx1 dst 10.0.1.2 self permanent
bridge -n r1 fdb append 00:00:00:00:00:00 dev vx1 dst 10.0.1.7 self permanent
bridge -n r1 fdb append 00:00:00:00:00:00 dev vx1 dst 10.0.1.8 self permanent
bridge -n r1 mdb add dev br1 port b1 grp 239.1.1.1 permanent
ip -n r1 neigh add 10.0.2.77 lladdr 02:00:00:00:bb:01 dev br1 nud permanent
ip -n r1 neigh add 10.0.1.77 lladdr 02:00:00:00:bb:02 dev a1 nud permanent
ip -n r1 neigh add 2001:db8:1::77 lladdr 02:00:00:00:bb:03 dev a1 nud permanent
ip -n r1 neigh add proxy 10.0.1.99 dev a1
ip -n r1 neigh add proxy 10.0.2.99 dev br1
ip -n r1 link add mv1 link a1 address 02:00:00:00:cc:01 type macvlan mode bridge
ip -n r1 addr add 10.66.0.50/24 dev mv1
ip -n r1 link set mv1 up
ip -n r1 link add vx2 address 02:00:00:00:cc:02 type vxlan id 7 dev a1 remote 10.0.1.2 dstport 4790
ip -n r1 addr add 10.7.0.1/24 dev vx2
ip -n r1 link set vx2 up
ip -n r1 nexthop add id 11 via 10.0.1.2 dev a1
ip -n r1 nexthop add id 12 via 10.0.2.2 dev br1
ip -n r1 nexthop add id 13 group 11/12
ip -n r1 route add 10.77.0.0/16 nhid 13
ip -n r1 route add 10.78.0.0/16 nhid 11
ip -n r1 route add 10.79.0.0/16 via 10.0.1.2 initcwnd 20 mtu 1300 metric 9
ip -n r1 route add 10.80.0.0/16 via 10.0.1.2 src 10.0.2.1
ip -n r1 route add 10.81.0.0/16 nexthop via 10.0.1.2 nexthop via 10.0.2.2 weight 3
ip -n r1 route add default via 10.0.1.2 tos 0x10
ip -n r1 -6 route add default from 2001:db8:1::/64 via 2001:db8:1::2 dev a1
tc -n r1 qdisc add dev a1 root handle 1: htb default 20
tc -n r1 class add dev a1 parent 1: classid 1:1 htb rate 10mbit
tc -n r1 class add dev a1 parent 1:1 classid 1:20 htb rate 1mbit ceil 5mbit
tc -n r1 qdisc add dev a1 parent 1:20 handle 20: pfifo limit 33
tc -n r1 qdisc add dev a1 clsact
tc -n r1 filter add dev a1 ingress protocol ip prio 1 u32 match ip src 10.1.0.0/16 classid 1:1
tc -n r1 filter add dev a1 parent 1: protocol ip prio 2 u32 match ip dst 10.2.0.0/16 flowid 1:20
tc -n r1 qdisc add dev br1 root handle 5: htb default 1
tc -n r1 class add dev br1 parent 5: classid 5:1 htb rate 3mbit
tc -n r1 qdisc add dev br1 parent 5:1 handle 51: tbf rate 2mbit burst 4kb limit 9000
tc -n r2 qdisc add dev a2 root handle 9: bfifo limit 4444
ip netns exec r1 sysctl -qw net.ipv4.conf.a1.rp_filter=2 net.ipv4.conf.a1.proxy_arp=1 \
  net.ipv6.conf.a1.accept_ra=0 net.ipv4.neigh.a1.gc_stale_time=77 \
  net.ipv6.neigh.br1.gc_stale_time=78 \
  net.ipv4.conf.br1.arp_ignore=1 net.ipv6.conf.br1.disable_ipv6=1 net.ipv6.conf.b1.hop_limit=33 \
  net.ipv6.conf.a1.router_solicitation_interval=9 net.ipv4.conf.vx1.log_martians=1
ip netns exec h1 sysctl -qw net.ipv4.conf.b2.rp_filter=1 net.ipv6.conf.e2.disable_ipv6=1
ip -n h1 link set e2 addrgenmode none
ip netns exec r1 nft add table inet theirs
ip netns exec r1 nft add chain inet theirs c '{ type filter hook input priority 0; }'
ip netns exec r1 nft add rule inet theirs c iifname a1 counter
bridge fdb add 02:00:00:00:aa:09 dev d1 master static
ip link set br0 type bridge ageing_time 999
ip neigh add 10.0.4.77 lladdr 02:00:00:00:bb:09 dev br0 nud permanent
sysctl -qw net.ipv4.conf.br0.rp_filter=2 net.ipv4.neigh.d1.gc_stale_time=55
ip addr add 10.44.0.1/24 dev br0 label br0:x
"""


def changed():
    """Return a network in which much is other than in NETWORK: to be reached with purge."""
    other = copy.deepcopy(NETWORK)
    other["veths"][0]["mtu"] = 1400
    other["veths"][0]["mac"] = mac(800)
    other["veths"][1]["peer"]["netns"] = "h2"  # b2 moves
    other["veths"][4] = pair(5, "e1", "r1", "e3", "h2")  # e2 moves and is renamed
    other["veths"].append(pair(6, "f1", "h1", "f2", "h2"))
    other["links"] = [
        {"name": "br3", "netns": "r1", "type": "bridge", "up": True, "mac": mac(110)},
        {"name": "br2", "netns": "r2", "type": "bridge", "up": False, "mac": mac(101)},
        {"name": "b1", "netns": "r1", "master": "br3", "alias": "moved"},
        {"name": "e1", "netns": "r1", "master": "br3"},
        {"name": "c1", "netns": "r2", "master": "br2", "txqueuelen": 77},
    ]  # without br0, br1 and vx1
    other["addresses"] = [
        {
            "netns": "r1",
            "link": "a1",
            "address": ["10.0.1.1/25", "2001:db8:1::1/64"],
            "nodad": True,
        },
        {
            "netns": "r2",
            "link": "a2",
            "address": ["10.0.1.2/24", "2001:db8:1::3/64"],
            "nodad": True,
        },
        {"netns": "r1", "link": "br3", "address": ["10.0.2.1/24", "10.0.23.1/24"]},
        {"netns": "h2", "link": "b2", "address": ["10.0.2.2/24"]},
        {"netns": "r2", "link": "br2", "address": ["10.0.3.1/24"]},
        {"netns": "h2", "link": "c2", "address": ["10.0.3.2/24"]},
        {"netns": "h1", "link": "f1", "address": ["10.0.5.1/24"]},
    ]
    other["routes"] = [
        {"netns": "h2", "dst": ["default"], "via": "10.0.3.1"},
        {"netns": "r1", "dst": ["10.0.3.0/24"], "via": "10.0.1.2", "metric": 5},
        {"netns": "r1", "dst": ["10.9.0.0/16"], "dev": "br3", "table": "100"},
    ]
    other["rules"] = [{"netns": "r1", "priority": 102, "from": "10.0.2.0/24", "table": "100"}]
    other["neighbours"] = [{"netns": "r1", "link": "br3", "address": "10.0.2.9", "mac": mac(902)}]
    other["qdiscs"] = [{"netns": "r2", "link": "a2", "kind": "noqueue"}]
    other["sysctls"] = [{"netns": "r1", "sysctls": {"net.ipv4.ip_forward": 0}}]
    return {**other, "purge": True, "force": True}


def bare():
    """Begin with a namespace of others, and nothing of the topology."""
    witness.sh("ip link set lo up", "ip netns add other", "ip -n other link set lo up")


def rich():
    """Build the network, and let others have their hands in it."""
    bare()
    lab.run(**NETWORK)
    witness.sh(HANDS)


def rich_but_for_a_route():
    """Build the network; the plan does not know yet that a nexthop object outlives an address."""
    rich()
    witness.sh("ip -n r1 route del 10.77.0.0/16", "ip -n r1 route del 10.78.0.0/16")


def drifted():
    """Take some of it away again, for a repair."""
    rich()
    witness.sh(
        "ip -n r1 link set a1 down",
        "ip -n r1 addr del 10.0.22.1/24 dev br1",
        "ip -n r1 link set b1 nomaster",
        "ip -n r2 link del br2",
        "ip -n h1 link set e2 name foo",
        "ip -n r1 link set vx1 down",
        "ip netns exec r2 sysctl -qw net.ipv4.ip_forward=0",
        "ip -n r1 rule del priority 100",
        "ip -n h1 route del default",
        "ip link set br0 down",
        "tc -n h1 qdisc del dev b2 root",
    )


# What is there before, and the task.
TASKS = {
    "build": (bare, NETWORK),
    "change": (rich_but_for_a_route, changed()),
    "repair": (drifted, {**NETWORK, "force": True}),
    "removal": (rich, {"name": OWNER, "state": "absent", "force": True}),
}
