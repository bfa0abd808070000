# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lists that come of a drawing: what is in them, entry by entry."""

from __future__ import annotations

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.linuxnet.netns.plugins.module_utils._resources.address import (
    options as addr,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.link import options as link
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.namespace import (
    options as netns,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.route import (
    options as route,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.sysctl import (
    options as sysctl,
)
from ansible_collections.linuxnet.netns.plugins.module_utils._resources.veth import options as veth
from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.choices import choices
from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.drawing import (
    Drawing,
    DrawingError,
    Edge,
    Node,
)
from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.lists import lists

OPTIONS = {
    "namespaces": netns,
    "veths": veth,
    "links": link,
    "addresses": addr,
    "routes": route,
    "sysctls": sysctl,
}
FOUR = {"link_prefix": "10.0.0.0/24", "loopback_prefix": "10.255.0.0/24"}
SIX = {"link_prefix": "fd00::/64", "loopback_prefix": "fd01::/64"}
BOTH = {key: [FOUR[key], SIX[key]] for key in FOUR}
EMPTY = {"namespaces": [], "veths": [], "links": [], "addresses": [], "routes": [], "sysctls": []}


def drawing(*edges, bridges=""):
    """Return a drawing of edges as "ab", or "ab:x:y" with the names of links."""
    names = sorted({name for edge in edges for name in edge[:2]} | set(bridges))
    found = []
    for edge in edges:
        ends = tuple(names.index(name) for name in edge[:2])
        found.append(Edge(ends, links=tuple(edge.split(":")[1:]) or None))
    return Drawing(tuple(Node((name,), name in bridges) for name in names), tuple(found))


def made(draw, **options):
    return lists(draw, choices(options))


def test_a_cable_and_nothing_more():
    assert made(drawing("ab")) == {
        **EMPTY,
        "namespaces": [{"name": "a", "lo_up": True}, {"name": "b", "lo_up": True}],
        "veths": [
            {
                "name": "eth1",
                "netns": "a",
                "up": True,
                "peer": {"name": "eth1", "netns": "b", "up": True},
            }
        ],
    }


PLACES = st.integers(0, 4)
ENDS = st.lists(st.tuples(PLACES, PLACES), max_size=8)


@settings(deadline=None)
@given(st.integers(1, 5), ENDS, ENDS)
def test_more_at_the_end_leaves_the_addresses_of_the_others_alone(count, there, new):
    def found(nodes, ends):
        edges = tuple(Edge((a, b)) for a, b in ends)
        return made(Drawing(tuple(Node((str(n),)) for n in range(nodes)), edges), **BOTH)

    there = [(a % count, b % count) for a, b in there]
    before, after = found(count, there), found(5, there + new)
    for name in ("namespaces", "veths"):
        assert after[name][: len(before[name])] == before[name]
    assert all(entry in after["addresses"] for entry in before["addresses"])


def test_nothing_drawn():
    assert made(Drawing((), ()), **BOTH, routes=["loopbacks", "links"]) == EMPTY


def test_a_node_without_links_is_a_namespace_with_a_loopback_address():
    found = made(Drawing((Node(("a",)),), ()), **FOUR, routes="loopbacks")
    assert found == {
        **EMPTY,
        "namespaces": [{"name": "a", "lo_up": True}],
        "addresses": [{"netns": "a", "link": "lo", "address": ["10.255.0.1/32"]}],
    }


def test_addresses_of_both_versions():
    assert made(drawing("ab"), **BOTH)["addresses"] == [
        {"netns": "a", "link": "lo", "address": ["10.255.0.1/32"]},
        {"netns": "b", "link": "lo", "address": ["10.255.0.2/32"]},
        {"netns": "a", "link": "eth1", "address": ["10.0.0.0/31"]},
        {"netns": "b", "link": "eth1", "address": ["10.0.0.1/31"]},
        {"netns": "a", "link": "lo", "address": ["fd01::1/128"], "nodad": True},
        {"netns": "b", "link": "lo", "address": ["fd01::2/128"], "nodad": True},
        {"netns": "a", "link": "eth1", "address": ["fd00::/127"], "nodad": True},
        {"netns": "b", "link": "eth1", "address": ["fd00::1/127"], "nodad": True},
    ]


def test_link_length():
    found = made(drawing("ab"), link_prefix="10.0.0.0/30", link_length=30)
    assert [entry["address"] for entry in found["addresses"]] == [["10.0.0.1/30"], ["10.0.0.2/30"]]


def test_routes_behind_each_neighbour():
    found = made(drawing("ab", "bc"), **FOUR, routes="loopbacks")
    assert found["routes"] == [
        {
            "netns": "a",
            "dst": ["10.255.0.2/32", "10.255.0.3/32"],
            "via": "10.0.0.1",
            "dev": "eth1",
            "src": "10.255.0.1",
        },
        {
            "netns": "b",
            "dst": ["10.255.0.1/32"],
            "via": "10.0.0.0",
            "dev": "eth1",
            "src": "10.255.0.2",
        },
        {
            "netns": "b",
            "dst": ["10.255.0.3/32"],
            "via": "10.0.0.3",
            "dev": "eth2",
            "src": "10.255.0.2",
        },
        {
            "netns": "c",
            "dst": ["10.255.0.1/32", "10.255.0.2/32"],
            "via": "10.0.0.2",
            "dev": "eth1",
            "src": "10.255.0.3",
        },
    ]
    assert found["sysctls"] == [{"netns": "b", "sysctls": {"net.ipv4.ip_forward": 1}}]


def test_routes_to_links_have_no_source_and_a_loose_filter():
    found = made(drawing("ab", "bc"), **FOUR, routes=["links"])
    assert found["routes"] == [
        {"netns": "a", "dst": ["10.0.0.2/31"], "via": "10.0.0.1", "dev": "eth1"},
        {"netns": "c", "dst": ["10.0.0.0/31"], "via": "10.0.0.2", "dev": "eth1"},
    ]
    sysctls = {"net.ipv4.ip_forward": 1, "net.ipv4.conf.all.rp_filter": 2}
    assert found["sysctls"] == [{"netns": "b", "sysctls": sysctls}]


def test_both_versions_are_passed_on():
    found = made(drawing("ab", "bc"), **BOTH, routes="loopbacks")
    sysctls = {"net.ipv4.ip_forward": 1, "net.ipv6.conf.all.forwarding": 1}
    assert found["sysctls"] == [{"netns": "b", "sysctls": sysctls}]
    assert [entry["via"] for entry in found["routes"] if entry["netns"] == "a"] == [
        "10.0.0.1",
        "fd00::1",
    ]


def test_a_loop_at_a_node_is_a_pair_within_its_namespace():
    found = made(drawing("aa", "ab"), **FOUR, routes="loopbacks")
    assert found["veths"][0] == {
        "name": "eth1",
        "netns": "a",
        "up": True,
        "peer": {"name": "eth2", "netns": "a", "up": True},
    }
    assert [(entry["netns"], entry["dev"]) for entry in found["routes"]] == [
        ("a", "eth3"),
        ("b", "eth1"),
    ]


def test_links_are_called_as_drawn():
    found = made(drawing("ab:wan:uplink0"))
    assert (found["veths"][0]["name"], found["veths"][0]["peer"]["name"]) == ("wan", "uplink0")


def test_the_mtu_is_that_of_both_ends():
    (pair,) = made(Drawing((Node(("a",)), Node(("b",))), (Edge((0, 1), mtu=9000),)))["veths"]
    assert (pair["mtu"], pair["peer"]["mtu"]) == (9000, 9000)


def test_a_bridge_lives_in_its_namespace_and_its_links_share_a_subnet():
    edges = ("as:eth1:p1", "bs:eth1:p2", "cs:eth1:p3")
    found = made(drawing(*edges, bridges="s"), **FOUR, routes="loopbacks")
    assert found["namespaces"][3] == {"name": "s", "lo_up": True}
    assert found["links"] == [
        {"name": "br0", "netns": "s", "type": "bridge", "up": True},
        {"name": "p1", "netns": "s", "master": "br0"},
        {"name": "p2", "netns": "s", "master": "br0"},
        {"name": "p3", "netns": "s", "master": "br0"},
    ]
    assert [(e["netns"], e["address"]) for e in found["addresses"] if e["link"] == "eth1"] == [
        ("a", ["10.0.0.1/29"]),
        ("b", ["10.0.0.2/29"]),
        ("c", ["10.0.0.3/29"]),
    ]
    assert "s" not in {entry["netns"] for entry in found["addresses"] + found["routes"]}
    assert found["routes"][0] == {
        "netns": "a",
        "dst": ["10.255.0.2/32"],
        "via": "10.0.0.2",
        "dev": "eth1",
        "src": "10.255.0.1",
    }
    assert found["sysctls"] == []


def test_bridges_that_are_joined_are_one_segment():
    edges = ("as:eth1:p1", "st:x:y", "bt:eth1:p1", "tu:z:y", "uc:p1:eth1")
    found = made(drawing(*edges, bridges="stu"), link_prefix="10.0.0.0/24", routes="links")
    assert [entry["address"] for entry in found["addresses"]] == [
        ["10.0.0.1/29"],
        ["10.0.0.2/29"],
        ["10.0.0.3/29"],
    ]
    assert found["routes"] == []


def test_a_bridge_without_links_and_one_whose_port_has_its_name():
    assert made(drawing(bridges="s"))["links"] == [
        {"name": "br0", "netns": "s", "type": "bridge", "up": True}
    ]
    found = made(drawing("sa:br0:eth1", bridges="s"))
    assert [entry["name"] for entry in found["links"]] == ["br1", "br0"]


@pytest.mark.parametrize(
    "edges", [["st:a:b", "st:c:d"], ["st:a:b", "tu:c:d", "us:e:f"], ["ss:a:b"]]
)
def test_bridges_in_a_loop(edges):
    with pytest.raises(
        DrawingError, match="closes a loop, in which frames would circulate for ever"
    ):
        made(drawing(*edges, bridges="stu"))


@pytest.mark.parametrize(
    ("edges", "said"),
    [
        (["ab:x:x", "ac:x:y"], "node 'a' has two links called 'x'"),
        (["aa:x:x"], "node 'a' has two links called 'x'"),
        (["ab:lo:x"], "node 'a' has two links called 'lo'"),
        (["ab:sixteen-letters-:x"], "cannot be the name of a link: it must have at most 15 bytes"),
        (["ab:a/b:x"], "must not contain space, '/'"),
        (["ab: :x"], "must not contain space"),
        (["ab:a\0b:x"], "must not contain space"),
        (["ab:\ud800:x"], "cannot be the name of a link|no text|surrogate"),
    ],
)
def test_names_of_links_that_cannot_be(edges, said):
    with pytest.raises(DrawingError, match=said):
        made(drawing(*edges))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"prefix": "10.0.0.0/8"}, "unknown option 'prefix'; use one of link_prefix, "),
        ({"link_prefix": "10.0.0.1/8"}, "link_prefix: 10.0.0.1/8 has host bits set"),
        ({"link_prefix": 3}, "link_prefix must be a list, not 3"),
        ({"loopback_prefix": "ten"}, "loopback_prefix: 'ten' must be a network, as 10.0.0.0/8"),
        ({"link_prefix": ["10.0.0.0/8", "11.0.0.0/8"]}, "link_prefix: two networks of IPv4"),
        ({**FOUR, "loopback_prefix": "10.0.0.128/25"}, "10.0.0.0/24 and 10.0.0.128/25 overlap"),
        ({"link_length": 29}, "link_length must be 30 or 31, not 29"),
        ({**FOUR, "routes": "all"}, "routes must lead to loopbacks or links, not to 'all'"),
        ({**FOUR, "routes": True}, "routes must be a list, not True"),
        ({"routes": ["links"]}, "routes need a link_prefix"),
        ({"link_prefix": "10.0.0.0/8", "routes": "loopbacks"}, "need a loopback_prefix"),
        (
            {**BOTH, "link_prefix": "10.0.0.0/24", "routes": "loopbacks"},
            "routes to fd01::/64 need a link_prefix of IPv6",
        ),
        ({"link_prefix": "10.0.0.0/32"}, "the links need 2 addresses"),
        ({"loopback_prefix": "10.0.0.0/32"}, "the loopback addresses need 2 addresses"),
        ({"link_prefix": "fe80::%e1/64"}, "link_prefix: 'fe80::%e1/64' must be a network"),
        ({"link_prefix": "10.0.0.0/255.0.0.0"}, "'10.0.0.0/255.0.0.0' must be a network"),
        ({"link_prefix": [True]}, "link_prefix must be a list of texts, but has True"),
        ({"link_prefix": "10.0.0.0/999"}, "link_prefix: '10.0.0.0/999' does not appear to be"),
        ({"link_length": 31.0}, "link_length must be 30 or 31, not 31.0"),
        ({"link_length": 10**5000}, "link_length must be 30 or 31, not something huge"),
        ({"name_prefix": None}, "name_prefix must be text, not None"),
        (
            {"name_prefix": "/"},
            "cannot be the name of a namespace: it must not contain '/'",
        ),
    ],
)
def test_options_that_make_no_sense(options, said):
    with pytest.raises(DrawingError, match=said):
        made(drawing("ab"), **options)


@pytest.mark.parametrize("options", [FOUR, SIX, BOTH])
def test_entries_are_what_the_modules_take(options):
    edges = ("as:eth1:p1", "bs:eth1:p2", "ab:eth2:eth2", "bc:eth3:eth1")
    found = made(drawing(*edges, bridges="s"), **options, routes=["loopbacks", "links"])
    assert all(found.values())
    for name, entries in found.items():
        module = OPTIONS[name]
        validator = ArgumentSpecValidator(module.SPEC, **getattr(module, "RULES", {}))
        for entry in entries:
            assert not validator.validate(entry).error_messages
