# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Existing routes that cannot be replaced or deleted: the kernel's own and other programs'."""

from __future__ import annotations

import typing as t

from ..._core.errors import Conflict
from ..._core.host_state import NamespaceState, Route, phrase
from ..._core.plan_builder import PlanBuilder
from .operations import route_words
from .table import MAIN

V6_PREFIX_METRIC = 256  # IP6_RT_PRIO_ADDRCONF, net/ip6_route.h
OWN_IDENTITY = frozenset(
    ["tos", "from"]
)  # attributes with which a route can exist besides one without them


def shares_place(route: Route) -> bool:
    """Return whether a route with attributes that tasks cannot set conflicts with one without them."""
    return OWN_IDENTITY.isdisjoint(word for word, _value in route.foreign)


def description(route: Route, verb: str = "") -> str:
    """Return a route in the words of `ip route`, for a message or as a command."""
    words = route_words(verb, route)
    words = words if verb else words[3:]
    if "encap" in dict(route.foreign):
        words += ["encap", dict(route.foreign)["encap"]]
    return " ".join(words)


def _foreign_reason(route: Route) -> str:
    words = " ".join(part for pair in route.foreign for part in pair)
    return f"it has {words}, which this collection cannot set"


def check_foreign(namespace: NamespaceState, there: t.Iterable[Route]) -> None:
    """Refuse to replace a route with attributes that tasks cannot set."""
    for route in there:
        if route.foreign and shares_place(route):
            raise Conflict(
                f"route {description(route)} {phrase(namespace.key)} cannot be replaced: {_foreign_reason(route)}. Remove it"
                " with ip-route(8), or use another metric"
            )


def warn_foreign(builder: PlanBuilder, namespace: NamespaceState, route: Route) -> None:
    """Warn that a route is kept because of attributes that tasks cannot set."""
    words = f"route {description(route)} {phrase(namespace.key)} is kept: {_foreign_reason(route)}"
    if words not in builder.warnings:
        builder.warnings.append(words)


def check_own(namespace: NamespaceState, route: Route, desired: t.Any) -> None:
    """Refuse to replace or delete a route that the kernel made and maintains."""
    if route.proto == "kernel":
        instead = _instead_of_connected(namespace, route)
    elif route.proto == "ra" and desired.proto != "ra":
        instead = "to have no such routes set accept_ra=0 for its link (netns_sysctl)"
    else:
        return
    raise Conflict(
        f"route {description(route)} {phrase(namespace.key)} cannot be replaced or deleted: the kernel itself"
        f" made it. Use another metric, via or proto for a route of your own; {instead}"
    )


def _instead_of_connected(namespace: NamespaceState, route: Route) -> str:
    for address in namespace.addresses:
        if address.version == route.version and str(address.subnet) == route.dst:
            return (
                f"it belongs to address {address.cidr} of link {address.link}: remove that, or set"
                " noprefixroute=true for it (netns_addr)"
            )
    return "it is removed with its address or link"


def check_deletion(namespace: NamespaceState, route: Route, there: t.Iterable[Route]) -> None:
    """Refuse to delete an IPv6 route where the kernel would delete one with a nexthop object instead:
    ip6_route_del(), net/ipv6/route.c."""
    if route.version == 4 or route.nhid:
        return
    for other in there:
        if (
            other.nhid
            and shares_place(other)
            and (other.metric, other.proto) == (route.metric, route.proto)
        ):
            raise Conflict(
                f"route {description(route)} {phrase(namespace.key)} cannot be deleted: the kernel would delete"
                f" {description(other)} instead. Remove that first (nhid={other.nhid})"
            )


def connected(namespace: NamespaceState) -> t.Iterator[Route]:
    """Yield the routes that the kernel makes for addresses: fib_add_ifaddr(),
    addrconf_prefix_route()."""
    for address in namespace.addresses:
        link = namespace.links.get(address.link)
        if address.noprefixroute or address.secondary or link is None or not link.up:
            continue
        master = namespace.links.get(link.master or "")
        if master is not None and master.kind == "vrf":
            continue  # they are in the VRF's own table
        subnet = address.subnet
        if address.version == 6:
            metric = address.metric or V6_PREFIX_METRIC
            yield Route(str(subnet), 6, link.name, metric=metric, proto="kernel")
        elif subnet.prefixlen < subnet.max_prefixlen or address.peer:
            yield Route(
                str(subnet),
                4,
                link.name,
                src=address.local,
                metric=address.metric,
                table=MAIN,
                proto="kernel",
                scope="link",
            )
