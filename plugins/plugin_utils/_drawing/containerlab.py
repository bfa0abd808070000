# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Read a containerlab topology: its nodes of the kinds linux and bridge, and its links."""

from __future__ import annotations

import typing as t

from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing import clab_keys, go_yaml
from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.drawing import (
    Drawing,
    DrawingError,
    Edge,
    Node,
    shown,
)

Values = dict[str, t.Any]

KINDS = ("linux", "bridge")
# In the brief form of a link, these stand for something else than a node.
SPECIAL = ("host", "macvlan", "mgmt-net")
MAX_MTU = 65535


class Topology(t.NamedTuple):
    """The sections of a topology, with nodes and their defaults as stated."""

    defaults: Values
    groups: dict[str, Values]
    kinds: dict[str, Values]
    nodes: dict[str, Values]
    links: list[t.Any]


def read(data: t.Any) -> Drawing:
    """Return the drawing of a containerlab file, given as data or as YAML text."""
    more = False
    if isinstance(data, str):
        data, more = go_yaml.document(data)
    if go_yaml.is_null(data):
        raise DrawingError("a containerlab file must be a dictionary, but is empty")
    file = go_yaml.fields(data, "a containerlab file", clab_keys.FILE)
    if go_yaml.is_null(file.get("topology")):
        raise DrawingError("topology is missing: it must be a dictionary")
    topology = _topology(file["topology"])
    places = {name: place for place, name in enumerate(topology.nodes)}
    nodes = tuple(
        Node((_plain(name, "the name of a node"),), _kind(name, topology) == "bridge")
        for name in topology.nodes
    )
    edges, of_links = [], []
    for number, link in enumerate(topology.links):
        where = f"topology.links[{number}]"
        stated = go_yaml.fields(link, where, clab_keys.LINK)
        of_links += _left(stated, where, clab_keys.UNMISSED_OF_LINK)
        edges.append(_edge(stated, where, places))
    left_out = [
        *(["all documents but the first"] if more else []),
        *(name for name in file if name not in clab_keys.UNMISSED_OF_FILE),
        *_left_of_nodes(topology),
        *of_links,
    ]
    return Drawing(nodes, tuple(edges), tuple(left_out))


def _topology(value: t.Any) -> Topology:
    stated = go_yaml.fields(value, "topology", clab_keys.TOPOLOGY)
    sections = {
        section: {
            name: go_yaml.fields(node, f"topology.{section}.{name}", clab_keys.NODE)
            for name, node in go_yaml.entries(stated.get(section), f"topology.{section}").items()
        }
        for section in ("groups", "kinds", "nodes")
    }
    defaults = go_yaml.fields(stated.get("defaults"), "topology.defaults", clab_keys.NODE)
    return Topology(
        defaults, **sections, links=go_yaml.items(stated.get("links"), "topology.links")
    )


def _left_of_nodes(topology: Topology) -> t.Iterator[str]:
    """Yield the keys of nodes, and of their defaults, that have no meaning for a namespace."""
    yield from _left(topology.defaults, "topology.defaults", clab_keys.UNMISSED_OF_NODE)
    for section in ("kinds", "groups"):
        for name, stated in getattr(topology, section).items():
            yield from _left(stated, f"topology.{section}.{name}", clab_keys.UNMISSED_OF_NODE)
    for name, stated in topology.nodes.items():
        yield from _left(stated, name, clab_keys.UNMISSED_OF_NODE)


def _left(stated: Values, of: str, unmissed: t.Container[str]) -> list[str]:
    return [f"{key} of {of}" for key in stated if key not in unmissed]


def _kind(name: str, topology: Topology) -> str:
    """Return the kind of a node: its own, its group's, the default group's, or the default."""

    def stated(what: str, of: Values, where: str) -> str:
        return go_yaml.text(of.get(what), f"{what} of {where}")

    node, where = topology.nodes[name], f"topology.nodes.{name}"
    groups = [
        stated("group", node, where),
        stated("group", topology.defaults, "topology.defaults"),
    ]
    kinds = [
        stated("kind", node, where),
        *(
            stated("kind", topology.groups.get(group, {}), f"topology.groups.{group}")
            for group in groups
        ),
        stated("kind", topology.defaults, "topology.defaults"),
    ]
    kind = next(filter(None, kinds), "").lower()
    if kind not in KINDS:
        what = f"is of the kind {shown(kind)}" if kind else "has no kind"
        raise DrawingError(f"node {shown(name)} {what}; use one of {', '.join(KINDS)}")
    return kind


def _edge(link: Values, where: str, places: t.Mapping[str, int]) -> Edge:
    kind = go_yaml.text(link.get("type"), f"type of {where}").strip().lower()
    if kind not in ("", "brief"):
        raise DrawingError(
            f"{where} is of the type {shown(kind)}. Only links without a type are read, with"
            ' endpoints as ["n1:eth1", "n2:eth1"]; remove the link'
        )
    stated = go_yaml.items(link.get("endpoints"), f"endpoints of {where}")
    ends = [_end(end, where, places) for end in stated]
    if len(ends) != 2:
        raise DrawingError(
            f'{where} needs two endpoints as ["n1:eth1", "n2:eth1"], and has {len(ends)}'
        )
    mtu = go_yaml.whole(link.get("mtu"), f"the mtu of {where}")
    if not 0 <= mtu <= MAX_MTU:
        raise DrawingError(f"the mtu of {where} is {shown(mtu)}; it must be {MAX_MTU} at most")
    (node, name), (peer, peer_name) = ends
    return Edge((places[node], places[peer]), links=(name, peer_name), mtu=mtu or None)


def _end(value: t.Any, where: str, places: t.Mapping[str, int]) -> tuple[str, str]:
    """Return node and link of an endpoint."""
    text = _plain(go_yaml.text(value, f"an endpoint of {where}"), f"an endpoint of {where}")
    node, colon, name = text.partition(":")
    if not colon:
        raise DrawingError(f'{where} needs endpoints as ["n1:eth1", "n2:eth1"], not {shown(text)}')
    if node.strip().lower() in SPECIAL:
        raise DrawingError(
            f"{where} leads to {shown(node)}, not to a node: remove it, such links are not read"
        )
    if node not in places:
        raise DrawingError(
            f"{where} leads to {shown(node)}, which is not a node; add it to topology.nodes, or correct the endpoint"
        )
    return node, name


def _plain(text: str, what: str) -> str:
    """Return a text; raise DrawingError if containerlab would first expand a template in it."""
    if text == "":
        raise DrawingError(f"{what} must not be empty")
    if "{{" in text or "${" in text:
        raise DrawingError(
            f"{what} is {shown(text)}, which is yet to be filled in. Read what containerlab makes"
            " of the template"
        )
    return text
