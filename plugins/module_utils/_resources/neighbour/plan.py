# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Plan the operations that turn the neighbours of a link into the desired ones."""

from __future__ import annotations

import socket
import typing as t

from ..._core.errors import BadInput, Conflict
from ..._core.host_state import HostState, NamespaceState, phrase
from ..._core.plan_builder import PlanBuilder
from .operations import DeleteNeighbour, SetNeighbour, description
from .spec import NeighbourSpec, NeighboursSpec
from .state import DYNAMIC, MANAGED, Neighbour, shown


def plan(builder: PlanBuilder, desired: NeighboursSpec) -> None:
    """Plan the listed entries, and with purge the removal of all others."""
    if not desired.present:
        namespace = builder.host.at(desired.place)
        builder.refuse_altname(desired.place, desired.link)
        for each in desired.entries:
            there = _there(namespace, each)
            if there is not None and _is_as_desired(there, each):
                builder.add(DeleteNeighbour(namespace.key, there))
        return
    builder.link(desired.place, desired.link)
    namespace = builder.namespace(desired.place)
    for each in desired.entries:
        _present(builder, namespace, each)
    if desired.purge:
        kept = {(each.link, each.address, each.proxy) for each in desired.entries}
        for there in list(namespace.neighbours):
            if there.key not in kept and _may_purge(there, desired):
                builder.add(DeleteNeighbour(namespace.key, there))


def _there(namespace: NamespaceState, desired: NeighbourSpec) -> Neighbour | None:
    key = (desired.link, desired.address, desired.proxy)
    return next((each for each in namespace.neighbours if each.key == key), None)


def _is_as_desired(there: Neighbour, desired: NeighbourSpec) -> bool:
    """Return whether an existing entry has all stated attributes."""
    return all(
        getattr(desired, name) in (None, getattr(there, name))
        for name in ("mac", "nud", "router", "proto")
    )


def _present(builder: PlanBuilder, namespace: NamespaceState, desired: NeighbourSpec) -> None:
    old = _there(namespace, desired)
    # A learned entry expires, so it does not count unless a nud is stated.
    learned = old is not None and old.nud == DYNAMIC and desired.nud is None and not any(old.flags)
    if old is not None and _is_as_desired(old, desired) and not learned:
        return
    if old is not None and old.flags[1] & MANAGED:
        raise Conflict(
            f"{description(old)} {phrase(namespace.key)} cannot be changed: it is managed, the kernel itself"
            " resolves its MAC. Delete it first (state=absent)"
        )
    nud = desired.nud or (old.nud if old is not None and not learned else "permanent")
    mac = desired.mac or (old.mac if old is not None else None)
    if mac is None and not desired.proxy:
        raise BadInput(f"mac is required for the new neighbour {desired.address}")
    builder.add(
        SetNeighbour(
            namespace.key,
            Neighbour(
                desired.link,
                desired.address,
                None if desired.proxy else mac,
                "" if desired.proxy else nud,
                old.router if old is not None and desired.router is None else bool(desired.router),
                desired.proxy,
                desired.proto or (old.proto if old is not None and not learned else "static"),
                flags=(0, 0) if old is None else old.flags,
                extras=() if old is None else old.extras,
                state=desired.state or (old.state if old is not None and nud == old.nud else ""),
            ),
            old,
        )
    )


def _may_purge(there: Neighbour, desired: NeighboursSpec) -> bool:
    """Return whether purge may remove an entry: not those that the kernel learned or made, nor those
    with flags of other programs."""
    return (
        there.link == desired.link
        and there.proxy in desired.proxy_values
        and there.proto == desired.proto
        and not there.kernel_made
        and not any(there.flags)
        and (there.nud != DYNAMIC or there.proto != "unspec")
    )


def render(host: HostState, desired: NeighboursSpec) -> list[dict[str, t.Any]]:
    """Return the entries that results show; learned ones only if the task lists them."""
    namespace = host.namespaces.get(host.places.get(desired.place, desired.place))
    asked = {(each.link, each.address, each.proxy) for each in desired.entries}
    ours = [
        each
        for each in (namespace.neighbours if namespace else ())
        if each.link == desired.link
        and (each.key in asked or not (each.kernel_made or each.nud == DYNAMIC))
    ]
    return [shown(each) for each in sorted(ours, key=_order)]


def _order(each: Neighbour) -> tuple[t.Any, ...]:
    six = ":" in each.address
    packed = socket.inet_pton(socket.AF_INET6 if six else socket.AF_INET, each.address)
    return each.proxy, six, packed
