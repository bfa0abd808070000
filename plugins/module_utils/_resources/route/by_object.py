# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Routes that use a nexthop object: it has to be there, and one that such a route can use."""

from __future__ import annotations

from ..._core.errors import BadInput, Conflict
from ..._core.host_state import NamespaceState, Route, phrase
from ..._core.plan_builder import PlanBuilder
from ..._core.record import replace
from ..nexthop.state import find, ways
from .conflicts import description
from .extras import Attributes, Extras
from .operations import AddRoute, DeleteRoute, ReplaceRoute


def completed(builder: PlanBuilder, namespace: NamespaceState, route: Route) -> Route:
    """Return a new route with where its nexthop object leads; refuse one that it cannot use."""
    what = f"nexthop object {route.nhid}"
    nexthop = find(namespace, route.nhid)
    if nexthop is None:
        where = phrase(namespace.key)
        if not builder.assume_exists:
            raise BadInput(
                f"{what} of the route to {route.dst} not found {where}; add it first (netns_nexthop)"
            )
        builder.suppose(f"{what} does not exist {where} yet")
        return route
    members = [find(namespace, member) for member in nexthop.members] or [nexthop]
    reason = ""
    if nexthop.fdb:  # fib_check_nexthop()
        reason = "it is for forwarding entries (fdb=true)"
    elif route.version == 6 and any(each is not None and each.version == 4 for each in members):
        reason = "an IPv6 route can use no IPv4 nexthop object"  # fib6_check_nexthop()
    if reason:
        raise BadInput(
            f"route {description(route)} {phrase(namespace.key)} cannot use {what}: {reason}"
        )
    return _that_fell(builder, namespace, replace(route, ways=ways(namespace, nexthop)))


def _that_fell(builder: PlanBuilder, namespace: NamespaceState, route: Route) -> Route:
    """Return a new route as the one that falls with the carrier of a link, if it is that: the kernel
    may keep it until the carrier is back, and it can be there already then."""
    was = builder.before.namespaces.get(namespace.key)
    return (
        next((replace(each, ways=route.ways) for each in was.routes if each == route), route)
        if was
        else route
    )


def shared(
    namespace: NamespaceState, route: Route, mtu: int | None, old: Route | None = None
) -> Route:
    """Return an IPv4 route with the metrics of another one with which it shares them.

    The kernel keeps one record for all routes that use a nexthop object and are otherwise the same,
    whatever their metrics: fib_find_info_nh(), net/ipv4/fib_semantics.c.
    """
    other = next(
        (each for each in namespace.routes if each != old and _one_record(each, route)), None
    )
    if other is None:
        return route
    if mtu not in (None, other.mtu):
        raise Conflict(
            f"route {description(route)} {phrase(namespace.key)} cannot have another MTU than the route"
            f" {description(other)}: the kernel keeps one for all routes by a nexthop object with the"
            " same metric, table, src and proto. Use another metric or proto"
        )
    extras = replace(route.extras or Extras(), metrics=_metrics(other))
    return replace(route, mtu=other.mtu, extras=None if extras == Extras() else extras)


def replace_route(
    builder: PlanBuilder, namespace: NamespaceState, new: Route, old: Route, mtu: int | None
) -> Route:
    """Plan that an IPv4 route takes another's place; return it as the kernel will show it."""
    new = shared(namespace, new, mtu, old)
    same = (new.mtu, _metrics(new)) == (old.mtu, _metrics(old))
    if same or not _one_record(new, old):
        builder.add(ReplaceRoute(namespace.key, new, old))
    else:  # the kernel would find the old record, and change nothing of it
        builder.add(DeleteRoute(namespace.key, old), AddRoute(namespace.key, new))
    return new


def _one_record(one: Route, other: Route) -> bool:
    return _record(one) == _record(other)


def _record(route: Route) -> tuple[object, ...]:
    place = (route.version, route.nhid, route.table, route.metric)
    return (*place, route.proto, route.scope, route.src, route.type)


def _metrics(route: Route) -> Attributes:
    return () if route.extras is None else route.extras.metrics
