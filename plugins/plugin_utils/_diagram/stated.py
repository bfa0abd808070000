# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""Read a document of netns_topology: the state after it has run on an empty host."""

from __future__ import annotations

import typing as t

from ansible_collections.linuxnet.netns.plugins.plugin_utils._diagram.found import (
    Found,
    Place,
    Spaces,
)

Mapping = t.Mapping[str, t.Any]

RUN = ("/run/netns/", "/var/run/netns/")


def read(document: Mapping) -> Spaces:
    """Return the namespaces of the lists, and those of the links in them."""
    namespaces: Spaces = {}
    for entry in _entries(document, "namespaces"):
        for name in _listed(entry["name"]):
            links = namespaces.setdefault(_place(name), {})
            if entry.get("lo_up") is not None:
                links["lo"] = Found("lo", up=entry["lo_up"])
    for entry in _entries(document, "veths"):
        _veth(namespaces, entry)
    for entry in _entries(document, "links"):
        _link(namespaces, entry)
    for entry in _entries(document, "addresses"):
        link = _at(namespaces, _place(entry.get("netns")), entry["link"])
        link.addresses += [str(address) for address in _listed(entry["address"])]
    # The current namespace comes first, as in netns_info.
    return {**{place: namespaces[place] for place in (None,) if place in namespaces}, **namespaces}


def _entries(document: Mapping, name: str) -> t.Iterator[Mapping]:
    """Yield the entries of a list that are to be present."""
    for entry in document.get(name) or ():
        if entry.get("state", "present") == "present":
            yield entry


def _listed(value: t.Any) -> list[t.Any]:
    """Return a value or list as a list; a string with commas is a list to Ansible."""
    if isinstance(value, str):
        return [each.strip() for each in value.split(",")]
    return list(value)


def _place(netns: t.Any) -> Place:
    name = "" if netns is None else str(netns)
    for folder in RUN:
        if name.startswith(folder):
            name = name[len(folder) :]
    return name or None


def _at(namespaces: Spaces, place: Place, name: str) -> Found:
    """Return a link, creating it if it was not mentioned before."""
    return namespaces.setdefault(place, {}).setdefault(name, Found(name))


def _veth(namespaces: Spaces, entry: Mapping) -> None:
    peer = entry["peer"]
    ports = [(_place(end.get("netns")), end["name"]) for end in (entry, peer)]
    for end, port, far in zip((entry, peer), ports, reversed(ports)):
        link = _at(namespaces, *port)
        link.kind, link.peer = "veth", far
        # New links are down.
        link.up, link.mtu = bool(end.get("up")), end.get("mtu")


def _link(namespaces: Spaces, entry: Mapping) -> None:
    place, name = _place(entry.get("netns")), entry["name"]
    source = _place(entry["move_from"]) if entry.get("move_from") is not None else place
    if entry.get("new_name") or source != place:
        link = _moved(namespaces, (source, name), (place, entry.get("new_name") or name))
    else:
        link = _at(namespaces, place, name)
    if entry.get("type"):
        link.kind = entry["type"]
        link.up = bool(link.up)
    if entry.get("up") is not None:
        link.up = entry["up"]
    link.mtu = entry.get("mtu") or link.mtu
    if entry.get("master") is not None:
        link.master = entry["master"] or None
    if entry.get("parent"):
        lies = entry.get("parent_netns")
        link.parent = (place if lies is None else _place(lies)), entry["parent"]


def _moved(namespaces: Spaces, before: tuple[Place, str], now: tuple[Place, str]) -> Found:
    """Move a link, and update the ends that refer to it."""
    link = _at(namespaces, *now)
    there = namespaces.get(before[0], {})
    if before[1] in there:
        link = there.pop(before[1])
        link.name = now[1]
        namespaces[now[0]][now[1]] = link
        if before[0] != now[0]:  # a move sets it down, and removes its master
            link.up, link.master = False, None
    for links in namespaces.values():
        for other in links.values():
            other.peer = now if other.peer == before else other.peer
            other.parent = now if other.parent == before else other.parent
    return link
