# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Predict the neighbour entries that pings create."""

from __future__ import annotations

import ipaddress
import typing as t

from .._core.scope import Scope
from .._resources.neighbour import RESOURCE as NEIGHBOUR

if t.TYPE_CHECKING:
    from .._core.host_state import HostState, NamespaceState
    from .._engine.kernel import Kernel
    from .._resources.neighbour.kernel_flush import Entry
    from .kernel import Target


def known_entries(kernel: Kernel, host: HostState) -> dict[str, set[Entry]]:
    """Return the neighbours that exist already, and are to stay."""
    seen = kernel.survey(
        Scope(tuple(host.namespaces), resources=(NEIGHBOUR,), numbers=False, neighbours=None)
    )
    kernel.close()
    return {
        key: {(namespace.links[each.link].index, each.address) for each in namespace.neighbours}
        for key, namespace in seen.namespaces.items()
    }


def created_entries(
    host: HostState, targets: t.Sequence[Target], goals: t.Sequence[str | None]
) -> list[list[tuple[str, Entry]]]:
    """Return the neighbour entries that each ping creates, at its source and at its goal."""
    subnets = {key: _subnets(namespace) for key, namespace in host.namespaces.items()}
    found = []
    for target, goal in zip(targets, goals):
        made: list[tuple[str, Entry]] = []
        address = int(ipaddress.ip_address(target.address))
        for version, first, last, index, own in subnets.get(target.key, ()):
            if version == target.version and first <= address <= last:
                made.append((target.key, (index, target.address)))
                if goal is not None:
                    number = int(ipaddress.ip_address(own))
                    made += [
                        (goal, (other[3], own))
                        for other in subnets.get(goal, ())
                        if other[0] == version and other[1] <= number <= other[2]
                    ]
                break
        found.append(made)
    return found


def _subnets(namespace: NamespaceState) -> list[tuple[int, int, int, int, str]]:
    """Return version, first and last address, ifindex and own address of each subnet."""
    found = []
    for address in namespace.addresses:
        if address.link in namespace.links and address.scope != "host":
            subnet = address.subnet
            found.append(
                (
                    address.version,
                    int(subnet.network_address),
                    int(subnet.broadcast_address),
                    namespace.links[address.link].index,
                    address.local,
                )
            )
    return found
