# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Compute shortest paths: the only part that needs networkx."""

from __future__ import annotations

import hashlib
import itertools
import math
import typing as t

from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.drawing import DrawingError
from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.wiring import Port, Segment


class Tree(t.NamedTuple):
    """The paths to one node: by node, the next node and the distance."""

    after: dict[int, int]
    far: dict[int, int]


class Hop(t.NamedTuple):
    """The step from a node to its neighbour, and the segment used."""

    segment: int
    here: Port
    there: Port


Hops = dict[tuple[int, int], Hop]  # by the numbers of both nodes


def shortest(count: int, segments: t.Sequence[Segment]) -> tuple[list[Tree], Hops]:
    """Return the paths to each node, and the hops between neighbours.

    No two paths have equal lengths, so that both directions use the same path, which rp_filter may
    require: among paths of equal cost the one with fewer hops wins, then a hash of the names of its
    links.
    """
    try:
        import networkx
    except ImportError as error:
        raise DrawingError(
            f"routes need the Python package networkx on the controller: {error}"
        ) from error
    graph = networkx.Graph()
    graph.add_nodes_from(range(count))
    hops: Hops = {}
    draws = 1 << 32
    # A path has less than ``count`` hops, so that the lower parts of a sum never carry into the
    # higher ones.
    scale = math.lcm(*(segment.edge.cost.denominator for segment in segments))
    for number, segment in enumerate(segments):
        cost = (int(segment.edge.cost * scale) * count + 1) * count * draws
        for here, there in itertools.combinations(segment.ports, 2):
            if here.node == there.node:
                continue
            length = cost + _draw(here, there) % draws
            known = graph.get_edge_data(here.node, there.node)
            if known is None or length < known["weight"]:
                graph.add_edge(here.node, there.node, weight=length)
                hops[here.node, there.node] = Hop(number, here, there)
                hops[there.node, here.node] = Hop(number, there, here)
    trees = []
    for node in range(count):
        before, far = networkx.dijkstra_predecessor_and_distance(graph, node)
        trees.append(Tree({end: min(near) for end, near in before.items() if near}, far))
    return trees, hops


def _draw(here: Port, there: Port) -> int:
    text = f"{here.node} {here.link} {there.node} {there.link}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
