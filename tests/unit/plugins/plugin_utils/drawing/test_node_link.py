# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading the node-link form of networkx, as old and new versions write it."""

from __future__ import annotations

import json
import warnings

import networkx
import pytest

from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing import node_link
from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.drawing import DrawingError

AB = [{"id": "a"}, {"id": "b"}]
HUGE = pytest.param(10**5000, id="huge")  # more digits than Python writes
ONE = {"source": "a", "target": "b"}


def read(data, label="label", cost=None):
    return node_link.read(data, label, cost)


def ends(drawing):
    return [edge.ends for edge in drawing.edges]


def written(graph):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of versions that are about to change the key
        return networkx.node_link_data(graph)


@pytest.mark.parametrize("key", ["links", "edges"])
def test_both_keys_of_edges_as_data_and_as_json(key):
    data = {"nodes": AB, key: [{**ONE, "weight": 2.5}]}
    drawing = read(data, cost="weight")
    assert ends(drawing) == [(0, 1)]
    assert str(drawing.edges[0].cost) == "5/2"
    assert read(json.dumps(data), cost="weight") == drawing


def test_what_networkx_writes():
    graph = networkx.MultiGraph()
    graph.add_node((1, 2), label="one two")
    graph.add_edge((1, 2), 3)
    graph.add_edge(3, (1, 2))
    drawing = read(json.dumps(written(graph)))
    assert [node.labels for node in drawing.nodes] == [("one two", "(1, 2)"), ("3",)]
    assert len(drawing.edges) == 2


def test_a_directed_graph_of_networkx_has_the_cables_of_the_undirected_one():
    ring = networkx.cycle_graph(5)
    assert len(read(written(ring.to_directed())).edges) == len(ring.edges)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (None, "the input must be a dictionary, or its JSON, not NoneType"),
        ([], "not list"),
        ("[]", "not list"),
        ("{", "this is not valid JSON: Expecting property name .* line 1 column 2"),
        (200_000 * "[", "this is not valid JSON"),
        ({"nodes": AB}, "the graph must have one of links and edges, not neither"),
        ({"nodes": AB, "links": [], "edges": []}, r"not \['links', 'edges'\]"),
        ({"links": []}, "nodes must be a list, not NoneType"),
        ({"nodes": "ab", "links": []}, "nodes must be a list, not str"),
        ({"nodes": ["a"], "links": []}, r"nodes\[0\] must be a dictionary, not 'a'"),
        ({"nodes": [{}], "links": []}, r"nodes\[0\]: id is required in {}"),
        ({"nodes": [{"id": {}}], "links": []}, r"nodes\[0\]: {} cannot be the id of a node"),
        ({"nodes": [{"id": [{}]}], "links": []}, r"nodes\[0\]: \[{}\] cannot be the id of a node"),
        ({"nodes": AB, "edges": [ONE, {}]}, r"edges\[1\]: source is required"),
        ({"nodes": AB, "links": [{"source": 0, "target": 2}]}, "leads to 0, which is not a node"),
        ({"nodes": AB, "links": [{"source": 0, "target": -1}]}, "which is not a node"),
        ({"nodes": AB, "links": [{"source": 0, "target": True}]}, "which is not a node"),
        ({"nodes": AB, "edges": [{"source": 0, "target": 1}]}, "leads to 0, which is not a node"),
        ({"nodes": AB, "links": [], "directed": "no"}, "directed must be true or false, not 'no'"),
        ({"nodes": AB, "links": [], "multigraph": 0}, "multigraph must be true or false, not 0"),
        pytest.param(
            {"nodes": [{"id": 10**5000}], "links": []},
            r"the id something huge \(int\) of a node must be shorter",
            id="huge",
        ),
        (
            {"nodes": [{"id": "a", "label": [1]}], "links": []},
            "the label of node 'a' is .*not text",
        ),
        ('{"nodes": [{"id": %s}], "links": []}' % (5000 * "1"), "this is not valid JSON: Exceeds"),
        ({"nodes": AB, "links": [{"source": "a"}]}, "target is required"),
        ({"nodes": AB, "links": [{"source": "a", "target": "c"}]}, "leads to 'c'"),
        ({"nodes": AB + AB, "links": []}, "two nodes have the id 'a'"),
        (
            {"nodes": AB, "links": [ONE, {"source": "b", "target": "a"}], "multigraph": False},
            "multigraph is false, but 'b' and 'a' have several edges",
        ),
        (
            {"nodes": AB, "links": [ONE, ONE], "multigraph": False, "directed": True},
            "multigraph is false, but 'a' and 'b' have several edges",
        ),
    ],
)
def test_what_cannot_be_read(data, said):
    with pytest.raises(DrawingError, match=said):
        read(data)


@pytest.mark.parametrize(
    "value", [True, None, [1], "x", -1, float("nan"), 10**400, HUGE, "1_0", "\u0661", "1/3"]
)
def test_what_is_no_cost(value):
    data = {"nodes": AB, "links": [{**ONE, "weight": value}]}
    with pytest.raises(DrawingError, match="is not a number from 0 on"):
        read(data, cost="weight")


@pytest.mark.parametrize("attributes", [[], {}])
def test_links_by_places_as_networkx_1_wrote_them(attributes):
    links = [{"source": 1, "target": 0}, {"source": 1, "target": 1}]
    data = {"directed": False, "graph": attributes, "nodes": AB, "links": links}
    assert ends(read(data)) == [(1, 0), (1, 1)]


def test_numbers_as_ids_are_places_only_where_the_file_is_of_networkx_1():
    nodes = [{"id": 2}, {"id": 0}, {"id": 1}]
    links = [{"source": 2, "target": 0}]
    assert ends(read({"nodes": nodes, "links": links, "graph": {}})) == [(0, 1)]
    assert ends(read({"nodes": nodes, "links": links, "graph": []})) == [(2, 0)]
    nodes = [{"id": 1}, {"id": 2}, {"id": 3}]
    links = [{"source": 0, "target": 2}]
    assert ends(read({"nodes": nodes, "links": links})) == [(0, 2)]
