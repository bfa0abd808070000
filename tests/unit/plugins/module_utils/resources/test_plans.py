# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is there, what is wanted, and the operations from one to the other: as data to be read."""

from __future__ import annotations

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import NetnsError
from ansible_collections.linuxnet.netns.plugins.module_utils._core.host_state import (
    Address,
    HostState,
    Link,
    NamespaceState,
    Peer,
    Route,
    fresh,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._core.plan_builder import PlanBuilder
from ansible_collections.linuxnet.netns.plugins.module_utils._core.record import replace
from ansible_collections.linuxnet.netns.plugins.module_utils._core.simulate import simulate
from ansible_collections.linuxnet.netns.plugins.module_utils._engine import leftovers as settings
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import modules

MAC1, MAC2, MAC3 = (f"02:00:00:00:00:0{number}" for number in (1, 2, 3))


def host(*namespaces, **more):
    """Return a host state of these namespaces; a, b and here are there, n is not."""
    known = {key: fresh(key) for key in ("", "a", "b")}
    known["n"] = fresh("n", "absent")
    known["dead"] = fresh("dead", "stale")
    known.update({namespace.key: namespace for namespace in namespaces})
    return HostState(known, {key: key for key in known}, **more)


def namespace(key, *links, addresses=(), routes=(), **more):
    lo = fresh(key).links["lo"]
    links = {link.name: link for link in (lo, *links)}
    return NamespaceState(key, links=links, addresses=list(addresses), routes=list(routes), **more)


def veth(name, peer, netns="", **more):
    return Link(name, "veth", mac=MAC1, peer=Peer(peer, netns), **more)


PAIR = (namespace("a", veth("v", "w", "b", index=5)), namespace("b", veth("w", "v", "a", index=6)))
HOME = namespace("", veth("v", "w"), veth("w", "v"))
BRIDGE = Link("br", "bridge", mac=MAC2)

V4 = Address("v", "10.0.0.1/24", label="v", broadcast="10.0.0.255")
SECOND = Address("v", "10.0.0.2/24", label="v", secondary=True)
V6 = Address("v", "2001:db8::1/64")
ROUTE = Route("default", 4, "v", "10.0.0.9")
UP = veth("v", "w", "b", up=True)
ADDRESSED = namespace("a", UP, addresses=[V4, SECOND, V6], routes=[ROUTE])

# What is there; the module and its options; the operations, as the commands that do the same.
TRIPLES = {
    # --- what is refused, with what to do ---
    "a loopback moves": (
        host(namespace("a", Link("loop", index=1))),
        "netns_link",
        {"name": "loop", "netns": "b", "move_from": "a"},
        "move link loop in namespace a to namespace b: the loopback cannot be moved, each"
        " namespace has its own; leave out move_from",
    ),
    "a loopback goes": (
        host(),
        "netns_link",
        {"name": "lo", "netns": "a", "state": "absent"},
        "link lo in namespace a cannot be removed: it is the loopback. Set up=false instead",
    ),
    "a bridge is removed as a veth": (
        host(namespace("a", BRIDGE)),
        "veth",
        {"name": "br", "netns": "a", "state": "absent"},
        "link br in namespace a is a bridge, not a veth, and is not removed; remove it with netns_link",
    ),
    "a veth with too small an MTU": (
        host(),
        "veth",
        {"name": "v", "mtu": 67, "peer": {"name": "w"}},
        "mtu 67 of veth v must be between 68 and 65535",
    ),
    "an altname is a name where it moves to": (
        host(
            namespace("a", veth("v", "w", "b", index=5, altnames=("x",))),
            namespace("b", veth("w", "v", "a", index=6), Link("x", "bridge")),
        ),
        "netns_link",
        {"name": "v", "netns": "b", "move_from": "a"},
        "move link v in namespace a to namespace b: its altname x is the name of a link in"
        " namespace b. Remove the altname first",
    ),
    "a link that shares its parent's MAC": (
        host(
            namespace(
                "a",
                Link("m", "macvlan", index=7, mac=MAC2, options=(("mode", "passthru"),)),
            )
        ),
        "netns_link",
        {"name": "m", "netns": "a", "mac": MAC3},
        f"set address {MAC3} on link m in namespace a: in mode passthru it shares the MAC address"
        " of its parent link, which would change too",
    ),
    "an attribute that this kernel lacks": (
        host(namespace("a", veth("v", "w", "b", index=5))),
        "netns_link",
        {"name": "v", "netns": "a", "gro_max_size": 9000},
        "set gro_max_size 9000 on link v in namespace a: this kernel has no gro_max_size. Leave it out",
    ),
    "a link without IPv6": (
        host(namespace("a", veth("v", "w", "b", index=5, mtu=1000))),
        "netns_link",
        {"name": "v", "netns": "a", "addrgenmode": "none"},
        "set addrgenmode none on link v in namespace a: the link has no IPv6, which the kernel"
        " disables below an MTU of 1280",
    ),
    "more than a driver takes": (
        host(namespace("a", veth("v", "w", "b", index=5, gso_max_size=65536, tso_max_size=65536))),
        "netns_link",
        {"name": "v", "netns": "a", "gso_max_size": 65537},
        "set gso_max_size 65537 on link v in namespace a: Invalid argument: its driver takes at"
        " most tso_max_size, 65536",
    ),
    "queues of a link that is there": (
        host(namespace("a", veth("v", "w", "b", index=5, numtxqueues=1))),
        "netns_link",
        {"name": "v", "netns": "a", "numtxqueues": 4},
        "link v in namespace a has numtxqueues 1 and not 4, which the kernel sets when a link is made",
    ),
    # --- namespaces ---
    "it is there": (host(), "netns", {"name": ["a"]}, []),
    "it is not there": (host(), "netns", {"name": ["n"]}, ["ip netns add n"]),
    "it is dead": (
        host(),
        "netns",
        {"name": ["dead"]},
        ["ip netns del dead", "ip netns add dead"],
    ),
    "a loopback": (
        host(),
        "netns",
        {"name": ["a", "n"], "lo_up": True},
        ["ip netns add n", "ip -n a link set dev lo up", "ip -n n link set dev lo up"],
    ),
    "a number comes last": (
        host(),
        "netns",
        {"name": ["n"], "lo_up": True, "nsid": 7},
        ["ip netns add n", "ip -n n link set dev lo up", "ip netns set n 7"],
    ),
    "the number that it has": (
        host(namespace("a", nsid=7)),
        "netns",
        {"name": ["a"], "nsid": 7},
        [],
    ),
    "another number": (
        host(namespace("a", nsid=7)),
        "netns",
        {"name": ["a"], "nsid": 8},
        "nsid of namespace a cannot be changed from 7 to 8: the kernel sets it once",
    ),
    "the number of another": (
        host(taken_nsids=frozenset({8})),
        "netns",
        {"name": ["a"], "nsid": 8},
        "nsid 8 is used by another namespace",
    ),
    "where nobody would see it": (
        host(private_mounts=True),
        "netns",
        {"name": ["n"]},
        "namespace n cannot be created inside `ip netns exec`",
    ),
    "they are to go": (
        host(),
        "netns",
        {"name": ["a", "n", "dead"], "state": "absent"},
        ["ip netns del a", "ip netns del dead"],
    ),
    "processes are in it": (
        host(namespace("a", pids=(1, 2, 3, 4, 5, 6))),
        "netns",
        {"name": ["a"], "state": "absent"},
        "namespace a is in use by 6 processes (pid 1, 2, 3, 4, 5, …); end them, or",
    ),
    "processes may stay": (
        host(namespace("a", pids=(1,))),
        "netns",
        {"name": ["a"], "state": "absent", "force": True},
        ["ip netns del a"],
    ),
    "hardware is in it": (
        host(namespace("a", Link("eth0", hardware=True))),
        "netns",
        {"name": ["a"], "state": "absent"},
        "namespace a holds hardware devices (eth0); move them out, or set force=true",
    ),
    "hardware comes home": (
        host(namespace("a", Link("eth0", hardware=True))),
        "netns",
        {"name": ["a"], "state": "absent", "force": True},
        ["ip -n a link set dev eth0 netns $$", "ip netns del a"],
    ),
    # --- pairs ---
    "a new pair": (
        host(),
        "veth",
        {"name": "v", "netns": "a", "mac": MAC1, "peer": {"name": "v", "netns": "b", "up": True}},
        [
            f"ip link add name v netns a address {MAC1} type veth peer name v netns b",
            "ip -n b link set dev v up",
        ],
    ),
    "the pair is there": (
        host(*PAIR),
        "veth",
        {"name": "v", "netns": "a", "peer": {"name": "w", "netns": "b"}},
        [],
    ),
    "the pair is there the other way round": (
        host(*PAIR),
        "veth",
        {"name": "w", "netns": "b", "peer": {"name": "v", "netns": "a"}},
        [],
    ),
    "a pair moves out": (
        host(HOME),
        "veth",
        {"name": "v", "netns": "a", "up": True, "peer": {"name": "w", "netns": "b"}},
        [
            "ip link set dev v netns a",
            "ip link set dev w netns b",
            "ip -n a link set dev v up",
        ],
    ),
    "one end is renamed": (
        host(*PAIR),
        "veth",
        {"name": "v", "netns": "a", "peer": {"name": "x", "netns": "b"}},
        ["ip -n b link set dev w name x"],
    ),
    "one end moves and is renamed": (
        host(*PAIR),
        "veth",
        {"name": "v", "netns": "a", "peer": {"name": "x"}},
        ["ip -n b link set dev w netns $$ name x"],
    ),
    "a name is taken": (
        host(namespace("a", BRIDGE)),
        "veth",
        {"name": "br", "netns": "a", "peer": {"name": "w"}, "force": True},
        "link br in namespace a exists and is a bridge, not a veth",
    ),
    "the loopback is no veth": (
        host(),
        "veth",
        {"name": "lo", "netns": "a", "peer": {"name": "w"}},
        "link lo in namespace a exists and is the loopback, not a veth",
    ),
    "two that are no pair": (
        host(*PAIR, namespace("", veth("x", "y"), veth("y", "x"))),
        "veth",
        {"name": "v", "netns": "a", "peer": {"name": "x"}},
        "link v in namespace a is a veth with its peer w in namespace b and link x in the current"
        " namespace is a veth with its peer y in the current namespace, not the desired pair v/x."
        " Set force=true to replace it",
    ),
    "two that are no pair are replaced": (
        host(*PAIR, namespace("", veth("x", "y"), veth("y", "x"))),
        "veth",
        {"name": "v", "netns": "a", "peer": {"name": "x"}, "force": True},
        [
            "ip -n a link del dev v",
            "ip link del dev x",
            "ip link add name v netns a type veth peer name x",
        ],
    ),
    "no such namespace for an end": (
        host(),
        "veth",
        {"name": "v", "netns": "n", "peer": {"name": "w"}},
        "namespace n not found; create it first with the netns module (name=n)",
    ),
    "a dead namespace for an end": (
        host(),
        "veth",
        {"name": "v", "peer": {"name": "w", "netns": "dead"}},
        "namespace dead not found: /run/netns/dead is a stale file; repair it with the netns module",
    ),
    "a pair is to go": (
        host(*PAIR),
        "veth",
        {"name": "v", "netns": "a", "state": "absent", "peer": {"name": "w", "netns": "b"}},
        ["ip -n a link del dev v"],
    ),
    "a pair elsewhere is to go": (
        host(HOME),
        "veth",
        {"name": "v", "netns": "a", "state": "absent", "peer": {"name": "w", "netns": "b"}},
        ["ip link del dev v"],
    ),
    "another pair is not to go": (
        host(*PAIR),
        "veth",
        {"name": "v", "netns": "a", "state": "absent", "peer": {"name": "x", "netns": "b"}},
        "link v in namespace a is a veth with its peer w in namespace b, not the pair to remove",
    ),
    "no pair is to go": (host(), "veth", {"name": "v", "netns": "a", "state": "absent"}, []),
    # --- links ---
    "a link as it is": (
        host(*PAIR),
        "netns_link",
        {"name": "v", "netns": "a", "mtu": 1500, "mac": MAC1, "alias": "", "master": ""},
        [],
    ),
    "a link changes in one go": (
        host(namespace("a", veth("v", "w", "b"), BRIDGE)),
        "netns_link",
        {"name": "v", "netns": "a", "mtu": 1400, "up": True, "master": "br", "alias": "x"},
        ["ip -n a link set dev v mtu 1400 alias x master br up"],
    ),
    "no such master": (
        host(*PAIR),
        "netns_link",
        {"name": "v", "netns": "a", "master": "br"},
        "master br not found in namespace a",
    ),
    "no such link": (
        host(),
        "netns_link",
        {"name": "v", "netns": "a"},
        "link v not found in namespace a",
    ),
    "a link moves under another name": (
        host(*PAIR),
        "netns_link",
        {"name": "v", "netns": "b", "move_from": "a", "new_name": "x", "up": True},
        ["ip -n a link set dev v netns b name x", "ip -n b link set dev x up"],
    ),
    "a link has moved": (
        host(*PAIR),
        "netns_link",
        {"name": "w", "netns": "b", "move_from": "a"},
        [],
    ),
    "a link is in both": (
        host(PAIR[0], namespace("b", Link("v", "bridge"))),
        "netns_link",
        {"name": "v", "netns": "b", "move_from": "a"},
        "link v in namespace a cannot be moved: link v exists in namespace b already",
    ),
    "a link is in neither": (
        host(),
        "netns_link",
        {"name": "v", "netns": "b", "move_from": "a"},
        "link v not found in namespace a nor in namespace b",
    ),
    "from where it is to be": (
        host(*PAIR),
        "netns_link",
        {"name": "v", "netns": "a", "move_from": "a"},
        "move_from and netns must be different namespaces, both are in namespace a",
    ),
    "a link has its new name": (
        host(*PAIR),
        "netns_link",
        {"name": "old", "netns": "a", "new_name": "v"},
        [],
    ),
    "both names are there": (
        host(namespace("a", veth("v", "w", "b"), BRIDGE)),
        "netns_link",
        {"name": "v", "netns": "a", "new_name": "br"},
        "link v cannot be renamed to br: that link exists in namespace a",
    ),
    "a link that is up is renamed by an old kernel": (
        host(ADDRESSED, live_rename=False),
        "netns_link",
        {"name": "v", "netns": "a", "new_name": "x"},
        [
            "ip -n a link set dev v down",
            "ip -n a link set dev v name x",
            "ip -n a link set dev x up",
            "ip -n a address add 2001:db8::1/64 dev x",
            "ip -n a -4 route add default via 10.0.0.9 dev x",
        ],
    ),
    "a link is to go, under either name": (
        host(*PAIR),
        "netns_link",
        {"name": "old", "netns": "a", "new_name": "v", "state": "absent"},
        ["ip -n a link del dev v"],
    ),
    # --- addresses ---
    "addresses as they are": (
        host(ADDRESSED),
        "netns_addr",
        {"netns": "a", "link": "v", "address": ["10.0.0.1/24", "2001:DB8::1/64"]},
        [],
    ),
    "more addresses": (
        host(ADDRESSED),
        "netns_addr",
        {"netns": "a", "link": "v", "address": ["10.0.0.3/24", "2001:db8::2/64"], "nodad": True},
        [
            "ip -n a address add 10.0.0.3/24 dev v",
            "ip -n a address add 2001:db8::2/64 dev v nodad",
        ],
    ),
    "a primary changes, and its secondary comes back": (
        host(ADDRESSED),
        "netns_addr",
        {"netns": "a", "link": "v", "address": ["10.0.0.1/24"], "broadcast": ""},
        [
            "ip -n a address add 10.0.0.1/32 dev v valid_lft 60 preferred_lft 60 noprefixroute",
            "ip -n a address del 10.0.0.2/24 dev v",
            "ip -n a address del 10.0.0.1/24 dev v",
            "ip -n a address add 10.0.0.1/24 dev v",
            "ip -n a address add 10.0.0.2/24 dev v",
            "ip -n a address del 10.0.0.1/32 dev v",
        ],
    ),
    "what the kernel replaces": (
        host(ADDRESSED),
        "netns_addr",
        {"netns": "a", "link": "v", "address": ["10.0.0.1/24"], "metric": 5, "valid_lft": "60"},
        [
            "ip -n a address replace 10.0.0.1/24 dev v broadcast 10.0.0.255 metric 5"
            " valid_lft 60 preferred_lft 60"
        ],
    ),
    "another prefix of IPv6": (
        host(ADDRESSED),
        "netns_addr",
        {"netns": "a", "link": "v", "address": ["2001:db8::1/80"]},
        ["ip -n a address del 2001:db8::1/64 dev v", "ip -n a address add 2001:db8::1/80 dev v"],
    ),
    "exactly these": (
        host(ADDRESSED),
        "netns_addr",
        {"netns": "a", "link": "v", "address": ["10.0.0.1/24"], "purge": True},
        ["ip -n a address del 10.0.0.2/24 dev v", "ip -n a address del 2001:db8::1/64 dev v"],
    ),
    "what the kernel made stays": (
        host(namespace("a", UP, addresses=[replace(V6, kernel_made=True)])),
        "netns_addr",
        {"netns": "a", "link": "v", "address": [], "purge": True},
        [],
    ),
    "a duplicate that is to be used all the same": (
        host(namespace("a", UP, addresses=[replace(V6, dadfailed=True)])),
        "netns_addr",
        {"netns": "a", "link": "v", "address": ["2001:db8::1/64"], "nodad": True},
        [
            "ip -n a address del 2001:db8::1/64 dev v",
            "ip -n a address add 2001:db8::1/64 dev v nodad",
        ],
    ),
    "a primary goes, its secondary stays": (
        host(ADDRESSED),
        "netns_addr",
        {"netns": "a", "link": "v", "address": ["10.0.0.1/24", "10.0.0.1/25"], "state": "absent"},
        [
            "ip -n a address add 10.0.0.2/32 dev v valid_lft 60 preferred_lft 60 noprefixroute",
            "ip -n a address del 10.0.0.2/24 dev v",
            "ip -n a address del 10.0.0.1/24 dev v",
            "ip -n a address add 10.0.0.2/24 dev v",
            "ip -n a address del 10.0.0.2/32 dev v",
        ],
    ),
    "nothing to go from": (
        host(),
        "netns_addr",
        {"netns": "n", "link": "v", "address": ["10.0.0.1/24"], "state": "absent"},
        [],
    ),
}


def drawn(have, module, params, assume_exists=False):
    builder = PlanBuilder(have.copy(), assume_exists)
    job = modules.job(module, **params)
    job.plan(builder)
    return builder


@pytest.mark.parametrize(
    "name", [name for name, row in TRIPLES.items() if isinstance(row[3], list)]
)
def test_operations(name):
    have, module, params, commands = TRIPLES[name]
    builder = drawn(have, module, params)
    assert [step.command() for step in builder.steps] == commands
    assert builder.warnings == []
    # The promise is what the operations do, and from there nothing is left to be done.
    after = have.copy()
    for step in builder.steps:
        simulate(after, step)
    assert after.namespaces == builder.host.namespaces
    assert drawn(builder.host, module, params).steps == []
    if commands:
        assert builder.host.namespaces != have.namespaces


@pytest.mark.parametrize("name", [name for name, row in TRIPLES.items() if isinstance(row[3], str)])
def test_refusals(name):
    have, module, params, words = TRIPLES[name]
    with pytest.raises(NetnsError) as told:
        drawn(have, module, params)
    assert str(told.value).startswith(words)


SUPPOSED = {
    "a namespace": (
        "veth",
        {"name": "v", "netns": "n", "peer": {"name": "w"}},
        ["ip link add name v netns n type veth peer name w"],
        ["namespace n does not exist yet"],
    ),
    "a dead one": (
        "netns_link",
        {"name": "lo", "netns": "dead", "up": True},
        ["ip -n dead link set dev lo up"],
        ["namespace dead does not exist yet"],
    ),
    "a link": (
        "netns_addr",
        {"link": "v", "netns": "a", "address": ["10.0.0.1/24"]},
        ["ip -n a address add 10.0.0.1/24 dev v"],
        ["link v does not exist in namespace a yet"],
    ),
    "all three": (
        "netns_link",
        {"name": "v", "netns": "n", "master": "br"},
        ["ip -n n link set dev v master br"],
        [
            "namespace n does not exist yet",
            "link v does not exist in namespace n yet",
            "master br does not exist in namespace n yet",
        ],
    ),
    "a link that is to move": (
        "netns_link",
        {"name": "v", "netns": "a", "move_from": "n"},
        ["ip -n n link set dev v netns a"],
        ["namespace n does not exist yet", "link v does not exist in namespace n yet"],
    ),
}


@pytest.mark.parametrize("name", SUPPOSED)
def test_what_check_mode_supposes(name):
    module, params, commands, warnings = SUPPOSED[name]
    builder = drawn(host(), module, params, assume_exists=True)
    assert [step.command() for step in builder.steps] == commands
    why = ": check mode assumes that an earlier task would have created it"
    assert builder.warnings == [f"{each}{why}" for each in warnings]
    with pytest.raises(NetnsError):
        drawn(host(), module, params)


@pytest.mark.parametrize(
    ("mtu", "words"),
    [(60, "mtu less than device minimum"), (70000, "mtu greater than device maximum")],
)
def test_what_the_kernel_would_refuse_is_refused_before(mtu, words):
    have = host(namespace("a", veth("v", "w", "b", min_mtu=68, max_mtu=65535)))
    params = {"name": "v", "netns": "a", "mtu": mtu}
    for assume_exists in (True, False):
        with pytest.raises(NetnsError, match=words):
            drawn(have, "netns_link", params, assume_exists=assume_exists)


def test_no_namespace_is_supposed_by_a_path():
    have = host()
    have.namespaces["/x"], have.places["/x"] = fresh("/x", "absent"), "/x"
    with pytest.raises(NetnsError, match="namespace /x not found"):
        drawn(have, "netns_link", {"name": "lo", "netns": "/x"}, assume_exists=True)


def test_namespaces_that_are_not_as_they_were():
    was, now = host(), host(fresh("n"), fresh("a", "absent"))
    steps = drawn(was, "netns", {"name": ["n"]}).steps
    assert settings.differences(was, now, steps) == ["namespace n is present, was absent"]
    assert settings.differences(was, now, []) == []  # what others did is theirs
