# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is read of all that a diagram can be made of."""

from __future__ import annotations

import pytest

from ansible_collections.linuxnet.netns.plugins.plugin_utils._diagram import reading
from ansible_collections.linuxnet.netns.plugins.plugin_utils._diagram.found import DiagramError
from ansible_collections.linuxnet.netns.tests.unit.plugins.plugin_utils.diagram.networks import (
    BROKEN,
    STUDY,
    SWITCH,
    link,
    lo,
    namespace,
    ring,
)

DOCUMENT = {
    "namespaces": [{"name": ["study01", "study02"], "lo_up": True}],
    "veths": [
        {
            "name": "veth01",
            "netns": "study01",
            "up": True,
            "peer": {"name": "veth02", "netns": "/run/netns/study02", "up": True},
        }
    ],
    "addresses": [
        {"netns": "study01", "link": "veth01", "address": "172.16.1.101/24"},
        {"netns": "study02", "link": "veth02", "address": ["172.16.1.102/24"]},
    ],
}


def read(given, here="the host", only=None):
    return reading.read(given, here, only)


def told(given, **more):
    """The boxes, a list of lines each, and the cables."""
    graph = read(given, **more)
    return [box.description.split("\n") for box in graph.boxes], [
        graph.describe(c) for c in graph.cables
    ]


def test_two_namespaces():
    assert told(STUDY) == (
        [["study01", "veth01 up 172.16.1.101/24"], ["study02", "veth02 up 172.16.1.102/24"]],
        ["veth01 in study01 to veth02 in study02"],
    )


@pytest.mark.parametrize("given", [{"changed": False, "namespaces": STUDY}, DOCUMENT])
def test_a_result_and_a_document_tell_the_same(given):
    assert read(given) == read(STUDY)


def test_the_result_of_netns_topology():
    namespaces = [
        {"name": "a", "state": "present", "links": [_plain("v", True, ("b", "w"))], "routes": []},
        {"name": "b", "state": "present", "links": [_plain("w", False, ("a", "v"))], "routes": []},
        {"name": "c", "state": "absent", "made": False},
    ]
    given = {"summary": {}, "namespaces": namespaces, "commands": []}
    assert told(given) == ([["a", "v no carrier"], ["b", "w down"]], ["v in a to w in b"])
    assert told({"summary": {}, "namespaces": namespaces[2:]}) == ([], [])


def _plain(name, up, peer):
    """A link as netns_topology returns it."""
    far = {"name": peer[1], "netns": peer[0]}
    known = {"kind": "veth", "mtu": None, "addresses": []}
    return {"name": name, "up": up, "peer": far, **known}


def test_ports_come_after_their_bridge():
    boxes, cables = told(SWITCH)
    assert boxes == [
        ["the host", "eth0 up 192.0.2.7/24", "up up 10.0.0.1/24"],
        ["switch", "br0 bridge up 10.0.0.2/24", "  p1 up", "  up up"],
        ["pc", "eth0 up 10.0.0.3/24 MTU 9000"],
    ]
    assert cables == ["up in the host to up in switch", "p1 in switch to eth0 in pc"]
    assert [box.here for box in read(SWITCH).boxes] == [True, False, False]


def test_what_is_down_and_what_is_broken():
    graph = read(BROKEN)
    assert [[(e.name, e.state, e.health) for e in box.ends] for box in graph.boxes] == [
        [("lo", "down", "down"), ("eth0", "no carrier", "broken")],
        [("left", "down", "down"), ("alone", "no peer", "broken"), ("odd", "no peer", "broken")],
    ]
    assert [(graph.describe(cable), cable.health) for cable in graph.cables] == [
        ("eth0 in left to left in router", "broken"),
        ("odd in router to gone in left", "broken"),
    ]
    assert [words for _health, words in graph.summary()] == [
        "2 namespaces",
        "2 cables",
        "2 links down",
        "3 links broken",
    ]


def test_other_states_of_the_kernel_are_told_as_they_are():
    box = read(
        [namespace("a", link("eth0", operstate="dormant"), link("d", operstate="unknown"))]
    ).boxes[0]
    assert [(end.state, end.health) for end in box.ends] == [("dormant", "broken"), ("up", "fine")]


def test_what_every_namespace_has_is_left_out():
    down = {"up": False, "operstate": "down"}
    assert told([namespace("a", lo(), link("tunl0", kind="ipip", **down))])[0] == [["a"]]
    used = namespace(
        "a", link("lo", "127.0.0.1/8", "10.9.9.9/32"), link("gre0", "10.8.8.8/32", kind="gre")
    )
    assert told([used])[0] == [["a", "lo up 10.9.9.9/32", "gre0 gre up 10.8.8.8/32 MTU 1500"]]


def test_only_keeps_what_leads_there_and_its_bridge():
    boxes, cables = told(SWITCH, only=["pc"])
    assert boxes == [
        ["switch", "br0 bridge up 10.0.0.2/24", "  p1 up"],
        ["pc", "eth0 up 10.0.0.3/24 MTU 9000"],
    ]
    assert cables == ["p1 in switch to eth0 in pc"]
    assert told(SWITCH, only=[]) == ([], [])


def test_an_end_out_of_the_picture():
    far = {"name": "v", "netns": None, "nsid": 7}
    away = namespace("a", link("v0", to=("elsewhere", "v1")), link("v2", to=(None, "v3")))
    nameless = namespace("b", link("v4", kind="veth", peer=far))
    assert told([away, nameless])[1] == [
        "v0 in a to v1 in elsewhere",
        "v2 in a to v3 in the host",
        "v4 in b to v in a namespace without a name",
    ]
    assert {box.health for box in read([away, nameless]).boxes} == {"fine"}


def test_a_document_says_what_will_be():
    given = {
        "namespaces": [{"name": "r, s"}, {"name": "old", "state": "absent"}],
        "veths": [
            {"name": "v", "netns": "r", "up": True, "mtu": 9000, "peer": {"name": "w"}},
            {"name": "x", "netns": "r", "peer": {"name": "y", "netns": "s"}, "state": "absent"},
        ],
        "links": [
            {"name": "br0", "netns": "r", "type": "bridge", "up": True},
            {"name": "v", "netns": "r", "master": "br0"},
            {"name": "mv", "netns": "s", "type": "macvlan", "parent": "eth0", "parent_netns": ""},
            {"name": "v.7", "netns": "r", "type": "vlan", "parent": "v", "up": True},
            {"name": "w", "move_from": "", "netns": "s", "new_name": "wan", "up": True},
        ],
        "addresses": [{"link": "eth0", "address": "192.0.2.1/24, 2001:db8::1/64"}],
    }
    boxes, cables = told(given)
    assert boxes == [
        ["the host", "eth0 192.0.2.1/24 2001:db8::1/64"],
        ["r", "br0 bridge up", "  v up MTU 9000", "v.7 vlan up"],
        ["s", "mv macvlan down", "wan up"],
    ]
    assert cables == [
        "mv in s on eth0 in the host",
        "v in r to wan in s",
        "v.7 in r on v in r",
    ]
    assert read(given).within(1) == {2: "on v"}


def test_a_cable_that_stays_in_its_box():
    namespaces = [namespace("a", link("v", to=("a", "w")), link("w", to=("a", "v")))]
    graph = read(namespaces)
    assert graph.within(0) == {0: "to w", 1: "to v"}
    assert graph.bundles() == []


def test_a_ring_of_masters_ends():
    links = [{"name": n, "netns": "a", "type": "bridge", "master": m} for n, m in ("xy", "yx")]
    assert told({"links": links})[0] == [["a", "x bridge down", "  y bridge down"]]


def test_sizes():
    assert [read(ring(number)).small for number in (2, 30, 31, 200)] == [True, True, False, False]
    crowded = namespace("a", *(link(f"d{n}", kind="dummy") for n in range(121)))
    assert not read([crowded]).small
    assert read(ring(12)).length == 12
    assert read([]).length == 0


def test_bundles():
    namespaces = [
        namespace(
            "a", link("v1", to=("b", "w1")), link("v2", to=("b", "w2")), link("v3", to=("x", "w"))
        ),
        namespace("b", link("w1", to=("a", "v1"), up=False), link("w2", to=("a", "v2"))),
    ]
    bundles = read(namespaces).bundles()
    assert [(b.near, b.far, len(b.cables), b.health) for b in bundles] == [
        (0, 1, 2, "down"),
        (0, "w in x", 1, "fine"),
    ]


@pytest.mark.parametrize(
    "given",
    [
        None,
        7,
        "study01",
        ["study01"],
        {},
        {"ping": "pong"},
        [{"name": "a"}],
        [{"name": "a", "links": [{"name": "lo"}]}],
        [namespace("a", link("v", "not an address"))],
        {"veths": [{"name": "v"}]},
        {"namespaces": ["a"]},
    ],
)
def test_what_cannot_be_drawn(given):
    with pytest.raises(
        DiagramError, match="needs namespaces with their links, as netns_info and netns_topology"
    ):
        read(given)


def test_nothing():
    assert told([]) == told({"namespaces": []}) == ([], [])
