# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""From the routes of a namespace to those that are wanted."""

from __future__ import annotations

import ipaddress
import typing as t

from ..._core.errors import BadInput
from ..._core.host_state import Nexthop, Route, Space, phrase
from ..._core.plan_builder import Draft
from ..._core.record import replace
from . import conflicts as stands
from .operations import MAIN, AddRoute, DeleteRoute, ReplaceRoute, natural_scope
from .spec import DEAD_ENDS, RouteSpec, RoutesSpec

V6_METRIC = 1024  # IP6_RT_PRIO_USER, net/ip6_route.h: what no metric means to IPv6


def plan(draft: Draft, desired: RoutesSpec) -> None:
    """Plan the routes that a task lists, and with purge that there are no others beside them."""
    if not desired.present:
        _absent(draft, desired)
        return
    space = draft.space(desired.place)
    kept: list[Route] = []
    there = Found(space)
    for each in desired.routes:
        for dev in {way.dev for way in each.nexthops or ()} | {each.dev}:
            if dev is not None:
                draft.link(desired.place, dev)
        steps = len(draft.steps)
        kept.append(_present(draft, space, each, there))
        if (draft.supposing or draft.strict) and len(draft.steps) > steps:
            _suppose(draft, space, kept[-1])
    if desired.purge:
        _purge(draft, space, desired, kept, there)


def _absent(draft: Draft, desired: RoutesSpec) -> None:
    space = draft.world.at(desired.place)
    there = Found(space)
    for each in desired.routes:
        for dev in {way.dev for way in each.nexthops or ()} | {each.dev}:
            if dev is not None:
                draft.refuse_altname(desired.place, dev)
        for route in list(there.of(each)):
            if not is_meant(route, each):
                continue
            if route.foreign:
                stands.tell(draft, space, route)
            else:
                stands.check_own(space, route, each)
                stands.check_deletion(space, route, there.of(each))
                draft.add(DeleteRoute(space.key, route))


class Found(dict[tuple[t.Any, ...], list[Route]]):
    """The routes of a namespace by destination, family and table: there may be thousands."""

    def __init__(self, space: Space) -> None:
        super().__init__()
        kernels = False
        for route in space.routes:
            kernels = kernels or route.proto == "kernel"
            self.add(route)
        # Where the kernel's were not read, they follow from the addresses; no default route does.
        self.unread = None if kernels else space

    def of(self, desired: t.Any) -> list[Route]:
        """Return the routes to the destination of a route, or of one that is wanted."""
        if self.unread is not None and desired.dst != "default":
            space, self.unread = self.unread, None
            for route in stands.connected(space):
                self.add(route)
        return self.get((desired.dst, desired.version, desired.table), [])

    def add(self, route: Route) -> None:
        """Note a route that is there, or will be."""
        self.setdefault((route.dst, route.version, route.table), []).append(route)


def _present(draft: Draft, space: Space, desired: RouteSpec, found: Found) -> Route:
    there = found.of(desired)
    for route in there:
        if not route.foreign and is_meant(route, desired):
            return route
    wanted = _wanted(draft, space, desired)
    same = [route for route in there if route.metric == wanted.metric]
    stands.check_foreign(space, same)
    mine = [route for route in same if not route.foreign]
    if mine:
        old = _replaced(mine, wanted)
        stands.check_own(space, old, desired)
        changed = _completed(old, wanted, desired)
        draft.add(ReplaceRoute(space.key, changed, old))
        there.remove(old)
        there.append(changed)
        return changed
    draft.add(AddRoute(space.key, wanted))
    found.add(wanted)
    return wanted


def _replaced(there: list[Route], wanted: Route) -> Route:
    """Return the one of several routes that the kernel replaces.

    In IPv6 that is the first that, like the new one, leads to a gateway or does not:
    fib6_add_rt2node(), net/ipv6/ip6_fib.c.
    """
    if wanted.version == 6:
        leads = bool(wanted.via or wanted.nexthops)
        there = [each for each in there if bool(each.via or each.nexthops) == leads] or there
    return there[0]


def is_meant(route: Route, desired: RouteSpec) -> bool:
    """Return whether a route is all that is stated."""
    if (route.dst, route.version, route.table) != (desired.dst, desired.version, desired.table):
        return False
    stated = desired.stated()
    if desired.version == 6 and desired.metric == 0:
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


def _wanted(draft: Draft, space: Space, desired: RouteSpec) -> Route:
    """Return a route as the kernel will show it, when nothing is there yet."""
    stated = desired.stated()
    if desired.version == 6:
        stated["metric"] = stated.get("metric") or V6_METRIC
        # The kernel points the dead ends of IPv6 at the loopback: ip6_route_info_create().
        if desired.type in DEAD_ENDS:
            stated["dev"] = "lo"
    stated.setdefault("proto", "static")
    route = Route(desired.dst, desired.version, table=desired.table, **stated)
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
    if desired.scope is None:
        route = replace(route, scope=natural_scope(route))
    return route


def _completed(old: Route, wanted: Route, desired: RouteSpec) -> Route:
    """Return the route that takes an old one's place: what is not stated stays as it was."""
    ways = {"via", "dev", "nexthops", "type", "onlink", "scope"}
    kept = {"src", "mtu", "proto"} - set(desired.stated())
    if not ways & set(desired.stated()):
        kept |= ways
    changed = replace(wanted, **{name: getattr(old, name) for name in kept}, wire=b"")
    if old.extras is None and not old.nexthops:
        return changed
    from .inherited import carried

    return carried(old, changed)


def _way_out(draft: Draft, space: Space, route: Route, via: str) -> str | None:
    """Return the link by which a gateway is reached: the longest prefix that holds it.

    Where there is none, check mode supposes that an earlier task would have added the address; a
    real run leaves it to the kernel, which refuses the route.
    """
    gateway = ipaddress.ip_address(via)
    best: dict[str, None] = {}
    found = (-1, 0)
    for network, dev, metric in _reached(space, route.table):
        if network.version == gateway.version and gateway in network:
            rank = (network.prefixlen, -metric)
            if rank > found:
                best, found = {}, rank
            if rank == found:
                best[dev] = None
    if len(best) > 1:
        raise BadInput(
            f"The gateway {via} of the route to {route.dst} {phrase(space.key)} is reached by the"
            f" links {', '.join(sorted(best))} alike: state dev"
        )
    if best:
        return next(iter(best))
    if draft.supposing or draft.strict:
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
        for network, dev, _metric in _reached(space, route.table)
    ):
        draft.suppose(
            f"No address of link {route.dev} leads to the gateway {route.via} {where} yet"
        )


def _reached(space: Space, table: int) -> t.Iterator[tuple[t.Any, str, int]]:
    """Yield the networks that are reached without a gateway, by which link and at which metric.

    For a route of a table the kernel looks there, and where the rules lead: mostly to main.
    """
    for address in space.addresses:
        if space.links[address.link].up and not address.noprefixroute:
            metric = address.metric or (stands.V6_PREFIX_METRIC if address.version == 6 else 0)
            yield address.subnet, address.link, metric
    for route in space.routes:
        if (
            route.dev is not None
            and route.via is None
            and route.type == "unicast"
            and route.table in (MAIN, table)
            and (not route.foreign or stands.takes_place(route))
        ):
            any_network = "0.0.0.0/0" if route.version == 4 else "::/0"
            dst = any_network if route.dst == "default" else route.dst
            yield ipaddress.ip_network(dst), route.dev, route.metric


def _purge(
    draft: Draft, space: Space, desired: RoutesSpec, kept: list[Route], found: Found
) -> None:
    """Remove the other routes of the table, made by the same proto, of the families listed."""
    versions = {each.version for each in desired.routes} or {4, 6}
    for route in list(space.routes):
        if (
            route.table == desired.table
            and route.proto == desired.proto != "kernel"
            and route.version in versions
            and not route.foreign
            and route not in kept
        ):
            stands.check_deletion(space, route, found.of(route))
            draft.add(DeleteRoute(space.key, route))
