# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What results and diffs show of a whole network."""

from __future__ import annotations

import typing as t

from .._core import render
from .._core.host_state import HostState, Link, NamespaceState, Route, phrase, shown
from .._resources.link.fallback import is_fallback
from .._resources.link.topology import LINKS
from .._resources.mark.state import Mark
from .._resources.namespace.topology import NAMESPACES
from .changes import Change

Shown = dict[str, t.Any]


def summary(changes: t.Iterable[t.Any]) -> dict[str, dict[str, int]]:
    """Return how many of each sort were created, changed and removed; a pair counts as one."""
    counts: dict[str, dict[str, int]] = {"created": {}, "changed": {}, "removed": {}}
    pairs: set[t.Any] = set()
    ends = 0  # removed, of pairs that were not looked at closer
    for change in changes:
        thing, name = change.new or change.old, change.list.name
        if change.list is LINKS and thing.kind == "veth":
            name = "veths"
            if thing.peer is not None and (thing.peer.netns, thing.peer.name) in pairs:
                continue
            pairs.add((change.key[0], thing.name))
            if change.new is None and thing.peer is None:
                ends += 1
                continue
        if change.list.inherited:
            did = "changed"
        else:
            did = (
                "created" if change.old is None else "removed" if change.new is None else "changed"
            )
        counts[did][name] = counts[did].get(name, 0) + 1
    if ends:
        counts["removed"]["veths"] = counts["removed"].get("veths", 0) + (ends + 1) // 2
    return counts


def namespaces(host: HostState, mark: Mark) -> list[Shown]:
    """Return the namespaces, each with what the topology has in it; none of others without any."""
    found = [_space(namespace, mark) for namespace in host.namespaces.values()]
    return [
        each
        for each in found
        if each["state"] == "absent" or each["made"] or each["links"] or each["routes"]
    ]


def _space(namespace: NamespaceState, mark: Mark) -> Shown:
    if namespace.state != "present":
        return {"name": shown(namespace.key), "state": "absent", "made": False}
    made = mark.made_namespace(namespace)
    number = str(mark.number)
    by_link: dict[str, list[str]] = {}
    for address in namespace.addresses:
        if not address.kernel_made:
            by_link.setdefault(address.link, []).append(address.cidr)
    return {
        "name": shown(namespace.key),
        "state": "present",
        "made": made,
        "links": [
            _link(link, by_link.get(link.name, []))
            for link in namespace.links.values()
            if (made or mark.is_on(link)) and (link.name != "lo" or not link.up or "lo" in by_link)
            if not is_fallback(link) or link.up or link.name in by_link or mark.is_on(link)
        ],
        "routes": _routes(
            route
            for route in namespace.routes
            if route.proto == number or (made and route.proto not in ("kernel", "ra"))
        ),
    }


def _routes(routes: t.Iterable[Route]) -> list[Shown]:
    """Return routes as a task states them: those that differ only in where they lead to as one."""
    found: dict[t.Any, Shown] = {}
    for route in routes:
        ways = (route.via, route.dev, route.src, route.table, route.metric)
        key = (
            *ways,
            route.type,
            route.mtu,
            route.onlink,
            route.scope,
            route.nexthops,
            route.nhid,
            route.foreign,
        )
        if key not in found:
            found[key] = _way(route)
        found[key]["dst"].append(route.dst)
    return list(found.values())


def _way(route: Route) -> Shown:
    """Return where a route leads, and what is not as usual."""
    whole = render.route(route)
    usual = {"metric": 0, "table": 254, "type": "unicast", "scope": "global", "onlink": False}
    rest = {
        name: value
        for name, value in whole.items()
        if name not in ("dst", "proto") and value not in (None, []) and usual.get(name) != value
    }
    return {"dst": [], **rest}


def _link(link: Link, addresses: list[str]) -> Shown:
    """Return a link as netns_info shows it, without what the kernel alone decides."""
    peer = link.peer
    unknown = link.unknown
    found = {
        "name": link.name,
        "kind": link.kind,
        "mtu": None if "mtu" in unknown else link.mtu,
        "up": link.up,
        "addresses": addresses,
        "peer": peer and {"name": peer.name, "netns": shown(peer.netns or "")},
    }
    if link.master is not None:
        found["master"] = link.master
    return found


def label(change: Change) -> str:
    """Return what a change is about, in words."""
    key, thing = change.key[0], change.new or change.old
    if change.list is NAMESPACES:
        return f"namespace {key}" if key else "the current namespace"
    return f"{change.list.noun} {change.list.identity(change.key, thing)} {phrase(key)}"


def brief(change: Change, thing: t.Any) -> str:
    """Return one side of a change as an error shows it."""
    return "not there" if thing is None else str(change.list.shown(thing))
