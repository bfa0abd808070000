# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names that are taken when they are wanted: by links that go, are renamed, or swap them."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

import pytest

from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import (
    modules,
    witness,
)

from . import lab

sh, pair = witness.sh, lab.pair


def network(namespaces, veths=(), **more):
    """Return a network of namespaces and veths."""
    listed = [{"name": namespaces}] if namespaces else []
    return {"name": lab.OWNER, "namespaces": listed, "veths": list(veths), **more}


def ring(*names):
    """Return namespaces in a ring, each with eth0 and eth1, and addresses on them."""
    pairs = list(zip(names, [*names[1:], names[0]]))
    return network(
        list(names),
        [pair("eth1", one, "eth0", other) for one, other in pairs],
        addresses=[
            entry
            for number, (one, other) in enumerate(pairs)
            for entry in (
                {"netns": one, "link": "eth1", "address": [f"10.0.{number}.1/24"]},
                {"netns": other, "link": "eth0", "address": [f"10.0.{number}.2/24"]},
            )
        ],
        routes=[
            {"netns": one, "dst": ["default"], "via": f"10.0.{number}.2"}
            for number, (one, _other) in enumerate(pairs)
        ],
    )


def bridges(*names, netns=None, **more):
    """Return links that are bridges."""
    links = [{"name": name, "netns": netns, "type": "bridge", **more} for name in names]
    return {"name": lab.OWNER, "links": links}


def with_address(lists, **addresses):
    """Return a network whose links have addresses."""
    return {**lists, "addresses": [{"link": k, "address": [v]} for k, v in addresses.items()]}


@dataclass(frozen=True)
class Case:
    """A network, what a hand does to it, and the one that it is to become.

    ``same`` are links that have to be the same afterwards: where they were, and where they are.
    """

    first: dict[str, t.Any]
    then: dict[str, t.Any]
    hand: tuple[str, ...] = ()
    purge: bool = True
    same: tuple[tuple[str, str], ...] = ()


RLA = network(["rla", "rlold"], [pair("v0", "rla", "v1", "rlold")])
A_X = network(["n", "m"], [pair("a", "n", "x", "m")])
BR = with_address(bridges("b0", "b1", "b2"), b0="10.1.0.1/24", b1="10.1.1.1/24", b2="10.1.2.1/24")
TWO = network(["n", "m", "o"], [pair("w8", "n", "x", "m"), pair("w9", "n", "y", "o")])
SWAPPED = network(["n", "m", "o"], [pair("w9", "n", "x", "m"), pair("w8", "n", "y", "o")])
CROSSED = network(["n", "m", "o"], [pair("w8", "n", "y", "o"), pair("x", "m", "w9", "n")])
SAME_TWO = (("n w8", "n w9"), ("n w9", "n w8"), ("m x", "m x"), ("o y", "o y"))
MACVLAN = network(
    ["n", "m", "o"],
    [pair("v", "n", "w", "m")],
    links=[{"name": "mv", "netns": "n", "type": "macvlan", "parent": "v"}],
)

CASES = {
    "the far end in a namespace that goes": Case(
        RLA, network(["rla", "rlnew"], [pair("v0", "rla", "v1", "rlnew")])
    ),
    "another kind of link with the name of such an end": Case(
        RLA,
        network(["rla"], links=[{"name": "v0", "netns": "rla", "type": "bridge"}]),
    ),
    "both ends of a pair that has the names go": Case(
        RLA, network(["new1", "new2"], [pair("v0", "new1", "v1", "new2")])
    ),
    "such an end here": Case(
        network(["old"], [pair("up0", None, "v1", "old")]),
        network(["new"], [pair("up0", None, "v1", "new")]),
    ),
    "such an end as a port": Case(
        network(
            ["old"],
            [pair("up0", None, "v1", "old")],
            links=[
                {"name": "br0", "type": "bridge", "mtu": 1500},
                {"name": "up0", "master": "br0"},
            ],
        ),
        network([], links=[{"name": "br0", "type": "bridge", "mtu": 1500}]),
    ),
    "a ring with a node renamed": Case(ring("r1", "r2", "r3"), ring("r1", "r9", "r3")),
    "a ring with a node less": Case(ring("r1", "r2", "r3", "r4"), ring("r1", "r3", "r4")),
    "a ring with a node more": Case(ring("r1", "r2", "r3"), ring("r1", "r2", "r7", "r3")),
    "a ring in another order": Case(ring("r1", "r2", "r3", "r4"), ring("r1", "r3", "r2", "r4")),
    "an end renamed, and another one of its name": Case(
        A_X,
        network(["n", "m"], [pair("b", "n", "x", "m"), pair("a", "n", "y", "m")]),
        purge=False,
        same=(("m x", "m x"), ("n a", "n b")),
    ),
    "an end renamed, and another one of its name listed first": Case(
        A_X,
        network(["n", "m"], [pair("a", "n", "y", "m"), pair("b", "n", "x", "m")]),
        purge=False,
    ),
    "an end renamed, and a bridge of its name": Case(
        A_X,
        network(
            ["n", "m"],
            [pair("b", "n", "x", "m")],
            links=[{"name": "a", "netns": "n", "type": "bridge"}],
        ),
        purge=False,
        same=(("m x", "m x"), ("n a", "n b")),
    ),
    "two names swapped": Case(TWO, SWAPPED, same=SAME_TWO),
    "two names swapped, without purge": Case(TWO, SWAPPED, purge=False, same=SAME_TWO),
    "two names swapped by hand": Case(
        TWO,
        TWO,
        (
            "ip -n n link set dev w8 name t",
            "ip -n n link set dev w9 name w8",
            "ip -n n link set dev t name w9",
        ),
        same=(("n w8", "n w8"), ("n w9", "n w9")),
    ),
    "two ends swapped across namespaces": Case(
        network(["n", "m", "o"], [pair("v", "n", "x", "o"), pair("v", "m", "y", "o")]),
        network(["n", "m", "o"], [pair("v", "m", "x", "o"), pair("v", "n", "y", "o")]),
    ),
    "ends told the other way round": Case(
        TWO, CROSSED, purge=False, same=(("n w8", "n w9"), ("n w9", "n w8"))
    ),
    "a bridge renamed by hand": Case(
        BR, BR, ("ip link set dev b0 name other",), purge=False, same=((" b0", " b0"),)
    ),
    "three bridges rotated by hand": Case(
        BR,
        BR,
        (
            "ip link set dev b0 name t",
            "ip link set dev b2 name b0",
            "ip link set dev b1 name b2",
            "ip link set dev t name b1",
        ),
        same=((" b0", " b0"), (" b1", " b1"), (" b2", " b2")),
    ),
    "a bridge renamed by the task": Case(
        bridges("b0"),
        {"name": lab.OWNER, "links": [{"name": "b0", "new_name": "b1", "type": "bridge"}]},
        same=((" b0", " b1"),),
    ),
    "a bridge renamed by the task, and another one of its name": Case(
        bridges("b0"),
        {
            "name": lab.OWNER,
            "links": [
                {"name": "b0", "new_name": "b1", "type": "bridge"},
                {"name": "c", "new_name": "b0", "type": "bridge"},
            ],
        },
        purge=False,
        same=((" b0", " b1"),),
    ),
    "both ends renamed by hand": Case(
        A_X,
        A_X,
        ("ip -n n link set dev a name a1", "ip -n m link set dev x name x1"),
        same=(("n a", "n a"), ("m x", "m x")),
    ),
    "an end from a namespace that is not listed, with pairs of its own": Case(
        network(
            ["n3", "m"],
            [
                pair("l0", "n3", "l2", None),
                pair("l1", "n3", "l2", "n3"),
                pair("l3", "n3", "l0", "m"),
            ],
        ),
        network(["n0"], [pair("l0", "n0", "l0", "m"), pair("l5", "n0", "l6", None)]),
        purge=False,
        same=(("n3 l3", "n0 l0"), ("n3 l0", "n3 l0"), ("n3 l1", "n3 l1")),
    ),
    "a macvlan moved by hand": Case(MACVLAN, MACVLAN, ("ip -n n link set dev mv netns o",), False),
    "another address on another bridge": Case(
        with_address(bridges("b0"), b0="10.1.0.1/24"),
        with_address(bridges("b1"), b1="10.1.0.1/24"),
    ),
    "a vxlan of the same VNI": Case(
        {"name": lab.OWNER, "links": [{"name": "x0", "type": "vxlan", "vxlan": {"id": 7}}]},
        {"name": lab.OWNER, "links": [{"name": "x1", "type": "vxlan", "vxlan": {"id": 7}}]},
    ),
    "a vxlan of the same VNI, absent": Case(
        {"name": lab.OWNER, "links": [{"name": "x0", "type": "vxlan", "vxlan": {"id": 7}}]},
        {
            "name": lab.OWNER,
            "links": [
                {"name": "x1", "type": "vxlan", "vxlan": {"id": 7}},
                {"name": "x0", "state": "absent"},
            ],
        },
        purge=False,
    ),
    "a vxlan that a namespace takes along": Case(
        network(["n"], links=[{"name": "x0", "netns": "n", "type": "vxlan", "vxlan": {"id": 7}}]),
        {"name": lab.OWNER, "links": [{"name": "x0", "type": "vxlan", "vxlan": {"id": 7}}]},
    ),
}


def marks():
    """Return the marks of links by namespace and name."""
    return {
        (netns, link["ifname"]): [each for each in link.get("altnames", ()) if ":" in each]
        for netns in ("", *witness.names())
        for link in witness.ip("link", netns=netns)
        if link["ifname"] != "lo"
    }


def macs():
    """Return the MAC of each link, as 'namespace name'."""
    return {
        f"{netns} {link['ifname']}": link["address"]
        for netns in ("", *witness.names())
        for link in witness.ip("link", netns=netns)
    }


@pytest.mark.parametrize("name", CASES)
def test_a_name_is_free_once_it_is_wanted(name):
    case = CASES[name]
    lab.run(**case.first)
    before = macs()
    if case.hand:
        sh(*case.hand)
    lab.converges(**{**case.then, "purge": case.purge})
    for was, now in case.same:
        assert macs()[now] == before[was], (was, now)
    for (netns, link), names in marks().items():
        assert names == [f"netns:{lab.OWNER}:{link}"], (netns, link, names)
    lab.converges(**lab.ABSENT)
    assert witness.names() == {}
    assert [link["ifname"] for link in witness.ip("link")] == ["lo"]


def test_a_queueing_discipline_stays_where_another_namespace_is_purged():
    lab.run(**network(["m", "n"], [pair("a", "m", "b", "m")]))
    qdisc = {"netns": "m", "link": "a", "kind": "tbf", "rate": "1mbit"}
    qdisc |= {"burst": "10kb", "latency": "50ms"}
    lab.converges(**network(["m"], [pair("a", "m", "b", "m")], purge=True), qdiscs=[qdisc])
    assert [*witness.names()] == ["m"]


REFUSED = {
    "a parameter in a namespace that is absent": (
        A_X,
        {
            "name": lab.OWNER,
            "namespaces": [{"name": ["n"], "state": "absent"}],
            "sysctls": [{"netns": "n", "sysctls": {"net.ipv4.ip_forward": 1}}],
        },
        r"^sysctls\[0\] .*: namespace n is removed by the same task",
    ),
    "a rule in a namespace that is purged": (
        A_X,
        {
            **network(["m"], purge=True),
            "rules": [{"netns": "n", "priority": 5, "table": "9"}],
        },
        r"^rules\[0\] n: namespace n is removed by the same task",
    ),
    "a queueing discipline in a namespace that is purged": (
        A_X,
        {
            **network(["m"], purge=True),
            "qdiscs": [
                {"netns": "n", "link": "a", "kind": "tbf"}
                | {"rate": "1mbit", "burst": "10kb", "latency": "50ms"}
            ],
        },
        r"^qdiscs\[0\] a: namespace n is removed by the same task",
    ),
    "a veth in a namespace that is purged": (
        A_X,
        network(["m"], [pair("z", "m", "a", "n")], purge=True),
        r"^veths\[0\] z: namespace n is removed by the same task",
    ),
    "an address on a link that is purged": (
        bridges("b0"),
        {
            "name": lab.OWNER,
            "purge": True,
            "addresses": [{"link": "b0", "address": ["10.0.0.1/8"]}],
        },
        r"^addresses\[0\] 10.0.0.1/8 b0: link b0 in the current namespace is of this topology",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_to_be_in_what_goes_is_refused(name):
    first, then, words = REFUSED[name]
    lab.run(**first)
    lab.refused(words, **then)


def test_a_link_of_another_topology_tells_whose_it_is():
    lab.run(**bridges("b0"))
    lab.run(**network(["n"]))
    other = {**bridges("b0"), "name": "other"}
    lab.refused("b0 in the current namespace .* topology study", **other)
    lab.refused("Namespace n .* topology study", **{**network(["n"]), "name": "other"})


def test_a_veth_after_its_namespace_went():
    for name in ("rla", "rlold", "rlnew"):
        modules.run("netns", name=[name])
    veth = {"name": "v0", "netns": "rla", "peer": {"name": "v1", "netns": "rlold"}}
    modules.run("veth", **veth)
    modules.run("netns", name=["rlold"], state="absent")
    veth["peer"]["netns"] = "rlnew"
    promised = modules.run("veth", check=True, **veth)
    assert modules.run("veth", **veth) == promised
    assert not modules.run("veth", **veth)["changed"]


PARAMETERS = {
    "net.ipv4.neigh.a.base_reachable_time_ms": "40000",
    "net.ipv6.neigh.a.retrans_time_ms": "900",
    "net.ipv4.conf.a.rp_filter": "2",
    "net.ipv6.conf.a.accept_ra": "0",
}
WITH_PARAMETERS = {**A_X, "sysctls": [{"netns": "n", "sysctls": PARAMETERS}]}


@pytest.mark.parametrize("first", [None, A_X, WITH_PARAMETERS], ids=["new", "there", "as wanted"])
@pytest.mark.parametrize("hand", ["", "ip -n n link set dev a name foo", "ip -n n link del dev a"])
def test_parameters_of_a_link_that_is_made_or_renamed(first, hand):
    if first is not None:
        lab.run(**first)
        if hand:
            sh(hand)
    lab.converges(**WITH_PARAMETERS)
    at = "ip netns exec n sysctl -n"
    for name, value in PARAMETERS.items():
        assert sh(f"{at} {name}").strip() == value, name
    renamed = {name.replace(".a.", ".b."): value for name, value in PARAMETERS.items()}
    other = network(["n", "m"], [pair("b", "n", "x", "m")], purge=True)
    lab.converges(**other, sysctls=[{"netns": "n", "sysctls": renamed}])


def test_no_parameter_is_made_up():
    wrong = {"net.ipv4.neigh.a.no_such_thing": "1"}
    lab.refused("no_such_thing", **A_X, sysctls=[{"netns": "n", "sysctls": wrong}])
    lab.run(**A_X)
    lab.refused("no_such_thing", **A_X, sysctls=[{"netns": "n", "sysctls": wrong}])


def test_a_parent_has_the_number_of_its_link():
    """In namespaces that are made with one link each, these all have the same number."""
    on = {"type": "macvlan", "parent": "a", "parent_netns": "n", "up": True}
    lists = network(
        ["n", "m", "o"], [pair("a", "n", "x", "m")], links=[{"name": "v", "netns": "o", **on}]
    )
    lab.converges(**lists)
    (lower,) = witness.ip("link", "show", "dev", "a", netns="n")
    (upper,) = witness.ip("link", "show", "dev", "v", netns="o")
    assert lower["ifindex"] == upper["ifindex"]
    assert upper["link_index"] == lower["ifindex"]
    absent = lab.run(name=lab.OWNER, state="absent")
    assert absent["warnings"] == []
