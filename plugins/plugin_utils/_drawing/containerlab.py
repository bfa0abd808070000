# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""From a topology of containerlab to a drawing: its nodes of the kinds linux and bridge, and links."""

from __future__ import annotations

import typing as t

import yaml

from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.drawing import (
    Drawing,
    DrawingError,
    Edge,
    Node,
)

Mapping = t.Mapping[str, t.Any]

KINDS = ("linux", "bridge")
# What says how the container is made, and nothing of the network.
CONTAINER = {"kind", "group", "image", "image-pull-policy", "labels", "memory", "cpu", "cpu-set"}
OF_A_LINK = {"endpoints", "mtu"}


def read(data: t.Any) -> Drawing:
    """Return the drawing that a containerlab file holds, as data or as YAML."""
    topology = _mapping(_parsed(data).get("topology"), "topology")
    nodes = _mapping(topology.get("nodes") or {}, "topology.nodes")
    names = [str(name) for name in nodes]
    drawn, left_out = [], []
    for name, node in zip(names, nodes.values()):
        stated = _mapping(node or {}, f"topology.nodes.{name}")
        drawn.append(Node((name,), _kind(name, stated, topology) == "bridge"))
        left_out += [f"{key} of {name}" for key in stated if key not in CONTAINER]
    edges = []
    places = {name: place for place, name in enumerate(names)}
    for number, link in enumerate(_links(topology)):
        where = f"topology.links[{number}]"
        stated = _mapping(link, where)
        left_out += [f"{key} of {where}" for key in stated if key not in {*OF_A_LINK, "labels"}]
        edges.append(_edge(stated, where, places))
    return Drawing(tuple(drawn), tuple(edges), tuple(left_out))


def _parsed(data: t.Any) -> Mapping:
    if isinstance(data, str):
        try:
            data = yaml.safe_load(data)
        except (yaml.YAMLError, RecursionError) as error:
            raise DrawingError(f"this is no YAML: {error}") from error
    return _mapping(data, "a containerlab file")


def _mapping(value: t.Any, what: str) -> Mapping:
    if not isinstance(value, t.Mapping):
        raise DrawingError(f"{what} is to be a dictionary, not {value!r:.80}")
    return value


def _links(topology: Mapping) -> t.Sequence[t.Any]:
    links = topology.get("links") or ()
    if not isinstance(links, t.Sequence) or isinstance(links, str):
        raise DrawingError(f"topology.links is to be a list, not {links!r:.80}")
    return links


def _kind(name: str, node: Mapping, topology: Mapping) -> str:
    """Return the kind of a node: its own, else that of its group, else the default."""
    kind = node.get("kind")
    if not kind and node.get("group"):
        groups = _mapping(topology.get("groups") or {}, "topology.groups")
        group = groups.get(node["group"]) or {}
        kind = _mapping(group, f"topology.groups.{node['group']}").get("kind")
    if not kind:
        kind = _mapping(topology.get("defaults") or {}, "topology.defaults").get("kind")
    if kind not in KINDS:
        what = f"is of the kind {kind!r}" if kind else "has no kind"
        raise DrawingError(f"node {name!r} {what}; it can be one of {', '.join(KINDS)}")
    return str(kind)


def _edge(link: Mapping, where: str, places: t.Mapping[str, int]) -> Edge:
    ends = link.get("endpoints")
    if (
        not isinstance(ends, t.Sequence)
        or len(ends) != 2
        or not all(isinstance(end, str) and end.count(":") == 1 for end in ends)
    ):
        raise DrawingError(f'{where} needs endpoints as ["n1:eth1", "n2:eth1"], not {ends!r}')
    (node, name), (peer, peer_name) = (end.split(":") for end in ends)
    for each in (node, peer):
        if each not in places:
            raise DrawingError(f"{where} leads to {each!r}, which is no node")
    mtu = link.get("mtu")
    if mtu is not None and (not isinstance(mtu, int) or isinstance(mtu, bool)):
        raise DrawingError(f"the mtu of {where} is {mtu!r}, which is no number")
    return Edge((places[node], places[peer]), links=(name, peer_name), mtu=mtu)
