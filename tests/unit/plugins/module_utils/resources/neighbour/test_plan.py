# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Neighbours that are there, those that are wanted, and the operations from one to the other."""

from __future__ import annotations

import pytest

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import BadInput
from ansible_collections.linuxnet.netns.plugins.module_utils._core.host_state import (
    HostState,
    Link,
    NamespaceState,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._core.plan_builder import PlanBuilder
from ansible_collections.linuxnet.netns.plugins.module_utils._core.record import replace
from ansible_collections.linuxnet.netns.plugins.module_utils._core.simulate import simulate
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.neighbour.operations import (
    DeleteNeighbour,
    SetNeighbour,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.neighbour.plan import (
    plan,
    render,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.neighbour.spec import (
    NeighboursSpec,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.neighbour.state import (
    Neighbour,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import modules

M5, M6 = "02:00:00:00:00:05", "02:00:00:00:00:06"
FIVE = Neighbour("v1", "10.0.0.5", M5, proto="static", state="permanent")
THEIRS = replace(FIVE, proto="unspec")
LEARNED = replace(FIVE, nud="dynamic", proto="unspec", state="stale")
LENT = replace(LEARNED, proto="static")
QUIET = replace(FIVE, nud="noarp", state="noarp")
PROXY = Neighbour("v1", "10.0.0.20", nud="", proxy=True, proto="static")
GROUP = Neighbour("v1", "ff02::1", "33:33:00:00:00:01", nud="noarp", kernel_made=True)


def builder(*have, there=True, assume_exists=False, **params):
    links = {"v1": Link("v1", index=5)} if there else {}
    namespace = NamespaceState("a", links=links, neighbours=list(have))
    desired = NeighboursSpec.of(modules.options("netns_neigh", netns="a", link="v1", **params))
    drawn = PlanBuilder(HostState({"a": namespace}, {"a": "a"}), assume_exists)
    plan(drawn, desired)
    return drawn, desired


def steps(*have, **params):
    return builder(*have, **params)[0].steps


def made(new, old=None):
    return SetNeighbour("a", new, old)


def gone(neighbour):
    return DeleteNeighbour("a", neighbour)


@pytest.mark.parametrize(
    ("have", "params", "wanted"),
    [
        pytest.param([], {"address": "10.0.0.5", "mac": M5}, [made(FIVE)], id="new"),
        pytest.param([FIVE], {"address": "10.0.0.5", "mac": M5}, [], id="there"),
        pytest.param([FIVE], {"address": "10.0.0.5"}, [], id="whatever its MAC"),
        pytest.param([QUIET], {"address": "10.0.0.5", "mac": M5}, [], id="noarp will do"),
        pytest.param([THEIRS], {"address": "10.0.0.5", "mac": M5}, [], id="made by others"),
        pytest.param(
            [THEIRS],
            {"address": "10.0.0.5", "mac": M6},
            [made(replace(THEIRS, mac=M6), THEIRS)],
            id="another MAC",
        ),
        pytest.param(
            [THEIRS],
            {"address": "10.0.0.5", "proto": "static"},
            [made(FIVE, THEIRS)],
            id="another maker",
        ),
        pytest.param(
            [FIVE], {"address": "10.0.0.5", "nud": "noarp"}, [made(QUIET, FIVE)], id="noarp"
        ),
        pytest.param(
            [FIVE],
            {"address": "10.0.0.5", "router": True},
            [made(replace(FIVE, router=True), FIVE)],
            id="router",
        ),
        pytest.param(
            [LEARNED],
            {"address": "10.0.0.5", "mac": M5},
            [made(FIVE, LEARNED)],
            id="learned is not what is meant",
        ),
        pytest.param(
            [],
            {"address": "10.0.0.5", "mac": M5, "nud": "reachable"},
            [made(LENT)],
            id="new and volatile",
        ),
        *(
            pytest.param(
                [replace(LENT, state=state)],
                {"address": "10.0.0.5", "mac": M5, "nud": nud},
                [],
                id=f"{nud} has become {state}",
            )
            for nud, state in (
                ("reachable", "stale"),
                ("stale", "delay"),
                ("delay", "probe"),
                ("probe", "reachable"),
            )
        ),
        pytest.param(
            [LENT],
            {"address": "10.0.0.5", "mac": M6, "nud": "stale"},
            [made(replace(LENT, mac=M6), LENT)],
            id="volatile with another MAC",
        ),
        pytest.param(
            [FIVE],
            {"address": "10.0.0.5", "nud": "stale"},
            [made(LENT, FIVE)],
            id="volatile after all",
        ),
        pytest.param([], {"address": "10.0.0.20", "proxy": True}, [made(PROXY)], id="proxy"),
        pytest.param([PROXY], {"address": "10.0.0.20", "proxy": True}, [], id="proxy is there"),
        pytest.param(
            [PROXY],
            {"address": "10.0.0.20", "mac": M5},
            [made(replace(FIVE, address="10.0.0.20"))],
            id="a proxy is no neighbour",
        ),
        pytest.param([FIVE], {"address": "10.0.0.5", "state": "absent"}, [gone(FIVE)], id="goes"),
        pytest.param(
            [FIVE], {"address": "10.0.0.5", "mac": M6, "state": "absent"}, [], id="is another"
        ),
        pytest.param([], {"address": "10.0.0.5", "state": "absent"}, [], id="is not there"),
        pytest.param(
            [PROXY], {"address": "10.0.0.20", "state": "absent"}, [], id="is only a proxy"
        ),
        pytest.param(
            [FIVE, THEIRS, PROXY, GROUP, replace(LEARNED, address="10.0.0.6")],
            {"purge": True},
            [gone(FIVE), gone(PROXY)],
            id="purge all of ours",
        ),
        pytest.param(
            [FIVE, PROXY, replace(LENT, address="10.0.0.6")],
            {"purge": True, "entries": [{"address": "10.0.0.5"}]},
            [gone(replace(LENT, address="10.0.0.6"))],
            id="purge beside one",
        ),
        pytest.param(
            [THEIRS, GROUP, replace(LEARNED, address="10.0.0.6")],
            {"purge": True, "proto": "unspec"},
            [gone(THEIRS)],
            id="purge what others made, not what was learned",
        ),
    ],
)
def test_steps(have, params, wanted):
    assert steps(*have, **params) == wanted


def test_a_new_one_needs_its_mac():
    with pytest.raises(BadInput, match=r"mac is required for the new neighbour 10\.0\.0\.5"):
        builder(address="10.0.0.5")


def test_a_link_that_is_not_there():
    with pytest.raises(BadInput, match="link v1 not found in namespace a"):
        builder(there=False, address="10.0.0.5", mac=M5)
    drawn, desired = builder(there=False, assume_exists=True, address="10.0.0.5", mac=M5)
    assert "link v1 does not exist in namespace a yet" in drawn.warnings[0]
    assert [each["mac"] for each in render(drawn.host, desired)] == [M5]
    assert not steps(there=False, address="10.0.0.5", state="absent")


def test_every_step_has_its_inverse():
    have = [FIVE, PROXY, replace(LENT, address="10.0.0.6")]
    listed = [{"address": "10.0.0.6", "mac": M6}, {"address": "10.0.0.7", "mac": M6}]
    drawn, _want = builder(*have, entries=[*listed, {"address": "::9", "proxy": True}], purge=True)
    assert len(drawn.steps) == 5
    for step in reversed(drawn.steps):
        simulate(drawn.host, step.inverse())
    assert {*drawn.host.namespaces["a"].neighbours} == {*have}


def test_what_is_shown_does_not_change_by_itself():
    have = [FIVE, GROUP, PROXY, replace(LEARNED, address="10.0.0.6")]
    drawn, desired = builder(*have, address="10.0.0.5")
    shown = [(each["address"], each["nud"]) for each in render(drawn.host, desired)]
    assert shown == [("10.0.0.5", "permanent"), ("10.0.0.20", None)]
    drawn, desired = builder(*have, address="10.0.0.6", nud="reachable")
    assert ("10.0.0.6", "dynamic") in [
        (each["address"], each["nud"]) for each in render(drawn.host, desired)
    ]


@pytest.mark.parametrize(
    ("step", "line"),
    [
        (made(FIVE), f"replace 10.0.0.5 lladdr {M5} dev v1 nud permanent protocol static"),
        (made(LEARNED), f"replace 10.0.0.5 lladdr {M5} dev v1 nud stale"),
        (
            made(replace(FIVE, router=True)),
            f"replace 10.0.0.5 lladdr {M5} dev v1 nud permanent router protocol static",
        ),
        (made(PROXY), "replace proxy 10.0.0.20 dev v1 protocol static"),
        (gone(FIVE), "del 10.0.0.5 dev v1"),
        (gone(PROXY), "del proxy 10.0.0.20 dev v1"),
    ],
)
def test_commands(step, line):
    assert step.command() == f"ip -n a neigh {line}"
    assert "in namespace a" in step.phrase()
