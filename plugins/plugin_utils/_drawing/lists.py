# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Convert a drawing to the lists of netns_topology."""

from __future__ import annotations

import typing as t

from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.choices import Choices
from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.drawing import Drawing
from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.network import (
    Network,
    network,
)
from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.routes import (
    forwarding,
    routes,
)
from ansible_collections.linuxnet.netns.plugins.plugin_utils._drawing.wiring import Cable

Entry = dict[str, t.Any]


def lists(drawing: Drawing, choices: Choices) -> dict[str, list[Entry]]:
    """Return the lists, each in the order of the drawing."""
    net = network(drawing, choices)
    return {
        "namespaces": [{"name": name, "lo_up": True} for name in net.names],
        "veths": [_veth(net, cable) for cable in net.cables],
        "links": list(_bridges(net)),
        "addresses": list(_addresses(net)),
        "routes": list(routes(net, choices.routes)) if choices.routes else [],
        "sysctls": list(forwarding(net, choices.routes)) if choices.routes else [],
    }


def _veth(net: Network, cable: Cable) -> Entry:
    mtu = {} if cable.edge.mtu is None else {"mtu": cable.edge.mtu}
    one, other = (
        {"name": port.link, "netns": net.names[port.node], "up": True, **mtu} for port in cable.ends
    )
    return {**one, "peer": other}


def _bridges(net: Network) -> t.Iterator[Entry]:
    """Yield the bridges, each in a namespace of its own, and then their ports."""
    ports: dict[int, list[str]] = {place: [] for place in net.bridges}
    for cable in net.cables:
        for port in cable.ends:
            if port.node in ports:
                ports[port.node].append(port.link)
    named = {place: _free(taken) for place, taken in ports.items()}
    for place, name in named.items():
        yield {"name": name, "netns": net.names[place], "type": "bridge", "up": True}
    for place, name in named.items():
        for link in ports[place]:
            yield {"name": link, "netns": net.names[place], "master": name}


def _free(taken: t.Collection[str]) -> str:
    """Return a name for a bridge that its ports do not use: br0, br1, and so on."""
    return next(name for number in range(len(taken) + 1) if (name := f"br{number}") not in taken)


def _addresses(net: Network) -> t.Iterator[Entry]:
    for version, numbers in net.numbers.items():
        # Duplicates are impossible here, and detecting them would take IPv6 seconds.
        more = {"nodad": True} if version == 6 else {}
        for place, host in numbers.loopbacks.items():
            where = {"netns": net.names[place], "link": "lo"}
            yield {**where, "address": [f"{host}/{numbers.whole}"], **more}
        lengths = {
            port: subnet.length
            for segment, subnet in zip(net.segments, numbers.subnets)
            for port in segment.ports
        }
        for port, host in numbers.hosts.items():
            where = {"netns": net.names[port.node], "link": port.link}
            yield {**where, "address": [f"{host}/{lengths[port]}"], **more}
