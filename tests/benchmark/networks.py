# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Networks of any size, the same ones every time: who is linked to whom, and the lists for that."""

from __future__ import annotations

import ipaddress
import itertools
import math
import random
import typing as t
from collections import deque
from dataclasses import dataclass

Entry = dict[str, t.Any]
Lists = dict[str, list[Entry]]
FIRST = int(ipaddress.IPv4Address("10.0.0.0"))


@dataclass(frozen=True)
class Network:
    """Nodes by number, and links between them; ``ways`` is by which link a node leaves for afar."""

    name: str
    nodes: int
    links: tuple[tuple[int, int], ...]
    ways: tuple[int | None, ...]

    @property
    def size(self) -> str:
        """Return how large it is, in words."""
        return f"{self.nodes} namespaces, {len(self.links)} veths"

    def objects(self) -> int:
        """Return how many things it consists of: namespaces, veths, addresses, routes."""
        routes = sum(way is not None for way in self.ways)
        return self.nodes + 3 * len(self.links) + routes


def ring(nodes: int) -> Network:
    """Each node has the next one for its default route."""
    links = tuple((number, (number + 1) % nodes) for number in range(nodes))
    return Network(f"ring of {nodes}", nodes, links, tuple(range(nodes)))


def tree(fanout: int, depth: int) -> Network:
    """A root with branches that have as many branches, for so many times."""
    nodes = sum(fanout**level for level in range(depth + 1))
    links = tuple(((number - 1) // fanout, number) for number in range(1, nodes))
    return _rooted(f"tree of {nodes}", nodes, links)


def fat_tree(ports: int) -> Network:
    """The switches of a data centre that have so many ports, and all hosts that fit."""
    half = ports // 2
    core, pods = half * half, range(ports)
    upper = [[core + pod * ports + each for each in range(half)] for pod in pods]
    lower = [[core + pod * ports + half + each for each in range(half)] for pod in pods]
    hosts = itertools.count(core + ports * ports)
    links = [
        (row * half + column, upper[pod][row])
        for pod in pods
        for row in range(half)
        for column in range(half)
    ]
    for pod in pods:
        links += [(above, below) for above in upper[pod] for below in lower[pod]]
        links += [(edge, next(hosts)) for edge in lower[pod] for _host in range(half)]
    return _rooted(f"fat-tree({ports})", next(hosts), tuple(links))


def backbone(nodes: int, links: int, seed: int = 1) -> Network:
    """Places on a map, each linked to a near one, and the nearest of the others to each other."""
    places = random.Random(seed)
    at = [(places.random(), places.random()) for _node in range(nodes)]
    near = [
        (min(range(far), key=lambda one: math.dist(at[one], at[far])), far)
        for far in range(1, nodes)
    ]
    taken = set(near)
    others = (pair for pair in itertools.combinations(range(nodes), 2) if pair not in taken)
    more = sorted(others, key=lambda pair: math.dist(at[pair[0]], at[pair[1]]))
    return _rooted(f"backbone of {nodes}", nodes, (*near, *more[: links - len(near)]))


def drawn(name: str, nodes: int, links: t.Iterable[tuple[int, int]]) -> Network:
    """A network that somebody has drawn. Who cannot be reached has no way."""
    return _rooted(name, nodes, tuple(links))


def _rooted(name: str, nodes: int, links: tuple[tuple[int, int], ...]) -> Network:
    """Give each node a way: the first link towards node 0, of as few as can be."""
    beside: list[list[tuple[int, int]]] = [[] for _node in range(nodes)]
    for number, (one, other) in enumerate(links):
        beside[one].append((other, number))
        beside[other].append((one, number))
    ways: list[int | None] = [None] * nodes
    seen, waiting = {0}, deque([0])
    while waiting:
        for node, number in beside[waiting.popleft()]:
            if node not in seen:
                seen.add(node)
                ways[node] = number
                waiting.append(node)
    return Network(name, nodes, links, tuple(ways))


def names(network: Network) -> list[str]:
    """Return what the namespaces are called."""
    return [f"bench-{number}" for number in range(network.nodes)]


def lists(network: Network) -> Lists:
    """Return the lists of netns_topology: all is up, a /31 on each link, a default route a node."""
    name = names(network)
    return {
        "namespaces": [{"name": each, "lo_up": True} for each in name],
        "veths": [
            {
                **{"name": _port(number), "netns": name[one], "up": True},
                "peer": {"name": _port(number, 1), "netns": name[other], "up": True},
            }
            for number, (one, other) in enumerate(network.links)
        ],
        "addresses": [
            {
                **{"netns": name[node], "link": _port(number, end)},
                "address": [f"{_address(number, end)}/31"],
            }
            for number, ends in enumerate(network.links)
            for end, node in enumerate(ends)
        ],
        "routes": [
            {
                **{"netns": name[node], "dst": ["default"]},
                "via": _address(way, 1 - network.links[way].index(node)),
            }
            for node, way in enumerate(network.ways)
            if way is not None
        ],
    }


def _port(number: int, end: int = 0) -> str:
    """Return what an end of a link is called; a link from a node to itself has two, too."""
    return f"{'lr'[end]}{number}"


def _address(number: int, end: int) -> str:
    return str(ipaddress.IPv4Address(FIRST + 2 * number + end))
