# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From nexthop objects that are there to those that are desired, and what falls with links."""

from __future__ import annotations

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import NetnsError
from ansible_collections.linuxnet.netns.plugins.module_utils._core.host_state import (
    HostState,
    Link,
    NamespaceState,
    Nexthop,
    Peer,
    Route,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._core.plan_builder import PlanBuilder
from ansible_collections.linuxnet.netns.plugins.module_utils._core.record import replace
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.link.operations import (
    ChangeLink,
    DeleteLink,
    MoveLink,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.nexthop import RESOURCE
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.nexthop.operations import (
    AddNexthop,
    DeleteNexthop,
    ReplaceNexthop,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.nexthop.plan import plan
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.nexthop.spec import (
    NexthopsSpec,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.nexthop.state import (
    NexthopObject,
    held,
    shown,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import modules

ONE = NexthopObject(1, 4, "10.0.0.2", "v1", proto="static")
TWO = NexthopObject(2, 4, "10.0.1.2", "v2", proto="static")
BOTH = NexthopObject(3, group=((1, 1), (2, 5)), proto="static")
ALONE = NexthopObject(4, group=((1, 1),), proto="77")


WAYS = {
    1: (Nexthop("v1", "10.0.0.2"),),
    2: (Nexthop("v2", "10.0.1.2"),),
    3: (Nexthop("v1", "10.0.0.2"), Nexthop("v2", "10.0.1.2", 5)),
    4: (Nexthop("v1", "10.0.0.2"),),
}


def by(number, dst="10.9.0.0/16", **others):
    """Return a route that uses a nexthop object."""
    return Route(dst, 4, nhid=number, ways=WAYS[number], **others)


def builder_of(*nexthops, routes=(), **options):
    links = {name: Link(name, up=True) for name in ("v1", "v2")}
    namespace = NamespaceState("a", links=links, routes=list(routes))
    namespace.others["nexthop"], namespace.followers = nexthops, (RESOURCE,)
    return PlanBuilder(HostState({"a": namespace, "b": NamespaceState("b")}), **options)


def steps(builder, **params):
    plan(builder, NexthopsSpec.of(modules.options("netns_nexthop", netns="a", **params)))
    return builder.steps


def ids(builder):
    return [each.id for each in held(builder.host.at("a"))]


def test_what_is_as_stated_stays():
    listed = [
        {"id": 1, "via": "10.0.0.2", "dev": "v1"},
        {"id": 3, "group": [{"id": 2, "weight": 5}, {"id": 1}]},
    ]
    assert steps(builder_of(ONE, TWO, BOTH), nexthops=listed) == []


def test_what_is_not_stated_of_where_it_leads_is_not_to_be_there():
    (step,) = steps(builder_of(ONE), id=1, dev="v1")
    assert step == ReplaceNexthop("a", NexthopObject(1, 4, None, "v1", proto="static"), ONE)


def test_a_group_comes_after_its_members():
    listed = [{"id": 9, "group": [{"id": 8}]}, {"id": 8, "dev": "v1"}]
    found = steps(builder_of(), nexthops=listed)
    assert [(type(each), each.nexthop.id) for each in found] == [(AddNexthop, 8), (AddNexthop, 9)]
    assert found[0].nexthop.proto == "static"


def test_a_group_goes_before_its_members():
    found = steps(builder_of(ONE, TWO, BOTH), nexthops=[], purge=True)
    assert [each.nexthop.id for each in found] == [3, 1, 2]


@pytest.mark.parametrize("taking", [{"force": True}, {}])
def test_what_uses_it_goes_first_if_it_may(taking):
    builder = builder_of(
        ONE, TWO, BOTH, ALONE, routes=[by(4), by(3, "10.8.0.0/16"), by(1, "10.7.0.0/16")]
    )
    builder.taking = None if taking else lambda thing: True
    found = [each.command() for each in steps(builder, id=1, state="absent", **taking)]
    assert [each.partition("-n a ")[2] for each in found] == [
        "-4 route del 10.9.0.0/16 nhid 4",
        "-4 route del 10.7.0.0/16 nhid 1",
        "nexthop replace id 3 group 2,5 proto static",
        "nexthop del id 4",
        "nexthop del id 1",
    ]
    assert ids(builder) == [2, 3]
    assert [each.dst for each in builder.host.at("a").routes] == ["10.8.0.0/16"]


def test_it_stays_where_what_uses_it_may_not_go():
    for routes in ([by(4)], []):
        with pytest.raises(NetnsError, match="uses it, and would be lost or changed"):
            steps(builder_of(ONE, ALONE, routes=routes), id=1, state="absent")


def test_everything_has_a_way_back():
    for step in (AddNexthop("a", ONE), DeleteNexthop("a", ONE), ReplaceNexthop("a", TWO, ONE)):
        assert step.inverse().inverse() == step


def test_what_check_mode_supposes():
    builder = builder_of(assume_exists=True)
    builder.host.at("a").links["v1"] = Link("v1")
    listed = [{"id": 1, "dev": "v1"}, {"id": 2, "group": [{"id": 7}]}]
    assert len(steps(builder, nexthops=listed)) == 2
    assert [each.partition(":")[0] for each in builder.warnings] == [
        "Link v1 in namespace a is not up yet",
        "nexthop object 7 does not exist in namespace a yet",
    ]


def test_with_a_link_that_goes_down_its_nexthop_objects_go_and_their_routes():
    builder = builder_of(
        ONE, TWO, BOTH, ALONE, routes=[by(4), by(3, "10.8.0.0/16"), by(2, "10.7.0.0/16")]
    )
    builder.add(ChangeLink("a", "v1", (("up", False),), (("up", True),)))
    assert ids(builder) == [2, 3]
    assert held(builder.host.at("a"))[1].group == ((2, 5),)
    assert [each.dst for each in builder.host.at("a").routes] == ["10.8.0.0/16", "10.7.0.0/16"]


@pytest.mark.parametrize(
    "step", [DeleteLink("a", Link("v1", "bridge")), MoveLink("a", "v1", "b", "v1")]
)
def test_with_a_link_that_leaves_its_nexthop_objects_go(step):
    builder = builder_of(ONE, TWO, BOTH, ALONE)
    builder.add(step)
    assert ids(builder) == [2, 3]


def test_with_the_other_end_of_a_veth_that_is_deleted_they_go():
    builder = builder_of(ONE)
    links = builder.host.at("a").links
    links["v1"] = Link("v1", "veth", peer=Peer("far", "b"))
    far = Link("far", "veth", peer=Peer("v1", "a"))
    builder.host.at("b").links["far"] = far
    builder.add(DeleteLink("b", far))
    assert ids(builder) == []


def test_an_older_kernel_renames_a_link_that_is_down_and_they_come_back():
    from ansible_collections.linuxnet.netns.plugins.module_utils._resources.link.steps import rename

    builder = builder_of(ONE, TWO, BOTH, ALONE, routes=[by(4), by(3, "10.8.0.0/16")])
    builder.host.live_rename = False
    was = [each.id for each in held(builder.host.at("a"))]
    rename(builder, "a", "v1", "w1")
    assert ids(builder) == was
    assert held(builder.host.at("a"))[0] == replace(ONE, dev="w1")
    assert held(builder.host.at("a"))[2] == BOTH
    assert sorted(each.dst for each in builder.host.at("a").routes) == [
        "10.8.0.0/16",
        "10.9.0.0/16",
    ]
    assert AddNexthop("a", replace(ONE, dev="w1"), again=True) in builder.steps


def test_without_a_carrier_they_fall():
    for step in (
        ChangeLink("b", "far", (("up", False),), (("up", True),)),
        MoveLink("b", "far", "a", "far"),
    ):
        builder = builder_of(ONE, TWO, BOTH, routes=[by(1)])
        links = builder.host.at("a").links
        links["v1"] = Link("v1", "veth", peer=Peer("far", "b"), up=True)
        far = Link("far", "veth", peer=Peer("v1", "a"), up=True)
        builder.host.at("b").links["far"] = far
        builder.add(step)
        assert ids(builder) == [2, 3]
        assert builder.host.at("a").routes == []


def bridged(*ports):
    """Return a builder with a bridge v1, and the pairs that are its ports."""
    builder = builder_of(ONE, TWO, routes=[by(1)])
    here, there = (builder.host.at(each).links for each in "ab")
    here["v1"] = Link("v1", "bridge", up=True)
    for name in ports:
        here[name] = Link(name, "veth", peer=Peer(f"far-{name}", "b"), up=True, master="v1")
        there[f"far-{name}"] = Link(f"far-{name}", "veth", peer=Peer(name, "a"), up=True)
    return builder


@pytest.mark.parametrize(
    "step",
    [
        ChangeLink("b", "far-p", (("up", False),), (("up", True),)),
        ChangeLink("a", "p", (("up", False),), (("up", True),)),
        ChangeLink("a", "p", (("master", ""),), (("master", "v1"),)),
        DeleteLink("a", Link("p", "veth", peer=Peer("far-p", "b"), master="v1")),
        MoveLink("a", "p", "b", "p"),
        MoveLink("b", "far-p", "a", "q"),
    ],
)
def test_a_bridge_without_a_port_that_has_a_carrier_has_none(step):
    for ports, left in ((("p",), [2]), (("p", "r"), [1, 2])):
        builder = bridged(*ports)
        builder.add(step)
        assert ids(builder) == left


def test_a_link_on_top_of_one_without_a_carrier_has_none():
    builder = builder_of(ONE)
    links = builder.host.at("a").links
    links["v1"] = Link("v1", "macvlan", up=True, parent=Peer("low", "a"))
    links["low"] = Link("low", "veth", up=True, peer=Peer("far", "b"))
    builder.host.at("b").links["far"] = Link("far", "veth", up=True, peer=Peer("low", "a"))
    builder.add(ChangeLink("b", "far", (("up", False),), (("up", True),)))
    assert ids(builder) == []


def test_they_follow_the_name_of_their_link():
    builder = builder_of(ONE)
    builder.add(ChangeLink("a", "v1", (("name", "w1"),), (("name", "v1"),)))
    assert held(builder.host.at("a"))[0].dev == "w1"


def test_what_results_show():
    assert shown(BOTH)["group"] == [{"id": 1, "weight": 1}, {"id": 2, "weight": 5}]
    extras = ((7, b"\1\0"), (0x8008, b""), (3, b"\1\0"), (0x8000 | 12, b""), (99, b""))
    assert shown(NexthopObject(1, extras=extras))["others"] == [
        "encap",
        "resilient",
        "attribute 99",
    ]
