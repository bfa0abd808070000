# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Routes: packets that follow them arrive, by the shortest path, and come back by it."""

from __future__ import annotations

import builtins
import random
import time
from fractions import Fraction

import networkx
import pytest

from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.choices import choices
from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.drawing import (
    Drawing,
    DrawingError,
    Edge,
    Node,
)
from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.lists import lists
from ansible_collections.linuxnet.netns.tests.unit.plugins.plugin_utils.drawing.walk import Walk

PREFIXES = {4: ("10.0.0.0/16", "10.255.0.0/16"), 6: ("fd00::/64", "fd01::/64")}


def tangle(seed):
    """Return a graph of three parts with parallel edges, loops, equal costs, and lone nodes."""
    draw = random.Random(seed)
    graph = networkx.MultiGraph()
    graph.add_nodes_from(range(24))
    for _number in range(30):
        part = draw.choice([range(10), range(10, 20), range(20, 22)])
        graph.add_edge(draw.choice(part), draw.choice(part), cost=draw.choice([0, 0.1, 1, 1, 1, 2]))
    return graph


GRAPHS = {
    "line": networkx.path_graph(5, networkx.MultiGraph),
    "ring": networkx.cycle_graph(6, networkx.MultiGraph),
    "star": networkx.star_graph(5, networkx.MultiGraph),
    "full": networkx.complete_graph(6, networkx.MultiGraph),
    "grid": networkx.MultiGraph(
        networkx.convert_node_labels_to_integers(networkx.grid_graph((4, 4)))
    ),
    **{f"tangle{seed}": tangle(seed) for seed in range(6)},
}


def drawing(graph):
    edges = (
        Edge((a, b), Fraction(str(data.get("cost", 1)))) for a, b, data in graph.edges(data=True)
    )
    return Drawing(tuple(Node((f"n{node}",)) for node in graph), tuple(edges))


def made(graph, routes, version=4):
    link_prefix, loopback_prefix = PREFIXES[version]
    options = {"link_prefix": link_prefix, "loopback_prefix": loopback_prefix, "routes": routes}
    return lists(drawing(graph), choices(options))


def cost(graph, path):
    """Return what a path costs, and its steps."""
    ends = [int(name[1:]) for name in path]
    steps = zip(ends, ends[1:])
    each = [
        min(Fraction(str(d.get("cost", 1))) for d in graph.get_edge_data(a, b).values())
        for a, b in steps
    ]
    return sum(each), len(each)


def best(graph, a, b):
    """Return the same of the best of all paths, found by another algorithm."""
    simple = networkx.Graph()
    simple.add_nodes_from(graph)
    for start, end, data in graph.edges(data=True):
        price = Fraction(str(data.get("cost", 1))) + Fraction(1, 10**6)
        known = simple.get_edge_data(start, end, {"price": price})
        simple.add_edge(start, end, price=min(price, known["price"]))
    path = networkx.bellman_ford_path(simple, a, b, weight="price")
    return cost(graph, [f"n{node}" for node in path])


@pytest.mark.parametrize("version", [4, 6])
@pytest.mark.parametrize("graph", GRAPHS.values(), ids=GRAPHS)
def test_between_loopbacks_both_ways_by_the_best_path(graph, version):
    walk = Walk(made(graph, "loopbacks", version))
    for a in graph:
        for b in graph:
            there = walk.path(f"n{a}", walk.loopback(f"n{b}", version))
            back = walk.path(f"n{b}", walk.loopback(f"n{a}", version))
            if not networkx.has_path(graph, a, b):
                assert (there, back) == (None, None)
                continue
            assert there == back[::-1]
            assert cost(graph, there) == best(graph, a, b)


@pytest.mark.parametrize("graph", GRAPHS.values(), ids=GRAPHS)
def test_every_address_is_reached_from_everywhere_in_its_part(graph):
    walk = Walk(made(graph, ["loopbacks", "links"]))
    for address, (owner, _link, _network) in walk.own.items():
        for node in graph:
            reached = walk.path(f"n{node}", address) is not None
            assert reached == networkx.has_path(graph, node, int(owner[1:]))


def test_an_entry_for_each_neighbour_that_is_the_next():
    for graph in GRAPHS.values():
        routes = made(graph, ["loopbacks", "links"])["routes"]
        assert len({(entry["netns"], entry["via"]) for entry in routes}) == len(routes)
        assert all(len(set(entry["dst"])) == len(entry["dst"]) for entry in routes)


def test_of_parallel_links_the_cheapest_is_taken():
    graph = networkx.MultiGraph()
    graph.add_edge(0, 1, cost=3)
    graph.add_edge(0, 1, cost=1)
    graph.add_edge(0, 1, cost=2)
    assert {entry["dev"] for entry in made(graph, "loopbacks")["routes"]} == {"eth2"}


def test_costs_are_added_exactly():
    graph = networkx.MultiGraph()
    networkx.add_path(graph, range(4), cost=0.1)
    graph.add_edge(0, 3, cost=0.3)
    # 0.1 + 0.1 + 0.1 > 0.3 in floats; both cost the same, and the direct link has fewer steps.
    walk = Walk(made(graph, "loopbacks"))
    assert walk.path("n0", walk.loopback("n3")) == ["n0", "n3"]
    graph.add_edge(0, 3, cost=0.29)
    walk = Walk(made(graph, "loopbacks"))
    assert walk.path("n0", walk.loopback("n3")) == ["n0", "n3"]


def test_the_same_drawing_gives_the_same_lists():
    for graph in GRAPHS.values():
        assert made(graph, ["loopbacks", "links"]) == made(graph.copy(), ["loopbacks", "links"])


def test_more_at_the_end_leaves_names_and_addresses_of_the_others_alone():
    before = made(GRAPHS["grid"], ["loopbacks"])
    after = lists(
        Drawing(
            (*drawing(GRAPHS["grid"]).nodes, Node(("n16",))),
            (*drawing(GRAPHS["grid"]).edges, Edge((15, 16))),
        ),
        choices({"link_prefix": PREFIXES[4][0], "loopback_prefix": PREFIXES[4][1]}),
    )
    for name in ("namespaces", "veths"):
        assert after[name][: len(before[name])] == before[name]
    assert [entry for entry in before["addresses"] if entry not in after["addresses"]] == []


def test_without_networkx_it_is_said_what_is_missing(monkeypatch):
    found = builtins.__import__

    def lacking(name, *arguments):
        if name == "networkx":
            raise ImportError("No module named 'networkx'")
        return found(name, *arguments)

    monkeypatch.setattr(builtins, "__import__", lacking)
    with pytest.raises(
        DrawingError, match=r"routes need the Python package networkx .*: No module"
    ):
        made(GRAPHS["line"], "loopbacks")
    assert made(GRAPHS["line"], [])["addresses"]


def test_two_hundred_nodes_with_routes_are_a_matter_of_moments():
    start = time.process_time()  # others may be at work beside it
    found = made(networkx.random_regular_graph(3, 200, 1), ["loopbacks", "links"])
    assert time.process_time() - start < 2
    assert sum(len(entry["dst"]) for entry in found["routes"]) > 200 * 199
