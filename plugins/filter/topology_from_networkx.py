# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: topology_from_networkx
short_description: Convert a networkx graph to the lists of a topology
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
      - Result of C(networkx.node_link_data), as a dictionary or as JSON, with the edges in C(links) or in C(edges).
      - Edges refer to nodes by C(id). If C(links) refer to something that is not an C(id), or if the attributes of
        the C(graph) are a list, the graph was written by networkx 1, and they are positions in the list of nodes,
        counted from 0.
    type: raw
    required: true
seealso:
  - module: linuxnet.netns.netns_topology
  - plugin: linuxnet.netns.topology_from_graphml
    plugin_type: filter
  - plugin: linuxnet.netns.topology_from_containerlab
    plugin_type: filter
"""

EXAMPLES = r"""
- name: A ring of three, each with an address on its loopback and routes to the others
  ansible.builtin.set_fact:
    net: >-
      {{ {'nodes': [{'id': 'a'}, {'id': 'b'}, {'id': 'c'}],
          'edges': [{'source': 'a', 'target': 'b'}, {'source': 'b', 'target': 'c'}, {'source': 'c', 'target': 'a'}]}
         | linuxnet.netns.topology_from_networkx(link_prefix=['10.0.0.0/24', 'fd00::/64'],
                                                 loopback_prefix='10.255.0.0/24', routes='loopbacks') }}

- name: Show what one of its nodes has
  ansible.builtin.debug:
    msg: "{{ net.routes | selectattr('netns', 'eq', 'a') }}"

# - {netns: a, dst: [10.255.0.2/32], via: 10.0.0.1, dev: eth1, src: 10.255.0.1}
# - {netns: a, dst: [10.255.0.3/32], via: 10.0.0.4, dev: eth2, src: 10.255.0.1}
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

from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing import node_link
from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.choices import (
    attributes,
    choices,
)
from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.drawing import DrawingError
from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.lists import lists


def topology_from_networkx(
    data: t.Any, label: str = "label", cost: str | None = None, **options: t.Any
) -> dict[str, list[dict[str, t.Any]]]:
    """Return the lists of netns_topology for node-link data of networkx."""
    try:
        return lists(node_link.read(data, *attributes(label, cost)), choices(options))
    except DrawingError as error:
        raise AnsibleFilterError(f"topology_from_networkx: {error}") from error


class FilterModule:
    """Provide the filter."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        """Return the filter by name."""
        return {"topology_from_networkx": topology_from_networkx}
