# Copyright: (c) 2026, The linuxnet.netns authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change without notice.
"""What results and diffs show of a whole network."""

from __future__ import annotations

import typing as t

from .._core import render
from .._core.host_state import Address, Link, Route, Space, World, phrase, shown
from .._resources.link.fallback import is_fallback
from .._resources.mark.state import Mark
from .._resources.sysctl.state import Sysctl
from .._resources.sysctl.state import shown as shown_parameter

Shown = dict[str, t.Any]


def summary(changes: t.Iterable[t.Any]) -> dict[str, dict[str, int]]:
    """Return how many of each sort were created, changed and removed; a pair counts as one."""
    counts: dict[str, dict[str, int]] = {"created": {}, "changed": {}, "removed": {}}
    pairs: set[t.Any] = set()
    ends = 0  # removed, of pairs that were not looked at closer
    for change in changes:
        thing, sort = change.new or change.old, change.sort
        if isinstance(thing, Link) and thing.kind == "veth":
            sort = "veths"
            here = (change.key[0], thing.name)
            if thing.peer is not None and (thing.peer.netns, thing.peer.name) in pairs:
                continue
            pairs.add(here)
            if change.new is None and thing.peer is None:
                ends += 1
                continue
        if sort == "sysctls":  # a namespace is born with all of them
            counts["changed"][sort] = counts["changed"].get(sort, 0) + 1
            continue
        did = "created" if change.old is None else "removed" if change.new is None else "changed"
        counts[did][sort] = counts[did].get(sort, 0) + 1
    if ends:
        counts["removed"]["veths"] = counts["removed"].get("veths", 0) + (ends + 1) // 2
    return counts


def namespaces(world: World, mark: Mark) -> list[Shown]:
    """Return the namespaces, each with what the topology has in it; none of others without any."""
    told = [_space(space, mark) for space in world.spaces.values()]
    return [
        each
        for each in told
        if each["state"] == "absent" or each["made"] or each["links"] or each["routes"]
    ]


def _space(space: Space, mark: Mark) -> Shown:
    if space.state != "present":
        return {"name": shown(space.key), "state": "absent", "made": False}
    made = mark.made_namespace(space)
    number = str(mark.number)
    by_link: dict[str, list[str]] = {}
    for address in space.addresses:
        if not address.kernel_made:
            by_link.setdefault(address.link, []).append(address.cidr)
    return {
        "name": shown(space.key),
        "state": "present",
        "made": made,
        "links": [
            _link(link, by_link.get(link.name, []))
            for link in space.links.values()
            if (made or mark.is_on(link)) and (link.name != "lo" or not link.up or "lo" in by_link)
            if not is_fallback(link) or link.up or link.name in by_link or mark.is_on(link)
        ],
        "routes": _routes(
            route
            for route in space.routes
            if route.proto == number or (made and route.proto not in ("kernel", "ra"))
        ),
    }


def _routes(routes: t.Iterable[Route]) -> list[Shown]:
    """Return routes as a task states them: those that differ only in where they lead to as one."""
    told: dict[t.Any, Shown] = {}
    for route in routes:
        ways = (route.via, route.dev, route.src, route.table, route.metric)
        key = (
            *ways,
            route.type,
            route.mtu,
            route.onlink,
            route.scope,
            route.nexthops,
            route.foreign,
        )
        if key not in told:
            told[key] = _way(route)
        told[key]["dst"].append(route.dst)
    return list(told.values())


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
    told = {
        "name": link.name,
        "kind": link.kind,
        "mtu": None if "mtu" in unknown else link.mtu,
        "up": link.up,
        "addresses": addresses,
        "peer": peer and {"name": peer.name, "netns": shown(peer.netns or "")},
    }
    if link.master is not None:
        told["master"] = link.master
    return told


SORTS = {
    "namespaces": "namespace",
    "links": "link",
    "addresses": "address",
    "routes": "route",
    "rules": "rule",
    "neighbours": "neighbour",
    "sysctls": "parameter",
    "qdiscs": "queueing discipline",
}


def label(change: t.Any) -> str:
    """Return what a change is about, in words."""
    key, sort, thing = change.key[0], change.sort, change.new or change.old
    if sort == "namespaces":
        return f"namespace {key}" if key else "the current namespace"
    return f"{SORTS[sort]} {_said(sort, change.key, thing)} {phrase(key)}"


def _said(sort: str, key: tuple[t.Any, ...], thing: t.Any) -> str:
    """Return what tells a thing from others of its sort."""
    if sort == "links":
        return str(thing.name)
    if sort == "addresses":
        return f"{thing.cidr} of {thing.link}"
    if sort == "routes":
        return _route(thing)
    if sort == "rules":
        return str(thing.priority)
    if sort == "sysctls":
        return shown_parameter(key[1])
    if sort == "neighbours":
        return f"{getattr(thing, 'address', None) or thing.mac} of {thing.link}"
    return f"of {thing.link}"


def _route(route: Route) -> str:
    family = "" if route.dst != "default" else f" (IPv{route.version})"
    table = "" if route.table == 254 else f" of table {route.table}"
    return f"to {route.dst}{family}{table}"


def thing(each: t.Any) -> Shown:
    """Return a thing as a diff shows it."""
    if isinstance(each, Space):
        lo = each.links.get("lo")
        return {"state": each.state, "lo_up": None if lo is None else lo.up}
    if isinstance(each, Link):
        peer = each.peer
        told = render.attributes(each)
        if each.options:
            told["options"] = dict(each.options)
        if peer is None and each.kind == "veth":
            return told  # where all goes, nobody looked for the other end
        return {**told, "peer": peer and {"name": peer.name, "netns": shown(peer.netns or "")}}
    if isinstance(each, Address):
        return render.address(each)
    if isinstance(each, Route):
        return render.route(each)
    if isinstance(each, Sysctl):
        return {"value": each.value}
    plain: Shown = _plain(each)
    return plain


def _plain(value: t.Any) -> t.Any:
    """Return a thing of the model as dicts and lists, without what is not stated and the wire's."""
    if isinstance(value, (tuple, list, frozenset)):
        return [_plain(each) for each in value]
    if not hasattr(value, "__dict__"):
        return value
    return {
        name: _plain(each)
        for name, each in vars(value).items()
        if each not in (None, ()) and not isinstance(each, bytes)
    }


def brief(each: t.Any) -> str:
    """Return a thing as an error tells it."""
    return "not there" if each is None else str(thing(each))
