# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Triples: what is there, what is stated, and the commands that lead from one to the other."""

from __future__ import annotations

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import BadInput, Conflict
from ansible_collections.linuxnet.netns.plugins.module_utils._core.host_state import (
    HostState,
    Link,
    NamespaceState,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._core.plan_builder import PlanBuilder
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.qdisc import shaping
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.qdisc.state import (
    ROOT,
    Htb,
    HtbClass,
    Netem,
    Qdisc,
    Tbf,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import modules

MBIT = 125_000


def of_class(minor, parent=0, rate=1, ceil=None, **more):
    """Return a class as the kernel shows it, with the defaults of a new one; rates in Mbit/s."""
    rate, ceil = rate * MBIT, (ceil or rate) * MBIT
    buffers = [shaping.htb_buffer(each, 1600) for each in (rate, ceil)]
    values = {"prio": 0, "quantum": min(200_000, rate // 10), **more}
    return HtbClass(0x10000 | minor, 0x10000 | parent, rate, ceil, *buffers, **values)


TREE = (of_class(1, rate=10), of_class(0x10, 1, 5, 10), of_class(0x20, 1, 1, prio=1))
HTB = Qdisc("v1", ROOT, "htb", 0x10000, Htb(0x20, 10, 1000), TREE, number=0x10000)
TBF = Qdisc(
    "v1", ROOT, "tbf", 0, Tbf(MBIT, shaping.tbf_buffer(MBIT, 4096), 10346), number=0x80010000
)
LEAF = Qdisc("v1", 0x10010, "netem", 0, Netem(delay=10**6), number=0x80020000)
OTHER = Qdisc("v2", ROOT, "netem", 0, Netem(delay=10**6), number=0x80030000)


def builder(have, assume_exists=False, **params):
    """Return the plan of the module on a namespace with two links."""
    links = {
        "v1": Link("v1", "veth", 3, "02:00:00:00:00:01"),
        "v2": Link("v2", "veth", 4, "02:00:00:00:00:02"),
        "i1": Link("i1", "ifb", 5, "02:00:00:00:00:03"),
    }
    namespace = NamespaceState("", links=links)
    namespace.qdiscs = [*have, OTHER]
    plan = PlanBuilder(HostState({"": namespace}, {"": ""}), assume_exists)
    modules.job("netns_qdisc", **{"link": "v1", **params}).plan(plan)
    return plan


def commands(have, **params):
    plan = builder(have, **params)
    assert OTHER in plan.host.namespaces[""].qdiscs
    return [step.command() for step in plan.steps]


def classes(*each, **params):
    return {"kind": "htb", "classes": list(each), **params}


HTB_CLASS = (
    "tc class add dev v1 parent 1:{} classid 1:{} htb rate {} ceil {} burst 1600 cburst 1600"
)
TRIPLES = {
    "a new tbf": (
        (),
        {"kind": "tbf", "rate": "1mbit", "burst": "32kbit", "latency": "50ms"},
        ["tc qdisc add dev v1 root tbf rate 1mbit burst 4096 limit 10346"],
    ),
    "the same tbf, stated otherwise": (
        (TBF,),
        {"kind": "tbf", "rate": "125kbps", "burst": "4kb", "limit": "10346"},
        [],
    ),
    "another rate keeps burst and limit": (
        (TBF,),
        {"kind": "tbf", "rate": "2mbit"},
        ["tc qdisc change dev v1 root tbf rate 2mbit burst 4096 limit 10346"],
    ),
    "a handle that it does not have": (
        (TBF,),
        {"kind": "tbf", "handle": "7"},
        [
            "tc qdisc del dev v1 root",
            "tc qdisc add dev v1 root handle 7: tbf rate 1mbit burst 4096 limit 10346",
        ],
    ),
    "another kind, with classes and what hangs there": (
        (HTB, LEAF),
        {"kind": "tbf", "rate": "1mbit", "burst": "4kb", "limit": "9000"},
        ["tc qdisc replace dev v1 root tbf rate 1mbit burst 4096 limit 9000"],
    ),
    "another kind under the same handle": (
        (HTB, LEAF),
        {"kind": "netem", "delay": "1ms", "handle": "1:"},
        ["tc qdisc del dev v1 root", "tc qdisc add dev v1 root handle 1: netem delay 1ms"],
    ),
    "a new htb": (
        (TBF,),
        classes(
            {"classid": "1:20", "parent": "1:1", "rate": "1mbit"},
            {"classid": "1:1", "rate": "10mbit"},
            default="20",
        ),
        [
            "tc qdisc replace dev v1 root handle 1: htb default 20",
            HTB_CLASS.format("", "1", "10mbit", "10mbit"),
            HTB_CLASS.format("1", "20", "1mbit", "1mbit"),
        ],
    ),
    "the same classes": (
        (HTB,),
        classes(
            {"classid": "1:10", "parent": "1:1", "rate": "5mbit", "ceil": "10mbit"},
            {"classid": "1:1", "parent": "1:", "prio": 0, "quantum": 125_000},
            {"classid": "1:20", "prio": 1, "burst": "1600"},
            default="0x20",
            purge=True,
        ),
        [],
    ),
    "another rate of one class": (
        (HTB, LEAF),
        classes({"classid": "1:10", "rate": "6mbit"}),
        [
            "tc class change dev v1 parent 1:1 classid 1:10 htb rate 6mbit ceil 10mbit"
            " burst 1600 cburst 1600"
        ],
    ),
    "a ceiling that was the rate goes with it": (
        (HTB,),
        classes({"classid": "1:20", "rate": "3mbit"}),
        [
            "tc class change dev v1 parent 1:1 classid 1:20 htb rate 3mbit ceil 3mbit"
            " burst 1600 cburst 1600 prio 1"
        ],
    ),
    "a ceiling below the new rate goes with it": (
        (HTB,),
        classes({"classid": "1:10", "rate": "20mbit"}),
        [
            "tc class change dev v1 parent 1:1 classid 1:10 htb rate 20mbit ceil 20mbit"
            " burst 1600 cburst 1600"
        ],
    ),
    "a quantum that was stated stays": (
        (Qdisc("v1", ROOT, "htb", 0x10000, Htb(), (of_class(1, quantum=3000),), 0x10000),),
        classes({"classid": "1:1", "rate": "2mbit"}),
        [
            "tc class change dev v1 parent 1: classid 1:1 htb rate 2mbit ceil 2mbit"
            " burst 1600 cburst 1600 quantum 3000"
        ],
    ),
    "a new class where something hangs": (
        (HTB, LEAF),
        classes({"classid": "1:30", "parent": "1:10", "rate": "1mbit"}),
        ["tc qdisc del dev v1 parent 1:10", HTB_CLASS.format("10", "30", "1mbit", "1mbit")],
    ),
    "purge takes what hangs there first": (
        (HTB, LEAF),
        classes({"classid": "1:1"}, {"classid": "1:20"}, purge=True),
        ["tc qdisc del dev v1 parent 1:10", "tc class del dev v1 classid 1:10"],
    ),
    "purge all": (
        (HTB,),
        classes(purge=True),
        [f"tc class del dev v1 classid 1:{minor}" for minor in ("20", "10", "1")],
    ),
    "another default": (
        (HTB, LEAF),
        {"kind": "htb", "default": "10", "force": True},
        [
            "tc qdisc del dev v1 root",
            "tc qdisc add dev v1 root handle 1: htb default 10",
            HTB_CLASS.format("", "1", "10mbit", "10mbit"),
            HTB_CLASS.format("1", "10", "5mbit", "10mbit"),
            HTB_CLASS.format("1", "20", "1mbit", "1mbit") + " prio 1",
            "tc qdisc add dev v1 parent 1:10 handle 8002: netem delay 1ms",
        ],
    ),
    "another parent": (
        (HTB,),
        classes({"classid": "1:20", "parent": "1:10"}, force=True),
        [
            "tc qdisc del dev v1 root",
            "tc qdisc add dev v1 root handle 1: htb default 20",
            HTB_CLASS.format("", "1", "10mbit", "10mbit"),
            HTB_CLASS.format("1", "10", "5mbit", "10mbit"),
            HTB_CLASS.format("10", "20", "1mbit", "1mbit") + " prio 1",
        ],
    ),
    "at a class": (
        (HTB,),
        {"kind": "netem", "parent": "1:10", "delay": "1ms"},
        ["tc qdisc add dev v1 parent 1:10 netem delay 1ms"],
    ),
    "away from a class": (
        (HTB, LEAF),
        {"parent": "1:10", "state": "absent"},
        ["tc qdisc del dev v1 parent 1:10"],
    ),
    "away, with all": ((HTB, LEAF), {"state": "absent"}, ["tc qdisc del dev v1 root"]),
    "away, but it is another kind": ((HTB,), {"kind": "tbf", "state": "absent"}, []),
    "away, and nothing is there": ((), {"state": "absent"}, []),
    "away from a link that is not there": ((), {"state": "absent", "link": "nope"}, []),
    "no queue is a veth's default": ((), {"kind": "noqueue"}, []),
    "no queue again": ((TBF,), {"kind": "noqueue"}, ["tc qdisc del dev v1 root"]),
    "no queue is not everyone's default": (
        (),
        {"kind": "noqueue", "link": "i1"},
        ["tc qdisc add dev i1 root noqueue"],
    ),
    "no queue is there": (
        (Qdisc("i1", ROOT, "noqueue", number=0x80040000),),
        {"kind": "noqueue", "link": "i1"},
        [],
    ),
}


@pytest.mark.parametrize("name", TRIPLES)
def test_commands(name):
    have, desired, wanted = TRIPLES[name]
    assert commands(have, **desired) == wanted


@pytest.mark.parametrize("name", TRIPLES)
def test_a_second_plan_has_nothing_to_do(name):
    have, desired, _commands = TRIPLES[name]
    plan = builder(have, **desired)
    there = [each for each in plan.host.namespaces[""].qdiscs if each != OTHER]
    assert commands(there, **desired) == []


@pytest.mark.parametrize("name", TRIPLES)
def test_the_way_back_leads_to_what_was_there(name):
    have, desired, _commands = TRIPLES[name]
    plan = builder(have, **desired)
    plan.add(*[step.inverse() for step in reversed(plan.steps)])
    there = plan.host.namespaces[""].qdiscs
    assert sorted(map(repr, there)) == sorted(map(repr, [*have, OTHER]))


REFUSED = {
    "kind is required with state=present": {},
    "delay requires kind=netem, not kind=tbf": {"kind": "tbf", "delay": "1ms"},
    "limit requires kind=netem or tbf or fq_codel, not kind=htb": {"kind": "htb", "limit": "1"},
    "rate requires kind=netem or tbf, not kind=None": {"state": "absent", "rate": "1mbit"},
    "classes require kind=htb, not kind=tbf": {"kind": "tbf", "classes": []},
    "purge=true requires classes: it removes those that are not listed": {
        "kind": "htb",
        "purge": True,
    },
    "kind=noqueue requires parent=root: a class must have a queue": {
        "kind": "noqueue",
        "parent": "1:10",
    },
    "latency and limit are mutually exclusive": {"kind": "tbf", "latency": "1ms", "limit": "1"},
    "rate, burst, and latency or limit are required for a new tbf": {
        "kind": "tbf",
        "rate": "1mbit",
    },
    "rate '0bit' must be at least 8bit": {"kind": "tbf", "rate": "0bit"},
    "burst '0' must be at least one byte": {"kind": "tbf", "burst": "0"},
    "burst or latency is too large for the kernel at this rate; lower it": {
        "kind": "tbf",
        "rate": "8kbit",
        "burst": "1mb",
        "latency": "1s",
    },
    "parent '70' must be written as '1:10'.* YAML takes 1:10 for the number 70": {
        "kind": "netem",
        "parent": "70",
    },
    "classid '70' must be written as '1:10'": classes({"classid": "70"}),
    "handle '1:10' must be written as '1:'": {"kind": "tbf", "handle": "1:10"},
    "handle '8001:' must be between 1: and 7fff:; the kernel chooses from": {
        "kind": "tbf",
        "handle": "8001:",
    },
    "default '1:20' must be the minor number of a class": {
        "kind": "htb",
        "default": "1:20",
    },
    "class 1:1 is listed twice; list it once": classes({"classid": "1:1"}, {"classid": "1:01"}),
    "classes of one htb must have the same major number": classes(
        {"classid": "1:1"}, {"classid": "2:1"}
    ),
    "class 1:1 must have the major number of handle 2:": classes({"classid": "1:1"}, handle="2:"),
    "ceil of class 1:1 must not be less than its rate": classes(
        {"classid": "1:1", "rate": "2mbit", "ceil": "1mbit"}
    ),
    "prio of class 1:1 must be between 0 and 7": classes({"classid": "1:1", "prio": 8}),
    "parent 2:1 is not possible for class 1:1": classes({"classid": "1:1", "parent": "2:1"}),
    "parent 1:1 is not possible for class 1:1": classes({"classid": "1:1", "parent": "1:1"}),
    "rate is required for the new class 1:1": classes({"classid": "1:1"}),
    "parent 1:9 of class 1:1 not found; list it first": classes(
        {"classid": "1:1", "rate": "1mbit", "parent": "1:9"}
    ),
    "classes 1:1 and 1:2 are parents of each other": classes(
        {"classid": "1:1", "rate": "1mbit", "parent": "1:2"},
        {"classid": "1:2", "rate": "1mbit", "parent": "1:1"},
    ),
    "burst of class 1:1 is too large for the kernel at this rate; lower it": classes(
        {"classid": "1:1", "rate": "8bit", "burst": "1mb"}
    ),
    "class 1:9 is nested 9 deep, but the kernel allows 8; choose a parent": classes(
        *(
            {"classid": f"1:{n}", "rate": "1mbit", "parent": f"1:{n - 1}" if n > 1 else "1:"}
            for n in range(1, 10)
        )
    ),
    "handle is required for a new htb": {
        "kind": "htb",
        "parent": "1:1",
    },
}


@pytest.mark.parametrize("words", REFUSED)
def test_what_cannot_be_meant_is_refused(words):
    assume_exists = words.startswith("handle is required")  # there is no class 1:1 either
    with pytest.raises(BadInput, match=words):
        builder((), assume_exists, **REFUSED[words])


IN_THE_WAY = {
    "cannot be changed in place: default is 20. Set force=true": {
        "kind": "htb",
        "default": "10",
    },
    "cannot be changed in place: class 1:20 is below 1:1. Set force=true": classes(
        {"classid": "1:20", "parent": "1:10"}
    ),
    "cannot be changed in place: handle is 1:. Set force=true": classes(
        {"classid": "2:1", "rate": "1mbit"}
    ),
    "prio of class 1:1 cannot be changed from 0: the kernel keeps it while": classes(
        {"classid": "1:1", "prio": 1}
    ),
    "quantum of class 1:1 cannot be changed from 125000: the kernel keeps it": classes(
        {"classid": "1:1", "quantum": 3000}
    ),
    "purge would remove class 1:1, the parent of the listed class 1:10; list": classes(
        {"classid": "1:10"}, purge=True
    ),
    "parent 1:1 on link v1 in the current namespace has classes below it: a": {
        "kind": "netem",
        "parent": "1:1",
    },
}


@pytest.mark.parametrize("words", IN_THE_WAY)
def test_what_is_in_the_way_is_named(words):
    with pytest.raises(Conflict, match=words):
        builder((HTB,), **IN_THE_WAY[words])


def test_a_class_that_is_not_there_is_supposed_in_check_mode_alone():
    desired = {"kind": "netem", "parent": "1:11", "delay": "1ms"}
    with pytest.raises(
        BadInput, match="parent class 1:11 not found on link v1 in the current namespace; create"
    ):
        builder((HTB,), **desired)
    plan = builder((HTB,), assume_exists=True, **desired)
    assert "class 1:11 does not exist on link v1 in the current namespace yet:" in plan.warnings[0]
    assert len(plan.steps) == 1


def test_a_default_that_is_no_class_is_warned_of():
    desired = classes({"classid": "1:10", "rate": "1mbit"}, default="20")
    assert (
        "default class 1:20 does not exist: packets that match no filter are"
        in builder((), **desired).warnings[0]
    )
    assert not builder((HTB,), **classes({"classid": "1:10"}), default="20").warnings


def test_commands_of_another_namespace():
    plan = builder((), kind="tbf", rate="1mbit", burst="4kb", limit="9000")
    words = "qdisc add dev v1 root tbf rate 1mbit burst 4096 limit 9000"
    step = plan.steps[0]
    for netns, wanted in (
        ("a b", f"tc -n 'a b' {words}"),
        ("/proc/7/ns/net", f"nsenter --net=/proc/7/ns/net tc {words}"),
    ):
        assert type(step)(netns, step.new).command() == wanted
