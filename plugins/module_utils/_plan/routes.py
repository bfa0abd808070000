# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""From the routes of a namespace to those that are wanted."""

from __future__ import annotations

import ipaddress
import typing as t

from .._model.record import replace
from .._model.route_ops import AddRoute, DeleteRoute, ReplaceRoute, natural_scope
from .._model.route_want import DEAD_ENDS, RoutesWant, RouteWant
from .._model.world import Nexthop, Route, Space, phrase
from .draft import Draft

V6_METRIC = 1024  # IP6_RT_PRIO_USER, net/ip6_route.h: what no metric means to IPv6


def plan(draft: Draft, want: RoutesWant) -> None:
    """Plan the routes that a task lists, and with purge that there are no others beside them."""
    if not want.present:
        space = draft.world.at(want.place)
        for each in want.routes:
            for dev in {way.dev for way in each.nexthops or ()} | {each.dev}:
                if dev is not None:
                    draft.refuse_altname(want.place, dev)
            for route in [route for route in space.routes if _is_meant(route, each)]:
                draft.add(DeleteRoute(space.key, route))
        return
    space = draft.space(want.place)
    kept: list[Route] = []
    there = Found(space)
    for each in want.routes:
        for dev in {way.dev for way in each.nexthops or ()} | {each.dev}:
            if dev is not None:
                draft.link(want.place, dev)
        steps = len(draft.steps)
        kept.append(_present(draft, space, each, there))
        if draft.supposing and len(draft.steps) > steps:
            _suppose(draft, space, kept[-1])
    if want.purge:
        _purge(draft, space, want, kept)


class Found(dict[tuple[t.Any, ...], list[Route]]):
    """The routes of a namespace by destination, family and table: there may be thousands."""

    def __init__(self, space: Space) -> None:
        super().__init__()
        for route in space.routes:
            self.add(route)

    def add(self, route: Route) -> None:
        """Note a route that is there, or will be."""
        self.setdefault((route.dst, route.version, route.table), []).append(route)


def _present(draft: Draft, space: Space, want: RouteWant, found: Found) -> Route:
    there = found.get((want.dst, want.version, want.table), [])
    for route in there:
        if _is_meant(route, want):
            return route
    wanted = _wanted(draft, space, want)
    same = [route for route in there if route.metric == wanted.metric]
    if same:
        changed = _completed(same[0], wanted, want)
        draft.add(ReplaceRoute(space.key, changed, same[0]))
        there.remove(same[0])
        there.append(changed)
        return changed
    draft.add(AddRoute(space.key, wanted))
    found.add(wanted)
    return wanted


def _is_meant(route: Route, want: RouteWant) -> bool:
    """Return whether a route is all that is stated."""
    if (route.dst, route.version, route.table) != (want.dst, want.version, want.table):
        return False
    stated = want.stated()
    if want.version == 6 and want.metric == 0:
        stated["metric"] = V6_METRIC
    if "nexthops" in stated:
        ways = zip(stated["nexthops"], route.nexthops)
        if len(route.nexthops) != len(stated["nexthops"]) or not all(
            _is_way(there, way) for way, there in ways
        ):
            return False
        del stated["nexthops"]
    return all(getattr(route, name) == value for name, value in stated.items())


def _is_way(there: Nexthop, way: Nexthop) -> bool:
    return (there.via, there.weight, there.onlink) == (way.via, way.weight, way.onlink) and (
        way.dev in (None, there.dev)
    )


def _wanted(draft: Draft, space: Space, want: RouteWant) -> Route:
    """Return a route as the kernel will show it, when nothing is there yet."""
    stated = want.stated()
    if want.version == 6:
        stated["metric"] = stated.get("metric") or V6_METRIC
        # The kernel points the dead ends of IPv6 at the loopback: ip6_route_info_create().
        if want.type in DEAD_ENDS:
            stated["dev"] = "lo"
    stated.setdefault("proto", "static")
    route = Route(want.dst, want.version, table=want.table, **stated)
    if route.via is not None and route.dev is None:
        route = replace(route, dev=_way_out(draft, space, route, route.via))
    if route.nexthops:
        route = replace(
            route,
            nexthops=tuple(
                way
                if way.dev or not way.via
                else replace(way, dev=_way_out(draft, space, route, way.via))
                for way in route.nexthops
            ),
        )
    if want.scope is None:
        route = replace(route, scope=natural_scope(route))
    return route


def _completed(old: Route, wanted: Route, want: RouteWant) -> Route:
    """Return the route that takes an old one's place: what is not stated stays as it was."""
    ways = {"via", "dev", "nexthops", "type", "onlink", "scope"}
    kept = {"src", "mtu", "proto"} - set(want.stated())
    if not ways & set(want.stated()):
        kept |= ways
    return replace(wanted, **{name: getattr(old, name) for name in kept}, wire=b"")


def _way_out(draft: Draft, space: Space, route: Route, via: str) -> str | None:
    """Return the link by which a gateway is reached: the longest prefix that holds it.

    Where there is none, check mode supposes that an earlier task would have added the address; a
    real run leaves it to the kernel, which refuses the route.
    """
    gateway = ipaddress.ip_address(via)
    best: tuple[int, str] | None = None
    for network, dev in _reached(space):
        if network.version == gateway.version and gateway in network:
            best = max(best or (-1, ""), (network.prefixlen, dev), key=lambda each: each[0])
    if best is not None:
        return best[1]
    if draft.supposing:
        draft.suppose(f"No address leads to the gateway {via} {phrase(space.key)} yet")
    return None


def _suppose(draft: Draft, space: Space, route: Route) -> None:
    """Say what a new route rests on that is not there yet; a real run leaves it to the kernel."""
    where = phrase(space.key)
    for dev in sorted(dev for dev in route.devs if dev is not None and route.type == "unicast"):
        if not space.links[dev].up:
            draft.suppose(f"Link {dev} {where} is not up yet")
    if route.src is not None and route.src not in {address.local for address in space.addresses}:
        draft.suppose(f"There is no address {route.src} {where} yet")
    if route.via is None or route.dev is None or route.onlink or route.via.startswith("fe80:"):
        return
    gateway = ipaddress.ip_address(route.via)
    if not any(
        dev == route.dev and network.version == gateway.version and gateway in network
        for network, dev in _reached(space)
    ):
        draft.suppose(
            f"No address of link {route.dev} leads to the gateway {route.via} {where} yet"
        )


def _reached(space: Space) -> t.Iterator[tuple[t.Any, str]]:
    """Yield the networks that are reached without a gateway, and by which link."""
    for address in space.addresses:
        if space.links[address.link].up and not address.noprefixroute:
            yield address.subnet, address.link
    for route in space.routes:
        if route.dev is not None and route.via is None and route.type == "unicast":
            any_network = "0.0.0.0/0" if route.version == 4 else "::/0"
            dst = any_network if route.dst == "default" else route.dst
            yield ipaddress.ip_network(dst), route.dev


def _purge(draft: Draft, space: Space, want: RoutesWant, kept: list[Route]) -> None:
    """Remove the other routes of the table, made by the same proto, of the families listed."""
    versions = {each.version for each in want.routes} or {4, 6}
    for route in list(space.routes):
        if (
            route.table == want.table
            and route.proto == want.proto != "kernel"
            and route.version in versions
            and route not in kept
        ):
            draft.add(DeleteRoute(space.key, route))
