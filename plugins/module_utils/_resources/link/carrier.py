# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Simulate what falls with a link beside its own: with its carrier, and that of links that follow it.

Without a carrier the kernel drops nexthop objects alone, with the routes that use them:
nh_netdev_event(), net/ipv4/nexthop.c.
"""

from __future__ import annotations

from ..._core.host_state import HostState, Link, NamespaceState, Route
from ..._core.record import replace
from .uppers import OTHER_ENDS, STAY_ON_MOVE, At, directly_on


def followers_lose(namespace: NamespaceState, name: str) -> None:
    """Let the resources that follow links drop what falls with one that goes down or leaves."""
    for resource in namespace.followers:
        resource.link_fell(namespace, name)


def carrier_goes(host: HostState, key: str, link: Link) -> None:
    """Simulate that others lose their carrier with a link that goes down or leaves ``key``."""
    peer = link.peer  # of a veth, which has a carrier while the other end is up
    if peer is not None and peer.netns is not None:
        _lose(host, (peer.netns, peer.name))
    if key in host.namespaces:
        _followed(host, (key, link.name), link)


def bridge_is_left(host: HostState, namespace: NamespaceState, name: str | None) -> None:
    """Simulate that a bridge loses its carrier with the last port that has one:
    br_port_state_selection()."""
    bridge = namespace.links.get(name or "")
    if bridge is None or bridge.kind != "bridge" or not namespace.followers:
        return
    ports = (each for each in namespace.links.values() if each.master == bridge.name)
    if not any(each.up and _has_carrier(host, each) for each in ports):
        _lose(host, (namespace.key, bridge.name))


def _has_carrier(host: HostState, link: Link) -> bool:
    """Return whether a link that is up has a carrier, as far as that is known."""
    if link.peer is None or link.peer.netns not in host.namespaces:
        return True
    other = host.namespaces[link.peer.netns].links.get(link.peer.name)
    return other is None or other.up


def _lose(host: HostState, at: At) -> None:
    """Simulate that a link has no carrier any more."""
    namespace = host.namespaces.get(at[0])
    link = None if namespace is None else namespace.links.get(at[1])
    if namespace is None or link is None:
        return
    if any(route.nhid for route in namespace.routes):
        namespace.routes = [
            left
            for route in namespace.routes
            if (left := without(route, link.name) if route.nhid else route) is not None
        ]
    followers_lose(namespace, link.name)
    _followed(host, at, link)


def _followed(host: HostState, at: At, link: Link) -> None:
    """Let links on top of one without a carrier lose theirs, and its bridge."""
    namespace = host.namespaces[at[0]]
    if not namespace.followers:
        return
    for upper in directly_on(host, at):
        kind = host.namespaces[upper[0]].links[upper[1]].kind
        if kind in STAY_ON_MOVE and kind not in OTHER_ENDS:
            _lose(host, upper)
    bridge_is_left(host, namespace, link.master)


def without(route: Route, name: str) -> Route | None:
    """Return what is left of a route without a link: IPv4 routes lose all nexthops with one of them
    (fib_sync_down_dev()), of IPv6 those by this link."""
    if name not in route.devs:
        return route
    if route.nhid:  # nexthop objects fall one by one: nexthop_flush_dev()
        left = tuple(each for each in route.ways if each.dev != name)
        return replace(route, ways=left) if left else None
    ways = tuple(each for each in route.nexthops if each.dev != name)
    if route.version == 4 or not ways:
        return None
    if len(ways) > 1:
        return replace(route, nexthops=ways)
    return replace(route, dev=ways[0].dev, via=ways[0].via, onlink=ways[0].onlink, nexthops=())
