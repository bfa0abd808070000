# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whatever a hand changes, one run puts it right and tells just that; the next writes nothing."""

from __future__ import annotations

import dataclasses
import typing as t

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import NetnsError
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import witness

from . import lab

MAC = "02:00:00:00:00:01"
ADDRESS = "address 192.0.2.1/25 of v1 in namespace s1"
SIXTH = "address 2001:db8::1/64 of v1 in namespace s1"
FAR = "address 192.0.2.2/25 of v2 in namespace s2"
GATED = "route to 198.51.100.0/24 in namespace s1"
DIRECT = "route to 203.0.113.0/24 of table 100 in namespace s1"
NEAR_LINK, FAR_LINK = "link v1 in namespace s1", "link v2 in namespace s2"
RULE = "rule 100 in namespace s1"
NEIGHBOUR = "neighbour 192.0.2.9 of v2 in namespace s2"
QDISC = "queueing discipline of v2 in namespace s2"
FORWARD = "parameter net.ipv4.ip_forward in namespace s1"


@dataclasses.dataclass
class Drift:
    """What a hand does, what the diff is about then, and what the summary counts."""

    hand: tuple[str, ...]
    things: set[str]
    created: dict[str, int] = dataclasses.field(default_factory=dict)
    changed: dict[str, int] = dataclasses.field(default_factory=dict)
    removed: dict[str, int] = dataclasses.field(default_factory=dict)
    params: dict[str, t.Any] = dataclasses.field(default_factory=dict)


# The kernel takes the other end away when it gets round to it.
GONE = "for n in 1 2 3 4 5 6 7 8 9; do ip -n s1 link show v1 || break; sleep 0.1; done 2>/dev/null"
ON_NEAR = {ADDRESS, SIXTH, GATED, DIRECT}
ON_FAR = {FAR, NEIGHBOUR, QDISC}
ALL_CREATED = {"addresses": 3, "routes": 2, "neighbours": 1, "qdiscs": 1}

DRIFTS = {
    "a link down": Drift(
        ("ip -n s1 link set v1 down",),
        {NEAR_LINK, SIXTH, GATED, DIRECT},
        {"addresses": 1, "routes": 2},
        {"veths": 1},
    ),
    "the other end down": Drift(
        ("ip -n s2 link set v2 down",), {FAR_LINK, NEIGHBOUR}, {"neighbours": 1}, {"veths": 1}
    ),
    "an address gone": Drift(
        ("ip -n s1 addr del 2001:db8::1/64 dev v1",), {SIXTH}, {"addresses": 1}
    ),
    "the last address gone": Drift(
        ("ip -n s1 addr del 192.0.2.1/25 dev v1",),
        {ADDRESS, GATED, DIRECT},
        {"addresses": 1, "routes": 2},
    ),
    "an MTU": Drift(("ip -n s1 link set v1 mtu 1300",), {NEAR_LINK}, {}, {"veths": 1}),
    "an MTU that was not stated": Drift(("ip -n s2 link set v2 mtu 1300",), set()),
    "a MAC that was not stated": Drift((f"ip -n s1 link set v1 address {MAC}",), set()),
    "a link renamed": Drift(
        ("ip -n s1 link set v1 down", "ip -n s1 link set v1 name foo", "ip -n s1 link set foo up"),
        {
            NEAR_LINK,
            "link foo in namespace s1",
            FAR_LINK,
            "address 192.0.2.1/25 of foo in namespace s1",
        }
        | ON_NEAR,
    ),
    "the other end renamed": Drift(
        ("ip -n s2 link set v2 name foo",),
        {NEAR_LINK, FAR_LINK, FAR, NEIGHBOUR, QDISC}
        | {"link foo in namespace s2", "address 192.0.2.2/25 of foo in namespace s2"}
        | {"queueing discipline of foo in namespace s2"}
        | {"neighbour 192.0.2.9 of foo in namespace s2"},
    ),
    "a link moved": Drift(
        ("ip -n s1 link set v1 netns s2",),
        {NEAR_LINK, FAR_LINK, "link v1 in namespace s2"} | ON_NEAR,
    ),
    "a link moved here": Drift(
        ("ip -n s1 link set v1 netns $$",),
        {NEAR_LINK, FAR_LINK, "link v1 in the current namespace"} | ON_NEAR,
    ),
    "a link gone": Drift(
        ("ip -n s1 link del v1",),
        {NEAR_LINK, FAR_LINK} | ON_NEAR | ON_FAR,
        {"veths": 1, **ALL_CREATED},
    ),
    "a namespace gone": Drift(
        ("ip netns del s2", GONE),
        {"namespace s2", NEAR_LINK, FAR_LINK} | ON_NEAR | ON_FAR,
        {"namespaces": 1, "veths": 1, **ALL_CREATED},
    ),
    "both gone": Drift(
        ("ip netns del s1", "ip netns del s2"),
        {"namespace s1", "namespace s2", NEAR_LINK, FAR_LINK, RULE, FORWARD} | ON_NEAR | ON_FAR,
        {"namespaces": 2, "veths": 1, "rules": 1, **ALL_CREATED},
        {"sysctls": 1},
    ),
    "a stale file": Drift(
        ("ip netns del s2", "touch /run/netns/s2", GONE),
        {"namespace s2", NEAR_LINK, FAR_LINK} | ON_NEAR | ON_FAR,
        {"namespaces": 1, "veths": 1, **ALL_CREATED},
    ),
    "lo down": Drift(("ip -n s1 link set lo down",), {"namespace s1"}, {}, {"namespaces": 1}),
    "a route gone": Drift(("ip -n s1 route del 198.51.100.0/24",), {GATED}, {"routes": 1}),
    "a route to elsewhere": Drift(
        ("ip -n s1 route replace 203.0.113.0/24 dev lo table 100 proto {proto}",),
        {DIRECT},
        {},
        {"routes": 1},
    ),
    "a rule gone": Drift(("ip -n s1 rule del priority 100",), {RULE}, {"rules": 1}),
    "a neighbour gone": Drift(
        ("ip -n s2 neigh del 192.0.2.9 dev v2",), {NEIGHBOUR}, {"neighbours": 1}
    ),
    "a neighbour changed": Drift(
        (f"ip -n s2 neigh replace 192.0.2.9 lladdr {MAC} dev v2 nud permanent protocol {{proto}}",),
        {NEIGHBOUR},
        {},
        {"neighbours": 1},
    ),
    "a discipline changed": Drift(
        ("tc -n s2 qdisc change dev v2 root tbf rate 2mbit burst 5kb latency 50ms",),
        {QDISC},
        {},
        {"qdiscs": 1},
    ),
    "a discipline gone": Drift(("tc -n s2 qdisc del dev v2 root",), {QDISC}, {"qdiscs": 1}),
    "a parameter": Drift(
        ("ip netns exec s1 sysctl -qw net.ipv4.ip_forward=0",), {FORWARD}, {}, {"sysctls": 1}
    ),
    "a bridge in its place": Drift(
        ("ip -n s1 link del v1", "ip -n s1 link add v1 type bridge"),
        {NEAR_LINK, FAR_LINK} | ON_NEAR | ON_FAR,
    ),
    "a pair by hand": Drift(
        ("ip -n s1 link del v1", "ip link add v1 netns s1 type veth peer name v2 netns s2"),
        {NEAR_LINK, FAR_LINK} | ON_NEAR | ON_FAR,
        ALL_CREATED,
        {"veths": 1},
    ),
    "another peer by hand": Drift(
        ("ip -n s1 link del v1", "ip -n s1 link add v1 type veth peer name w1"),
        {NEAR_LINK, FAR_LINK, "link w1 in namespace s1"} | ON_NEAR | ON_FAR,
    ),
    "an alias": Drift(("ip -n s1 link set v1 alias hand",), set()),
    "its mark gone": Drift(
        ("ip -n s1 link property del dev v1 altname netns:study:v1",),
        {NEAR_LINK},
        {},
        {"veths": 1},
    ),
    "all marks of links gone": Drift(
        (
            "ip -n s1 link property del dev v1 altname netns:study:v1",
            "ip -n s2 link property del dev v2 altname netns:study:v2",
        ),
        {NEAR_LINK, FAR_LINK},
        {},
        {"veths": 1},
    ),
}


@pytest.mark.parametrize("name", DRIFTS)
def test_one_run_puts_it_right(name):
    drift = DRIFTS[name]
    lab.run(**lab.STUDY)
    wanted = lab.state()
    proto = lab.number()
    witness.sh(*(line.format(proto=proto) for line in drift.hand))
    result = lab.converges(**lab.STUDY)
    told = result["diff"]["before"].keys() | result["diff"]["after"].keys()
    assert told == drift.things
    assert result["changed"] == bool(drift.things)
    if drift.created or drift.changed or not drift.things:
        assert result["summary"] == lab.summary(drift.created, drift.changed, drift.removed)
    assert lab.becomes(wanted, lambda each: is_free(each, name)) == []


def is_free(difference, name):
    """Return whether a difference is in what the task does not state."""
    free = {"an MTU that was not stated": ".mtu ", "an alias": ".ifalias "}.get(name)
    return lab.is_random(difference) or (free is not None and free in difference)


def test_what_is_changed_in_guests_is_put_right():
    witness.sh(*lab.OTHERS)
    lab.run(**lab.GUEST)
    wanted = lab.state()
    proto = lab.number()
    witness.sh(
        "ip -n other addr del 10.8.0.3/24 dev there0",
        "ip -n other route del 10.4.0.0/16",
        "ip -n other rule del priority 500",
        "ip link del br0",
        "ip link set up0 down",
        f"ip -n other neigh replace 10.8.0.7 lladdr {MAC} dev there0 nud permanent"
        f" protocol {proto}",
    )
    result = lab.converges(**lab.GUEST)
    assert result["summary"]["created"]["links"] == 1
    assert result["summary"]["created"]["rules"] == 1
    assert lab.becomes(wanted, lambda each: is_free(each, "")) == []


def test_a_parameter_of_a_link_is_set_again_when_the_link_is_made_again():
    params = {
        **lab.STUDY,
        "sysctls": [
            {"netns": "s1", "sysctls": {"net.ipv4.conf.v1.rp_filter": 2}},
            {"netns": "s1", "sysctls": {"net.ipv4.conf.default.accept_local": 1}},
        ],
    }
    lab.converges(**params)
    witness.sh("ip -n s1 link del v1")
    result = lab.converges(**params)
    assert result["summary"]["created"] == {"veths": 1, **ALL_CREATED}
    assert result["summary"]["changed"] == {"sysctls": 1}
    told = witness.sh(
        "ip netns exec s1 sysctl -n net.ipv4.conf.v1.rp_filter net.ipv4.conf.v1.accept_local"
    )
    assert told.split() == ["2", "1"]
    witness.sh("ip -n s1 link del v1", "ip -n s1 link add v1 type veth peer name other")
    lab.converges(**params)
    told = witness.sh("ip netns exec s1 sysctl -n net.ipv4.conf.v1.rp_filter")
    assert told.split() == ["2"]


@pytest.mark.parametrize(
    "hand",
    ["up0 nomaster", "up0 mtu 1300", "up0 address 02:00:00:00:00:05", "br0 mtu 1200", "up0 down"],
)
def test_a_bridge_has_mac_and_mtu_from_its_ports(hand):
    witness.sh(*lab.OTHERS)
    lab.run(**lab.GUEST)
    wanted = lab.state()
    witness.sh(f"ip link set {hand}")
    lab.converges(**lab.GUEST)
    if "mtu" not in hand:
        assert lab.becomes(wanted, lab.is_random) == []
    witness.sh("ip link del up0")
    lab.converges(**lab.GUEST)
    fewer = {name: lab.GUEST[name] for name in ("name", "namespaces")}
    fewer["links"] = lab.GUEST["links"][:1]
    lab.converges(**fewer, purge=True)


STACK = {
    "name": lab.OWNER,
    "namespaces": [{"name": ["s1"]}],
    "veths": [lab.pair("v", "other", "w", "s1")],
    "links": [
        {"name": "mv", "netns": "other", "type": "macvlan", "parent": "v", "up": True},
        {"name": "mw", "netns": "s1", "type": "macvlan", "parent": "w", "up": True},
    ],
}


@pytest.mark.parametrize(
    "hand",
    [
        "ip -n other link del v",
        "ip -n s1 link set w netns other",
        "ip -n other link set v down; ip -n other link set v name vv",
        "ip -n s1 link del w; ip -n s1 link add w type veth peer name x",
        "ip -n s1 link del mw; ip -n s1 link add mw type bridge",
    ],
)
def test_links_that_lie_on_others(hand):
    witness.sh(*lab.OTHERS)
    before = lab.state()
    lab.converges(**STACK)
    wanted = lab.state()
    witness.sh(hand)
    lab.converges(**STACK)
    # A link whose namespace it left keeps no promiscuity for the macvlan that stayed.
    assert lab.becomes(wanted, lambda each: lab.is_random(each) or ".promiscuity " in each) == []
    lab.converges(name=lab.OWNER, namespaces=[{"name": ["s1"]}], purge=True)
    lab.converges(**STACK)
    lab.converges(**lab.ABSENT)
    assert lab.becomes(before, lab.is_random) == []


FORWARDS = {
    "name": lab.OWNER,
    "namespaces": [{"name": ["s1"], "lo_up": True}],
    "veths": [lab.pair("p", "s1", "q", "s1")],
    "addresses": [{"netns": "s1", "link": "q", "address": ["192.0.2.1/24"]}],
    "links": [
        {"name": "br", "netns": "s1", "type": "bridge", "up": True},
        {"name": "p", "netns": "s1", "master": "br", "bridge_port": {"isolated": True}},
        {
            **{"name": "vx", "netns": "s1", "type": "vxlan", "up": True},
            "vxlan": {"id": 5, "local": "192.0.2.1", "dstport": 4789, "device": "q"},
        },
    ],
    "neighbours": [
        {
            **{"netns": "s1", "link": "p", "kind": "fdb", "mac": "02:00:00:00:00:05"},
            **{"master": True, "nud": "static"},
        },
        {
            **{"netns": "s1", "link": "vx", "kind": "fdb", "mac": "00:00:00:00:00:00"},
            "dst": "192.0.2.2",
        },
    ],
}


@pytest.mark.parametrize(
    "hand", ["link del dev p", "link del dev br", "link set p down", "link set vx down"]
)
def test_forwarding_entries(hand):
    lab.converges(**FORWARDS)
    wanted = lab.state()
    witness.sh(f"ip -n s1 {hand}")
    lab.converges(**FORWARDS)
    assert lab.becomes(wanted, lab.is_random) == []
    told = witness.sh("bridge -n s1 fdb show")
    assert "02:00:00:00:00:05 dev p master br static" in told
    assert "00:00:00:00:00:00 dev vx dst 192.0.2.2" in told
    lab.converges(**lab.ABSENT)


def test_ports_with_vlans():
    port = {"name": "p", "netns": "s1", "master": "br"}
    bridge = {"name": "br", "netns": "s1", "type": "bridge", "bridge": {"vlan_filtering": True}}
    for switches in ({"untagged": [10], "pvid": 10}, {"tagged": [20, 30]}, {"learning": False}):
        params = {**FORWARDS, "links": [bridge, {**port, "bridge_port": switches}]}
        params.update(neighbours=[], addresses=[])
        try:
            lab.converges(**params)
        except NetnsError as error:
            if "create the bridge br in namespace s1: Operation not supported" not in str(error):
                raise
            pytest.skip(f"This kernel has bridges without VLANs: {error}")
        lab.converges(**lab.ABSENT)


def test_routes_of_the_local_table_go_too():
    witness.sh(*lab.OTHERS)
    before = lab.state()
    route = {"netns": "other", "dst": ["192.0.2.0/24"], "type": "local", "dev": "lo"}
    lab.converges(name=lab.OWNER, routes=[{**route, "table": "local"}])
    lab.converges(**lab.ABSENT)
    assert lab.becomes(before) == []
