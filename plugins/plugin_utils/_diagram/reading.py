# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Build a graph from what netns_info and netns_topology return or accept."""

from __future__ import annotations

import ipaddress
import typing as t

from ansible_collections.linuxnet.netns.plugins.module_utils._resources.link.kinds.table import (
    KINDS,
)
from ansible_collections.linuxnet.netns.plugins.plugin_utils._diagram.found import (
    DiagramError,
    Found,
    Place,
    Port,
    Spaces,
)
from ansible_collections.linuxnet.netns.plugins.plugin_utils._diagram.graph import (
    BROKEN,
    DOWN,
    FINE,
    Box,
    Cable,
    End,
    Graph,
    Spot,
    worst,
)
from ansible_collections.linuxnet.netns.plugins.plugin_utils._diagram.stated import (
    read as read_document,
)
from ansible_collections.linuxnet.netns.plugins.plugin_utils._diagram.told import (
    read as read_result,
)

UNNAMED = "a namespace without a name"
# Links that the kernel creates in every namespace once a module is loaded: ignored unless used.
KERNEL_TUNNELS = (
    "tunl0",
    "gre0",
    "gretap0",
    "erspan0",
    "ip_vti0",
    "ip6_vti0",
    "sit0",
    "ip6tnl0",
    "ip6gre0",
)
LOOPBACK = ("127.0.0.1/8", "::1/128")
MASTER_KINDS = ("bridge", "bond", "vrf")
# RFC 2863; links that report "unknown" are taken to work.
OPERSTATES = {"up": "up", "unknown": "up", "down": "no carrier", "lowerlayerdown": "no carrier"}


def read(given: t.Any, here: str, only: t.Collection[str] | None) -> Graph:
    """Return the graph of the input; with ``only``, of these namespaces and what they are wired to.

    Raises DiagramError for unsuitable input.
    """
    try:
        namespaces = _spaces(given)
        for place, links in namespaces.items():
            namespaces[place] = {n: link for n, link in links.items() if not _is_default(link)}
        return _graph(namespaces if only is None else _restrict(namespaces, only), namespaces, here)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise DiagramError(
            "needs namespaces with their links, as netns_info and netns_topology return them, or"
            f" the lists that netns_topology accepts: {error!r}"
        ) from error


def _spaces(given: t.Any) -> Spaces:
    if not isinstance(given, t.Mapping):
        if isinstance(given, str):
            raise TypeError("a text")
        return read_result(given)
    # Only a result describes the links in its namespaces; a document only names them.
    namespaces = given.get("namespaces") or ()
    if "summary" in given or any("links" in namespace for namespace in namespaces):
        return read_result(namespaces)
    if not any(name in given for name in ("namespaces", "veths", "links", "addresses")):
        raise KeyError("namespaces")
    return read_document(given)


def _is_default(link: Found) -> bool:
    """Return whether a link is in every namespace: lo that is up, or an unused tunnel."""
    if link.name == "lo":
        return link.up is not False and set(link.addresses) <= set(LOOPBACK)
    return link.name in KERNEL_TUNNELS and not (link.up or link.addresses or link.master)


def _restrict(namespaces: Spaces, only: t.Collection[str]) -> Spaces:
    """Return some namespaces; of others that are wired to them, the wired links and their masters."""
    kept: Spaces = {}
    for place, links in namespaces.items():
        if place in only:
            kept[place] = links
            continue
        names = {
            link.name for link in links.values() if any(p[0] in only for p in _connections(link))
        }
        for other in (place for place in namespaces if place in only):
            ways = (way for link in namespaces[other].values() for way in _connections(link))
            names |= {name for where, name in ways if where == place}
        names |= {master for name in names if name in links and (master := links[name].master)}
        if names:
            kept[place] = {name: link for name, link in links.items() if name in names}
    return kept


def _connections(link: Found) -> t.Iterator[Port]:
    yield from (port for port in (link.peer, link.parent) if port)


def _graph(drawn: Spaces, known: Spaces, here: str) -> Graph:
    """Return the graph of some namespaces; ``known`` may include more."""
    boxes: list[Box] = []
    spots: dict[Port, Spot] = {}
    for number, (place, links) in enumerate(drawn.items()):
        ends: list[End] = []
        for link, depth in _rows(links):
            spots[place, link.name] = number, len(ends)
            ends.append(_end(link, depth, place, known))
        name = clean(here if place is None else place)
        boxes.append(Box(name, place is None, tuple(ends)))
    graph = Graph(tuple(boxes), ())
    cables: list[Cable] = []
    for place, links in drawn.items():
        for link in links.values():
            cables += _cables(link, spots[place, link.name], spots, here, graph)
    cables.sort(key=lambda cable: cable.near)
    return Graph(graph.boxes, tuple(cables))


def _rows(links: t.Mapping[str, Found]) -> t.Iterator[tuple[Found, int]]:
    """Yield the links with their depth: ports follow their masters, otherwise in the given order."""
    seen: set[str] = set()

    def walk(link: Found, depth: int) -> t.Iterator[tuple[Found, int]]:
        if link.name not in seen:
            seen.add(link.name)
            yield link, depth
            for port in links.values():
                if port.master == link.name:
                    yield from walk(port, depth + 1)

    for link in links.values():
        if link.master not in links:
            yield from walk(link, 0)
    # impossible in the kernel, but a document may have a cycle of masters
    for link in links.values():
        yield from walk(link, 0)


def _end(link: Found, depth: int, place: Place, known: Spaces) -> End:
    state = _state(link, place, known)
    health = {"": FINE, "up": FINE, "down": DOWN}.get(state, BROKEN)
    usual = KINDS[link.kind].usual_mtu if link.kind in KINDS else (1500,)
    dull = link.mtu is None or link.name == "lo" or link.mtu in usual
    return End(
        name=clean(link.name),
        kind=clean(link.kind or "") if link.kind != "veth" else "",
        state=state,
        health=health,
        addresses=tuple(_addresses(link)),
        mtu=None if dull else link.mtu,
        depth=depth,
        leads=link.kind in MASTER_KINDS,
    )


def _state(link: Found, place: Place, known: Spaces) -> str:
    peer = None
    if link.kind == "veth":
        peer = link.peer and known.get(link.peer[0], {}).get(link.peer[1])
        lost = link.peer is None or (link.peer[0] in known and peer is None)
        if lost or (peer and peer.peer != (place, link.name)):
            return "no peer"
    if link.up is None:
        return ""
    if not link.up:
        return "down"
    if link.operstate is None:
        return "no carrier" if peer and not peer.up else "up"
    return OPERSTATES.get(link.operstate, clean(link.operstate))


def _addresses(link: Found) -> t.Iterator[str]:
    """Yield the addresses, without the link-local IPv6 address that every link has."""
    for address in link.addresses:
        interface = ipaddress.ip_interface(address)
        dull = link.name == "lo" and address in LOOPBACK
        if not dull and (interface.version == 4 or not interface.is_link_local):
            yield clean(address)


def _cables(
    link: Found, spot: Spot, spots: t.Mapping[Port, Spot], here: str, graph: Graph
) -> t.Iterator[Cable]:
    """Yield the cables of a link, each from its end in the earlier box."""
    end = graph.at(spot)
    for port, lies in ((link.peer, False), (link.parent, True)):
        if port is None:
            continue
        far = spots.get(port)
        if far is None:
            place = {"": UNNAMED, None: here}.get(port[0], port[0])
            yield Cable(spot, clean(f"{port[1]} in {place}"), end.health, "near" if lies else "")
        elif lies:
            which = "near" if spot < far else "far"
            yield Cable(min(spot, far), max(spot, far), end.health, which)
        elif spot < far or graph.at(far).state == "no peer":
            health = worst((end.health, graph.at(far).health))
            yield Cable(min(spot, far), max(spot, far), health)


def clean(text: str) -> str:
    """Return text without control characters, which terminals interpret and XML forbids."""
    return "".join(char if char.isprintable() else "?" for char in text)
