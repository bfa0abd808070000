# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Forwarding entries that are there, those that are wanted, and the operations between them."""

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
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.fdb.operations import (
    DeleteForward,
    SetForward,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.fdb.plan import plan, render
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.fdb.spec import FdbSpec
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.fdb.state import (
    ZERO,
    Forward,
    Tunnel,
)
from ansible_collections.linuxnet.netns.tests.unit.plugins.module_utils.support import modules

M1, M2, OWN = "02:00:00:00:00:01", "02:00:00:00:00:02", "02:00:00:00:00:ff"
MANY = "03:00:00:00:00:01"
LINKS = {
    "br": Link("br", "bridge", 1),
    "v1": Link("v1", "veth", 2, mac=OWN, up=True, master="br", vlans=((7, False, False),)),
    "v2": Link("v2", "veth", 3, master="br"),
    "v3": Link("v3", "veth", 4),
    "vx": Link("vx", "vxlan", 5),
}
PORT = Forward("v1", M1, master=True, nud="static")
LEARNED = replace(PORT, nud="dynamic")
ELSEWHERE = replace(PORT, link="v2")
KERNEL = Forward("v1", OWN, master=True, kernel_made=True)
INSIDE = Forward("br", M1)
SELF = Forward("v3", M1)
FAR = Forward("vx", M1, dst="192.0.2.1", port=4789, vni=10)
FLOOD = Forward("vx", ZERO, dst="192.0.2.1", port=4789, vni=10)
FLOOD2 = Forward("vx", ZERO, dst="192.0.2.2", port=5, vni=6, via="v3")
DEFAULT = Forward("vx", ZERO, dst="192.0.2.77", port=4789, vni=10, kernel_made=True)


def builder(*have, link="v1", links=None, assume_exists=False, **params):
    tunnels = {"vx": Tunnel(10, 4789, "192.0.2.77", 4)} if link == "vx" else {}
    namespace = NamespaceState(
        "a", links=dict(LINKS if links is None else links), fdb=list(have), tunnels=tunnels
    )
    options = modules.options("netns_neigh", netns="a", link=link, kind="fdb", **params)
    desired = FdbSpec.of(options)
    drawn = PlanBuilder(HostState({"a": namespace}, {"a": "a"}), assume_exists)
    plan(drawn, desired)
    return drawn, desired


def made(new, old=None):
    return SetForward("a", new, old)


def gone(forward):
    return DeleteForward("a", forward)


VX = {"link": "vx"}


@pytest.mark.parametrize(
    ("have", "params", "wanted"),
    [
        pytest.param([], {"mac": M1}, [made(PORT)], id="a port's goes to the bridge"),
        pytest.param([PORT], {"mac": M1}, [], id="there"),
        pytest.param(
            [PORT],
            {"mac": M1, "nud": "permanent"},
            [made(replace(PORT, nud="permanent"), PORT)],
            id="another state",
        ),
        pytest.param([replace(PORT, nud="permanent")], {"mac": M1}, [], id="permanent will do"),
        pytest.param([LEARNED], {"mac": M1}, [made(PORT, LEARNED)], id="learned is not meant"),
        pytest.param([LEARNED], {"mac": M1, "nud": "dynamic"}, [], id="learned is stated"),
        pytest.param([ELSEWHERE], {"mac": M1}, [made(PORT, ELSEWHERE)], id="another port"),
        pytest.param(
            [INSIDE], {"mac": M1}, [made(replace(PORT, nud="permanent"), INSIDE)], id="in"
        ),
        pytest.param(
            [PORT],
            {"mac": M1, "vlan": 7},
            [made(replace(PORT, vlan=7))],
            id="with a VLAN it is another one",
        ),
        pytest.param(
            [], {"mac": M1, "master": False}, [made(Forward("v1", M1))], id="of the port itself"
        ),
        pytest.param([], {"link": "v3", "mac": M1}, [made(SELF)], id="of a link without a bridge"),
        pytest.param([], {"link": "br", "mac": M1}, [made(INSIDE)], id="of the bridge itself"),
        pytest.param([PORT], {"mac": M1, "state": "absent"}, [gone(PORT)], id="goes"),
        pytest.param([ELSEWHERE], {"mac": M1, "state": "absent"}, [], id="is at another port"),
        pytest.param([PORT], {"mac": M1, "master": False, "state": "absent"}, [], id="not there"),
        pytest.param(
            [PORT, KERNEL, LEARNED, ELSEWHERE, replace(PORT, mac=M2, flags=0x10), SELF],
            {"purge": True},
            [gone(PORT)],
            id="purge",
        ),
        pytest.param(
            [PORT, replace(PORT, vlan=7)],
            {"purge": True, "mac": M2},
            [made(replace(PORT, mac=M2)), gone(PORT)],
            id="those of all VLANs go with it",
        ),
        pytest.param(
            [Forward("v3", M1)], {"link": "v3", "purge": True}, [], id="no purge where none can be"
        ),
        pytest.param([INSIDE], {"link": "br", "purge": True}, [gone(INSIDE)], id="purge a bridge"),
        pytest.param([], {**VX, "mac": M1, "dst": "192.0.2.1"}, [made(FAR)], id="a tunnel's"),
        pytest.param(
            [FAR],
            {**VX, "mac": M1, "dst": "192.0.2.1", "port": 4789, "vni": 10},
            [],
            id="what goes without saying",
        ),
        pytest.param([FAR], {**VX, "mac": M1}, [], id="wherever it leads"),
        pytest.param(
            [FAR],
            {**VX, "mac": M1, "dst": "192.0.2.2"},
            [made(replace(FAR, dst="192.0.2.2"), FAR)],
            id="another far end",
        ),
        pytest.param(
            [FAR],
            {**VX, "mac": M1, "dst": "192.0.2.1", "port": 5, "vni": 6, "via": "v3"},
            [made(replace(FAR, port=5, vni=6, via="v3"), FAR)],
            id="another way",
        ),
        pytest.param(
            [FAR],
            {**VX, "mac": M1, "nud": "static"},
            [made(replace(FAR, nud="static"), FAR)],
            id="the way is kept",
        ),
        pytest.param(
            [FLOOD],
            {
                **VX,
                "mac": ZERO,
                "entries": [
                    {"dst": "192.0.2.1"},
                    {"dst": "192.0.2.2", "port": 5, "vni": 6, "via": "v3"},
                ],
            },
            [made(FLOOD2)],
            id="many far ends",
        ),
        pytest.param(
            [FLOOD],
            {**VX, "mac": ZERO, "dst": "192.0.2.1", "nud": "static"},
            [made(replace(FLOOD, nud="static"), FLOOD)],
            id="the state of one",
        ),
        pytest.param(
            [replace(FLOOD, nud="static")],
            {**VX, "mac": ZERO, "dst": "192.0.2.9"},
            [made(replace(FLOOD, dst="192.0.2.9", nud="static"))],
            id="the state of those beside it",
        ),
        pytest.param(
            [FLOOD],
            {**VX, "mac": ZERO, "dst": "192.0.2.9", "nud": "static"},
            [
                made(replace(FLOOD, nud="static"), FLOOD),
                made(replace(FLOOD, dst="192.0.2.9", nud="static")),
            ],
            id="the state of all",
        ),
        pytest.param(
            [FLOOD, FLOOD2, DEFAULT, FAR, replace(FAR, mac=M2, nud="dynamic")],
            {**VX, "mac": ZERO, "dst": "192.0.2.1", "purge": True},
            [gone(FLOOD2), gone(FAR)],
            id="purge a tunnel",
        ),
        pytest.param(
            [FLOOD, FLOOD2, FAR],
            {**VX, "mac": ZERO, "state": "absent"},
            [gone(FLOOD), gone(FLOOD2)],
            id="all far ends go",
        ),
        pytest.param(
            [FLOOD2],
            {**VX, "mac": ZERO, "dst": "192.0.2.2", "vni": 10, "state": "absent"},
            [],
            id="the device's own identifier is a statement too",
        ),
        pytest.param(
            [],
            {**VX, "mac": MANY, "entries": [{"dst": "192.0.2.1"}, {"dst": "192.0.2.2"}]},
            [made(replace(FAR, mac=MANY)), made(replace(FAR, mac=MANY, dst="192.0.2.2"))],
            id="multicast",
        ),
    ],
)
def test_steps(have, params, wanted):
    assert builder(*have, **params)[0].steps == wanted


@pytest.mark.parametrize(
    ("params", "words"),
    [
        (
            {"link": "v3", "mac": M1, "master": True},
            "master=true requires a bridge port, and link v3 is not one",
        ),
        (
            {"mac": M1, "dst": "192.0.2.1"},
            "dst: a VXLAN device is required, and link v1 is not one",
        ),
        (
            {"link": "v3", "mac": M1, "nud": "static"},
            "nud=static is not possible: link v3 has permanent entries only",
        ),
        ({"mac": M1, "vlan": 8}, "v1 is not in VLAN 8"),
        ({"link": "v2", "mac": M1, "nud": "dynamic"}, "v2 is not up, to have dynamic entries"),
        ({**VX, "mac": M1}, "dst is required for an entry of the VXLAN device vx"),
        (
            {**VX, "mac": M1, "dst": "2001:db8::1"},
            "dst 2001:db8::1 must be an IPv4 address, as link vx tunnels over IPv4",
        ),
        ({**VX, "mac": M1, "dst": "192.0.2.1", "via": "nope"}, "link nope not found"),
        ({**VX, "mac": M1, "vlan": 7}, "vlan is not possible for entries of the VXLAN device vx"),
        ({"link": "nope", "mac": M1}, "link nope not found"),
    ],
)
def test_what_is_refused(params, words):
    with pytest.raises(BadInput, match=words):
        builder(**params)


def test_what_is_supposed():
    drawn, desired = builder(
        links={}, assume_exists=True, link="vx", mac=M1, dst="192.0.2.1", via="v3"
    )
    assert len(drawn.warnings) == 2
    assert [each["dst"] for each in render(drawn.host, desired)] == ["192.0.2.1"]
    drawn, _want = builder(links={}, assume_exists=True, mac=M1, master=True)
    assert drawn.steps == [made(PORT)]
    drawn, _want = builder(assume_exists=True, link="v2", mac=M1, nud="dynamic")
    assert "v2 is not up" in drawn.warnings[0]
    drawn, _want = builder(assume_exists=True, mac=M1, vlan=8)
    assert "Link v1 is not in VLAN 8 (bridge_port) yet" in drawn.warnings[0]


def test_every_step_has_its_inverse():
    have = [FLOOD, FLOOD2, DEFAULT, FAR]
    listed = [
        {"mac": ZERO, "dst": "192.0.2.9", "nud": "static"},
        {"mac": M1, "dst": "192.0.2.9"},
        {"mac": M2, "dst": "192.0.2.9"},
    ]
    drawn, _want = builder(*have, link="vx", entries=listed, purge=True)
    assert len(drawn.steps) == 6
    for step in reversed(drawn.steps):
        simulate(drawn.host, step.inverse())
    assert {*drawn.host.namespaces["a"].fdb} == {*have}


def test_what_is_shown_does_not_change_by_itself():
    twin = replace(PORT, vlan=7)
    drawn, desired = builder(PORT, twin, KERNEL, replace(LEARNED, mac=M2), ELSEWHERE, mac=M1)
    assert [(each["mac"], each["vlan"]) for each in render(drawn.host, desired)] == [(M1, None)]


@pytest.mark.parametrize(
    ("step", "line"),
    [
        (made(PORT), f"add {M1} dev v1 master static"),
        (made(PORT, LEARNED), f"replace {M1} dev v1 master static"),
        (made(replace(PORT, vlan=7)), f"add {M1} dev v1 vlan 7 master static"),
        (made(FLOOD), f"append {ZERO} dev vx dst 192.0.2.1 port 4789 vni 10 self permanent"),
        (
            gone(FLOOD2),
            f"del {ZERO} dev vx dst 192.0.2.2 port 5 vni 6 via v3 self",
        ),
    ],
)
def test_commands(step, line):
    assert step.command() == f"bridge -n a fdb {line}"
    assert "in namespace a" in step.phrase()
