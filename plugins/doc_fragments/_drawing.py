# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The names of doc fragments are private to this collection: they may change without notice.

from __future__ import annotations


class ModuleDocFragment:
    """What the filters that read a drawing of a network have in common."""

    DOCUMENTATION = r"""
options:
  link_prefix:
    description:
      - "Network to assign the addresses of links from: one of IPv4, one of IPv6, or both. By default links have no
        addresses."
      - The first link of the drawing gets the first subnet, and so on. Links that a bridge connects share one subnet,
        the smallest that holds them.
    type: list
    elements: str
  link_length:
    description:
      - Prefix length of an IPv4 link. That of an IPv6 link is 127.
    type: int
    choices: [30, 31]
    default: 31
  loopback_prefix:
    description:
      - Network to assign the addresses of nodes from, as in O(link_prefix). Each node has one address on C(lo), the
        first node the first host address. By default there are none.
    type: list
    elements: str
  routes:
    description:
      - "Destinations of static routes on every node: V(loopbacks) are the nodes, V(links) the subnets of links."
      - Routes follow the shortest path, and between two nodes the same path back. Of paths with the same cost, the
        one with the fewest links is used; of several of these, one that is always the same for the same drawing.
      - Unconnected nodes have no routes to each other. Nodes with several links forward packets.
      - With V(loopbacks), packets have the loopback address of their sender. With V(links), nodes accept IPv4 packets
        on another link than the one they would answer by (C(rp_filter) is loose).
      - Requires the Python package C(networkx) on the controller.
    type: list
    elements: str
    choices: [loopbacks, links]
    default: []
  name_prefix:
    description:
      - Prefix of the names of all namespaces.
    type: str
    default: ''
notes:
  - A namespace has the name of its node, as far as that is a valid name. Letters of all scripts, digits, C(_) and C(.) are kept,
    accents are removed, anything else becomes C(-), and names longer than 63 bytes are cut. If several are equal, the first
    keeps the name, and the others get C(-2), C(-3) and so on, whichever an earlier node does not have. A name that is a
    number gets the prefix C(n), since a number would be a PID.
  - The same drawing always results in the same lists.
"""

    GRAPH = r"""
options:
  label:
    description:
      - Attribute of a node that contains its name. If it is missing or has no letter, the id of the node is used.
    type: str
    default: label
  cost:
    description:
      - Attribute of an edge that contains the cost of its link, a number from 0 on, for the shortest paths. An edge
        without it costs 1.
      - By default every link costs the same.
    type: str
notes:
  - Nodes and edges that are added at the end of a drawing do not change the names and addresses of the others.
  - The links of a node have the names C(eth1), C(eth2) and so on, in the order of the drawing.
  - Parallel edges are separate links; routes use the cheapest. An edge from a node to itself is a pair within one
    namespace, and no path uses it.
  - Links have no direction. In a directed graph, an edge and one that leads back are one link, with the cost of the first.
"""
