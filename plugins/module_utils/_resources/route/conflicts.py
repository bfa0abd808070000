# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What stands where a route is to be, or is to go, and is not ours to touch."""

from __future__ import annotations

import typing as t

from ..._core.errors import Conflict
from ..._core.host_state import Route, Space, phrase
from ..._core.plan_builder import Draft
from .operations import MAIN, route_words

V6_PREFIX_METRIC = 256  # IP6_RT_PRIO_ADDRCONF, net/ip6_route.h
BESIDE = frozenset(
    ["tos", "from"]
)  # parts of its identity by which a route stands beside a plain one


def takes_place(route: Route) -> bool:
    """Return whether a route that no task can state is where a plain one would be."""
    return BESIDE.isdisjoint(word for word, _value in route.foreign)


def said(route: Route, verb: str = "") -> str:
    """Return a route as `ip route` has it, for a sentence or as a command."""
    words = route_words(verb, route)
    words = words if verb else words[3:]
    if "encap" in dict(route.foreign):
        words += ["encap", dict(route.foreign)["encap"]]
    return " ".join(words)


def _why(route: Route) -> str:
    words = " ".join(part for pair in route.foreign for part in pair)
    return f"it has {words}, which no task of this collection can state, so that it is left alone"


def check_foreign(space: Space, there: t.Iterable[Route]) -> None:
    """Refuse to put a route where one is that no task can state."""
    for route in there:
        if route.foreign and takes_place(route):
            raise Conflict(
                f"The route {said(route)} {phrase(space.key)} is in the way: {_why(route)}. Remove it"
                " with ip-route(8), or state another metric"
            )


def tell(draft: Draft, space: Space, route: Route) -> None:
    """Warn that a route that no task can state stays."""
    words = f"The route {said(route)} {phrase(space.key)} stays: {_why(route)}"
    if words not in draft.warnings:
        draft.warnings.append(words)


def check_own(space: Space, route: Route, desired: t.Any) -> None:
    """Refuse to replace or delete a route that the kernel made itself and keeps."""
    if route.proto == "kernel":
        instead = _instead_of_connected(space, route)
    elif route.proto == "ra" and desired.proto != "ra":
        instead = "state accept_ra=0 of its link (netns_sysctl) to have no such routes"
    else:
        return
    raise Conflict(
        f"The route {said(route)} {phrase(space.key)} is the kernel's own: it is neither replaced nor"
        f" deleted. State another metric, or via or proto, to speak of another route; {instead}"
    )


def _instead_of_connected(space: Space, route: Route) -> str:
    for address in space.addresses:
        if address.version == route.version and str(address.subnet) == route.dst:
            return (
                f"it comes with the address {address.cidr} of link {address.link}: remove that, or"
                " state noprefixroute=true for it (netns_addr)"
            )
    return "it goes with the address or the link that it belongs to"


def check_deletion(space: Space, route: Route, there: t.Iterable[Route]) -> None:
    """Refuse to delete an IPv6 route where the kernel would take one by a nexthop object for it:
    ip6_route_del(), net/ipv6/route.c."""
    if route.version == 4:
        return
    for other in there:
        if (
            "nhid" in dict(other.foreign)
            and takes_place(other)
            and (other.metric, other.proto) == (route.metric, route.proto)
        ):
            raise Conflict(
                f"The route {said(route)} {phrase(space.key)} cannot be deleted without {said(other)},"
                f" which the kernel would take for it: {_why(other)}"
            )


def connected(space: Space) -> t.Iterator[Route]:
    """Yield the routes that the kernel makes along with addresses: fib_add_ifaddr(),
    addrconf_prefix_route()."""
    for address in space.addresses:
        link = space.links.get(address.link)
        if address.noprefixroute or address.secondary or link is None or not link.up:
            continue
        master = space.links.get(link.master or "")
        if master is not None and master.kind == "vrf":
            continue  # into the table of that
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
