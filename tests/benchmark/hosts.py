# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Usage: hosts.py FILE, of lists in JSON. Has mininet build them, and take them away.

Runs with the Python and the library of Debian's mininet.
"""

from __future__ import annotations

import json
import sys
import typing as t

from mininet.net import Mininet
from mininet.topo import Topo

# Started as usual, it raises limits of the whole machine (net.core and others) for good.
Mininet.inited = True


class Drawn(Topo):  # type: ignore[misc]
    """The hosts and links of lists."""

    def build(self, lists: dict[str, t.Any]) -> None:
        """Draw them. The two ends of a link are made in one namespace, so all have names apart."""
        address = {
            (entry["netns"], entry["link"]): entry["address"][0] for entry in lists["addresses"]
        }
        for entry in lists["namespaces"]:
            self.addHost(entry["name"], ip=None)
        for veth in lists["veths"]:
            ends = ((veth["netns"], veth["name"]), (veth["peer"]["netns"], veth["peer"]["name"]))
            (near, one), (far, other) = ends
            self.addLink(
                near,
                far,
                intfName1=f"{one}-{near}"[:15],
                intfName2=f"{other}-{far}"[:15],
                params1={"ip": address[near, one]},
                params2={"ip": address[far, other]},
            )


def main(file: str) -> None:
    """Build, set the routes, and end."""
    with open(file) as text:
        lists = json.load(text)
    net = Mininet(topo=Drawn(lists=lists), controller=None)
    net.start()
    try:
        for entry in lists["routes"]:
            said = net.get(entry["netns"]).cmd(f"ip route add default via {entry['via']}")
            if said:
                sys.exit(said)
    finally:
        net.stop()


if __name__ == "__main__":
    main(sys.argv[1])
