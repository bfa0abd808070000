# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What of a link that is removed the listed things need: then it is removed first, else when all is done."""

from __future__ import annotations

import typing as t

from .._core.host_state import HostState, Link, NamespaceState
from .spec import TopologySpec

# Of these there may be any number with the same options. Of others, two that share a VNI, a VLAN ID,
# a port or both addresses of a tunnel are refused by the kernel.
FREE = frozenset(["bond", "bridge", "dummy", "ifb", "team", "veth"])


class Needs:
    """What a task needs, which links that go may hold."""

    def __init__(self, host: HostState, desired: TopologySpec) -> None:
        self.host, self.desired = host, desired
        # Bridges take MAC and MTU from their ports, and other ones when a port is removed.
        self.bridges = {
            (host.at(entry.desired.place).key, entry.desired.final_name)
            for entry in desired["links"]
            if entry.desired.kind is not None and entry.desired.kind.kind == "bridge"
            if entry.desired.present and _stated(entry.desired.link)
        }
        self._kinds: set[str] | None = None
        self._subnets: dict[str, list[t.Any]] = {}
        self._routes: dict[str, set[tuple[t.Any, ...]]] = {}

    def are_held(self, namespace: NamespaceState, link: Link) -> bool:
        """Return whether a link holds what is needed for something else."""
        if link.kind not in FREE and link.kind in self._made():
            return True
        if (namespace.key, link.master) in self.bridges:
            return True
        addresses = [each for each in namespace.of_link(link.name) if not each.kernel_made]
        if addresses:
            nets = self._wanted_subnets(namespace.key)
            if any(
                one.version == net.version and one.overlaps(net)
                for one in (each.subnet for each in addresses)
                for net in nets
            ):
                return True
        routes = [route for route in namespace.routes if link.name in route.devs]
        listed = self._wanted_routes(namespace.key) if routes else ()
        return any((route.dst, route.version, route.table) in listed for route in routes)

    def _made(self) -> set[str]:
        """Return the kinds of the links that are to be made."""
        if self._kinds is None:
            self._kinds = {
                entry.desired.kind.kind
                for entry in self.desired["links"]
                if entry.desired.present and entry.desired.kind is not None
            }
        return self._kinds

    def _wanted_subnets(self, key: str) -> list[t.Any]:
        """Return what addresses and gateways are listed in a namespace, as networks."""
        if key not in self._subnets:
            import ipaddress  # few tasks have links that go, with addresses

            texts = []
            for entry in self.desired["addresses"]:
                if entry.desired.present and self.host.at(entry.desired.place).key == key:
                    for each in entry.desired.addresses:
                        prefix = each.cidr.partition("/")[2]
                        texts.append(f"{each.peer}/{prefix}" if each.peer else each.cidr)
            for entry in self.desired["routes"]:
                if entry.desired.present and self.host.at(entry.desired.place).key == key:
                    for route in entry.desired.routes:
                        ways = [way.via for way in route.nexthops or ()]
                        texts += [each for each in (route.via, route.src, *ways) if each]
            self._subnets[key] = [ipaddress.ip_network(text, strict=False) for text in texts]
        return self._subnets[key]

    def _wanted_routes(self, key: str) -> set[tuple[t.Any, ...]]:
        if key not in self._routes:
            self._routes[key] = {
                (route.dst, route.version, route.table)
                for entry in self.desired["routes"]
                if entry.desired.present and self.host.at(entry.desired.place).key == key
                for route in entry.desired.routes
            }
        return self._routes[key]


def _stated(link: t.Any) -> bool:
    return link.get("mtu") is not None or link.get("mac") is not None
