# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Simulate the effects of operations on addresses: net/ipv4/devinet.c, net/ipv6/addrconf.c."""

from __future__ import annotations

import typing as t

from ..._core.host_state import Address, HostState, NamespaceState
from ..._core.parse import scope_number
from ..._core.record import replace
from ..._core.resource import Handlers
from . import operations as op


def _add_address(host: HostState, step: op.AddAddress) -> None:
    namespace = host.namespaces[step.netns]
    new = replace(step.address, secondary=is_secondary(namespace, step.address), dadfailed=False)
    namespace.addresses.insert(_place(namespace, new), new)


def _place(namespace: NamespaceState, new: Address) -> int:
    """Return the index at which the kernel inserts an address: an IPv4 primary behind the last one
    whose scope is as wide or wider, __inet_insert_ifa() in devinet.c."""
    end = len(namespace.addresses)
    if new.version == 6 or new.secondary:
        return end
    scope, first, place = scope_number(new.scope), end, -1
    for number, other in enumerate(namespace.addresses):
        if other.link == new.link and other.version == 4:
            first = min(first, number)
            if not other.secondary and scope_number(other.scope) >= scope:
                place = number + 1
    return first if place < 0 else place


def as_added(addresses: t.Iterable[Address]) -> list[Address]:
    """Return addresses that are in the kernel's order in the order in which they have to be added.

    The kernel shows the newest IPv6 address first: ipv6_link_dev_addr() in addrconf.c.
    """
    shown = list(addresses)
    return [
        *(each for each in shown if each.version == 4),
        *(each for each in reversed(shown) if each.version == 6),
    ]


def is_secondary(namespace: NamespaceState, new: Address) -> bool:
    """Return whether another IPv4 address of the link is primary in the same subnet."""
    return new.version == 4 and any(
        other.version == 4
        and not other.secondary
        and other.cidr.partition("/")[2] == new.cidr.partition("/")[2]
        and other.subnet == new.subnet
        for other in namespace.of_link(new.link)
    )


def same_address(one: Address, other: Address) -> bool:
    """Return whether the kernel takes the two for one, so that a link cannot have both."""
    if one.link != other.link or one.version != other.version:
        return False
    if one.version == 6:
        return one.local == other.local
    return one.cidr == other.cidr and one.subnet == other.subnet


def _delete_address(host: HostState, step: op.DeleteAddress) -> None:
    namespace = host.namespaces[step.netns]
    gone = step.address
    namespace.addresses = [other for other in namespace.addresses if not same_address(other, gone)]
    left = [other for other in namespace.of_link(gone.link) if other.version == gone.version]
    local = gone.local
    still = local in locals_of(namespace)
    if gone.version == 6:
        # fib6_remove_prefsrc() keeps the routes and removes their source.
        namespace.routes = [
            replace(route, src=None)
            if route.src == local and (route.dev == gone.link or not still)
            else route
            for route in namespace.routes
        ]
        return
    if not left:  # fib_disable_ip()
        namespace.neighbours = [
            each for each in namespace.neighbours if each.link != gone.link or ":" in each.address
        ]
    # fib_sync_down_addr() removes routes whose source is an address that no link has any more;
    # fib_disable_ip() removes all routes through a link without IPv4 addresses, except those that
    # use nexthop objects.
    namespace.routes = [
        route
        for route in namespace.routes
        if route.version == 6
        or not (
            (route.src == local and not still)
            or (route.devs == {gone.link} and not left and not route.nhid)
        )
    ]


def locals_of(namespace: NamespaceState) -> set[str]:
    """Return all addresses of a namespace without prefix lengths."""
    return {address.local for address in namespace.addresses}


def _change_address(host: HostState, step: op.ChangeAddress) -> None:
    namespace = host.namespaces[step.netns]
    namespace.addresses = [
        replace(step.new, secondary=other.secondary) if same_address(other, step.old) else other
        for other in namespace.addresses
    ]


SIMULATE: Handlers = {
    op.AddAddress: _add_address,
    op.DeleteAddress: _delete_address,
    op.ChangeAddress: _change_address,
}
