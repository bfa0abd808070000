# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""A drawing with names and addresses for its nodes and links."""

from __future__ import annotations

import typing as t

from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.choices import Choices
from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.drawing import Drawing
from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.naming import namespace_names
from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.numbering import (
    Subnet,
    link_subnets,
    loopbacks,
)
from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.wiring import (
    Cable,
    Port,
    Segment,
    cables,
    segments,
)


class Numbers(t.NamedTuple):
    """The addresses of one IP version; hosts without prefix."""

    whole: int  # the prefix length of a single address
    subnets: t.Sequence[Subnet]  # one for each segment
    hosts: t.Mapping[Port, str]
    loopbacks: t.Mapping[int, str]  # by number of the node


class Network(t.NamedTuple):
    """A drawing with names and, by IP version, addresses."""

    names: t.Sequence[str]
    bridges: t.Collection[int]  # numbers of nodes
    routers: t.Sequence[int]  # numbers of all other nodes
    cables: t.Sequence[Cable]
    segments: t.Sequence[Segment]
    numbers: t.Mapping[int, Numbers]


def network(drawing: Drawing, choices: Choices) -> Network:
    """Return the network of a drawing, with the given options."""
    wires = cables(drawing)
    parts = segments(drawing, wires)
    bridges = [place for place, node in enumerate(drawing.nodes) if node.bridge]
    routers = [place for place, node in enumerate(drawing.nodes) if not node.bridge]
    numbers = {
        version: _numbers(version, parts, routers, choices)
        for version in sorted(choices.links.keys() | choices.loopbacks.keys())
    }
    names = namespace_names(drawing.nodes, choices.name_prefix)
    return Network(names, bridges, routers, wires, parts, numbers)


def _numbers(
    version: int, parts: t.Sequence[Segment], routers: t.Sequence[int], choices: Choices
) -> Numbers:
    links, nodes = choices.links.get(version), choices.loopbacks.get(version)
    sizes = [len(part.ports) for part in parts]
    subnets = link_subnets(links, sizes, choices.link_length) if links else []
    hosts = {
        port: host
        for part, subnet in zip(parts, subnets)
        for port, host in zip(part.ports, subnet.hosts)
    }
    own = dict(zip(routers, loopbacks(nodes, len(routers)))) if nodes else {}
    return Numbers(32 if version == 4 else 128, subnets, hosts, own)
