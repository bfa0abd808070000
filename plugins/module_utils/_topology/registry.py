# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""The lists of a topology, in order of dependence: here a new one is added."""

from __future__ import annotations

from .._core.topology_list import TopologyList
from .._resources.address.topology import ADDRESSES
from .._resources.link.topology import LINKS
from .._resources.namespace.topology import NAMESPACES
from .._resources.neighbour.topology import NEIGHBOURS
from .._resources.nexthop.topology import NEXTHOPS
from .._resources.qdisc.topology import QDISCS
from .._resources.route.topology import ROUTES
from .._resources.rule.topology import RULES
from .._resources.sysctl.topology import SYSCTLS
from .._resources.veth.topology import VETHS

LISTS: tuple[TopologyList, ...] = (
    NAMESPACES,
    VETHS,
    LINKS,
    ADDRESSES,
    NEXTHOPS,
    ROUTES,
    RULES,
    NEIGHBOURS,
    SYSCTLS,
    QDISCS,
)
