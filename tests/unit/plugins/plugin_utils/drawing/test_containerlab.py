# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading files of containerlab: nodes of two kinds, the links between them, and no more."""

from __future__ import annotations

import pytest

from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.containerlab import read
from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.drawing import (
    DrawingError,
    Edge,
    Node,
)

FILE = """
name: lab
topology:
  defaults: {kind: linux}
  groups: {switches: {kind: bridge}}
  nodes:
    n1: {image: "alpine:3", exec: [ip address add 10.0.0.1/31 dev eth1]}
    n2:
    sw: {group: switches}
  links:
    - endpoints: ["n1:eth1", "n2:eth1"]
    - {endpoints: ["n2:eth2", "sw:p1"], mtu: 9000, vars: {}}
"""


def lab(links=(), **nodes):
    return {"topology": {"nodes": nodes, "links": list(links)}}


def test_nodes_links_and_what_is_left_out():
    drawing = read(FILE)
    assert drawing.nodes == (Node(("n1",)), Node(("n2",)), Node(("sw",), bridge=True))
    assert drawing.edges == (
        Edge((0, 1), links=("eth1", "eth1")),
        Edge((1, 2), links=("eth2", "p1"), mtu=9000),
    )
    assert drawing.left_out == ("exec of n1", "vars of topology.links[1]")


def test_as_data():
    data = lab([{"endpoints": ["a:x", "b:y"]}], a={"kind": "linux"}, b={"kind": "bridge"})
    assert read(data).edges == (Edge((0, 1), links=("x", "y")),)


def test_no_links_and_no_nodes():
    assert read({"topology": {"nodes": {"a": {"kind": "linux"}}}}).edges == ()
    assert read({"topology": {}}).nodes == ()


LINUX = {"kind": "linux"}


@pytest.mark.parametrize("section", ["defaults", "kinds.linux", "groups.g"])
@pytest.mark.parametrize("key", ["exec", "binds", "sysctls", "network-mode", "env", "ports"])
def test_what_is_left_out_of_what_nodes_inherit(section, key):
    data = lab(a={"kind": "linux", "group": "g"})
    at = data["topology"]
    for name in section.split("."):
        at = at.setdefault(name, {})
    at[key] = None
    assert read(data).left_out == (f"{key} of topology.{section}",)


def test_what_is_left_out_of_the_file_and_of_links():
    data = {
        **lab([{"endpoints": ["a:x", "a:y"], "ipv4": [], "labels": {}}], a=LINUX),
        "name": "n",
        "prefix": "",
        "mgmt": {},
        "settings": {},
    }
    assert read(data).left_out == ("mgmt", "settings", "ipv4 of topology.links[0]")
    text = "topology: {nodes: {a: {kind: linux}}}\n---\ntopology: {}"
    assert read(text).left_out == ("all documents but the first",)


@pytest.mark.parametrize(
    ("node", "defaults", "kind"),
    [
        ({"kind": "bridge", "group": "l"}, {"kind": "linux", "group": "l"}, "bridge"),
        ({"group": "b"}, {"kind": "linux", "group": "l"}, "bridge"),
        ({}, {"kind": "linux", "group": "b"}, "bridge"),
        (None, {"kind": "linux", "group": "b"}, "bridge"),
        ({"group": "none"}, {"kind": "linux", "group": "b"}, "bridge"),
        ({"group": "empty"}, {"kind": "linux", "group": "b"}, "bridge"),
        ({"group": "empty"}, {"kind": "bridge", "group": "empty"}, "bridge"),
        ({"kind": ""}, {"kind": "bridge"}, "bridge"),
        ({"kind": "Linux"}, {"kind": "bridge"}, "linux"),
    ],
)
def test_where_the_kind_of_a_node_comes_from(node, defaults, kind):
    data = lab(a=node)
    groups = {"b": {"kind": "bridge"}, "l": {"kind": "linux"}, "empty": None}
    data["topology"].update(defaults=defaults, groups=groups)
    assert read(data).nodes == (Node(("a",), kind == "bridge"),)


NAMES = ["NO", "on", "y", "010", "1_0", "0x10", "1e3", "2026-01-01", ".inf", "=", "'~'"]


@pytest.mark.parametrize("name", NAMES)
def test_names_are_texts_as_they_are_written(name):
    drawing = read(f"""
topology:
  nodes:
    {name}: {{kind: linux}}
    a: {{kind: linux}}
  links: [{{endpoints: ["{name.strip("'")}:eth1", a:eth1]}}]
""")
    assert [node.labels for node in drawing.nodes] == [(name.strip("'"),), ("a",)]
    assert drawing.edges == (Edge((0, 1), links=("eth1", "eth1")),)


@pytest.mark.parametrize(
    ("mtu", "meant"),
    [
        ("9000", 9000),
        ("02000", 1024),
        ("0o2000", 1024),
        ("0x400", 1024),
        ("0b10000000000", 1024),
        ("1_500", 1500),
        ("+1500", 1500),
        ("09000", 9000),
        ("9e3", 9000),
        ("1500.9", 1500),
        ("0", None),
        ("~", None),
        ("", None),
    ],
)
def test_numbers_are_those_of_yaml_v2(mtu, meant):
    text = f"""
topology:
  nodes: {{a: {{kind: linux}}}}
  links:
    - endpoints: [a:x, a:y]
      mtu: {mtu}
"""
    assert read(text).edges == (Edge((0, 0), links=("x", "y"), mtu=meant),)


@pytest.mark.parametrize(
    "mtu",
    [
        "'9000'",
        "yes",
        "25:00",
        ".inf",
        ".nan",
        "-1",
        "65536",
        "[9]",
        "1e999",
        5000 * "9",
        "0x",
        "\u0665",
    ],
)
def test_what_is_no_mtu(mtu):
    text = "topology: {nodes: {a: {kind: linux}}, links: [{endpoints: ['a:x', 'a:y'], mtu: %s}]}"
    with pytest.raises(DrawingError, match=r"the mtu of topology.links\[0\] is "):
        read(text % mtu)


def test_what_is_merged():
    text = """
topology:
  nodes:
    a: &a {kind: linux, exec: [x]}
    b: {<<: *a, kind: bridge}
    c: {kind: bridge, <<: *a}
    d: {<<: [{kind: bridge}, *a]}
"""
    drawing = read(text)
    assert [node.bridge for node in drawing.nodes] == [False, True, False, True]
    assert drawing.left_out == tuple(f"exec of {name}" for name in "abcd")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("topology: {node: {a: {kind: linux}}}", "topology: containerlab has no key 'node' there"),
        ("topologies: {}", "a containerlab file: containerlab has no key 'topologies'"),
        ("topology: {nodes: {a: {knd: linux}}}", "topology.nodes.a: .* no key 'knd' there"),
        ("topology: {defaults: {knd: x}}", "topology.defaults: .* no key 'knd' there"),
        ("topology: {kinds: {linux: {nope: x}}}", "topology.kinds.linux: .* no key 'nope' there"),
        ("topology: {links: [{endpoint: x}]}", r"topology.links\[0\]: .* no key 'endpoint'"),
        ("topology: {}\ntopology: {}", "line 2: 'topology' is stated twice, first in line 1"),
        ("topology:\n nodes:\n  a:\n  b:\n  a:", "line 5: 'a' is stated twice, first in line 3"),
        ("topology: {nodes: {a: {labels: {x: 1, x: 2}}}}", "line 1: 'x' is stated twice"),
        ("topology: {nodes: {a: {kind: linux, kind: bridge}}}", "'kind' is stated twice"),
        ("topology: {nodes: {<<: {a: }, a: }}", "topology.nodes: 'a' is there already"),
        ("topology: {nodes: {<<: 3}}", "topology.nodes: '<<' must merge dictionaries, not '3'"),
        ("topology: {nodes: &n {<<: *n}}", "topology.nodes: '<<' must not merge what it is in"),
        ("topology: {nodes: {[a]: }}", "line 1: a key must be text"),
        ("topology: {nodes: {~: {kind: linux}}}", "the name of a node must not be empty"),
        (
            "topology: {nodes: {'{{ x }}': {kind: linux}}}",
            "the name of a node is .* to be filled in",
        ),
        ("topology: {nodes: {'${X}': {kind: linux}}}", "the name of a node is .* to be filled in"),
        ("topology: {nodes: {a: {kind: NO}}}", "node 'a' is of the kind 'no'"),
        (
            "topology: {nodes: {a: {kind: [x]}}}",
            r"kind of topology.nodes.a must be text, not a list",
        ),
        ("topology: {nodes: {a: linux}}", r"topology.nodes.a must be a dictionary, not 'linux'"),
        ("\0", "this is not valid YAML"),
        ("\ud800", "this is not valid YAML"),
        (50_000 * "[", "this is not valid YAML"),
        ("a: *b", "this is not valid YAML: found undefined alias"),
    ],
)
def test_what_containerlab_refuses(text, said):
    with pytest.raises(DrawingError, match=said):
        read(text)


@pytest.mark.parametrize("key", [False, 8, 10, None, 1.5, ("a",)])
def test_a_key_that_from_yaml_made_something_else_of(key):
    with pytest.raises(DrawingError, match=r"topology.nodes: the key .* is not text. YAML 1.1"):
        read({"topology": {"nodes": {key: LINUX}}})
    with pytest.raises(DrawingError, match=r"is not text. Quote it|must be text|has no kind"):
        read(lab(a={"kind": key}))


@pytest.mark.parametrize("name", ["host", "Host ", "macvlan", "mgmt-net"])
def test_a_link_to_what_is_no_node(name):
    data = lab([{"endpoints": ["a:x", f"{name}:y"]}], a=LINUX, **{name: LINUX})
    with pytest.raises(DrawingError, match=r"links\[0\] leads to .*, not to a node"):
        read(data)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("a: [", "this is not valid YAML: while parsing"),
        (None, "a containerlab file must be a dictionary, but is empty"),
        ("", "a containerlab file must be a dictionary, but is empty"),
        ({"name": "x"}, "topology is missing: it must be a dictionary"),
        ({"topology": {"nodes": [1]}}, r"topology.nodes must be a dictionary, not \[1\]"),
        (lab(a=3), "topology.nodes.a must be a dictionary, not 3"),
        (lab(a=None), "node 'a' has no kind; use one of linux, bridge"),
        (lab(a={"kind": "srl"}), "node 'a' is of the kind 'srl'; use one of linux, bridge"),
        (lab([3], a=LINUX), r"topology.links\[0\] must be a dictionary, not 3"),
        (lab([{}], a=LINUX), r"topology.links\[0\] needs two endpoints .*, and has 0"),
        (lab([{"endpoints": ["a:x"]}], a=LINUX), "needs two endpoints .*, and has 1"),
        (lab([{"endpoints": ["a", "a:x"]}], a=LINUX), "needs endpoints"),
        (
            lab([{"endpoints": [{"node": "a"}, "a:x"]}], a=LINUX),
            "an endpoint of .* must be text",
        ),
        (lab([{"endpoints": "a:x"}], a=LINUX), "endpoints of .* must be a list, not 'a:x'"),
        (
            lab([{"endpoints": [True, "a:x"]}], a=LINUX),
            "an endpoint of .* is True, which is not text",
        ),
        (lab([{"type": "veth"}], a=LINUX), "is of the type 'veth'. Only links without a type"),
        (lab([{"endpoints": ["b:x", "a:x"]}], a=LINUX), "leads to 'b', which is not a node"),
        (lab([{"endpoints": ["a:x", "a:y"], "mtu": 10**5000}], a=LINUX), "something huge"),
        (lab([{"endpoints": ["a:x", "host:y"]}], a=LINUX), "leads to 'host', not to a node"),
        (lab([{"endpoints": ["a:x", "a:y"], "mtu": "big"}], a=LINUX), "mtu of .* is 'big'"),
        ({"topology": {"nodes": {}, "links": 3}}, "topology.links must be a list, not 3"),
    ],
)
def test_what_cannot_be_read(data, said):
    with pytest.raises(DrawingError, match=said):
        read(data)
