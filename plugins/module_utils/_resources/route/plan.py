# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""From the routes of a namespace to those that are wanted."""

from __future__ import annotations

import ipaddress
import typing as t

from ..._core.errors import BadInput
from ..._core.host_state import NamespaceState, Nexthop, Route, phrase
from ..._core.plan_builder import PlanBuilder
from ..._core.record import replace
from . import conflicts
from .operations import AddRoute, DeleteRoute, ReplaceRoute, natural_scope
from .spec import WITHOUT_NEXTHOP, RouteSpec, RoutesSpec
from .table import MAIN

V6_METRIC = 1024  # IP6_RT_PRIO_USER, net/ip6_route.h: IPv6's default metric


def plan(builder: PlanBuilder, desired: RoutesSpec) -> None:
    """Plan the listed routes, and with purge the removal of all others."""
    if not desired.present:
        _absent(builder, desired)
        return
    namespace = builder.namespace(desired.place)
    kept: list[Route] = []
    there = RouteIndex(namespace)
    for each in desired.routes:
        for dev in {way.dev for way in each.nexthops or ()} | {each.dev}:
            if dev is not None:
                builder.link(desired.place, dev)
        steps = len(builder.steps)
        kept.append(_present(builder, namespace, each, there))
        if (builder.assume_exists or builder.strict) and len(builder.steps) > steps:
            _assume_preconditions(builder, namespace, kept[-1])
    if desired.purge:
        _purge(builder, namespace, desired, kept, there)


def _absent(builder: PlanBuilder, desired: RoutesSpec) -> None:
    namespace = builder.host.at(desired.place)
    there = RouteIndex(namespace)
    for each in desired.routes:
        for dev in {way.dev for way in each.nexthops or ()} | {each.dev}:
            if dev is not None:
                builder.refuse_altname(desired.place, dev)
        for route in _in_removal_order(there.of(each)):
            if not is_as_desired(route, each):
                continue
            if route.foreign:
                conflicts.warn_foreign(builder, namespace, route)
            else:
                conflicts.check_own(namespace, route, each)
                _delete(builder, namespace, route, there)


def _in_removal_order(routes: t.Iterable[Route]) -> list[Route]:
    """Return routes with those first that the kernel would delete in place of others."""
    return sorted(routes, key=lambda route: not route.nhid)


def _delete(
    builder: PlanBuilder, namespace: NamespaceState, route: Route, there: RouteIndex
) -> None:
    conflicts.check_deletion(namespace, route, there.of(route))
    builder.add(DeleteRoute(namespace.key, route))
    there.of(route).remove(route)


class RouteIndex(dict[tuple[t.Any, ...], list[Route]]):
    """The routes of a namespace, indexed by destination, family and table as there may be thousands."""

    def __init__(self, namespace: NamespaceState) -> None:
        super().__init__()
        kernels = False
        for route in namespace.routes:
            kernels = kernels or route.proto == "kernel"
            self.add(route)
        # The kernel's own routes may not have been read; all but default routes follow from addresses.
        self.unread = None if kernels else namespace

    def of(self, desired: t.Any) -> list[Route]:
        """Return the routes to the destination of a current or desired route."""
        if self.unread is not None and desired.dst != "default":
            namespace, self.unread = self.unread, None
            for route in conflicts.connected(namespace):
                self.add(route)
        return self.get((desired.dst, desired.version, desired.table), [])

    def add(self, route: Route) -> None:
        """Add an existing or planned route to the index."""
        self.setdefault((route.dst, route.version, route.table), []).append(route)


def _present(
    builder: PlanBuilder, namespace: NamespaceState, desired: RouteSpec, found: RouteIndex
) -> Route:
    there = found.of(desired)
    for route in there:
        if not route.foreign and is_as_desired(route, desired):
            return route
    wanted = _new_route(builder, namespace, desired)
    same = [route for route in there if route.metric == wanted.metric]
    conflicts.check_foreign(namespace, same)
    mine = [route for route in same if not route.foreign]
    if mine:
        old = _replaced(mine, wanted)
        conflicts.check_own(namespace, old, desired)
        there.remove(old)
        changed = _completed(old, wanted, desired)
        if changed.nhid and changed.version == 4:
            from .by_object import replace_route

            changed = replace_route(builder, namespace, changed, old, desired.mtu)
        else:
            builder.add(ReplaceRoute(namespace.key, changed, old))
        there.append(changed)
        return changed
    if wanted.nhid and wanted.version == 4:
        from .by_object import shared

        wanted = shared(namespace, wanted, desired.mtu)
    builder.add(AddRoute(namespace.key, wanted))
    found.add(wanted)
    return wanted


def _replaced(there: list[Route], wanted: Route) -> Route:
    """Return the one of several routes that the kernel would replace.

    In IPv6 that is the first with a gateway if the new one has one, else the first without:
    fib6_add_rt2node(), net/ipv6/ip6_fib.c.
    """
    if wanted.version == 6:
        leads = bool(wanted.via or wanted.nexthops)
        there = [each for each in there if bool(each.via or each.nexthops) == leads] or there
    return there[0]


def is_as_desired(route: Route, desired: RouteSpec) -> bool:
    """Return whether an existing route has all stated attributes."""
    if (route.dst, route.version, route.table) != (desired.dst, desired.version, desired.table):
        return False
    stated = desired.stated()
    if desired.version == 6 and desired.metric == 0:
        stated["metric"] = V6_METRIC
    if "nexthops" in stated:
        ways = zip(stated["nexthops"], route.nexthops)
        if len(route.nexthops) != len(stated["nexthops"]) or not all(
            _is_same_nexthop(there, way) for way, there in ways
        ):
            return False
        del stated["nexthops"]
    return all(getattr(route, name) == value for name, value in stated.items())


def _is_same_nexthop(there: Nexthop, way: Nexthop) -> bool:
    return (there.via, there.weight, there.onlink) == (way.via, way.weight, way.onlink) and (
        way.dev in (None, there.dev)
    )


def _new_route(builder: PlanBuilder, namespace: NamespaceState, desired: RouteSpec) -> Route:
    """Return a new route as the kernel will show it."""
    stated = desired.stated()
    if desired.version == 6:
        stated["metric"] = stated.get("metric") or V6_METRIC
        # IPv6 blackhole and similar routes get the loopback as device: ip6_route_info_create().
        if desired.type in WITHOUT_NEXTHOP:
            stated["dev"] = "lo"
    stated.setdefault("proto", "static")
    route = Route(desired.dst, desired.version, table=desired.table, **stated)
    if route.nhid:
        from .by_object import completed

        route = completed(builder, namespace, route)
    if route.via is not None and route.dev is None:
        route = replace(route, dev=_link_to_gateway(builder, namespace, route, route.via))
    if route.nexthops:
        route = replace(
            route,
            nexthops=tuple(
                way
                if way.dev or not way.via
                else replace(way, dev=_link_to_gateway(builder, namespace, route, way.via))
                for way in route.nexthops
            ),
        )
    if desired.scope is None:
        route = replace(route, scope=natural_scope(route))
    return route


def _completed(old: Route, wanted: Route, desired: RouteSpec) -> Route:
    """Return the replacement of a route; attributes that are not stated are kept."""
    ways = {"via", "dev", "nexthops", "nhid", "ways", "type", "onlink", "scope"}
    kept = {"src", "mtu", "proto"} - set(desired.stated())
    if not ways & set(desired.stated()):
        kept |= ways
    changed = replace(wanted, **{name: getattr(old, name) for name in kept}, wire=b"")
    if old.extras is None and not old.nexthops:
        return changed
    from .inherited import with_inherited

    return with_inherited(old, changed)


def _link_to_gateway(
    builder: PlanBuilder, namespace: NamespaceState, route: Route, via: str
) -> str | None:
    """Return the link through which a gateway is reached, by longest prefix match.

    If there is none, check mode assumes that an earlier task would have added the address; a real
    run leaves it to the kernel, which refuses the route.
    """
    gateway = ipaddress.ip_address(via)
    best: dict[str, None] = {}
    found = (-1, 0)
    for network, dev, metric in _directly_reachable(namespace, route.table):
        if network.version == gateway.version and gateway in network:
            rank = (network.prefixlen, -metric)
            if rank > found:
                best, found = {}, rank
            if rank == found:
                best[dev] = None
    if len(best) > 1:
        raise BadInput(
            f"dev is required for the route to {route.dst} {phrase(namespace.key)}: its gateway {via} is"
            f" reached through several links, {', '.join(sorted(best))}"
        )
    if best:
        return next(iter(best))
    if builder.assume_exists or builder.strict:
        builder.suppose(f"No address leads to the gateway {via} {phrase(namespace.key)} yet")
    return None


def _assume_preconditions(builder: PlanBuilder, namespace: NamespaceState, route: Route) -> None:
    """Note the missing preconditions of a new route in check mode; else the kernel decides."""
    where = phrase(namespace.key)
    for dev in sorted(dev for dev in route.devs if dev is not None and route.type == "unicast"):
        if not namespace.links[dev].up:
            builder.suppose(f"Link {dev} {where} is not up yet")
    if route.src is not None and route.src not in {
        address.local for address in namespace.addresses
    }:
        builder.suppose(f"address {route.src} does not exist {where} yet")
    if route.via is None or route.dev is None or route.onlink or route.via.startswith("fe80:"):
        return
    gateway = ipaddress.ip_address(route.via)
    if not any(
        dev == route.dev and network.version == gateway.version and gateway in network
        for network, dev, _metric in _directly_reachable(namespace, route.table)
    ):
        builder.suppose(
            f"No address of link {route.dev} leads to the gateway {route.via} {where} yet"
        )


def _directly_reachable(
    namespace: NamespaceState, table: int
) -> t.Iterator[tuple[t.Any, str, int]]:
    """Yield (network, link, metric) of the networks that are reached without a gateway.

    For a route of a table the kernel looks in that table and where the rules lead, mostly in main.
    """
    for address in namespace.addresses:
        if namespace.links[address.link].up and not address.noprefixroute:
            metric = address.metric or (conflicts.V6_PREFIX_METRIC if address.version == 6 else 0)
            yield address.subnet, address.link, metric
    for route in namespace.routes:
        if (
            route.dev is not None
            and route.via is None
            and route.type == "unicast"
            and route.table in (MAIN, table)
            and (not route.foreign or conflicts.shares_place(route))
        ):
            any_network = "0.0.0.0/0" if route.version == 4 else "::/0"
            dst = any_network if route.dst == "default" else route.dst
            yield ipaddress.ip_network(dst), route.dev, route.metric


def _purge(
    builder: PlanBuilder,
    namespace: NamespaceState,
    desired: RoutesSpec,
    kept: list[Route],
    found: RouteIndex,
) -> None:
    """Plan the removal of the table's other routes with the same proto and of the listed families."""
    versions = {each.version for each in desired.routes} or {4, 6}
    for route in _in_removal_order(namespace.routes):
        if (
            route.table == desired.table
            and route.proto == desired.proto != "kernel"
            and route.version in versions
            and not route.foreign
            and route not in kept
        ):
            _delete(builder, namespace, route, found)
