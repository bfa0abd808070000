# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading GraphML: what counts, and what is said to what cannot be read."""

from __future__ import annotations

import pytest

from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing import graphml
from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.drawing import DrawingError

# As collections of real networks have it: attributes by key, coordinates, one link drawn twice.
REAL = """<?xml version="1.0" encoding="utf-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
  <key attr.name="LinkLabel" attr.type="string" for="edge" id="d4" />
  <key attr.name="LinkSpeed" attr.type="int" for="edge" id="d3" />
  <key attr.name="label" attr.type="string" for="node" id="d2" />
  <key attr.name="Latitude" attr.type="double" for="node" id="d1" />
  <key attr.name="Network" attr.type="string" for="graph" id="d0" />
  <graph edgedefault="undirected">
    <data key="d0">Sample</data>
    <node id="0"><data key="d1">51.5</data><data key="d2">London</data></node>
    <node id="1"><data key="d2">S\u00e3o Paulo</data></node>
    <node id="2"><data key="d1">48.9</data></node>
    <edge source="0" target="1"><data key="d4">STM-16</data><data key="d3">2</data></edge>
    <edge source="0" target="1"><data key="d3">0.5</data></edge>
    <edge source="2" target="1" />
  </graph>
</graphml>
"""


def graph(inside, attributes='edgedefault="undirected"', keys=""):
    return f"<graphml>{keys}<graph {attributes}>{inside}</graph></graphml>"


def read(text, label="label", cost=None):
    return graphml.read(text, label, cost)


def ends(drawing):
    return [edge.ends for edge in drawing.edges]


def test_a_real_drawing():
    drawing = read(REAL)
    assert [node.labels for node in drawing.nodes] == [
        ("London", "0"),
        ("S\u00e3o Paulo", "1"),
        ("2",),
    ]
    assert ends(drawing) == [(0, 1), (0, 1), (2, 1)]


def test_cost_is_an_attribute_exactly_and_1_where_it_is_missing():
    assert [str(edge.cost) for edge in read(REAL, cost="LinkSpeed").edges] == ["2", "1/2", "1"]
    assert [str(edge.cost) for edge in read(REAL).edges] == ["1", "1", "1"]


def test_another_attribute_is_the_label():
    assert read(REAL, label="Latitude").nodes[0].labels == ("51.5", "0")


def test_what_a_key_declares_where_nothing_is_stated():
    keys = (
        '<key id="a" for="node" attr.name="label"><default>x</default></key>'
        '<key id="b" for="edge" attr.name="cost"><default>7</default></key>'
    )
    drawing = read(graph('<node id="n"/><edge source="n" target="n"/>', keys=keys), cost="cost")
    assert drawing.nodes[0].labels == ("x", "n")
    assert drawing.edges[0].cost == 7


def test_the_label_that_yed_draws():
    text = """<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:y="http://www.yworks.com/xml/graphml">
    <key for="node" id="d6" yfiles.type="nodegraphics"/><graph edgedefault="directed"><node id="n0">
    <data key="d6"><y:ShapeNode><y:NodeLabel>core<y:X/></y:NodeLabel></y:ShapeNode></data>
    </node></graph></graphml>"""
    assert read(text).nodes[0].labels == ("core", "n0")


DIRECTED = 'edgedefault="directed"'


@pytest.mark.parametrize(
    ("arrows", "cables"),
    [
        (["ab"], ["ab"]),
        (["ab", "ba"], ["ab"]),
        (["ab", "ab"], ["ab", "ab"]),
        (["ab", "ba", "ba"], ["ab", "ba"]),
        (["ab", "ab", "ba", "ba"], ["ab", "ab"]),
        (["aa", "aa"], ["aa", "aa"]),
    ],
)
def test_an_arrow_and_the_one_back_are_one_cable(arrows, cables):
    nodes = '<node id="a"/><node id="b"/>'
    edges = "".join(f'<edge source="{a}" target="{b}"/>' for a, b in arrows)
    assert ends(read(graph(nodes + edges, DIRECTED))) == [
        ("ab".index(a), "ab".index(b)) for a, b in cables
    ]


def test_an_edge_may_say_itself_whether_it_is_an_arrow():
    nodes = '<node id="a"/><node id="b"/>'
    edge = '<edge source="{}" target="{}" directed="{}"/>'.format
    pair = edge("a", "b", "false") + edge("b", "a", "false")
    assert len(read(graph(nodes + pair, DIRECTED)).edges) == 2
    pair = edge("a", "b", "1") + edge("b", "a", "1")
    assert len(read(graph(nodes + pair)).edges) == 1
    pair = edge("a", "b", "true") + edge("b", "a", "true")
    assert len(read(graph(nodes + pair)).edges) == 1


def test_an_empty_graph_is_an_empty_drawing():
    assert read(graph("")).nodes == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "the input must be the text of a GraphML file, not NoneType"),
        ("", "no element found: line 1, column 0"),
        ("graph G {}", "syntax error: line 1, column 0"),
        (REAL[:-30], "not valid XML: .*(unclosed|no element|not well-formed)"),
        ("<graphml><graph></graphml>", "mismatched tag: line 1"),
        ("<graphml>&nbsp;</graphml>", "undefined entity"),
        ("<graphml>\ud800</graphml>", "surrogates not allowed"),
        ("<svg/>", "its root must be graphml, not 'svg'"),
        ("<graphml>&#0;</graphml>", "not valid XML: reference to invalid character"),
        (graph("<locator/>"), "a graph has nodes and edges; remove 'locator', which is not read"),
        (
            graph("", 'edgedefault="Directed"'),
            "edgedefault of a graph must be one of directed, und",
        ),
        (
            graph('<node id="a"/><edge source="a" target="a" directed="yes"/>'),
            "directed of a edge .* must be one of true, 1, false, 0, not 'yes'",
        ),
        (
            graph('<node id="a"><data key="d9">x</data></node>'),
            "a node {'id': 'a'} has data of the key 'd9', which is not declared",
        ),
        (graph("", keys='<key id="a"/><key id="a"/>'), "two keys have the id 'a'"),
        ("<graphml/>", "the file must have one graph, not 0"),
        ("<graphml><graph/><graph/></graphml>", "the file must have one graph, not 2"),
        (graph("<node/>"), "a node must have the attribute id"),
        (graph('<node id="a"/><edge source="a"/>'), "a edge must have the attribute target"),
        (
            graph('<node id="a"><graph/></node>'),
            "node 'a' contains a graph, which is not supported",
        ),
        (graph("<hyperedge/>"), "hyperedge"),
        (graph('<node id="a"/><node id="a"/>'), "two nodes have the id 'a'"),
        (graph('<node id="a"/><edge source="a" target="b"/>'), "leads to 'b', which is not a node"),
    ],
)
def test_what_cannot_be_read(text, said):
    with pytest.raises(DrawingError, match=said):
        read(text)


def test_entities_are_refused_before_they_can_grow():
    entities = ['<!ENTITY a "aaaaaaaaaa">']
    for inner, outer in zip("abcdefghi", "bcdefghij"):
        entities.append(f'<!ENTITY {outer} "{10 * ("&" + inner + ";")}">')
    text = f"<!DOCTYPE graphml [{''.join(entities)}]>" + graph('<node id="a">&j;</node>')
    with pytest.raises(DrawingError, match=r"DOCTYPE, which is refused"):
        read(text)


@pytest.mark.parametrize(
    "value", ["", "fast", "-1", "nan", "inf", "1e999999999", "1/3", "1_0x", "1_0", "\u0661", "0x1"]
)
def test_what_is_no_cost(value):
    keys = '<key id="c" for="edge" attr.name="speed"/>'
    edge = f'<node id="a"/><edge source="a" target="a"><data key="c">{value}</data></edge>'
    with pytest.raises(
        DrawingError, match=r"the speed of the edge from 'a' to 'a' is .*not a number"
    ):
        read(graph(edge, keys=keys), cost="speed")


def test_a_cost_that_no_edge_has_is_an_error():
    with pytest.raises(DrawingError, match="no edge has the attribute 'linkspeed'"):
        read(REAL, cost="linkspeed")
    assert read(graph('<node id="a"/>'), cost="linkspeed").edges == ()
