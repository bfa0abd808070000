# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Machines as they were, and tasks that change them: for tests that let every step fail once."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

# Two namespaces with a cable between them; one end has all that a link can lose.
LAB = (
    "ip netns add a",
    "ip netns add b",
    "ip link add v1 netns a mtu 1400 txqueuelen 77 address 02:00:00:00:00:01 type veth"
    " peer name v2 netns b address 02:00:00:00:00:02",
    """ip -n b -batch - <<'END'
link set v2 up
addr add 10.0.0.11/24 dev v2
END""",
    """ip -n a -batch - <<'END'
link set v1 alias 'the near end' group 5
link set v1 up
addr add 10.0.0.1/24 brd + dev v1
addr add 10.0.0.2/24 dev v1 label v1:two
addr add 10.0.0.3/24 dev v1 noprefixroute
addr add 10.9.0.1 peer 10.9.0.2/32 dev v1 scope link
addr add 2001:db8::1/64 dev v1 nodad
addr add 2001:db8::2/64 dev v1 nodad
route add default via 10.0.0.9 metric 7
route add 198.51.100.0/24 via 10.0.0.8 dev v1 src 10.0.0.2
route add 198.51.101.0/24 dev v1 table 100 proto static mtu 1300
route add default via 2001:db8::9 dev v1
END""",
)
BRIDGE = (
    "ip -n a link add bridge0 address 02:00:00:00:00:20 type bridge",
    "ip -n a link set bridge0 addrgenmode none up",
)
# Another cable, with routes over it that hang on an address of the first.
CROSSED = (
    "ip -n a link add w1 address 02:00:00:00:00:41 type veth"
    " peer name w2 address 02:00:00:00:00:42",
    """ip -n a -batch - <<'END'
link set w1 up
link set w2 up
addr add 10.6.0.1/24 dev w1
route add 203.0.113.0/24 dev w1 src 10.0.0.1
route add 2001:db8:9::/64 dev w1 src 2001:db8::1
route add 203.0.114.0/24 nexthop via 10.0.0.8 dev v1 nexthop via 10.6.0.8 dev w1
route add 203.0.115.0/24 nexthop via 10.0.0.8 dev v1 nexthop via 10.0.0.9 dev v1
route add 2001:db8:7::/64 nexthop via 2001:db8::7 dev v1 nexthop via 2001:db8::8 dev v1
END""",
)
# A stand-in for hardware, which no test machine has to spare.
HARDWARE = (
    "ip -n a link add hw0 address 02:00:00:00:00:30 type ifb",
    "ip -n a addr add 192.0.2.1/24 dev hw0",
    "ip -n a link set hw0 up",
)


@dataclass(frozen=True)
class Task:
    """A module with its parameters, on a machine that is set up by lines of sh."""

    module: str
    params: dict[str, t.Any]
    given: tuple[str, ...] = LAB
    hardware: frozenset[str] = field(default_factory=frozenset)
    live_rename: bool = True


ALL = {"mtu": 1300, "mac": "02:00:00:00:00:0a", "alias": "x y", "txqueuelen": 9, "up": True}

TASKS = {
    "link, move from under routes": Task(
        "netns_link", {"name": "v1", "netns": "b", "move_from": "a", "up": True}, (*LAB, *CROSSED)
    ),
    "addr, source of routes elsewhere": Task(
        "netns_addr",
        {"netns": "a", "link": "v1", "address": ["10.0.0.1/24"], "broadcast": "10.0.0.77"},
        (*LAB, *CROSSED),
    ),
    "addr, source of IPv6 routes elsewhere": Task(
        "netns_addr",
        {"netns": "a", "link": "v1", "address": ["2001:db8::1/80"]},
        (*LAB, *CROSSED),
    ),
    "netns, two new": Task("netns", {"name": ["n1", "n2"], "lo_up": True}, ()),
    "netns, beside others": Task("netns", {"name": ["a", "n1"], "lo_up": True}),
    "netns, nsid": Task("netns", {"name": ["n1"], "lo_up": True, "nsid": 7}),
    "netns, repair": Task("netns", {"name": ["n1", "n2"]}, (*LAB, "touch /run/netns/n1")),
    "netns, absent": Task("netns", {"name": ["a", "b"], "state": "absent"}),
    "netns, absent at once": Task("netns", {"name": ["a", "b"], "state": "absent", "wait": False}),
    "netns, absent and stale": Task(
        "netns", {"name": ["n1", "a"], "state": "absent"}, (*LAB, "touch /run/netns/n1")
    ),
    "netns, absent with hardware": Task(
        "netns",
        {"name": ["a", "b"], "state": "absent", "force": True},
        (*LAB, *HARDWARE),
        hardware=frozenset({"hw0"}),
    ),
    "veth, new": Task(
        "veth",
        {
            "name": "p1",
            "netns": "a",
            **ALL,
            "peer": {"name": "p2", **ALL, "mac": "02:00:00:00:00:0b"},
        },
    ),
    "veth, move one end": Task(
        "veth",
        {"name": "v1", "up": True, "peer": {"name": "v2", "netns": "b", "mtu": 1200}},
    ),
    "veth, swap": Task(
        "veth",
        {"name": "v1", "netns": "b", "up": True, "peer": {"name": "v2", "netns": "a", **ALL}},
    ),
    "veth, move and rename": Task(
        "veth",
        {"name": "v1", "netns": "a", **ALL, "peer": {"name": "cab", "netns": "a", "up": True}},
    ),
    "veth, replace": Task(
        "veth",
        {
            "name": "v1",
            "netns": "a",
            "force": True,
            "mac": "02:00:00:00:00:0a",
            "peer": {"name": "w1", "up": True, "alias": "new", "mac": "02:00:00:00:00:0b"},
        },
        (
            *LAB,
            "ip link add w1 address 02:00:00:00:00:03 type veth"
            " peer name w2 netns b address 02:00:00:00:00:04",
            "ip link set w1 up",
            "ip -n b link set w2 up alias other",
            "ip addr add 10.5.0.1/24 dev w1",
            "ip -n b addr add 10.5.0.2/24 dev w2",
            "ip -n b route add 203.0.113.0/24 via 10.5.0.1 dev w2",
        ),
    ),
    "veth, replace a port": Task(
        "veth",
        {"name": "v1", "netns": "a", "force": True, "peer": {"name": "new", "up": True}},
        (*LAB, *BRIDGE, "ip -n b link set v2 netns a", "ip -n a link set v2 up master bridge0"),
    ),
    "veth, absent": Task("veth", {"name": "v1", "netns": "a", "state": "absent"}),
    "link, move": Task("netns_link", {"name": "v1", "netns": "b", "move_from": "a", **ALL}),
    "link, move under a master": Task(
        "netns_link",
        {
            "name": "v2",
            "netns": "a",
            "move_from": "b",
            "new_name": "port",
            "master": "bridge0",
            **ALL,
            "arp": False,
            "multicast": False,
            "promisc": True,
            "group": 4,
        },
        (*LAB, *BRIDGE),
    ),
    "link, every attribute": Task(
        "netns_link",
        {
            "name": "v1",
            "netns": "a",
            **ALL,
            "up": False,
            "arp": False,
            "multicast": False,
            "promisc": True,
            "group": 4,
            "master": "bridge0",
        },
        (*LAB, *BRIDGE),
    ),
    "link, rename": Task(
        "netns_link", {"name": "v1", "netns": "a", "new_name": "cab", "mtu": 900, "force": True}
    ),
    "link, rename on an old kernel": Task(
        "netns_link",
        {"name": "v1", "netns": "a", "new_name": "cab", "alias": "x"},
        live_rename=False,
    ),
    "link, too small for IPv6": Task(
        "netns_link", {"name": "v1", "netns": "a", "mtu": 1000, "force": True}
    ),
    "link, down": Task("netns_link", {"name": "v1", "netns": "a", "up": False}),
    "link, absent": Task(
        "netns_link",
        {"name": "bridge0", "netns": "a", "state": "absent"},
        (*LAB, *BRIDGE, "ip -n b link set v2 netns a", "ip -n a link set v2 up master bridge0"),
    ),
    "addr, new": Task(
        "netns_addr",
        {"netns": "a", "link": "v1", "address": ["10.0.0.4/24", "10.2.0.1/24", "2001:db8::7/64"]},
    ),
    "addr, broadcast of a primary": Task(
        "netns_addr",
        {"netns": "a", "link": "v1", "address": ["10.0.0.1/24"], "broadcast": "10.0.0.254"},
    ),
    "addr, purge": Task(
        "netns_addr",
        {"netns": "a", "link": "v1", "address": ["10.0.0.2/24", "2001:db8::2/64"], "purge": True},
    ),
    "addr, purge all": Task(
        "netns_addr", {"netns": "a", "link": "v1", "address": [], "purge": True}
    ),
    "addr, lifetimes": Task(
        "netns_addr",
        {
            "netns": "a",
            "link": "v1",
            "address": ["10.0.0.1/24", "10.0.0.2/24", "2001:db8::1/64"],
            "valid_lft": "3600",
            "metric": 50,
        },
    ),
    "addr, prefix of IPv6": Task(
        "netns_addr",
        {"netns": "a", "link": "v1", "address": ["2001:db8::1/80", "2001:db8::2/80"]},
    ),
    "addr, absent": Task(
        "netns_addr",
        {
            "netns": "a",
            "link": "v1",
            "address": ["10.0.0.1/24", "2001:db8::1/64"],
            "state": "absent",
        },
    ),
}
