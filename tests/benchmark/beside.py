# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tasks for a host on which there are namespaces of others too, and what they find there."""

from __future__ import annotations

import typing as t

END = {"name": "bench01", "netns": "bench-a"}
PAIR = {**END, "up": True, "peer": {"name": "bench02", "netns": "bench-b", "up": True}}
ON = {"link": "bench01", "netns": "bench-a"}
CHECK = {"_ansible_check_mode": True}  # what would be removed stays
TOPOLOGY: dict[str, t.Any] = {
    "name": "bench",
    "namespaces": [{"name": "bench-c"}, {"name": "bench-d"}],
    "veths": [{"name": "one", "netns": "bench-c", "peer": {"name": "two", "netns": "bench-d"}}],
}
Task = tuple[str, dict[str, t.Any]]
# What tells its namespaces, and finds all as it wants it once it has run.
TASKS: dict[str, Task] = {
    "netns": ("netns", {"name": ["bench-a", "bench-b"], "lo_up": True}),
    "netns, already absent": ("netns", {"name": ["bench-gone"], "state": "absent"}),
    "veth": ("veth", PAIR),
    "netns_link": ("netns_link", {**END, "up": True}),
    "netns_link, of a pair that leads away": (
        "netns_link",
        {"name": "bench03", "netns": "bench-a", "up": True},
    ),
    "netns_addr": ("netns_addr", {**ON, "address": ["192.0.2.1/24"]}),
    "netns_route": ("netns_route", {"netns": "bench-a", "dst": "default", "via": "192.0.2.2"}),
    "netns_rule": ("netns_rule", {"netns": "bench-a", "priority": 100, "table": "100"}),
    "netns_nexthop": ("netns_nexthop", {"netns": "bench-a", "id": 1, "blackhole": True}),
    "netns_neigh": ("netns_neigh", {**ON, "address": "192.0.2.9", "mac": "02:00:00:00:00:01"}),
    "netns_qdisc": (
        "netns_qdisc",
        {**ON, "kind": "tbf", "rate": "10mbit", "burst": "10kb", "latency": "50ms"},
    ),
    "netns_sysctl": (
        "netns_sysctl",
        {"netns": "bench-a", "name": "net.ipv4.ip_forward", "value": "1"},
    ),
    "netns_masquerade": (
        "netns_masquerade",
        {"netns": "bench-a", "name": "bench", "source": ["192.0.2.0/24"]},
    ),
    "netns_dns": ("netns_dns", {"netns": "bench-gone", "state": "absent"}),
    "netns_info": ("netns_info", {"netns": ["bench-a", "bench-b"]}),
    "netns_exec": ("netns_exec", {"netns": ["bench-a"], "cmd": "true"}),
    "netns_ping": ("netns_ping", {"from": ["bench-a"], "to": ["bench-b"]}),
    "netns_topology": ("netns_topology", TOPOLOGY),
}
# What has to look for its mark wherever it may be.
SEARCHING: dict[str, Task] = {
    "netns_topology, purge": ("netns_topology", {**TOPOLOGY, "purge": True}),
    "netns_topology, absent": ("netns_topology", {"name": "bench", "state": "absent", **CHECK}),
    # Others' links may lie on what goes, wherever they are.
    "netns, absent": ("netns", {"name": ["bench-b"], "state": "absent", **CHECK}),
    "netns_link, absent": ("netns_link", {**END, "state": "absent", **CHECK}),
}
GIVEN = (
    "ip netns add bench-a",
    "ip netns add bench-b",
    "ip -n bench-a link add bench01 type veth peer name bench02 netns bench-b",
    "ip -n bench-b addr add 192.0.2.2/24 dev bench02",
    "ip netns add zz-away",
    "ip -n bench-a link add bench03 type veth peer name bench04 netns zz-away",
)
