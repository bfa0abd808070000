# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: topology_from_graphml
short_description: Convert a GraphML graph to the lists of a topology
version_added: 0.1.0
author:
  - The linuxnet.netns authors (@linuxnet)
description:
  - Convert every node into a namespace, every edge into a veth pair, and, if requested, add addresses and routes. The
    result is the lists of M(linuxnet.netns.netns_topology).
extends_documentation_fragment:
  - linuxnet.netns._drawing
  - linuxnet.netns._drawing.graph
positional: _input
options:
  _input:
    description:
      - Text of a GraphML file with one graph. Nested graphs and edges between more than two nodes are errors.
      - A text with a C(<!DOCTYPE) is refused, since the entities that it can declare turn a short text into a huge
        one.
    type: str
    required: true
seealso:
  - module: linuxnet.netns.netns_topology
  - plugin: linuxnet.netns.topology_from_networkx
    plugin_type: filter
  - plugin: linuxnet.netns.topology_from_containerlab
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Read a drawing
  ansible.builtin.set_fact:
    net: >-
      {{ lookup('ansible.builtin.file', 'backbone.graphml')
         | linuxnet.netns.topology_from_graphml(link_prefix='10.0.0.0/16', loopback_prefix='10.255.0.0/24',
                                                routes='loopbacks', name_prefix='bb-') }}

- name: Build it
  linuxnet.netns.netns_topology:
    name: backbone
    namespaces: "{{ net.namespaces }}"
    veths: "{{ net.veths }}"
    addresses: "{{ net.addresses }}"
    routes: "{{ net.routes }}"
    sysctls: "{{ net.sysctls }}"

- name: Show one of its links
  ansible.builtin.debug:
    var: net.veths[0]

# name: eth1
# netns: bb-London
# peer: {name: eth1, netns: bb-Paris, up: true}
# up: true
"""

RETURN = r"""
_value:
  description: The lists. Each entry has the options of the module for its kind.
  type: dict
  contains:
    namespaces:
      description: A namespace for each node, options of M(linuxnet.netns.netns).
      type: list
      elements: dict
    veths:
      description: A pair for each edge, options of M(linuxnet.netns.veth).
      type: list
      elements: dict
    links:
      description: Empty; only other filters create bridges.
      type: list
      elements: dict
    addresses:
      description: The addresses of nodes and links, options of M(linuxnet.netns.netns_addr).
      type: list
      elements: dict
    routes:
      description: >-
        For each node and neighbour, everything reachable over that neighbour, options of
        M(linuxnet.netns.netns_route).
      type: list
      elements: dict
    sysctls:
      description: IP forwarding, if there are routes, options of M(linuxnet.netns.netns_sysctl).
      type: list
      elements: dict
"""

import typing as t

from ansible.errors import AnsibleFilterError

from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing import graphml
from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.choices import (
    attributes,
    choices,
)
from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.drawing import DrawingError
from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.lists import lists


def topology_from_graphml(
    text: t.Any, label: str = "label", cost: str | None = None, **options: t.Any
) -> dict[str, list[dict[str, t.Any]]]:
    """Return the lists of netns_topology for a GraphML file."""
    try:
        return lists(graphml.read(text, *attributes(label, cost)), choices(options))
    except DrawingError as error:
        raise AnsibleFilterError(f"topology_from_graphml: {error}") from error


class FilterModule:
    """Provide the filter."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        """Return the filter by name."""
        return {"topology_from_graphml": topology_from_graphml}
