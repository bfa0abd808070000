# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: topology_from_containerlab
short_description: Convert a containerlab file to the lists of a topology
version_added: 0.1.0
author:
  - The linuxnet.netns authors (@linuxnet)
description:
  - Convert every node into a namespace, every link into a veth pair, and, if requested, add addresses and routes. The
    result is the lists of M(linuxnet.netns.netns_topology).
  - Supported are nodes of the kinds C(linux) and C(bridge), and the links between them. Any other kind is an error.
  - A node of the kind C(bridge) becomes a namespace too. It contains a bridge C(br0), whose ports are the links of
    the node. If the links of bridges form a loop, it is an error, since frames would circulate forever.
extends_documentation_fragment:
  - linuxnet.netns._drawing
positional: _input
options:
  _input:
    description:
      - The file, as its text or as the result of C(from_yaml).
      - The text is read as containerlab reads it, so a node C(NO) or C(010) has this name, while C(from_yaml)
        converts them to C(false) and 8, which is an error. A duplicate key, or one that containerlab does not know,
        is an error.
      - Templates and environment variables are not expanded. Pass the result of containerlab's own expansion.
      - Of C(topology.nodes), C(kind) is used, else that of the C(group) of the node, else that of the C(group) in
        C(topology.defaults), else that of C(topology.defaults). Of C(topology.links), C(endpoints) as C(["n1:eth1",
        "n2:eth1"]) and C(mtu) are used. A link without C(mtu) has the kernel's default, not containerlab's 9500.
      - Everything else, such as C(exec) and C(sysctls), is ignored with a warning, whether in a node, a kind, a
        group, the defaults or a link. C(name), C(prefix), C(labels), C(image), C(image-pull-policy), C(memory),
        C(cpu) and C(cpu-set) are ignored without a warning.
    type: raw
    required: true
notes:
  - Links have the names that are in the file.
seealso:
  - module: linuxnet.netns.netns_topology
  - plugin: linuxnet.netns.topology_from_networkx
    plugin_type: filter
  - plugin: linuxnet.netns.topology_from_graphml
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Read a file of containerlab
  ansible.builtin.set_fact:
    net: >-
      {{ lookup('ansible.builtin.file', 'lab.clab.yml')
         | linuxnet.netns.topology_from_containerlab(link_prefix='10.0.0.0/24', routes='links') }}

# Of this file:
#
# topology:
#   nodes:
#     n1: {kind: linux}
#     n2: {kind: linux}
#     switch: {kind: bridge}
#   links:
#     - endpoints: ["n1:eth1", "switch:n1"]
#     - endpoints: ["n2:eth1", "switch:n2"]
#
# net.links is:
#
# - {name: br0, netns: switch, type: bridge, up: true}
# - {name: n1, netns: switch, master: br0}
# - {name: n2, netns: switch, master: br0}
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
      description: A pair for each link, options of M(linuxnet.netns.veth).
      type: list
      elements: dict
    links:
      description: The bridges and their ports, options of M(linuxnet.netns.netns_link).
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
from ansible.utils.display import Display

from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing import containerlab
from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.choices import choices
from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.drawing import DrawingError
from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.lists import lists


def topology_from_containerlab(data: t.Any, **options: t.Any) -> dict[str, list[dict[str, t.Any]]]:
    """Return the lists of netns_topology for a containerlab file."""
    try:
        drawing = containerlab.read(data)
        found = lists(drawing, choices(options))
    except DrawingError as error:
        raise AnsibleFilterError(f"topology_from_containerlab: {error}") from error
    if drawing.left_out:
        Display().warning(f"topology_from_containerlab leaves out {', '.join(drawing.left_out)}")
    return found


class FilterModule:
    """Provide the filter."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        """Return the filter by name."""
        return {"topology_from_containerlab": topology_from_containerlab}
