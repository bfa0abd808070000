# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Topologies: what is refused before anything is touched, and in which order things are made."""

from __future__ import annotations

import itertools

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import (
    BadInput,
    NetnsError,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._core.host_state import (
    Address,
    HostState,
    Link,
    Peer,
    fresh,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._core.plan_builder import PlanBuilder
from ansible_collections.linuxnet.netns.plugins.module_utils._core.record import replace
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.mark import state as marks
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.mark.state import Mark
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.qdisc.state import (
    ROOT,
    FqCodel,
    Netem,
    Qdisc,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.qdisc.topology import QDISCS
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.sysctl.state import Sysctl
from ansible_collections.linuxnet.netns.plugins.module_utils._topology import plan as topology
from ansible_collections.linuxnet.netns.plugins.module_utils._topology.changes import changes
from ansible_collections.linuxnet.netns.plugins.module_utils._topology.spec import TopologySpec
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import modules

OWNER = "lab"
NUMBER = Mark(OWNER).number
HANDED = {"netns": "g"}  # into a namespace that others made


def desired(**params):
    """Return what the options of a task want."""
    return TopologySpec.of(modules.options("netns_topology", **{"name": OWNER, **params}))


def host(*namespaces, places=()):
    """Return a host state in which here and g are there, n and m are not."""
    known = {key: fresh(key) for key in ("", "g")}
    known |= {key: fresh(key, "absent") for key in ("n", "m")}
    for namespace in known.values():
        namespace.sysctls = {
            "net/ipv4/conf/all/forwarding": Sysctl("0"),
            "net/ipv4/ip_forward": Sysctl("0"),
            "net/ipv6/conf/default/accept_dad": Sysctl("1"),
            "net/ipv4/conf/default/rp_filter": Sysctl("0"),
            "net/ipv4/conf/v/rp_filter": Sysctl(None, "missing"),
        }
    known.update({namespace.key: namespace for namespace in namespaces})
    return HostState(known, {**{key: key for key in known}, **dict(places)})


def marked(key, *links, made=True):
    """Return a namespace that the topology made, or lives in."""
    namespace = fresh(key)
    names = (Mark(OWNER).made if made else Mark(OWNER).guest,)
    namespace.links["lo"] = replace(namespace.links["lo"], altnames=names)
    namespace.links.update({link.name: link for link in links})
    return namespace


def plan(have, assume_exists=False, **params):
    """Return the builder of a task."""
    builder = PlanBuilder(have, assume_exists)
    topology.plan(builder, desired(**params))
    return builder


def steps(have, **params):
    """Return the commands that lead there, and see that nothing is to be done then."""
    builder = plan(have, **params)
    assert len(builder.entries) == len(builder.steps)
    again = PlanBuilder(builder.host)
    topology.plan(again, desired(**params))
    assert [step.command() for step in again.steps] == []
    return [step.command() for step in builder.steps]


# --- refused ------------------------------------------------------------------------------------


def veth(name, netns, other, other_netns, **more):
    return {
        "name": name,
        "netns": netns,
        **more,
        "peer": {"name": other, "netns": other_netns, **more},
    }


N = {"namespaces": [{"name": ["n"]}]}
PAIR = {**N, "veths": [veth("v", "n", "w", "n")]}
ADDRESS = {"netns": "n", "link": "v", "address": ["192.0.2.1/24"]}
ROUTE = {"netns": "n", "dst": ["198.51.100.0/24"], "dev": "v"}
BRIDGE = {"name": "b", "netns": "n", "type": "bridge"}
SIXTH = {**ADDRESS, "address": ["2001:db8::1/64"]}

REFUSED = {
    "two namespaces": (
        {"namespaces": [{"name": ["m", "n"]}, {"name": ["n"]}]},
        "namespaces[0] m, … and namespaces[1] n are both namespace n",
    ),
    "two pairs": (
        {**N, "veths": [veth("v", "n", "w", "n"), veth("x", "n", "v", "n")]},
        "veths[0] v and veths[1] x are both link v in namespace n",
    ),
    "a pair and a link": (
        {**PAIR, "links": [{**BRIDGE, "name": "w"}]},
        "veths[0] v and links[0] w are both link w in namespace n",
    ),
    "two links": (
        {**N, "links": [BRIDGE, {**BRIDGE, "type": "dummy"}]},
        "links[0] b and links[1] b are both link b in namespace n",
    ),
    "two links by a new name": (
        {**N, "links": [BRIDGE, {**BRIDGE, "name": "a", "new_name": "b"}]},
        "links[0] b and links[1] a are both link b in namespace n",
    ),
    "two changes of a link": (
        {**PAIR, "links": [{"name": "v", "netns": "n", "mtu": each} for each in (1400, 1300)]},
        "links[0] v and links[1] v are both link v in namespace n",
    ),
    "a pair, and its end under another name": (
        {**PAIR, "links": [{"name": "v", "netns": "n", "new_name": "a"}]},
        "veths[0] v: link v in namespace n gets another name or place by links[0] v",
    ),
    "a change of a link that is moved": (
        {
            "links": [
                {"name": "v", "mtu": 1400},
                {"name": "v", "netns": "g", "move_from": ""},
            ]
        },
        "links[0] v: link v in the current namespace gets another name or place by links[1] v",
    ),
    "two names for one link": (
        {"links": [{"name": "v", "new_name": "a"}, {"name": "a", "new_name": "v"}]},
        "links[1] a: link v in the current namespace gets another name or place by links[0] v",
    ),
    "an address of what is renamed": (
        {
            "links": [{"name": "v", "netns": "g", "new_name": "a"}],
            "addresses": [{**ADDRESS, "netns": "g"}],
        },
        "addresses[0] 192.0.2.1/24 v: link v in namespace g gets another name or place by links[0]",
    ),
    "a namespace of a peer that no name can have": (
        {**N, "veths": [{"name": "v", "netns": "n", "peer": {"name": "w", "netns": "a/b"}}]},
        "veths[0] v: peer: netns: 'a/b' cannot be the name of a namespace: it must not contain '/'",
    ),
    "two addresses": (
        {**PAIR, "addresses": [ADDRESS, {**ADDRESS, "nodad": True}]},
        "addresses[0] 192.0.2.1/24 v and addresses[1] 192.0.2.1/24 v are both"
        " address 192.0.2.1/24 of v in namespace n",
    ),
    "two addresses of IPv6 with two prefixes": (
        {**PAIR, "addresses": [SIXTH, {**SIXTH, "address": ["2001:DB8::1/80"]}]},
        "are both address 2001:db8::1/80 of v in namespace n",
    ),
    "two routes": (
        {**PAIR, "routes": [ROUTE, {**ROUTE, "dev": "w"}]},
        "routes[0] 198.51.100.0/24 and routes[1] 198.51.100.0/24 are both"
        " the route to 198.51.100.0/24 in namespace n",
    ),
    "two rules": (
        {**N, "rules": [{"netns": "n", "priority": 5, "table": "100"} for _unused in "12"]},
        "rules[0] n and rules[1] n are both a rule in namespace n",
    ),
    "two neighbours": (
        {
            **PAIR,
            "neighbours": [
                {"netns": "n", "link": "v", "address": "192.0.2.9", "mac": mac}
                for mac in ("02:00:00:00:00:01",) * 2
            ],
        },
        "neighbours[0] v and neighbours[1] v are both the same neighbour of v in namespace n",
    ),
    "two parameters": (
        {
            **N,
            "sysctls": [
                {"netns": "n", "name": "net.ipv4.ip_forward", "value": "1"},
                {"netns": "n", "sysctls": {"net.ipv4.ip_forward": 0}},
            ],
        },
        "sysctls[0] net.ipv4.ip_forward and sysctls[1] net.ipv4.ip_forward are both"
        " parameter net/ipv4/ip_forward in namespace n",
    ),
    "two disciplines": (
        {**PAIR, "qdiscs": [{"netns": "n", "link": "v", "kind": "fq_codel"} for _unused in "12"]},
        "qdiscs[0] v and qdiscs[1] v are both the queueing discipline of v in namespace n",
    ),
    "an address on nothing": (
        {**N, "addresses": [ADDRESS]},
        "addresses[0] 192.0.2.1/24 v: link v not found in namespace n, nor listed",
    ),
    "a route by nothing": (
        {**N, "routes": [ROUTE]},
        "routes[0] 198.51.100.0/24: link v not found in namespace n, nor listed",
    ),
    "a way by nothing": (
        {
            **PAIR,
            "routes": [
                {"netns": "n", "dst": ["default"], "nexthops": [{"dev": "v"}, {"dev": "x"}]}
            ],
        },
        "routes[0] default: link x not found in namespace n, nor listed",
    ),
    "a neighbour of nothing": (
        {
            **N,
            "neighbours": [
                {"netns": "n", "link": "v", "address": "192.0.2.9", "mac": "02:00:00:00:00:01"}
            ],
        },
        "neighbours[0] v: link v not found in namespace n, nor listed",
    ),
    "a discipline of nothing": (
        {**N, "qdiscs": [{"netns": "n", "link": "v", "kind": "fq_codel"}]},
        "qdiscs[0] v: link v not found in namespace n, nor listed",
    ),
    "a master that is nothing": (
        {**PAIR, "links": [{"name": "v", "netns": "n", "master": "b"}]},
        "links[0] v: link b not found in namespace n, nor listed",
    ),
    "a parent that is nothing": (
        {**N, "links": [{"name": "u", "netns": "n", "type": "macvlan", "parent": "v"}]},
        "links[0] u: link v not found in namespace n, nor listed",
    ),
    "a device that is nothing": (
        {
            **N,
            "links": [
                {"name": "u", "netns": "n", "type": "vxlan", "vxlan": {"id": 1, "device": "v"}}
            ],
        },
        "links[0] u: link v not found in namespace n, nor listed",
    ),
    "a change of nothing": (
        {**N, "links": [{"name": "v", "netns": "n", "mtu": 1400}]},
        "links[0] v: link v not found in namespace n",
    ),
    "links on each other": (
        {
            **N,
            "links": [
                {"name": "a", "netns": "n", "type": "macvlan", "parent": "b"},
                {"name": "b", "netns": "n", "type": "macvlan", "parent": "c"},
                {"name": "c", "netns": "n", "type": "macvlan", "parent": "a"},
            ],
        },
        "are links that lie on each other",
    ),
    "a link on a port of its own": (
        {
            **N,
            "links": [
                {**BRIDGE, "master": "u"},
                {"name": "u", "netns": "n", "type": "vrf", "vrf": {"table": 5}, "master": "b"},
            ],
        },
        "are links that lie on each other",
    ),
    "purge of what is to go": (
        {"state": "absent", "purge": True},
        "purge=true requires state=present: state=absent removes everything anyway",
    ),
    "its own peer": (
        {**N, "veths": [veth("v", "n", "v", "n")]},
        "veths[0] v: v cannot be its own peer; give the other end another name",
    ),
    "a bad name of a namespace": (
        {"namespaces": [{"name": ["n"]}, {"name": ["a/b"]}]},
        "namespaces[1] a/b: ",
    ),
    "a bad name of a link": (
        {**N, "veths": [veth("v" * 16, "n", "w", "n")]},
        "veths[0] vvvvvvvvvvvvvvvv: ",
    ),
    "an address without a prefix": (
        {**PAIR, "addresses": [ADDRESS, {**ADDRESS, "address": ["192.0.2.7"]}]},
        "addresses[1] 192.0.2.7 v: address '192.0.2.7' has no prefix length",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
@pytest.mark.parametrize("assume_exists", [True, False], ids=["check", "real"])
def test_it_is_refused_with_the_entries_named(what, assume_exists):
    params, told = REFUSED[what]
    with pytest.raises(NetnsError) as refused:
        plan(host(), assume_exists, **params)
    assert told in str(refused.value)


def test_a_cycle_names_all_its_entries():
    params, _told = REFUSED["links on each other"]
    with pytest.raises(BadInput, match=r"links\[0\] a") as refused:
        plan(host(), **params)
    assert all(entry in str(refused.value) for entry in ("links[1] b", "links[2] c"))
    assert str(refused.value).count("links[") == 3


@pytest.mark.parametrize("name", ["", "-a", ".a", "a b", "a/b", "a:b", "ä", "a" * 65, "a\nb"])
def test_names_that_no_topology_has(name):
    with pytest.raises(
        BadInput,
        match=r"' of the topology must have at most 64 letters, digits, '\.', '_' and",
    ):
        desired(name=name)


@pytest.mark.parametrize("name", ["a", "0", "A.b_c-1", "a" * 64])
def test_names_that_a_topology_may_have(name):
    mark = desired(name=name).mark
    assert mark.made == f"netns:{name}"
    longest = max(map(len, (mark.guest, mark.working, mark.making("l" * 15), mark.link("l" * 15))))
    assert longest < 128  # ALTIFNAMSIZ
    assert mark.number in marks.NUMBERS


def test_two_spellings_of_one_namespace():
    have = host(places={"/run/netns/g": "g"})
    address = {"link": "lo", "address": ["192.0.2.1/32"]}
    two = [{**address, "netns": "g"}, {**address, "netns": "/run/netns/g"}]
    with pytest.raises(BadInput, match=r"addresses\[0\] .* and addresses\[1\] .* are both address"):
        plan(have, addresses=two)
    here = host(places={"self": ""})
    with pytest.raises(NetnsError, match="Namespace self is the one that this runs in, by another"):
        plan(here, namespaces=[{"name": ["self"]}])
    with pytest.raises(
        NetnsError, match="Namespace other is namespace g, by another name; list it"
    ):
        plan(host(places={"other": "g"}), namespaces=[{"name": ["other"]}])


def test_a_namespace_that_is_neither_listed_nor_there():
    address = {"netns": "x", "link": "v", "address": ["192.0.2.1/24"]}
    have = host(fresh("x", "absent"))
    with pytest.raises(NetnsError, match=r"addresses\[0\] .*: namespace x not found"):
        plan(have, addresses=[address])
    builder = plan(host(fresh("x", "absent")), assume_exists=True, addresses=[address])
    assert [warning.partition(":")[0] for warning in builder.warnings] == [
        "namespace x does not exist yet",
        "link v does not exist in namespace x yet",
    ]


def test_no_warning_of_what_the_task_itself_makes():
    builder = plan(host(), assume_exists=True, **{**PAIR, "addresses": [ADDRESS]})
    assert builder.warnings == []


# --- the order ----------------------------------------------------------------------------------

MADE = f"altname netns:{OWNER}"
NEW = f"ip netns add n && ip -n n link property add dev lo {MADE}"
WORKING = f"ip -n n link property add dev lo {MADE}::working"
DONE = f"ip -n n link property del dev lo {MADE}::working"
PAIR_MADE = [
    "ip link add name v netns n type veth peer name w netns n",
    f"ip -n n link property add dev v {MADE}:v",
    f"ip -n n link property add dev w {MADE}:w",
]


def mark(name):
    return f"ip -n n link property add dev {name} {MADE}:{name}"


FQ_CODEL = (
    "tc -n n qdisc add dev v root fq_codel limit 10240 flows 1024 target 5ms interval 100ms"
    " quantum 1514 ecn"
)

# The lists; the commands, but for those that are about marks of places.
ORDERS = {
    "nothing": ({}, []),
    "a namespace": (
        {"namespaces": [{"name": ["n"], "lo_up": True}]},
        [NEW, "ip -n n link set dev lo up"],
    ),
    "a pair": (
        {"veths": [veth("v", "n", "w", "n", up=True)], **N},
        [
            NEW,
            WORKING,
            *PAIR_MADE,
            "ip -n n link set dev v up",
            "ip -n n link set dev w up",
            DONE,
        ],
    ),
    "a bridge and its port": (
        {
            **PAIR,
            "veths": [veth("v", "n", "w", "n", up=True)],
            "links": [
                {"name": "v", "netns": "n", "master": "b", "up": True},
                {**BRIDGE, "up": True},
            ],
        },
        [
            NEW,
            WORKING,
            *PAIR_MADE,
            "ip -n n link add name b type bridge",
            mark("b"),
            "ip -n n link set dev v master b",
            "ip -n n link set dev v up",
            "ip -n n link set dev w up",
            "ip -n n link set dev b up",
            DONE,
        ],
    ),
    "a macvlan on a veth, listed the other way round": (
        {
            **PAIR,
            "links": [
                {"name": "mm", "netns": "n", "type": "macvlan", "parent": "m1", "up": True},
                {"name": "m1", "netns": "n", "type": "macvlan", "parent": "v", "up": True},
            ],
            "veths": [veth("v", "n", "w", "n", up=True)],
        },
        [
            NEW,
            WORKING,
            *PAIR_MADE,
            "ip -n n link add name m1 link v type macvlan",
            mark("m1"),
            "ip -n n link add name mm link m1 type macvlan",
            mark("mm"),
            "ip -n n link set dev v up",
            "ip -n n link set dev w up",
            "ip -n n link set dev m1 up",
            "ip -n n link set dev mm up",
            DONE,
        ],
    ),
    "a VLAN in a VRF on a bond": (
        {
            **PAIR,
            "links": [
                {
                    "name": "bond.5",
                    "netns": "n",
                    "type": "vlan",
                    "parent": "bond",
                    "vlan": {"id": 5},
                    "master": "red",
                    "up": True,
                },
                {"name": "red", "netns": "n", "type": "vrf", "vrf": {"table": 5}, "up": True},
                {"name": "bond", "netns": "n", "type": "bond", "up": True},
                {"name": "v", "netns": "n", "master": "bond", "up": True},
            ],
        },
        [
            NEW,
            WORKING,
            *PAIR_MADE,
            "ip -n n link add name red type vrf table 5",
            mark("red"),
            "ip -n n link add name bond type bond",
            mark("bond"),
            "ip -n n link add name bond.5 link bond type vlan id 5",
            "ip -n n link set dev bond.5 master red",
            mark("bond.5"),
            "ip -n n link set dev v master bond",
            "ip -n n link set dev red up",
            "ip -n n link set dev bond up",  # and its VLAN with it: vlan_device_event()
            DONE,
        ],
    ),
    "a VXLAN, and the address that it leaves by": (
        {
            **PAIR,
            "links": [
                {
                    "name": "x",
                    "netns": "n",
                    "type": "vxlan",
                    "vxlan": {"id": 7, "local": "192.0.2.1", "device": "v"},
                    "up": True,
                }
            ],
            "addresses": [ADDRESS],
        },
        [
            NEW,
            WORKING,
            *PAIR_MADE,
            "ip -n n link add name x type vxlan id 7 local 192.0.2.1 dev v",
            mark("x"),
            "ip -n n link set dev x up",
            "ip -n n address add 192.0.2.1/24 dev v",
            DONE,
        ],
    ),
    "parameters, disciplines, neighbours": (
        {
            **PAIR,
            "qdiscs": [{"netns": "n", "link": "v", "kind": "fq_codel"}],
            "neighbours": [
                {"netns": "n", "link": "v", "address": "192.0.2.9", "mac": "02:00:00:00:00:09"}
            ],
            "addresses": [ADDRESS],
            "sysctls": [
                {
                    "netns": "n",
                    "sysctls": {
                        "net.ipv4.conf.v.rp_filter": 2,
                        "net.ipv6.conf.default.accept_dad": 0,
                    },
                }
            ],
        },
        [
            NEW,
            WORKING,
            "ip netns exec n sysctl -w net.ipv6.conf.default.accept_dad=0",
            *PAIR_MADE,
            "ip netns exec n sysctl -w net.ipv4.conf.v.rp_filter=2",
            FQ_CODEL,
            "ip -n n address add 192.0.2.1/24 dev v",
            "ip -n n neigh replace 192.0.2.9 lladdr 02:00:00:00:00:09 dev v nud permanent"
            f" protocol {NUMBER}",
            DONE,
        ],
    ),
    "routes without gateways first, rules last": (
        {
            "rules": [{"netns": "n", "priority": 5, "table": "100"}],
            "routes": [
                {"netns": "n", "dst": ["default"], "via": "198.51.100.9", "table": "100"},
                {"netns": "n", "dst": ["198.51.100.9/32"], "dev": "v"},
            ],
            "addresses": [ADDRESS],
            **PAIR,
            "veths": [veth("v", "n", "w", "n", up=True)],
        },
        [
            NEW,
            WORKING,
            *PAIR_MADE,
            "ip -n n link set dev v up",
            "ip -n n link set dev w up",
            "ip -n n address add 192.0.2.1/24 dev v",
            f"ip -n n -4 route add 198.51.100.9/32 dev v proto {NUMBER}",
            f"ip -n n -4 route add default via 198.51.100.9 dev v proto {NUMBER} table 100",
            f"ip -n n -4 rule add priority 5 from all table 100 protocol {NUMBER}",
            DONE,
        ],
    ),
}


@pytest.mark.parametrize("what", ORDERS)
def test_things_are_made_in_the_order_in_which_they_depend_on_each_other(what):
    params, expected = ORDERS[what]
    assert sorted_words(steps(host(), **params)) == sorted_words(expected)


def sorted_words(commands):
    """Return commands as lists whose words are compared without their order."""
    return [sorted(command.split()) for command in commands]


@pytest.mark.parametrize("what", ORDERS)
def test_the_order_of_the_entries_does_not_matter(what):
    params, expected = ORDERS[what]
    wanted = sorted(map(tuple, sorted_words(expected)))
    backwards = {name: list(reversed(entries)) for name, entries in params.items()}
    assert sorted(map(tuple, sorted_words(steps(host(), **backwards)))) == wanted


def test_of_what_is_listed_as_absent_links_go_last_and_all_else_first():
    bridge = Link("b", "bridge", altnames=(Mark(OWNER).link("b"),))
    address = Address("lo", "192.0.2.1/32", proto=NUMBER)
    namespace = marked("n", bridge)
    namespace.addresses = [address]
    gone = {
        "links": [{"name": "b", "netns": "n", "state": "absent"}],
        "addresses": [
            {"netns": "n", "link": "lo", "address": ["192.0.2.1/32"], "state": "absent"},
            {"netns": "n", "link": "v", "address": ["192.0.2.1/32"]},
        ],
    }
    assert steps(host(namespace), **{**PAIR, **gone}) == [
        "ip -n n address del 192.0.2.1/32 dev lo",
        WORKING,
        *PAIR_MADE,
        "ip -n n address add 192.0.2.1/32 dev v",
        DONE,
        "ip -n n link del dev b",
    ]


CONTRADICTIONS = {
    "a namespace": {"namespaces": [{"name": ["m", "n"]}, {"name": ["n"], "state": "absent"}]},
    "a pair": {
        **N,
        "veths": [veth("v", "n", "w", "n"), {**veth("w", "n", "x", "n"), "state": "absent"}],
    },
    "an end": {**PAIR, "links": [{"name": "w", "netns": "n", "state": "absent"}]},
    "a link": {**N, "links": [{**BRIDGE, "state": "absent"}, BRIDGE]},
    "an address": {**PAIR, "addresses": [ADDRESS, {**ADDRESS, "state": "absent"}]},
    "a route": {**PAIR, "routes": [{**ROUTE, "state": "absent"}, ROUTE]},
}


@pytest.mark.parametrize("what", CONTRADICTIONS)
def test_nothing_is_to_be_there_and_absent(what):
    with pytest.raises(
        BadInput, match=r"\[\d\] .* and .*\[\d\] .* are the same, present and absent"
    ):
        plan(host(), **CONTRADICTIONS[what])


# --- marks --------------------------------------------------------------------------------------


def test_guests_are_marked_before_anything_is_put_there():
    made = steps(host(), addresses=[{**HANDED, "link": "lo", "address": ["192.0.2.1/32"]}])
    assert made == [
        f"ip -n g link property add dev lo {MADE}::guest",
        "ip -n g address add 192.0.2.1/32 dev lo",
    ]


def test_a_guest_is_marked_once():
    have = host(marked("g", made=False))
    made = steps(have, addresses=[{**HANDED, "link": "lo", "address": ["192.0.2.1/32"]}])
    assert made == ["ip -n g address add 192.0.2.1/32 dev lo"]


def test_here_is_not_marked_for_what_its_links_tell():
    made = steps(
        host(),
        veths=[veth("v", None, "w", None)],
        addresses=[{"link": "v", "address": ["192.0.2.1/24"]}],
    )
    assert f"ip link property add dev lo {MADE}::guest" not in made
    made = steps(host(), addresses=[{"link": "lo", "address": ["192.0.2.1/32"]}])
    assert made[0] == f"ip link property add dev lo {MADE}::guest"


def test_the_mark_of_a_guest_goes_with_the_last_thing():
    address = Address("lo", "192.0.2.1/32", proto=NUMBER)
    namespace = marked("g", made=False)
    namespace.addresses = [address]
    assert steps(host(namespace), state="absent") == [
        "ip -n g address del 192.0.2.1/32 dev lo",
        f"ip -n g link property del dev lo {MADE}::guest",
    ]
    namespace = marked("g", made=False)
    namespace.addresses = [address]
    assert steps(host(namespace)) == []  # what is not listed stays, and its mark with it


def test_the_note_of_a_run_that_was_cut_short_goes():
    namespace = marked("n")
    lo = namespace.links["lo"]
    namespace.links["lo"] = replace(lo, altnames=(*lo.altnames, Mark(OWNER).working))
    assert steps(host(namespace), **N) == [DONE]


def test_what_is_made_at_others_is_noted_until_it_is_marked():
    making = f"ip -n g link property add dev lo {MADE}::making:b"
    made = steps(host(), links=[{**BRIDGE, **HANDED}])
    assert made == [
        f"ip -n g link property add dev lo {MADE}::working",
        f"ip -n g link property add dev lo {MADE}::guest",
        making,
        "ip -n g link add name b type bridge",
        mark("b").replace("-n n", "-n g"),
        making.replace("add", "del", 1),
        f"ip -n g link property del dev lo {MADE}::working",
    ]


def test_what_was_being_made_at_others_is_ones_own():
    namespace = marked("g", Link("b", "bridge"), Link("c", "bridge"), made=False)
    lo = namespace.links["lo"]
    namespace.links["lo"] = replace(lo, altnames=(*lo.altnames, Mark(OWNER).making("b")))
    assert steps(host(namespace), state="absent") == [
        "ip -n g link del dev b",
        f"ip -n g link property del dev lo {MADE}::making:b",
        f"ip -n g link property del dev lo {MADE}::guest",
    ]


def test_links_of_a_run_that_was_cut_short_are_known_as_listed():
    namespace = marked("n", Link("b", "bridge"))
    lo = namespace.links["lo"]
    namespace.links["lo"] = replace(lo, altnames=(*lo.altnames, Mark(OWNER).working))
    guest = marked("g", Link("b", "bridge"), made=False)
    listed = [BRIDGE, {**BRIDGE, **HANDED}]
    assert steps(host(namespace, guest), **N, links=listed) == [
        mark("b"),
        mark("b").replace("-n n", "-n g"),
        DONE,
    ]
    bare = fresh("g")
    bare.links["b"] = Link("b", "bridge")
    with pytest.raises(NetnsError, match="does not bear the mark of the topology lab"):
        plan(host(bare), links=[{**BRIDGE, **HANDED}])


def test_numbers_are_those_of_nobody():
    numbers = {Mark(f"t{each}").number for each in range(2000)}
    assert numbers == set(marks.NUMBERS)
    assert not numbers & {*range(20), 42, *range(186, 193)}  # rt_protos(5)
    assert max(numbers) < 255


def test_a_number_stays_what_it_is():
    """It is in the kernel of those who have a topology: another one would not know its own."""
    assert (Mark("study").number, Mark("lab").number) == (141, NUMBER)
    assert Mark("t6").number == Mark("t31").number == 223


def other_with_number(owner):
    number = Mark(owner).number
    names = (f"o{each}" for each in itertools.count())
    return next(name for name in names if Mark(name).number == number)


@pytest.mark.parametrize("how", ["made", "guest", "link here"])
def test_two_topologies_with_one_number_in_one_namespace(how):
    other = Mark(other_with_number(OWNER))
    namespace = fresh("" if how == "link here" else "g")
    if how == "link here":
        namespace.links["v"] = Link("v", "veth", altnames=(other.link("v"),))
    else:
        namespace.links["lo"] = replace(namespace.links["lo"], altnames=(getattr(other, how),))
    entry = {"netns": namespace.key or None, "link": "lo", "address": ["192.0.2.1/32"]}
    for assume_exists in (True, False):
        with pytest.raises(NetnsError, match=f"both mark their .* with the number {NUMBER}"):
            plan(host(namespace), assume_exists, addresses=[entry])


def test_one_number_in_two_namespaces():
    other = Mark(other_with_number(OWNER))
    namespace = fresh("g")
    namespace.links["lo"] = replace(namespace.links["lo"], altnames=(other.made,))
    builder = PlanBuilder(HostState({"": fresh(""), "n": fresh("n", "absent")}, {"": "", "n": "n"}))
    topology.plan(builder, desired(**N))
    assert len(builder.steps) == 1


# --- gone ---------------------------------------------------------------------------------------


def test_links_that_cannot_come_back_go_last():
    names = [("b", "bridge"), ("v", "veth")]
    links = [Link(name, kind, altnames=(Mark(OWNER).link(name),)) for name, kind in names]
    links[1] = replace(links[1], peer=Peer("w", "n"))
    here = marked("", *links, made=False)
    here.addresses = [Address("b", "192.0.2.1/24", proto=NUMBER)]
    inside = marked("n", Link("w", "veth", peer=Peer("v", ""), altnames=(Mark(OWNER).link("w"),)))
    assert steps(host(here, inside), state="absent") == [
        "ip netns del n",
        "ip link del dev b",
        f"ip link property del dev lo {MADE}::guest",
    ]


def test_others_in_a_namespace_that_is_to_go():
    have = host(marked("n", Link("x", "bridge")))
    told = r"^Namespace n holds links that the topology lab did not make \(x\)"
    with pytest.raises(NetnsError, match=told):
        plan(have, state="absent")
    have = host(marked("n", Link("x", "bridge")))
    assert steps(have, state="absent", force=True) == ["ip netns del n"]
    have = host(marked("n", *(Link(name, "tunl") for name in ("tunl0", "sit0", "ip6tnl0"))))
    assert steps(have, state="absent") == ["ip netns del n"]


@pytest.mark.parametrize("assume_exists", [True, False], ids=["check", "real"])
def test_a_namespace_of_others_is_not_taken_over(assume_exists):
    with pytest.raises(NetnsError, match=r"^namespaces\[0\] g: Namespace g is there, and does"):
        plan(host(), assume_exists, namespaces=[{"name": ["g"]}])


@pytest.mark.parametrize("options", [FqCodel(), Netem(loss=7)])
def test_what_the_kernel_adds_to_a_queueing_discipline_is_no_difference(options):
    planned = Qdisc("v", ROOT, "a kind", options=options)
    seed = replace(planned, number=0x80010000, options=replace(options, extra=b"seed"))
    assert not QDISCS.differs(planned, seed)
    assert QDISCS.differs(seed, planned)
    assert QDISCS.differs(planned, replace(seed, options=replace(seed.options, limit=77)))


def test_what_comes_with_a_namespace_is_in_no_diff():
    fallback = Link("gre0", kind="gre", index=2)
    there, empty, gone = fresh("n"), fresh("n"), fresh("n", state="absent")
    there.links |= {"gre0": fallback, "gre1": Link("gre1", kind="gre", index=3)}
    hosts = [HostState({"n": each}, {"n": "n"}) for each in (there, empty, gone)]
    for other in hosts[1:]:
        told = [each.key for each in changes(hosts[0], other) if each.list.name == "links"]
        assert told == [("n", "gre1")]
    up = fresh("n")
    up.links |= {**there.links, "gre0": replace(fallback, up=True)}
    told = changes(hosts[0], HostState({"n": up}, {"n": "n"}))
    assert [each.key for each in told] == [("n", "gre0")]  # what somebody did with it is told
