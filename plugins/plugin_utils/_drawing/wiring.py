# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Determine the cables of a drawing, and its layer-2 segments."""

from __future__ import annotations

import typing as t

from ansible_collections.linuxnet.netns.plugins.module_utils._core.errors import BadInput
from ansible_collections.linuxnet.netns.plugins.module_utils._core.parse import link_name
from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.drawing import (
    Drawing,
    DrawingError,
    Edge,
    shown,
)


class Port(t.NamedTuple):
    """An end of a cable: the number of its node, and the name of its link."""

    node: int
    link: str


class Cable(t.NamedTuple):
    """A pair of ports, and its edge."""

    ends: tuple[Port, Port]
    edge: Edge


class Segment(t.NamedTuple):
    """The ports that share a layer-2 network: the two of a cable, or all that a bridge joins.

    Ports of bridges themselves have no address, and are not included.
    """

    ports: tuple[Port, ...]
    edge: Edge


def cables(drawing: Drawing) -> list[Cable]:
    """Return a cable for each edge; links are eth1, eth2 and so on, unless the drawing names them."""
    taken: list[set[str]] = [{"lo"} for node in drawing.nodes]
    found = []
    for edge in drawing.edges:
        ports = []
        for end, node in enumerate(edge.ends):
            name = _checked(edge.links[end]) if edge.links else f"eth{len(taken[node])}"
            if name in taken[node]:
                label = drawing.nodes[node].labels[0]
                raise DrawingError(
                    f"node {shown(label)} has two links called {name!r}; name one otherwise"
                )
            taken[node].add(name)
            ports.append(Port(node, name))
        found.append(Cable((ports[0], ports[1]), edge))
    return found


def _checked(name: str) -> str:
    try:
        return link_name(name)
    except BadInput as error:
        raise DrawingError(str(error)) from error
    except UnicodeError as error:  # lone surrogates
        raise DrawingError(
            f"{shown(name)} cannot be the name of a link, use another: {error}"
        ) from error


def segments(drawing: Drawing, wires: t.Iterable[Cable]) -> list[Segment]:
    """Return the segments, in the order of their first cables."""
    wires = list(wires)
    root = _bridged(drawing, wires)
    found: dict[tuple[str, int], Segment] = {}
    for number, wire in enumerate(wires):
        bridges = [port.node for port in wire.ends if drawing.nodes[port.node].bridge]
        key = ("bridge", root[bridges[0]]) if bridges else ("cable", number)
        ports = tuple(port for port in wire.ends if port.node not in bridges)
        before = found[key].ports if key in found else ()
        found[key] = Segment(before + ports, wire.edge)
    return [segment for segment in found.values() if segment.ports]


def _bridged(drawing: Drawing, wires: t.Iterable[Cable]) -> dict[int, int]:
    """Return for each bridge the representative of all bridges that it is connected to."""
    root = {place: place for place, node in enumerate(drawing.nodes) if node.bridge}
    for wire in wires:
        here, there = (port.node for port in wire.ends)
        if here not in root or there not in root:
            continue
        if root[here] == root[there]:
            names = " and ".join(repr(drawing.nodes[each].labels[0]) for each in (here, there))
            raise DrawingError(
                f"the link of bridges {names} closes a loop, in which frames would circulate for ever; remove it"
            )
        old, new = root[there], root[here]
        root = {place: new if each == old else each for place, each in root.items()}
    return root
