# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Routes that are there, routes that are wanted, and the operations from one to the other."""

from __future__ import annotations

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import BadInput, Conflict
from ansible_collections.linuxnet.netns.plugins.module_utils._core.host_state import (
    Address,
    HostState,
    Link,
    NamespaceState,
    Nexthop,
    Route,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._core.plan_builder import PlanBuilder
from ansible_collections.linuxnet.netns.plugins.module_utils._core.record import replace
from ansible_collections.linuxnet.netns.plugins.module_utils._core.simulate import simulate
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.route.extras import Extras
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.route.operations import (
    AddRoute,
    DeleteRoute,
    ReplaceRoute,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.route.plan import plan
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.route.spec import RoutesSpec
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import modules

NET, SIX = "10.1.0.0/16", "2001:db8:1::/48"
LINKS = {
    name: Link(name, index=index, up=name != "v3")
    for index, name in enumerate(("lo", "v1", "v2", "v3"), 1)
}
ADDRESSES = [
    Address("v1", "10.0.0.1/24"),
    Address("v2", "10.0.1.1/24"),
    Address("v2", "10.0.0.129/25"),
    Address("v1", "2001:db8::1/64"),
]
KERNEL = Route("10.0.0.0/24", 4, "v1", src="10.0.0.1", proto="kernel", scope="link")
OURS = Route(NET, 4, "v1", "10.0.0.9", proto="static")
THEIRS = replace(OURS, proto="boot")
OURS6 = Route(SIX, 6, "v1", "2001:db8::9", metric=1024, proto="static")
BLIND = Route("192.0.2.0/24", 4, type="blackhole", proto="static")
WAYS = (Nexthop("v1", "10.0.0.9"), Nexthop("v2", "10.0.1.9", 3))
MANY = Route(NET, 4, proto="static", nexthops=WAYS)


def builder(*have, assume_exists=False, links=LINKS, **params):
    namespace = NamespaceState("a", links=dict(links), addresses=ADDRESSES, routes=[KERNEL, *have])
    if not links:
        namespace.addresses, namespace.routes = [], []
    drawn = PlanBuilder(HostState({"a": namespace}, {"a": "a"}), assume_exists)
    plan(drawn, RoutesSpec.of(modules.options("netns_route", netns="a", **params)))
    return drawn


def add(route):
    return AddRoute("a", route)


def gone(route):
    return DeleteRoute("a", route)


def put(new, old):
    return ReplaceRoute("a", new, old)


@pytest.mark.parametrize(
    ("have", "params", "steps"),
    [
        pytest.param([], {"dst": NET, "via": "10.0.0.9"}, [add(OURS)], id="new"),
        pytest.param([OURS], {"dst": NET, "via": "10.0.0.9"}, [], id="there"),
        pytest.param([OURS], {"dst": NET, "via": "10.0.0.9", "dev": "v1"}, [], id="by this link"),
        pytest.param([THEIRS], {"dst": NET, "via": "10.0.0.9"}, [], id="made by others"),
        pytest.param(
            [THEIRS],
            {"dst": NET, "via": "10.0.0.9", "proto": "static"},
            [put(OURS, THEIRS)],
            id="another maker",
        ),
        pytest.param(
            [],
            {"dst": NET, "via": "10.0.0.200"},
            [add(replace(OURS, dev="v2", via="10.0.0.200"))],
            id="the longest prefix leads to the gateway",
        ),
        pytest.param(
            [replace(OURS, mtu=1300, src="10.0.0.1")],
            {"dst": NET, "via": "10.0.1.9"},
            [
                put(
                    replace(OURS, dev="v2", via="10.0.1.9", mtu=1300, src="10.0.0.1"),
                    replace(OURS, mtu=1300, src="10.0.0.1"),
                )
            ],
            id="another way, the rest is kept",
        ),
        pytest.param(
            [replace(OURS, metric=5)],
            {"dst": NET, "via": "10.0.0.9"},
            [],
            id="whatever its metric",
        ),
        pytest.param(
            [OURS],
            {"dst": NET, "via": "10.0.0.9", "metric": 5},
            [add(replace(OURS, metric=5))],
            id="another metric is another route",
        ),
        pytest.param(
            [OURS],
            {"dst": NET, "via": "10.0.0.9", "table": "7"},
            [add(replace(OURS, table=7))],
            id="another table is another route",
        ),
        pytest.param([], {"dst": SIX, "via": "2001:db8::9"}, [add(OURS6)], id="IPv6"),
        pytest.param([OURS6], {"dst": SIX, "via": "2001:db8::9", "metric": 0}, [], id="1024 is 0"),
        pytest.param([], {"dst": "192.0.2.0/24", "type": "blackhole"}, [add(BLIND)], id="nowhere"),
        pytest.param(
            [],
            {"dst": SIX, "type": "blackhole"},
            [add(Route(SIX, 6, "lo", metric=1024, proto="static", type="blackhole"))],
            id="nowhere in IPv6",
        ),
        pytest.param(
            [],
            {"dst": NET, "dev": "v1"},
            [add(Route(NET, 4, "v1", proto="static", scope="link"))],
            id="on the link",
        ),
        pytest.param(
            [],
            {"dst": NET, "nexthops": [{"via": "10.0.0.9"}, {"via": "10.0.1.9", "weight": 3}]},
            [add(MANY)],
            id="several ways",
        ),
        pytest.param(
            [MANY],
            {"dst": NET, "nexthops": [{"via": "10.0.0.9"}, {"via": "10.0.1.9", "weight": 3}]},
            [],
            id="several ways are there",
        ),
        pytest.param(
            [MANY],
            {"dst": NET, "nexthops": [{"via": "10.0.0.9"}, {"via": "10.0.1.9"}]},
            [put(replace(MANY, nexthops=(WAYS[0], replace(WAYS[1], weight=1))), MANY)],
            id="another weight",
        ),
        pytest.param([MANY], {"dst": NET, "via": "10.0.0.9"}, [put(OURS, MANY)], id="one of them"),
        pytest.param([OURS], {"dst": NET, "state": "absent"}, [gone(OURS)], id="goes"),
        pytest.param(
            [OURS, replace(OURS, metric=5)],
            {"dst": NET, "state": "absent", "metric": 5},
            [gone(replace(OURS, metric=5))],
            id="the one with this metric goes",
        ),
        pytest.param([OURS], {"dst": SIX, "state": "absent"}, [], id="is not there"),
        pytest.param(
            [OURS, OURS6, BLIND, replace(OURS, dst="10.2.0.0/16", table=7)],
            {"dst": [], "purge": True},
            [gone(OURS), gone(OURS6), gone(BLIND)],
            id="purge all of ours in the table",
        ),
        pytest.param(
            [OURS, OURS6, BLIND],
            {"dst": NET, "via": "10.0.0.9", "purge": True},
            [gone(BLIND)],
            id="purge beside one, of its family",
        ),
        pytest.param(
            [THEIRS, BLIND],
            {"dst": [], "purge": True, "proto": "boot"},
            [gone(THEIRS)],
            id="purge what others made",
        ),
        pytest.param([], {"dst": [], "purge": True, "proto": "kernel"}, [], id="not the kernel's"),
    ],
)
def test_steps(have, params, steps):
    assert builder(*have, **params).steps == steps


METRICS = Extras(
    attributes=((11, b"\5\0\1\0"),),
    metrics=(
        (1, b"\4\0\0\0"),
        (11, b"\x14\0\0\0"),
        (12, b"\1\0\0\0"),
        (16, b"reno\0"),
    ),
)
TOS = replace(OURS, extras=Extras((("tos", "0x10"),)))
BY_OBJECT = replace(OURS, via=None, dev=None, nhid=5)
KEPT = Extras(attributes=((99, b"new"),), metrics=((11, b"\x14\0\0\0"),))


@pytest.mark.parametrize(
    ("have", "params", "steps"),
    [
        pytest.param([TOS], {"via": "10.0.0.9"}, [add(OURS)], id="not matched"),
        pytest.param([TOS, OURS], {"via": "10.0.0.9"}, [], id="looked past"),
        pytest.param([TOS, OURS], {"state": "absent"}, [gone(OURS)], id="not deleted"),
        pytest.param([TOS], {"state": "absent"}, [], id="none deleted"),
        pytest.param(
            [TOS, BLIND],
            {"via": "10.0.0.9", "metric": 5, "purge": True},
            [add(replace(OURS, metric=5)), gone(BLIND)],
            id="not purged",
        ),
        pytest.param([BY_OBJECT], {"state": "absent"}, [gone(BY_OBJECT)], id="by an object"),
        pytest.param([BY_OBJECT], {"nhid": 6, "state": "absent"}, [], id="by another object: kept"),
        pytest.param([BY_OBJECT], {"nhid": 5}, [], id="by the object already"),
        pytest.param(
            [BY_OBJECT], {"via": "10.0.0.9"}, [put(OURS, BY_OBJECT)], id="by a gateway instead"
        ),
        pytest.param(
            [replace(OURS, extras=KEPT, wire=b"old")],
            {"via": "10.0.0.8", "proto": "77"},
            [
                put(
                    replace(OURS, via="10.0.0.8", proto="77", extras=KEPT),
                    replace(OURS, extras=KEPT),
                )
            ],
            id="attributes that nobody knows are kept",
        ),
    ],
)
def test_what_no_task_can_state_of_a_route(have, params, steps):
    drawn = builder(*have, dst=NET, **params)
    assert drawn.steps == steps
    assert all(not step.new.wire for step in steps if isinstance(step, ReplaceRoute))


@pytest.mark.parametrize(
    ("have", "params", "words"),
    [
        (
            [replace(TOS, extras=Extras((("encap", "ip"),)))],
            {"via": "10.0.0.9"},
            "route 10.1.0.0/16 via 10.0.0.9 dev v1 proto static encap ip in namespace a cannot be",
        ),
        (
            [KERNEL],
            {"dst": KERNEL.dst, "state": "absent"},
            "route 10.0.0.0/24 dev v1 src 10.0.0.1 proto kernel in namespace a",
        ),
        ([KERNEL], {"dst": KERNEL.dst, "type": "blackhole"}, "noprefixroute=true"),
        ([], {"dst": "10.0.1.0/24", "dev": "v1"}, None),
        (
            [Route(SIX, 6, "v1", "fe80::1", metric=1024, proto="ra")],
            {"dst": SIX, "via": "2001:db8::9"},
            "route 2001:db8:1::/48 via inet6 fe80::1 dev v1 metric 1024 proto ra in",
        ),
    ],
)
def test_what_is_not_ours_is_refused(have, params, words):
    if words is None:
        builder(*have, **{"dst": NET, **params})
        return
    with pytest.raises(Conflict, match=words):
        builder(*have, **{"dst": NET, **params})


def test_what_the_kernel_keeps_of_ra_goes_where_it_is_named():
    ra = Route(SIX, 6, "v1", "fe80::1", metric=1024, proto="ra")
    assert builder(ra, dst=SIX, proto="ra", state="absent").steps == [gone(ra)]


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"via": "10.7.0.1"}, "No address leads to the gateway 10.7.0.1 in namespace a yet"),
        ({"via": "10.0.0.9", "dev": "v2"}, "No address of link v2 leads to the gateway 10.0.0.9"),
        ({"dev": "v3"}, "Link v3 in namespace a is not up yet"),
        ({"dev": "v1", "src": "10.0.0.7"}, "address 10.0.0.7 does not exist in namespace a yet"),
        ({"dev": "v9"}, "link v9 does not exist in namespace a yet"),
    ],
)
def test_what_check_mode_supposes(params, words):
    drawn = builder(assume_exists=True, dst=NET, **params)
    assert any(words in warning for warning in drawn.warnings)
    assert len(drawn.steps) == 1


@pytest.mark.parametrize(
    "params",
    [
        {"via": "10.7.0.1", "dev": "v1", "onlink": True},
        {"via": "10.0.0.9"},
        {"type": "blackhole"},
        {"dst": SIX, "via": "fe80::1", "dev": "v1"},
    ],
)
def test_what_needs_no_supposing(params):
    drawn = builder(assume_exists=True, **{"dst": NET, **params})
    assert (len(drawn.steps), drawn.warnings) == (1, [])


def test_a_real_run_supposes_no_link():
    with pytest.raises(BadInput, match="link v9 not found in namespace a"):
        builder(dst=NET, dev="v9")


def test_every_step_has_its_inverse():
    have = [OURS, OURS6, BLIND]
    drawn = builder(*have, dst=[NET, "10.9.0.0/16"], via="10.0.1.9", purge=True)
    assert len(drawn.steps) == 3
    for step in reversed(drawn.steps):
        simulate(drawn.host, step.inverse())
    assert {*drawn.host.namespaces["a"].routes} == {KERNEL, *have}


@pytest.mark.parametrize(
    ("step", "line"),
    [
        (add(OURS), f"-4 route add {NET} via 10.0.0.9 dev v1 proto static"),
        (gone(BLIND), "-4 route del blackhole 192.0.2.0/24 proto static"),
        (
            put(replace(OURS6, mtu=1300, table=7), OURS6),
            f"-6 route replace {SIX} via inet6 2001:db8::9 dev v1 metric 1024 table 7 proto static"
            " mtu 1300",
        ),
        (
            add(MANY),
            f"-4 route add {NET} proto static nexthop via 10.0.0.9 dev v1 weight 1"
            " nexthop via 10.0.1.9 dev v2 weight 3",
        ),
        (add(BY_OBJECT), f"-4 route add {NET} proto static nhid 5"),
        (gone(TOS), f"-4 route del {NET} via 10.0.0.9 dev v1 proto static tos 0x10"),
        (
            put(replace(OURS, mtu=1300, extras=METRICS), OURS),
            f"-4 route replace {NET} via 10.0.0.9 dev v1 proto static realms 1/5 mtu lock 1300"
            " initcwnd 20 features ecn congctl reno",
        ),
    ],
)
def test_commands(step, line):
    assert step.command() == f"ip -n a {line}"
    assert "in namespace a" in step.phrase()
