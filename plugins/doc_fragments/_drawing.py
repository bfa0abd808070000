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
      - The network that links are numbered from, one of IPv4, one of IPv6, or both. Left out, links have no addresses.
      - The first link of the drawing gets the first subnet, and so on. Links that a bridge joins share one subnet, the
        smallest that holds them.
    type: list
    elements: str
  link_length:
    description:
      - The length of the prefix of an IPv4 link. That of an IPv6 link is 127.
    type: int
    choices: [30, 31]
    default: 31
  loopback_prefix:
    description:
      - The network that the nodes are numbered from, as O(link_prefix). Each node has one address of it on C(lo), the
        first node the first that a host can have. Left out, there are none.
    type: list
    elements: str
  routes:
    description:
      - What every node is to have static routes to. V(loopbacks) are the nodes, V(links) the subnets of links.
      - They lead along the shortest path, and between two nodes back along the same one. Of paths that cost the same, the
        one with the fewest links is taken; of several of those, one that is always the same for the same drawing.
      - What is not connected has no routes to each other. Nodes with several links pass packets on.
      - With V(loopbacks), packets come from the loopback address of their sender. With V(links), nodes take IPv4 packets by
        another link than they would answer by (C(rp_filter) is loose).
      - This needs the Python package C(networkx) on the controller.
    type: list
    elements: str
    choices: [loopbacks, links]
    default: []
  name_prefix:
    description:
      - What the name of each namespace begins with.
    type: str
    default: ''
notes:
  - A namespace is called as its node is, where that is a name. Letters of all scripts, digits, C(_) and C(.) stay,
    accents go, all else becomes C(-), and what has more than 63 bytes is cut. Of several that are the same, the first
    keeps the name, and the others get C(-2), C(-3) and so on, whichever an earlier node does not have. A name that is a
    number gets an C(n) in front, as a number would stand for a process.
  - The same drawing gives the same lists.
"""

    GRAPH = r"""
options:
  label:
    description:
      - The attribute of a node that it is called by. Where it is missing or has no letter, the id of the node is taken.
    type: str
    default: label
  cost:
    description:
      - The attribute of an edge that says what its link costs, a number from 0 on, for the shortest paths. An edge that
        has none costs 1.
      - Left out, every link costs the same.
    type: str
notes:
  - More nodes and edges at the end of a drawing leave the names and addresses of the others alone.
  - The links of a node are called C(eth1), C(eth2) and so on, in the order of the drawing.
  - Parallel edges are links of their own; routes take the cheapest. An edge from a node to itself is a pair within one
    namespace, and no path leads along it.
  - Links have no direction. In a directed graph, an edge and one that leads back are one link, with the cost of the first.
"""
