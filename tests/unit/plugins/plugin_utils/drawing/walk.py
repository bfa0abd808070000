# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lists of a topology, walked through as packets would."""

from __future__ import annotations

import ipaddress


class Walk:
    """What namespaces know of a network: their links, addresses and routes."""

    def __init__(self, lists):
        self.names = [entry["name"] for entry in lists["namespaces"]]
        self.far, self.own, self.routes = {}, {}, {}
        for veth in lists["veths"]:
            ends = [(end["netns"], end["name"]) for end in (veth, veth["peer"])]
            for near, far in (ends, ends[::-1]):
                assert near not in self.far
                self.far[near] = far
        for entry in lists["addresses"]:
            for address in map(ipaddress.ip_interface, entry["address"]):
                assert address.ip not in self.own
                self.own[address.ip] = (entry["netns"], entry["link"], address.network)
        for entry in lists["routes"]:
            for dst in map(ipaddress.ip_network, entry["dst"]):
                assert (entry["netns"], dst) not in self.routes
                self.routes[entry["netns"], dst] = entry
        self.forwarding = {
            (entry["netns"], 6 if "ipv6" in name else 4)
            for entry in lists["sysctls"]
            for name, value in entry["sysctls"].items()
            if name in ("net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding") and value == 1
        }

    def loopback(self, name, version=4):
        """Return the one address of this version that a namespace has on lo."""
        (found,) = (
            address
            for address, (netns, link, network) in self.own.items()
            if (netns, link, network.version) == (name, "lo", version)
        )
        return found

    def path(self, name, address):
        """Return the namespaces that a packet passes on its way, or None where it has none."""
        passed = [name]
        while self.own[address][0] != passed[-1]:
            here = passed[-1]
            if len(passed) > 1:
                assert (here, address.version) in self.forwarding
            step = self._step(here, address)
            if step is None:
                return None
            assert step not in passed, "a packet runs in circles"
            passed.append(step)
        return passed

    def _step(self, here, address):
        owner, _link, network = self.own[address]
        if any((netns, net) == (here, network) for netns, _link, net in self.own.values()):
            return owner
        route = self.routes.get((here, network))
        if route is None:
            return None
        via = ipaddress.ip_address(route["via"])
        to, _link, network = self.own[via]
        near = [
            own for own, (netns, link, net) in self.own.items() if netns == here and net == network
        ]
        assert near, "a gateway that is on no link of this namespace"
        assert any(self.own[own][1] == route["dev"] for own in near)
        return to
