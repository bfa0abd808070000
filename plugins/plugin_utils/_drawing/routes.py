# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Compute the routes of a network, and the forwarding of its nodes."""

from __future__ import annotations

import typing as t
from collections import Counter

from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.network import Network
from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.routing import Tree, shortest
from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.wiring import Segment

Entry = dict[str, t.Any]

FORWARDING = {4: "net.ipv4.ip_forward", 6: "net.ipv6.conf.all.forwarding"}
# A reply from the address of a link may arrive by another link than the route to it uses. A
# namespace inherits from the host whether such packets are dropped; the higher value applies, and
# is looser.
LOOSE = {"net.ipv4.conf.all.rp_filter": 2}


def routes(net: Network, wanted: t.Collection[str]) -> t.Iterator[Entry]:
    """Yield an entry for each node and neighbour, with all destinations behind that neighbour."""
    trees, hops = shortest(len(net.names), net.segments)
    nearest = [_nearest(trees, part) for part in net.segments] if "links" in wanted else []
    for place in net.routers:
        for numbers in net.numbers.values():
            loopbacks = numbers.loopbacks if "loopbacks" in wanted else {}
            ends = [
                *((end, f"{address}/{numbers.whole}") for end, address in loopbacks.items()),
                *(
                    (near.get(place), subnet.network)
                    for near, subnet in zip(nearest, numbers.subnets)
                ),
            ]
            behind: dict[int, list[str]] = {}
            for end, destination in ends:
                # Skip local and unreachable destinations.
                if end is not None and place in trees[end].after:
                    behind.setdefault(trees[end].after[place], []).append(destination)
            # Otherwise packets would have the address of the link as source, which others may have
            # no route to.
            source = {"src": loopbacks[place]} if loopbacks else {}
            for hop, there in sorted((hops[place, node], node) for node in behind):
                way = {"via": numbers.hosts[hop.there], "dev": hop.here.link}
                yield {"netns": net.names[place], "dst": behind[there], **way, **source}


def _nearest(trees: t.Sequence[Tree], segment: Segment) -> dict[int, int]:
    """Return by node which of the nodes of a segment is the nearest one."""
    found: dict[int, int] = {}
    for end in dict.fromkeys(port.node for port in segment.ports):
        for place, far in trees[end].far.items():
            if place not in found or far < trees[found[place]].far[place]:
                found[place] = end
    return found


def forwarding(net: Network, wanted: t.Collection[str]) -> t.Iterator[Entry]:
    """Yield the sysctls that enable forwarding, for each node with several links."""
    sysctls = {FORWARDING[version]: 1 for version, numbers in net.numbers.items() if numbers.hosts}
    if "links" in wanted and 4 in net.numbers and net.numbers[4].hosts:
        sysctls.update(LOOSE)
    links = Counter(port.node for segment in net.segments for port in segment.ports)
    for place in net.routers:
        if links[place] > 1:
            yield {"netns": net.names[place], "sysctls": dict(sysctls)}
