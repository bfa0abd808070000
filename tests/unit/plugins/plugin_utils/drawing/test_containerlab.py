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


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("a: [", "this is no YAML: while parsing"),
        (None, "a containerlab file is to be a dictionary, not None"),
        ("", "a containerlab file is to be a dictionary, not None"),
        ({"name": "x"}, "topology is to be a dictionary, not None"),
        ({"topology": {"nodes": [1]}}, r"topology.nodes is to be a dictionary, not \[1\]"),
        (lab(a=3), "topology.nodes.a is to be a dictionary, not 3"),
        (lab(a=None), "node 'a' has no kind; it can be one of linux, bridge"),
        (lab(a={"kind": "srl"}), "node 'a' is of the kind 'srl'; it can be one of linux, bridge"),
        (lab([3], a=LINUX), r"topology.links\[0\] is to be a dictionary, not 3"),
        (lab([{}], a=LINUX), r"topology.links\[0\] needs endpoints .*, not None"),
        (lab([{"endpoints": ["a:x"]}], a=LINUX), "needs endpoints"),
        (lab([{"endpoints": ["a", "a:x"]}], a=LINUX), "needs endpoints"),
        (lab([{"endpoints": [{"node": "a"}, "a:x"]}], a=LINUX), "needs endpoints"),
        (lab([{"endpoints": ["a:x", "host:y"]}], a=LINUX), "leads to 'host', which is no node"),
        (lab([{"endpoints": ["a:x", "a:y"], "mtu": "big"}], a=LINUX), "mtu of .* is 'big'"),
        ({"topology": {"nodes": {}, "links": 3}}, "topology.links is to be a list, not 3"),
    ],
)
def test_what_cannot_be_read(data, said):
    with pytest.raises(DrawingError, match=said):
        read(data)
