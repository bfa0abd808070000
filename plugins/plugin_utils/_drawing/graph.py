# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Build a drawing from nodes and edges with attributes."""

from __future__ import annotations

import math
import re
import typing as t
from collections import Counter
from fractions import Fraction

from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.drawing import (
    Drawing,
    DrawingError,
    Edge,
    Node,
    shown,
)

Attributes = t.Mapping[str, t.Any]
# float() also accepts 1_0 and digits of other scripts.
NUMBER = re.compile(r"\+?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")


class Line(t.NamedTuple):
    """An edge as drawn, by the keys of its nodes."""

    source: t.Hashable
    target: t.Hashable
    attributes: Attributes
    directed: bool


def draw(
    nodes: t.Iterable[tuple[t.Hashable, Attributes]],
    lines: t.Iterable[Line],
    label: str,
    cost: str | None,
) -> Drawing:
    """Return the drawing; ``label`` and ``cost`` are the attributes for labels and costs."""
    places: dict[t.Hashable, int] = {}
    drawn = []
    for key, attributes in nodes:
        if key in places:
            raise DrawingError(f"two nodes have the id {shown(key)}; give each its own")
        places[key] = len(places)
        labels = _labels(key, attributes.get(label), label)
        drawn.append(Node(labels))
    undirected = list(_undirected(lines))
    for line in undirected:
        for key in (line.source, line.target):
            if key not in places:
                raise DrawingError(
                    f"{_describe(line)} leads to {shown(key)}, which is not a node; add it, or remove the edge"
                )
    if cost is not None and undirected and all(cost not in line.attributes for line in undirected):
        raise DrawingError(
            f"no edge has the attribute {shown(cost)} that is to be its cost; state another cost, or none"
        )
    edges = (
        Edge((places[line.source], places[line.target]), _cost(line, cost)) for line in undirected
    )
    return Drawing(tuple(drawn), tuple(edges))


def _labels(key: t.Hashable, stated: t.Any, label: str) -> tuple[str, ...]:
    """Return the candidates for a node's name: its label, and its id."""
    if stated is not None and not isinstance(stated, (str, int, float)):
        raise DrawingError(
            f"the {label} of node {shown(key)} is {shown(stated)}, which is not text; quote it"
        )
    try:
        return ((str(stated),) if stated is not None else ()) + (str(key),)
    except ValueError as error:  # a number of more than 4,300 digits
        raise DrawingError(f"the id {shown(key)} of a node must be shorter: {error}") from error


def _undirected(lines: t.Iterable[Line]) -> t.Iterator[Line]:
    """Yield the cables: an arrow and the opposite one are a single cable."""
    single: Counter[tuple[t.Hashable, t.Hashable]] = Counter()
    for line in lines:
        if line.directed and line.source != line.target:
            if single[line.target, line.source]:
                single[line.target, line.source] -= 1
                continue
            single[line.source, line.target] += 1
        yield line


def _cost(line: Line, attribute: str | None) -> Fraction:
    """Return the cost of an edge as a fraction: sums of floats would depend on their order."""
    value = 1 if attribute is None else line.attributes.get(attribute, 1)
    try:
        if isinstance(value, str) and not NUMBER.fullmatch(value.strip()):
            raise ValueError
        # float() limits the exponent.
        if isinstance(value, bool) or not 0 <= float(value) < math.inf:
            raise ValueError
        return Fraction(str(value).strip())
    except (OverflowError, TypeError, ValueError) as error:
        raise DrawingError(
            f"the {attribute} of {_describe(line)} is {shown(value)}, which is not a number from 0 on; correct it"
        ) from error


def _describe(line: Line) -> str:
    return f"the edge from {shown(line.source)} to {shown(line.target)}"
